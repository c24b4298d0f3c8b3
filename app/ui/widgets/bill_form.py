"""A whole bill as it is typed: its head, its charges, its footing, and the bill that they make."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.money import ZERO
from app.domain.parsed import ParsedInvoice
from app.services.typed_bills import foot
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.tokens import SPACE_M, SPACE_S, Tone
from app.ui.widgets.basic import Card, label
from app.ui.widgets.bill_form_footing import FootingStrip
from app.ui.widgets.bill_form_grid import ChargesGrid
from app.ui.widgets.bill_form_header import BillHeader
from app.ui.widgets.bill_form_model import ChargesModel
from app.ui.widgets.bill_form_values import formats_of
from app.ui.widgets.verbs import verb, verb_button
from app.ui.wording import count

_TOLD = 3


class BillForm(QWidget):
    """`edited` comes with every keystroke; `bill` is None while something is missing or cannot be read."""

    edited = Signal()

    def __init__(self, theme: Theme, icons: Icons, currency: str) -> None:
        super().__init__()
        formats = formats_of(QLocale())
        self._currency = currency
        self.header = BillHeader(formats, currency)
        self.model = ChargesModel(theme, formats)
        self.grid = ChargesGrid(self.model, theme)
        self.footing = FootingStrip()
        self.counted = label("", "muted")
        self.counted.setObjectName("typed_count")
        self.delete, self.undo = self._make_verbs(icons)
        charges = Card(padding=0)
        charges.body.setSpacing(0)
        bar = charges.heading
        bar.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        bar.setSpacing(SPACE_S)
        bar.addWidget(label("Charges", "heading"))
        bar.addWidget(self.counted)
        bar.addStretch(1)
        bar.addWidget(verb_button(self.undo, icons, "undo", quiet=True))
        bar.addWidget(verb_button(self.delete, icons, "take_away", quiet=True))
        charges.body.addLayout(bar)
        charges.body.addWidget(self.grid, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.header)
        layout.addWidget(charges, 1)
        layout.addWidget(self.footing)
        self.header.edited.connect(self._renew)
        self.model.edited.connect(self._renew)
        self._renew()

    @property
    def touched(self) -> bool:
        """Whether something would be lost."""
        return self.header.touched or bool(self.model.typed())

    @property
    def bill(self) -> ParsedInvoice | None:
        """The bill as it is typed."""
        if self.faults():
            return None
        values: dict[str, Any] = self.header.values()
        return ParsedInvoice(**values, charges=self.model.charges())

    def faults(self) -> list[str]:
        """What is missing or wrong, in words."""
        missing = self.header.missing()
        told = [f"Missing: {', '.join(missing)}"] if missing else []
        told += [f"Cannot be read: {', '.join(wrong)}"] if (wrong := self.header.wrong()) else []
        told += self.model.faults()
        return told if told or self.model.typed() else ["No charge yet"]

    def clear(self) -> None:
        """Begin anew."""
        self.header.clear()
        self.model.clear()
        self.header.lines["carrier"].setFocus()

    def _make_verbs(self, icons: Icons) -> tuple[QAction, QAction]:
        delete = verb(
            self.grid,
            icons,
            "typed_delete_row",
            "Delete row",
            "take_away",
            self.grid.delete_rows,
            shortcut="Ctrl+Del",
            tip="Take the selected rows out",
        )
        undo = verb(
            self.grid,
            icons,
            "typed_undo",
            "Undo",
            "undo",
            self.grid.undo,
            shortcut="Ctrl+Z",
            tip="Take the last change of the charges back",
        )
        return delete, undo

    def _renew(self) -> None:
        amounts = self.model.amounts()
        charges = None if None in amounts else sum(amounts, ZERO)
        sums = [self.header.amount(name) for name in ("previous_balance", "payments_applied")]
        balance = None if None in sums else sum(sums, ZERO)
        current, total = self.header.amount("current_charges"), self.header.amount("total_due")
        currency = self.header.lines["currency"].text().strip()
        self.footing.show_sums(currency, charges, current, balance, total)
        self.counted.setText(count(len(amounts), "charge") if amounts else "")
        self.undo.setEnabled(self.model.can_undo)
        self.delete.setEnabled(bool(amounts))
        self._judge()
        self.edited.emit()

    def _judge(self) -> None:
        faults, bill = self.faults(), self.bill
        if bill is None:
            more = f" and {len(faults) - _TOLD} more" if len(faults) > _TOLD else ""
            self.footing.say("\n".join(faults[:_TOLD]) + more if self.touched else "", None)
        elif foot(bill).foots:
            self.footing.say("It adds up.", Tone.SUCCESS)
        else:
            self.footing.say("It does not add up: correct it, or save it with a reason.", Tone.DANGER)
