"""What was read of a bill: its header and its charges, each value to be corrected where it stands."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from app.domain.money import ZERO
from app.domain.parsed import ParsedInvoice
from app.domain.period import Period
from app.domain.source import Source
from app.services.corrections import Place
from app.ui.theme import Theme
from app.ui.tokens import ROW_HEIGHT, SPACE_M, SPACE_S, Tone
from app.ui.widgets.basic import label, line, set_tone

_HEADER: tuple[tuple[str, str], ...] = (
    ("carrier", "Carrier"),
    ("ban", "Account"),
    ("number", "Bill number"),
    ("bill_date", "Bill date"),
    ("due_date", "Due date"),
    ("billing_period", "Billing period"),
    ("currency", "Currency"),
    ("previous_balance", "Previous balance"),
    ("payments_applied", "Payments"),
    ("current_charges", "Current charges"),
    ("net_total", "Net"),
    ("tax_total", "Tax"),
    ("rounding", "Rounding"),
    ("total_due", "Total due"),
)
_CHARGE: tuple[tuple[str, str], ...] = (
    ("description", "Description"),
    ("amount", "Amount"),
    ("charge_type", "Kind"),
    ("code", "Code"),
    ("circuit_id", "Circuit"),
    ("tn", "Number"),
    ("quantity", "Quantity"),
    ("unit_price", "Price"),
    ("period", "Period"),
)
_WIDTHS = (170, 84, 74, 76, 120, 96, 72, 84, 170)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_DOUBTFUL = 80  # per cent: below this a value read from a picture is marked
MOST_CHARGES = 2000  # a table of the window; the rest is posted as read


class ReadValues(QFrame):
    """`corrected` carries the Place and the text that was typed, `looked_at` the Source of the current value and its
    charge (-1: it is of the header)."""

    corrected = Signal(object, str)
    looked_at = Signal(object, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._theme = theme
        self._filling = False
        self._invoice: ParsedInvoice | None = None
        self._position = 0
        self.footing = label("", "small", wrap=True)
        self.footing.setObjectName("review_footing")
        self.header = _table("review_header", "What was read of the bill", ("", "As read"))
        self.charges = _table("review_charges", "What was read of the charges", tuple(name for _, name in _CHARGE))
        self.header.horizontalHeader().hide()
        self.header.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.charges.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.charges.setWordWrap(False)
        for column, width in enumerate(_WIDTHS):
            self.charges.setColumnWidth(column, width)
        for table in (self.header, self.charges):
            table.itemChanged.connect(self._typed)
            table.currentItemChanged.connect(lambda item, _before: self._moved(item))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, SPACE_S, 1, 1)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.footing)
        self.footing.setContentsMargins(SPACE_M, 0, SPACE_M, 0)
        layout.addWidget(line())
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.header)
        splitter.addWidget(self.charges)
        splitter.setSizes([270, 380])
        splitter.setChildrenCollapsible(False)
        layout.addWidget(splitter, 1)
        theme.changed.connect(self._restyle)

    def show_invoice(self, invoice: ParsedInvoice, position: int) -> None:
        """Show a bill; `position` is its place in the document."""
        self._filling = True
        self._invoice, self._position = invoice, position
        self.header.setRowCount(len(_HEADER))
        for row, (name, title) in enumerate(_HEADER):
            head = QTableWidgetItem(title)
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            head.setForeground(QBrush(QColor(self._theme.tokens.muted)))
            self.header.setItem(row, 0, head)
            place = Place(name, position)
            self.header.setItem(row, 1, self._item(getattr(invoice, name), place, invoice.sources.get(name, Source())))
        self.header.resizeColumnToContents(0)
        shown = invoice.charges[:MOST_CHARGES]
        self.charges.setRowCount(len(shown))
        for row, charge in enumerate(shown):
            for column, (name, _title) in enumerate(_CHARGE):
                place = Place(name, position, row)
                self.charges.setItem(row, column, self._item(getattr(charge, name), place, charge.source))
        self._filling = False
        self._foot(invoice)

    def choose_charge(self, row: int) -> None:
        """Make a charge current, as a click on its place in the document does."""
        if 0 <= row < self.charges.rowCount():
            self.charges.setCurrentCell(row, 0)

    def current_charge(self) -> int | None:
        """The charge that is current, from 0."""
        row = self.charges.currentRow()
        return row if row >= 0 else None

    def _restyle(self) -> None:
        if self._invoice is not None:
            self.show_invoice(self._invoice, self._position)

    def _item(self, value: object, place: Place, source: Source) -> QTableWidgetItem:
        item = QTableWidgetItem(_write(value))
        item.setToolTip(_write(value))
        item.setData(Qt.ItemDataRole.UserRole, place)
        item.setData(Qt.ItemDataRole.UserRole + 1, source)
        if isinstance(value, Decimal):
            item.setTextAlignment(_RIGHT)
        if source.confidence is not None:
            item.setToolTip(f"read from a picture, {source.confidence} % sure")
            if source.confidence < _DOUBTFUL:
                item.setForeground(QBrush(QColor(self._theme.tokens.warning)))
        return item

    def _typed(self, item: QTableWidgetItem) -> None:
        place = item.data(Qt.ItemDataRole.UserRole)
        if not self._filling and isinstance(place, Place):
            self.corrected.emit(place, item.text())

    def _moved(self, item: QTableWidgetItem | None) -> None:
        if self._filling or item is None:
            return
        place, source = item.data(Qt.ItemDataRole.UserRole), item.data(Qt.ItemDataRole.UserRole + 1)
        if isinstance(place, Place):
            self.looked_at.emit(source, -1 if place.charge is None else place.charge)

    def _foot(self, invoice: ParsedInvoice) -> None:
        """The sum of the charges against the current charges, and the balance against the total."""
        billed = sum((charge.amount for charge in invoice.charges), ZERO) + invoice.rounding
        due = invoice.current_charges + invoice.previous_balance + invoice.payments_applied
        told = [
            f"{len(invoice.charges):,} charges make {billed:,.2f}",
            f"current charges {invoice.current_charges:,.2f}",
            f"with the balance forward {due:,.2f}",
            f"total due {invoice.total_due:,.2f} {invoice.currency}",
        ]
        wrong = [
            f"{name} {difference:+,.2f}"
            for name, difference in (
                ("charges differ by", billed - invoice.current_charges),
                ("total differs by", due - invoice.total_due),
            )
            if difference
        ]
        self.footing.setText("  ·  ".join([*told, *wrong] if wrong else [*told, "it adds up"]))
        set_tone(self.footing, Tone.DANGER if wrong else Tone.SUCCESS)


def _table(name: str, title: str, heads: tuple[str, ...]) -> QTableWidget:
    table = QTableWidget(0, len(heads))
    table.setObjectName(name)
    table.setAccessibleName(title)
    table.setHorizontalHeaderLabels(list(heads))
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT - 8)
    table.setShowGrid(False)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(
        QAbstractItemView.EditTrigger.DoubleClicked
        | QAbstractItemView.EditTrigger.EditKeyPressed
        | QAbstractItemView.EditTrigger.AnyKeyPressed
    )
    table.setTabKeyNavigation(False)
    return table


def _write(value: object) -> str:
    """A value as it is typed: what `corrections` reads back."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, Period):
        return f"{value.start}..{value.last}"
    return str(value)
