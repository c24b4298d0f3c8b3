"""Dialogs that ask for one or two things and hand them back as values; None where the user changed their mind."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.vocabulary import Role
from app.ui.tokens import SPACE_M, SPACE_XL
from app.ui.widgets.basic import label
from app.ui.wording import word


class Question(QDialog):
    """A heading, an explanation, some fields, and two buttons; the fields' pages add themselves to `form`."""

    def __init__(self, parent: QWidget, name: str, title: str, explanation: str, action: str) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(440)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(title, "heading", wrap=True))
        if explanation:
            layout.addWidget(label(explanation, "muted", wrap=True))
        self.form = QVBoxLayout()
        self.form.setSpacing(SPACE_M)
        layout.addLayout(self.form)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setIcon(QIcon())  # some desktops give it a picture of their own
        cancel.setObjectName(f"{name}_cancel")
        self.ok = self.buttons.addButton(action, QDialogButtonBox.ButtonRole.AcceptRole)
        self.ok.setObjectName(f"{name}_ok")
        self.ok.setProperty("primary", "true")
        self.ok.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout.addSpacing(SPACE_M)
        layout.addWidget(self.buttons)

    def add(self, title: str, field: QWidget) -> None:
        """Put a field under its buddy label."""
        above = QLabel(title)
        above.setProperty("role", "caption")
        above.setBuddy(field)
        field.setAccessibleName(title)
        self.form.addWidget(above)
        self.form.addWidget(field)


class ReasonQuestion(Question):
    """Why something is dismissed, held or sent back: the reason is kept in the log."""

    def __init__(self, parent: QWidget, title: str, explanation: str, action: str) -> None:
        super().__init__(parent, "reason_question", title, explanation, action)
        self.reason = QPlainTextEdit()
        self.reason.setObjectName("reason_text")
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(96)
        self.add("Reason", self.reason)
        self.reason.textChanged.connect(self._check)
        self._check()

    def _check(self) -> None:
        self.ok.setEnabled(bool(self.text))

    @property
    def text(self) -> str:
        return self.reason.toPlainText().strip()


class PersonQuestion(Question):
    """A new person's name and role."""

    def __init__(self, parent: QWidget) -> None:
        explanation = "Approving and releasing money need two persons: the one who submits and another one."
        super().__init__(parent, "person_question", "Add a person", explanation, "Add")
        self.name = QLineEdit()
        self.name.setObjectName("person_name")
        self.role = QComboBox()
        self.role.setObjectName("person_role")
        for known in Role:
            self.role.addItem(word(known), known)
        self.add("Name", self.name)
        self.add("Role", self.role)
        self.name.textChanged.connect(lambda text: self.ok.setEnabled(bool(text.strip())))
        self.ok.setEnabled(False)

    @property
    def chosen_role(self) -> Role:
        return Role(self.role.currentData())


class WorkspaceQuestion(Question):
    """Whose workspace is to be made, and in which currency."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            parent,
            "workspace_question",
            "Create a workspace",
            "A workspace is one folder with the database, the source documents and the usage of one company.",
            "Choose the folder…",
        )
        self.company = QLineEdit()
        self.company.setObjectName("workspace_company")
        self.currency = QComboBox()
        self.currency.setObjectName("workspace_currency")
        self.currency.setEditable(True)
        self.currency.addItems(["USD", "EUR", "GBP", "CAD", "CHF", "AUD"])
        self.person = QLineEdit()
        self.person.setObjectName("workspace_person")
        self.add("Company", self.company)
        self.add("Currency", self.currency)
        self.add("Your name", self.person)
        for field in (self.company, self.person):
            field.textChanged.connect(lambda _text: self._check())
        self._check()

    def _check(self) -> None:
        self.ok.setEnabled(bool(self.company.text().strip() and self.person.text().strip()))


def ask_reason(parent: QWidget, title: str, explanation: str, action: str) -> str | None:
    """The reason that the user typed."""
    question = ReasonQuestion(parent, title, explanation, action)
    question.setWindowModality(Qt.WindowModality.WindowModal)
    return question.text if question.exec() == QDialog.DialogCode.Accepted else None
