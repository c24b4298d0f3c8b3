"""Rows under declared columns as a Qt model: sorted and filtered in place, selected rows kept by their identity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.ui.tables.column import Column

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class RowsModel(QAbstractTableModel, Generic[Row]):
    """`all` rows as loaded; `shown` are those that pass the filter and the view, in the chosen order."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.all: list[Row] = []
        self.shown: list[Row] = []
        self._words: dict[int, str] = {}
        self._text = ""
        self._passes: Callable[[Row], bool] | None = None
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None

    def load(self, rows: Sequence[Row]) -> None:
        """Show these rows."""
        self.all = list(rows)
        self._words = {}
        self._arrange()

    def filter(self, text: str, passes: Callable[[Row], bool] | None) -> None:
        """Show rows that contain all words of `text` and pass `passes`."""
        self._text = text
        self._passes = passes
        self._arrange()

    def row(self, index: Index) -> Row | None:
        """The row under an index."""
        return self.shown[index.row()] if index.isValid() and index.row() < len(self.shown) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        if row is None:
            return None
        column = self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.written(row)
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole:
                return column.tooltip(row) if column.tooltip else column.written(row)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by = (column, order) if 0 <= column < len(self.columns) else None
        self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        rows = [row for row in self.all if self._passes is None or self._passes(row)]
        wanted = self._text.casefold().split()
        if wanted:
            rows = [row for row in rows if all(part in self._haystack(row) for part in wanted)]
        if self._sorted_by is not None:
            column, order = self._sorted_by
            filled = [row for row in rows if self.columns[column].value(row) is not None]
            empty = [row for row in rows if self.columns[column].value(row) is None]
            filled.sort(key=self.columns[column].order, reverse=order is Qt.SortOrder.DescendingOrder)
            rows = filled + empty
        self.shown = rows
        self.endResetModel()

    def _haystack(self, row: Row) -> str:
        words = self._words.get(id(row))
        if words is None:
            parts = []
            for column in self.columns:
                parts += [column.written(row), column.plain(row), column.detail(row) if column.detail else ""]
            words = self._words[id(row)] = "\n".join(parts).casefold()
        return words
