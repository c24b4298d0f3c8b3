"""The head of a bill as it is typed: who, which number, which days, which sums; each field with what is wrong below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QFrame, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.domain.money import ZERO
from app.importers.values import BadValue, clean_text
from app.ui.tokens import SPACE_L, SPACE_M, SPACE_XS, Tone
from app.ui.widgets.basic import label
from app.ui.widgets.bill_form_values import Formats, read_currency

# name, title, row, column, columns, required
_PLACES: tuple[tuple[str, str, int, int, int, bool], ...] = (
    ("carrier", "Carrier", 0, 0, 3, True),
    ("ban", "Account", 0, 3, 3, False),
    ("number", "Bill number", 0, 6, 2, True),
    ("bill_date", "Bill date", 0, 8, 2, True),
    ("due_date", "Due", 0, 10, 2, False),
    ("first", "Service from", 1, 0, 2, False),
    ("last", "Service to", 1, 2, 2, False),
    ("currency", "Currency", 1, 4, 1, True),
    ("previous_balance", "Previous balance", 1, 5, 2, False),
    ("payments_applied", "Payments", 1, 7, 1, False),
    ("current_charges", "Current charges", 1, 8, 2, True),
    ("total_due", "Total due", 1, 10, 2, True),
)
_SUMS = frozenset({"previous_balance", "payments_applied", "current_charges", "total_due"})
_DAYS = frozenset({"bill_date", "due_date", "first", "last"})
_TIPS = {
    "ban": "The account or customer number on the bill",
    "first": "The first day that the bill is for",
    "last": "The last day that the bill is for",
    "previous_balance": "What was left to pay from the bill before; empty means 0",
    "payments_applied": "What was paid since; counted as a credit whichever sign is typed; empty means 0",
    "current_charges": "The sum of this bill's own charges with taxes, as it is printed",
    "total_due": "What is to be paid, as it is printed",
}


class BillHeader(QFrame):
    """`edited` comes with every keystroke."""

    edited = Signal()

    def __init__(self, formats: Formats, currency: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("Head of the bill")
        self._formats, self._currency = formats, currency
        self._known: Mapping[str, tuple[str, ...]] = {}
        self.lines: dict[str, QLineEdit] = {}
        self.faults: dict[str, QLabel] = {}
        self._completions: dict[str, QStringListModel] = {}
        layout = QGridLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        layout.setHorizontalSpacing(SPACE_M)
        layout.setVerticalSpacing(SPACE_XS)
        for column in range(12):
            layout.setColumnStretch(column, 1)
        for name, title, row, column, columns, required in _PLACES:
            layout.addLayout(self._field(name, title, required), row, column, 1, columns)
        self.clear()

    def know(self, known: Mapping[str, tuple[str, ...]]) -> None:
        """Offer these carriers, and the accounts of the one that is typed."""
        self._known = known
        self._completions["carrier"].setStringList(list(known))
        self._offer_accounts()

    def clear(self) -> None:
        """Begin anew."""
        for name, line in self.lines.items():
            line.blockSignals(True)
            line.setText(self._currency if name == "currency" else "")
            line.blockSignals(False)
        self._check()
        self.edited.emit()

    @property
    def touched(self) -> bool:
        """Whether something was typed."""
        return any(line.text().strip() for name, line in self.lines.items() if name != "currency")

    def missing(self) -> list[str]:
        """The titles of the fields that have to be filled and are not."""
        return [title for name, title, *_, required in _PLACES if required and not self.lines[name].text().strip()]

    def wrong(self) -> list[str]:
        """The titles of the fields that cannot be read."""
        return [title for name, title, *_ in _PLACES if self.faults[name].text()]

    def amount(self, name: str) -> Any:
        """A sum; 0 where nothing is typed, None where it cannot be read."""
        text = self.lines[name].text().strip()
        try:
            amount = self._formats.amount(text) if text else ZERO
        except BadValue:
            return None
        return -abs(amount) if name == "payments_applied" else amount

    def values(self) -> dict[str, Any]:
        """The fields of a ParsedInvoice. Raises BadValue."""
        texts = {name: clean_text(line.text()) for name, line in self.lines.items()}
        return {
            **{name: texts[name] for name in ("carrier", "ban", "number")},
            "currency": read_currency(texts["currency"]),
            "bill_date": self._formats.day(texts["bill_date"]),
            "due_date": self._formats.day(texts["due_date"]) if texts["due_date"] else None,
            "billing_period": self._formats.period(texts["first"], texts["last"]),
            **{name: self.amount(name) for name in _SUMS},
        }

    # within

    def _field(self, name: str, title: str, required: bool) -> QVBoxLayout:
        line = QLineEdit()
        line.setObjectName(f"typed_{name}")
        line.setAccessibleName(title)
        line.setToolTip(_TIPS.get(name, ""))
        if name in _DAYS:
            line.setPlaceholderText(self._formats.dates[0])
        elif name in _SUMS:
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
        if name in ("carrier", "ban"):
            self._completions[name] = QStringListModel(line)
            line.setCompleter(_completer(self._completions[name], line))
        line.textChanged.connect(lambda _text: self._changed(name))
        above = label(f"{title} *" if required else title, "caption")
        above.setBuddy(line)
        fault = label("", "small", Tone.DANGER, wrap=True)
        fault.setObjectName(f"typed_{name}_fault")
        fault.setVisible(False)
        self.lines[name], self.faults[name] = line, fault
        made = QVBoxLayout()
        made.setSpacing(2)
        for part in (above, line, fault):
            made.addWidget(part)
        made.addStretch(1)
        return made

    def _changed(self, name: str) -> None:
        if name == "carrier":
            self._offer_accounts()
        self._check()
        self.edited.emit()

    def _offer_accounts(self) -> None:
        own = self._known.get(self.lines["carrier"].text().strip())
        everyone = sorted({ban for bans in self._known.values() for ban in bans})
        self._completions["ban"].setStringList(list(own) if own is not None else everyone)

    def _check(self) -> None:
        for name, line in self.lines.items():
            told = self._find_fault(name, line.text().strip())
            shown = self.faults[name]
            if shown.text() != told:
                shown.setText(told)
                shown.setVisible(bool(told))
                line.setAccessibleDescription(told or _TIPS.get(name, ""))

    def _find_fault(self, name: str, text: str) -> str:
        read: Callable[[str], Any] | None = None
        if name in _DAYS:
            read = self._formats.day
        elif name in _SUMS:
            read = self._formats.amount
        elif name == "currency":
            read = read_currency
        begun = bool(self.lines["first"].text().strip())
        if name == "last" and begun:
            read = self._end_of_period
        elif name == "last" and text:
            return "From which day on?"
        if read is None or (not text and not (name == "last" and begun)):
            return ""
        try:
            read(text)
        except BadValue as fault:
            return _short(fault)
        return ""

    def _end_of_period(self, text: str) -> None:
        self._formats.day(text)
        try:
            self._formats.day(self.lines["first"].text())
        except BadValue:
            return  # told beside that field
        self._formats.period(self.lines["first"].text(), text)


def _completer(model: QStringListModel, parent: QWidget) -> QCompleter:
    made = QCompleter(model, parent)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setFilterMode(Qt.MatchFlag.MatchContains)
    return made


def _short(fault: BadValue) -> str:
    """What is wanted, without repeating what is typed right above."""
    told = fault.message
    wanted = told.partition(" is not an amount written as ")[2] or told.partition(" is not a date written as ")[2]
    if wanted:
        form, _, why = wanted.partition(": ")
        return f"As {form.removeprefix(' ')}, please: {why}" if why else told
    return told.partition("cannot be read: ")[2] or told
