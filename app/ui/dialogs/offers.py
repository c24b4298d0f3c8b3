"""Questions about offers: under which number a contract is copied and by how much cheaper, and whether one may go."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from app.domain.money import D, NotAnAmount
from app.ui.dialogs.questions import Question
from app.ui.tokens import Tone
from app.ui.widgets.basic import label
from app.ui.wording import count


class OfferQuestion(Question):
    """The offer's number and by how many per cent its prices differ; what the service refuses is told there."""

    def __init__(self, parent: QWidget, contract: str) -> None:
        explanation = (
            "The offer begins as a copy of the contract with all its prices. It prices no bill: compare it under "
            "What if. Per cents, commitments, minimums and rate decks are copied as they are."
        )
        super().__init__(parent, "offer_question", f"Make an offer from {contract}", explanation, "Make the offer")
        self.number = QLineEdit(f"{contract}-OFFER")
        self.number.setObjectName("offer_number")
        self.percent = QLineEdit()
        self.percent.setObjectName("offer_percent")
        self.percent.setPlaceholderText("-10 makes every price a tenth less; empty: the same prices")
        self.told = label("", "small", Tone.DANGER, wrap=True)
        self.add("Number of the offer", self.number)
        self.add("Change prices by per cent", self.percent)
        self.form.addWidget(self.told)
        self.number.textChanged.connect(lambda _text: self._check())
        self.percent.textChanged.connect(lambda _text: self._check())
        self.number.selectAll()
        self._check()

    @property
    def chosen_number(self) -> str:
        return self.number.text().strip()

    @property
    def chosen_percent(self) -> Decimal | None:
        """The per cent as typed; None where nothing is, NotAnAmount where it is no number."""
        text = self.percent.text().strip().removesuffix("%").replace("−", "-").strip()
        return D(text) if text else None

    def _check(self) -> None:
        try:
            percent = self.chosen_percent
            fault = "" if percent is None or percent > -100 else "Above -100, please."
        except NotAnAmount:
            fault = "A number, please, such as -10 or 2.5."
        self.told.setText(fault)
        self.told.setVisible(bool(fault))
        self.ok.setEnabled(not fault and bool(self.chosen_number))


def ask_discard(parent: QWidget, number: str, prices: int) -> bool:
    """Whether an offer may be deleted."""
    explanation = f"It is deleted with its {count(prices, 'price')}. The contract that it is a copy of stays."
    question = Question(parent, "discard_question", f"Discard offer {number}?", explanation, "Discard")
    question.setWindowModality(Qt.WindowModality.WindowModal)
    return question.exec() == QDialog.DialogCode.Accepted
