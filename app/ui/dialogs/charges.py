"""A charge that was not read, typed in."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.dialogs.questions import Question


class ChargeQuestion(Question):
    """Asks for a description and an amount; both are wanted."""

    def __init__(self, parent: QWidget) -> None:
        explanation = "A charge of the bill that was not read. Its other values can be typed in afterwards."
        super().__init__(parent, "charge_question", "Add a charge", explanation, "Add")
        self.description = QLineEdit()
        self.description.setObjectName("charge_description")
        self.amount = QLineEdit()
        self.amount.setObjectName("charge_amount")
        self.amount.setPlaceholderText("1,234.56, with a minus where it is a credit")
        self.add("Description", self.description)
        self.add("Amount", self.amount)
        for field in (self.description, self.amount):
            field.textChanged.connect(self._check)
        self._check()

    def _check(self) -> None:
        self.ok.setEnabled(bool(self.description.text().strip() and self.amount.text().strip()))
