"""Questions about days and amounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QLineEdit, QWidget

from app.domain.money import ZERO, D, NotAnAmount
from app.ui.dialogs.questions import Question
from app.ui.tokens import Tone
from app.ui.widgets.basic import label
from app.ui.wording import money


def day_field(name: str, day: date) -> QDateEdit:
    """A field for a day, with a calendar to choose from."""
    field = QDateEdit(QDate(day.year, day.month, day.day))
    field.setObjectName(name)
    field.setCalendarPopup(True)
    field.setDisplayFormat("d MMM yyyy")
    return field


def day_of(field: QDateEdit) -> date:
    """The day in a field."""
    chosen = field.date()
    return date(chosen.year(), chosen.month(), chosen.day())


class DayQuestion(Question):
    """On which day, today at the latest."""

    def __init__(self, parent: QWidget, title: str, explanation: str, action: str, today: date) -> None:
        super().__init__(parent, "day_question", title, explanation, action)
        self.day = day_field("question_day", today)
        self.day.setMaximumDate(QDate(today.year, today.month, today.day))
        self.add("Day", self.day)

    @property
    def chosen(self) -> date:
        return day_of(self.day)


class AnswerQuestion(Question):
    """How much of the claim the carrier grants, and under which number of its own."""

    def __init__(self, parent: QWidget, number: str, claim: Decimal, currency: str) -> None:
        explanation = f"The claim is {money(claim, currency)}. Enter 0 where the carrier denies it."
        super().__init__(parent, "answer_question", f"What does the carrier grant of {number}?", explanation, "Record")
        self._claim = claim
        self.amount = QLineEdit(f"{claim:.2f}")
        self.amount.setObjectName("answer_amount")
        self.reference = QLineEdit()
        self.reference.setObjectName("answer_reference")
        self.told = label("", "small", Tone.DANGER, wrap=True)
        self.add("Granted", self.amount)
        self.form.addWidget(self.told)
        self.add("The carrier’s number for it", self.reference)
        self.amount.textChanged.connect(lambda _text: self._check())
        self.amount.selectAll()
        self._check()

    @property
    def granted(self) -> Decimal:
        """The amount as typed; NotAnAmount where it is none."""
        return D(self.amount.text().strip())

    def _check(self) -> None:
        try:
            granted = self.granted
            fault = "" if ZERO <= granted <= self._claim else f"Between 0 and {self._claim:.2f}, please."
        except NotAnAmount as refused:
            fault = refused.message
        self.told.setText(fault)
        self.ok.setEnabled(not fault)
