"""Which payment a movement of the bank is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QWidget

from app.queries.bank import Candidate, Row
from app.ui.dialogs.questions import Question
from app.ui.wording import day, money


class MatchQuestion(Question):
    """The payments of the same amount, the nearest day first."""

    def __init__(self, parent: QWidget, row: Row, candidates: Sequence[Candidate]) -> None:
        what = "went out" if row.amount < 0 else "came back"
        explanation = (
            f"{money(abs(row.amount), row.currency)} {what} on {day(row.booked)}. The payment is then "
            f"{'settled' if row.amount < 0 else 'returned, and its bill can be paid again'}."
        )
        super().__init__(parent, "match_question", "Which payment is it?", explanation, "Match")
        self.payment = QComboBox()
        self.payment.setObjectName("match_payment")
        for one in candidates:
            told = f"{one.number} · {one.carrier} · {day(one.pay_on)} · {one.batch}"
            self.payment.addItem(told, one.payment_id)
        self.add("Payment", self.payment)
        self.ok.setEnabled(bool(candidates))

    @property
    def chosen(self) -> int:
        """The id of the payment."""
        return int(self.payment.currentData())


def ask_payment(parent: QWidget, row: Row, candidates: Sequence[Candidate]) -> int | None:
    """The payment that a person chose; None where they changed their mind."""
    question = MatchQuestion(parent, row, candidates)
    question.setWindowModality(Qt.WindowModality.WindowModal)
    return question.chosen if question.exec() == QDialog.DialogCode.Accepted else None
