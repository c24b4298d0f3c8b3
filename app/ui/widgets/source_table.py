"""The rows of a CSV or a workbook as they came, the chosen charge's row lit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QAbstractItemView, QTabBar, QTableView, QVBoxLayout, QWidget

from app.importers.tabular.sheets import Grid, Sheet
from app.ui.theme import Theme
from app.ui.tokens import Tone
from app.ui.widgets.basic import line
from app.ui.widgets.marks import Mark

_ROOT = QModelIndex()


class SheetModel(QAbstractTableModel):
    """One sheet, cell by cell. Row numbers are those of the file."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.sheet = Sheet("", ())
        self.width = 0
        self.tones: dict[int, Tone] = {}
        self.tips: dict[int, str] = {}

    def show(self, sheet: Sheet, marks: Sequence[Mark]) -> None:
        """Show another sheet."""
        self.beginResetModel()
        self.sheet = sheet
        self.width = max((len(item.cells) for item in sheet.rows), default=0)
        self.tones = {mark.source.row: mark.tone for mark in marks if mark.source.row is not None}
        self.tips = {mark.source.row: mark.tip for mark in marks if mark.source.row is not None}
        self.endResetModel()

    def texts(self, column: int) -> list[str]:
        """The cells of a column, as shown."""
        return [_written(row.cells[column]) for row in self.sheet.rows[:500] if column < len(row.cells)]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.sheet.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else self.width

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self.sheet.rows[index.row()]
        value = item.cells[index.column()] if index.column() < len(item.cells) else ""
        text = _written(value)
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tips.get(item.number) or text
        if role == Qt.ItemDataRole.TextAlignmentRole and _is_number(text):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        tone = self.tones.get(item.number)
        if role == Qt.ItemDataRole.BackgroundRole and tone not in (None, Tone.NEUTRAL):
            return QColor(self._theme.tokens.soft(tone))
        if role == Qt.ItemDataRole.FontRole and index.row() == 0:
            return self._theme.font("small", QFont.Weight.DemiBold)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Vertical:
            return str(self.sheet.rows[section].number) if section < len(self.sheet.rows) else None
        return letters(section)


class SourceTable(QWidget):
    """`picked` carries the key of the charge whose row was clicked."""

    picked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._grid = Grid(())
        self._marks: list[Mark] = []
        self.tabs = QTabBar()
        self.tabs.setObjectName("document_sheets")
        self.tabs.setAccessibleName("Sheets")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.currentChanged.connect(self._show_sheet)
        self.model = SheetModel(theme)
        self.table = QTableView()
        self.table.setObjectName("document_rows")
        self.table.setAccessibleName("Rows of the document")
        self.table.setProperty("sheet", "true")
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().setDefaultSectionSize(theme.scaled(26))
        self.table.clicked.connect(self._clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs)
        layout.addWidget(line())
        layout.addWidget(self.table, 1)

    def show_document(self, grid: Grid, marks: Sequence[Mark]) -> None:
        """Show the sheets of a document."""
        self._grid, self._marks = grid, list(marks)
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for sheet in grid.sheets:
            self.tabs.addTab(sheet.name or "Rows")
        self.tabs.blockSignals(False)
        self.tabs.setVisible(len(grid.sheets) > 1)
        self._show_sheet(0)

    def choose(self, key: int | None) -> None:
        """Light the row of that charge and scroll to it."""
        mark = next((mark for mark in self._marks if mark.key == key), None)
        if mark is None or mark.source.row is None:
            self.table.clearSelection()
            return
        for place, sheet in enumerate(self._grid.sheets):
            if sheet.name == mark.source.sheet and place != self.tabs.currentIndex():
                self.tabs.setCurrentIndex(place)
        for place, item in enumerate(self.model.sheet.rows):
            if item.number == mark.source.row:
                self.table.selectRow(place)
                self.table.scrollTo(self.model.index(place, 0), QAbstractItemView.ScrollHint.PositionAtCenter)

    def _show_sheet(self, place: int) -> None:
        if not 0 <= place < len(self._grid.sheets):
            return
        sheet = self._grid.sheets[place]
        self.model.show(sheet, [mark for mark in self._marks if mark.source.sheet == sheet.name])
        metrics = self.table.fontMetrics()
        for column in range(self.model.width):
            lengths = sorted(metrics.horizontalAdvance(text) for text in self.model.texts(column) if text)
            usual = lengths[len(lengths) * 9 // 10] if lengths else 0  # one long heading does not widen a column
            self.table.setColumnWidth(column, max(56, min(usual + 26, 260)))

    def _clicked(self, index: QModelIndex) -> None:
        sheet = self.model.sheet
        number = sheet.rows[index.row()].number
        for mark in self._marks:
            if mark.source.row == number and mark.source.sheet == sheet.name:
                self.picked.emit(mark.key)
                return


def letters(column: int) -> str:
    """The name of a column in a spreadsheet: A, B, … Z, AA."""
    name = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(ord("A") + place) + name
    return name


def _written(value: object) -> str:
    """A cell as a spreadsheet shows it: whole numbers without their ".0"."""
    text = str(value)
    return text.removesuffix(".0") if text.count(".") == 1 and _is_number(text) else text


def _is_number(text: str) -> bool:
    plain = text.replace(",", "").replace(".", "").lstrip("-−+")
    return plain.isdigit() and len(text) < 18
