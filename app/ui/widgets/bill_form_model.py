"""The charges as they are typed: rows of text, of which the last is always empty, with undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.domain.parsed import ParsedCharge
from app.ui.theme import Theme
from app.ui.widgets.bill_form_values import (
    FIELDS,
    NUMBERS,
    Field,
    Formats,
    amount_of,
    find_fault,
    find_product,
    read_charge,
)

Index = QModelIndex | QPersistentModelIndex
Row = dict[Field, str]
HEADINGS = {
    Field.DESCRIPTION: "Description",
    Field.TYPE: "Type",
    Field.CODE: "Code",
    Field.CIRCUIT: "Circuit",
    Field.TN: "Phone number",
    Field.QUANTITY: "Quantity",
    Field.UNIT_PRICE: "Unit price",
    Field.AMOUNT: "Amount",
    Field.FIRST: "From",
    Field.LAST: "To",
}
MOST_ROWS = 5_000
_MOST_STEPS = 200
_NOWHERE = QModelIndex()


def empty_row() -> Row:
    return dict.fromkeys(FIELDS, "")


class ChargesModel(QAbstractTableModel):
    """`edited` says that what is typed has changed, with every keystroke."""

    edited = Signal()

    def __init__(self, theme: Theme, formats: Formats) -> None:
        super().__init__()
        self._theme, self.formats = theme, formats
        self.rows: list[Row] = [empty_row()]
        self._past: list[list[Row]] = []
        self._live: tuple[int, Field, str] | None = None  # what stands in the cell being edited

    # what Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(FIELDS)

    def flags(self, _index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[FIELDS[section]]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(FIELDS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, field = self.rows[index.row()], FIELDS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row[field]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(field)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{HEADINGS[field]}: {row[field] or 'empty'} {self.fault(row, field)}".strip()
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return f"Row {index.row() + 1}"
        fault = self.fault(row, field)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.StatusTipRole):
            return fault or self.product(row, field) or None
        if role == Qt.ItemDataRole.BackgroundRole:
            tone = "danger_soft" if fault else "warning_soft" if self.product(row, field) else ""
            return self._theme.colour(tone) if tone else None
        if role == Qt.ItemDataRole.ForegroundRole:
            tone = "danger" if fault else "warning" if self.product(row, field) else ""
            return self._theme.colour(tone) if tone else None
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole:
            return False
        self._live = None
        field, text = FIELDS[index.column()], str(value).strip()
        if field is Field.TYPE:
            text = text.upper()
        if self.rows[index.row()][field] != text:
            self._remember()
            self.rows[index.row()] = {**self.rows[index.row()], field: text}
            self._grow()
            self._tell_row(index.row())
        self.edited.emit()
        return True

    # what the form asks

    def fault(self, row: Row, field: Field) -> str:
        """Why a cell cannot be read."""
        return find_fault(field, row, self.formats)

    def product(self, row: Row, field: Field) -> str:
        """What quantity × unit price make, where it is not the amount."""
        return find_product(row, self.formats) if field is Field.AMOUNT else ""

    def typed(self) -> list[Row]:
        """The rows that hold something, with what stands in the cell being edited."""
        rows = list(self.rows)
        if self._live is not None:
            number, field, text = self._live
            rows[number] = {**rows[number], field: text}
        return [row for row in rows if any(text.strip() for text in row.values())]

    def amounts(self) -> list[Any]:
        """The amount of each row, None where it cannot be read."""
        return [amount_of(row, self.formats) for row in self.typed()]

    def faults(self) -> list[str]:
        """Which cells cannot be read, a sentence for each row; each cell's tip says why."""
        told = []
        for number, row in enumerate(self.typed(), start=1):
            wrong = [HEADINGS[field].lower() for field in FIELDS if self.fault(row, field)]
            if wrong:
                told.append(f"Look at row {number}: {', '.join(wrong)}")
        return told

    def charges(self) -> tuple[ParsedCharge, ...]:
        """The charges. Raises BadValue."""
        return tuple(read_charge(row, number, self.formats) for number, row in enumerate(self.typed(), start=1))

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    # what is done to it

    def preview(self, row: int, field: Field, text: str) -> None:
        """Take what stands in a cell that is still being edited into the sums."""
        self._live = (row, field, text)
        self.edited.emit()

    def forget_preview(self) -> None:
        """The cell is no longer being edited."""
        if self._live is not None:
            self._live = None
            self.edited.emit()

    def paste(self, row: int, column: int, cells: Sequence[Sequence[str]]) -> None:
        """Write cells, as from a spreadsheet, with the first of them at this place; rows are added as needed."""
        self._live = None
        self._remember()
        self.beginResetModel()
        rows = [*self.rows, *(empty_row() for _ in range(row + len(cells) - len(self.rows)))][:MOST_ROWS]
        for down, line in enumerate(cells):
            if row + down < len(rows):
                fields = FIELDS[column : column + len(line)]
                rows[row + down] = rows[row + down] | {
                    field: text.strip().upper() if field is Field.TYPE else text.strip()
                    for field, text in zip(fields, line, strict=False)
                }
        self.rows = rows
        self.endResetModel()
        self._grow()
        self.edited.emit()

    def delete(self, numbers: Sequence[int]) -> None:
        """Take rows out."""
        self._live = None
        self._remember()
        self.beginResetModel()
        self.rows = [row for number, row in enumerate(self.rows) if number not in set(numbers)]
        self.endResetModel()
        self._grow()
        self.edited.emit()

    def undo(self) -> None:
        """Take the last change back."""
        if self._past:
            self._live = None
            self.beginResetModel()
            self.rows = self._past.pop()
            self.endResetModel()
            self.edited.emit()

    def clear(self) -> None:
        """Begin anew; this is not undone."""
        self.beginResetModel()
        self.rows, self._past, self._live = [empty_row()], [], None
        self.endResetModel()
        self.edited.emit()

    def _remember(self) -> None:
        self._past.append(list(self.rows))
        del self._past[:-_MOST_STEPS]

    def _grow(self) -> None:
        """Keep an empty row at the end."""
        if (not self.rows or any(self.rows[-1].values())) and len(self.rows) < MOST_ROWS:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows))
            self.rows.append(empty_row())
            self.endInsertRows()

    def _tell_row(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(FIELDS) - 1))


def _alignment(field: Field) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if field in NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
