"""Our own details: what payment files draw on, and what letters are headed with."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from app.queries.workspace import Payer
from app.ui.dialogs.questions import Question
from app.ui.tokens import SPACE_S

FIELDS = (
    ("name", "Name"),
    ("routing", "Routing number (ACH)"),
    ("account", "Account number (ACH)"),
    ("company_id", "Company id (ACH)"),
    ("iban", "IBAN (SEPA)"),
    ("bic", "BIC (SEPA)"),
    ("contact", "Contact for carriers"),
)


class PayerQuestion(Question):
    """Check digits are proven when the details are kept, not here: a wrong one is told in the message bar."""

    def __init__(self, parent: QWidget, payer: Payer) -> None:
        explanation = "Payment files draw on this account. ACH needs the American details, SEPA the IBAN."
        super().__init__(parent, "payer_question", "Our own details", explanation, "Keep")
        form = QFormLayout()
        form.setVerticalSpacing(SPACE_S)
        self._lines: dict[str, QLineEdit] = {}
        for key, title in FIELDS:
            line = QLineEdit(getattr(payer, key))
            line.setObjectName(f"payer_{key}")
            line.setAccessibleName(title)
            form.addRow(title, line)
            self._lines[key] = line
        self.address = QPlainTextEdit(payer.address)
        self.address.setObjectName("payer_address")
        self.address.setAccessibleName("Address")
        self.address.setTabChangesFocus(True)
        self.address.setFixedHeight(72)
        form.addRow("Address", self.address)
        self.form.addLayout(form)
        self.setMinimumWidth(520)
        self._lines["name"].textChanged.connect(lambda text: self.ok.setEnabled(bool(text.strip())))

    @property
    def payer(self) -> Payer:
        """The details as they stand."""
        told = {key: line.text().strip() for key, line in self._lines.items()}
        return Payer(address=self.address.toPlainText().strip(), **told)
