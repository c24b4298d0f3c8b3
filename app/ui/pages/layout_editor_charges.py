"""The charges as the draft reads them: choosing one lights its place, and says what charges like it are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.money import ZERO
from app.domain.parsed import ParsedCharge
from app.domain.vocabulary import ChargeType
from app.importers.ocr.told import SURE
from app.services.layouts import Reading
from app.ui.tables import Column, DataTable, Kind
from app.ui.tokens import SPACE_L, SPACE_S, Tone
from app.ui.widgets.basic import label, row
from app.ui.widgets.empty import Emptiness
from app.ui.widgets.marks import Mark
from app.ui.widgets.pointing_combo import CalmCombo
from app.ui.wording import money, span

if TYPE_CHECKING:
    from app.ui.context import Ui


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A charge with its place in the bill."""

    seq: int
    charge: ParsedCharge
    currency: str


def _span(line: ChargeLine) -> str:
    period = line.charge.period
    return span(period.start, period.end) if period is not None else "–"


def _place(line: ChargeLine) -> str | None:
    charge = line.charge
    return charge.circuit_id or charge.tn or charge.location or None


def is_doubtful(charge: ParsedCharge) -> bool:
    """Whether it was recognised in a picture, and not surely."""
    return charge.source.confidence is not None and charge.source.confidence < SURE


def say_sureness(charge: ParsedCharge) -> str:
    """How surely its least sure word was recognised; nothing of what was read from text."""
    sure = charge.source.confidence
    return "" if sure is None else f"Recognised, {sure} % sure{': compare it' if is_doubtful(charge) else ''}"


COLUMNS: tuple[Column[ChargeLine], ...] = (
    Column("type", "Type", lambda one: one.charge.charge_type, Kind.CHIP, 74),
    Column("description", "Description", lambda one: one.charge.description, width=150, stretch=True),
    Column("place", "Where", _place, width=66),
    Column("period", "Period", lambda one: one.charge.period and one.charge.period.start, Kind.DATE, 108, text=_span),
    Column("quantity", "Quantity", lambda one: one.charge.quantity, Kind.NUMBER, 74, hidden=True),
    Column("unit_price", "Unit price", lambda one: one.charge.unit_price, Kind.MONEY, 90, hidden=True),
    Column(
        "amount",
        "Amount",
        lambda one: one.charge.amount,
        Kind.MONEY,
        96,
        currency=lambda one: one.currency,
        tone=lambda one: Tone.WARNING if is_doubtful(one.charge) else Tone.NEUTRAL,
        tooltip=lambda one: say_sureness(one.charge),
    ),
)


class ChargesPane(QWidget):
    """`chosen` carries the place of a charge in the bill or None, `told` a description and the type of such charges."""

    chosen = Signal(object)
    told = Signal(str, str)

    def __init__(self, ui: Ui) -> None:
        super().__init__()
        self.table: DataTable[ChargeLine] = DataTable(
            ui,
            "draft_charges",
            COLUMNS,
            key=lambda one: one.seq,
            noun="charge",
            empty=Emptiness("No charge has been read yet.", icon="table"),
            total=lambda lines: money(sum((one.charge.amount for one in lines), start=ZERO), lines[0].currency),
        )
        self.table.setObjectName("draft_charges_frame")
        self.kind = CalmCombo()
        self.kind.setObjectName("charge_kind")
        self.kind.setAccessibleName("What charges like the chosen one are")
        self.kind.addItem("as the table says", "")
        for known in ChargeType:
            self.kind.addItem(known.value, known.value)
        self.kind.setEnabled(False)
        self.kind.activated.connect(self._say)
        bar = row(self.table.bar.search, None, label("Charges like this are", "small"), self.kind)
        bar.setContentsMargins(SPACE_L, SPACE_S, SPACE_L, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(bar)
        layout.addWidget(self.table, 1)
        self.table.selected.connect(self._selected)

    def show_reading(self, reading: Reading) -> list[Mark]:
        """Show the charges; returns their places on the page."""
        bill = reading.invoice
        lines = [] if bill is None else [ChargeLine(at, one, bill.currency) for at, one in enumerate(bill.charges)]
        self.table.load(lines)
        return [_mark(line) for line in lines]

    def _selected(self, line: ChargeLine | None) -> None:
        self.kind.setEnabled(line is not None)
        if line is not None:
            kind = line.charge.charge_type
            self.kind.setCurrentIndex(max(self.kind.findData(kind.value if kind is not None else ""), 0))
        self.chosen.emit(line.seq if line is not None else None)

    def _say(self, _at: int) -> None:
        line = self.table.current()
        if line is not None:
            self.told.emit(line.charge.description, str(self.kind.currentData()))


def _mark(line: ChargeLine) -> Mark:
    charge = line.charge
    tone = Tone.WARNING if is_doubtful(charge) else Tone.NEUTRAL
    told = (f"{charge.description}: {money(charge.amount)}", say_sureness(charge))
    return Mark(line.seq, charge.source, tone, "\n".join(part for part in told if part))
