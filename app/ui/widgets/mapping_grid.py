"""The first rows of a table with the header marked, and above each column the choice of what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.services.table_mappings import Preview
from app.ui.theme import Theme
from app.ui.tokens import Tone
from app.ui.widgets.basic import line

_ROOT = QModelIndex()
_WIDEST, _NARROWEST = 300, 148
NOT_USED = "Not used"


class PreviewModel(QAbstractTableModel):
    """The rows of a preview. `fields` says of each column what it is used for."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.shown: Preview | None = None
        self.width = 0
        self.used: dict[int, Tone] = {}
        self.faulty: dict[int, str] = {}  # rows with a fault, and what it is

    def show(self, preview: Preview) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.shown = preview
        self.width = max((len(cells) for _number, cells in preview.rows), default=0)
        self.faulty = {}
        self.endResetModel()

    def mark(self, used: Mapping[int, Tone], faulty: Mapping[int, str]) -> None:
        """Light the columns in use and the rows with a fault."""
        self.used, self.faulty = dict(used), dict(faulty)
        if self.rowCount() and self.width:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.width - 1))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() or self.shown is None else len(self.shown.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else self.width

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self.shown is None:
            return None
        number, cells = self.shown.rows[index.row()]
        is_header = number == self.shown.header_row
        if role == Qt.ItemDataRole.DisplayRole:
            return cells[index.column()] if index.column() < len(cells) else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.faulty.get(number) or (cells[index.column()] if index.column() < len(cells) else "")
        if role == Qt.ItemDataRole.FontRole and is_header:
            return self._theme.font("small", QFont.Weight.DemiBold)
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._ground(number, index.column(), is_header)
        if role == Qt.ItemDataRole.ForegroundRole and number < self.shown.header_row:
            return QColor(self._theme.tokens.faint)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.shown is None or role != Qt.ItemDataRole.DisplayRole or orientation is Qt.Orientation.Horizontal:
            return None
        number = self.shown.rows[section][0] if section < len(self.shown.rows) else 0
        return str(number) if number else ""  # names that stand in no row of the file

    def _ground(self, number: int, column: int, is_header: bool) -> QColor | None:
        tokens = self._theme.tokens
        if number in self.faulty:
            return QColor(tokens.danger_soft)
        if is_header:
            return QColor(tokens.accent_soft)
        tone = self.used.get(column)
        return QColor(tokens.soft(tone)) if tone not in (None, Tone.NEUTRAL) else None


class GroundDelegate(QStyledItemDelegate):
    """Paints the ground that the model says, which a style sheet would leave out."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        ground = index.data(Qt.ItemDataRole.BackgroundRole)
        if isinstance(ground, QColor):
            painter.fillRect(option.rect, ground)
        super().paint(painter, option, index)


class MappingGrid(QFrame):
    """`chosen` says what a column (from 0) shall hold; `header_wanted` that a row is the header."""

    chosen = Signal(int, str)
    header_wanted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("First rows of the file")
        self._theme = theme
        self.model = PreviewModel(theme)
        self.combos: list[QComboBox] = []
        self.strip = QWidget()
        self.strip.setFixedHeight(theme.scaled(46))
        self._seen = QWidget(self.strip)  # what lies outside of it is out of sight, but can have the focus
        self.table = QTableView()
        self.table.setObjectName("mapping_rows")
        self.table.setAccessibleName("First rows of the file")
        self.table.setProperty("sheet", "true")
        self.table.setModel(self.model)
        self.table.setItemDelegate(GroundDelegate(self.table))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setTabKeyNavigation(False)
        self.table.horizontalHeader().setVisible(False)
        self.table.verticalHeader().setDefaultSectionSize(theme.scaled(28))
        self.table.verticalHeader().setToolTip("Double-click a row to make it the header")
        self.table.setToolTip("Double-click a row to make it the header")
        self.table.doubleClicked.connect(self._double_clicked)
        self.table.horizontalHeader().sectionResized.connect(lambda *_: self._place())
        self.table.horizontalScrollBar().valueChanged.connect(lambda _value: self._place())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        layout.addWidget(line())
        layout.addWidget(self.table, 1)

    def show_preview(self, preview: Preview, fields: Sequence[tuple[str, str]]) -> None:
        """Show other rows; each column can be used for one of `fields` (key, title)."""
        self.model.show(preview)
        for combo in self.combos:
            combo.hide()
            combo.deleteLater()
        self.combos = []
        for place in range(self.model.width):
            self.combos.append(self._make_combo(place, preview, fields))
        metrics = self.table.fontMetrics()
        for place in range(self.model.width):
            texts = [cells[place] for _number, cells in preview.rows[:60] if place < len(cells)]
            wide = max((metrics.horizontalAdvance(text[:60]) for text in texts), default=0) + 28
            self.table.setColumnWidth(place, max(_NARROWEST, min(_WIDEST, wide)))
        header = next((at for at, (number, _) in enumerate(preview.rows) if number == preview.header_row), None)
        if header is not None:
            self.table.scrollTo(self.model.index(max(0, header - 2), 0), QAbstractItemView.ScrollHint.PositionAtTop)
        self._place()

    def show_fields(self, used: Mapping[int, str], faulty: Mapping[int, str]) -> None:
        """Show what the columns are used for, and which rows have faults."""
        for place, combo in enumerate(self.combos):
            with QSignalBlocker(combo):
                combo.setCurrentIndex(max(0, combo.findData(used.get(place, ""))))
            combo.setProperty("role", "used" if used.get(place) else "")
        self.model.mark({place: Tone.SUCCESS for place, where in used.items() if where}, faulty)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _make_combo(self, place: int, preview: Preview, fields: Sequence[tuple[str, str]]) -> QComboBox:
        combo = QComboBox(self._seen)
        combo.setObjectName(f"mapping_column_{place}")
        name = preview.header[place] if place < len(preview.header) else ""
        combo.setAccessibleName(f"What column {name or place + 1} holds")
        combo.setToolTip(f"What column {name or place + 1} holds")
        combo.addItem(NOT_USED, "")
        last = ""
        for key, title in fields:
            room = key.partition(".")[0]
            if room != last:
                combo.insertSeparator(combo.count())
                last = room
            combo.addItem(title, key)
        combo.setEnabled(bool(name))
        combo.setMaxVisibleItems(30)
        combo.activated.connect(partial(self._activated, place))
        combo.installEventFilter(self)
        combo.show()
        return combo

    def _activated(self, place: int, _index: int) -> None:
        self.chosen.emit(place, str(self.combos[place].currentData() or ""))

    def _double_clicked(self, index: QModelIndex) -> None:
        if self.model.shown is not None:
            self.header_wanted.emit(self.model.shown.rows[index.row()][0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A choice that gets the focus comes into sight with its column."""
        if event.type() == QEvent.Type.FocusIn and watched in self.combos:
            place = self.combos.index(watched)
            self.table.scrollTo(self.model.index(max(0, self.table.rowAt(0)), place))
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        """Put each choice above its column."""
        start = self.table.verticalHeader().width() + 1
        self._seen.setGeometry(start, 0, max(0, self.width() - start), self.strip.height())
        header = self.table.horizontalHeader()
        for place, combo in enumerate(self.combos):
            left, width = header.sectionViewportPosition(place), header.sectionSize(place)
            combo.setGeometry(left + 3, 6, width - 6, self.strip.height() - 12)
