"""The charges of a bill as a tree: location, service, charge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from app.queries.bill import ChargeRow
from app.ui.tables.delegate import draw_chip
from app.ui.theme import Theme
from app.ui.widgets.charge_nodes import Node
from app.ui.wording import money

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
TITLES = ("Charge", "Billed", "Expected", "Variance", "")
MARKS = 4


class ChargeModel(QAbstractItemModel):
    """The tree of Nodes for Qt."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.root = Node("")
        self.currency = ""

    def show(self, root: Node, currency: str) -> None:
        """Show another tree."""
        self.beginResetModel()
        self.root, self.currency = root, currency
        self.endResetModel()

    def node(self, index: Index) -> Node:
        """The node under an index; the root under none."""
        found = index.internalPointer() if index.isValid() else None
        return found if isinstance(found, Node) else self.root

    def find(self, charge_id: int) -> QModelIndex:
        """The index of that charge."""

        def search(node: Node, index: QModelIndex) -> QModelIndex:
            for place, child in enumerate(node.children):
                here = self.index(place, 0, index)
                if child.charge is not None and child.charge.id == charge_id:
                    return here
                below = search(child, here)
                if below.isValid():
                    return below
            return QModelIndex()

        return search(self.root, QModelIndex())

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        node = self.node(parent)
        if 0 <= row < len(node.children) and 0 <= column < len(TITLES):
            return self.createIndex(row, column, node.children[row])
        return QModelIndex()

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        above = self.node(index).parent
        if above is None or above is self.root:
            return QModelIndex()
        siblings = above.parent.children if above.parent else []
        return self.createIndex(siblings.index(above), 0, above)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.column() > 0 else len(self.node(parent).children)

    def columnCount(self, _parent: Index = _ROOT) -> int:
        return len(TITLES)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        node = self.node(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(node, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{node.title}\n{node.detail}".strip()
        if role == Qt.ItemDataRole.TextAlignmentRole and 1 <= index.column() <= 3:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if 1 <= section <= 3 else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, node: Node, column: int) -> str:
        match column:
            case 0:
                return node.title
            case 1:
                return money(node.billed)
            case 2:
                return money(node.expected)
            case 3:
                return money(node.variance) if node.variance else "–"
        return ", ".join(text for text, _tone in node.marks)


class ChargeDelegate(QStyledItemDelegate):
    """Paints a node: title and quieter detail, amounts, chips."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), self._theme.scaled(32))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        node = index.internalPointer()
        if not isinstance(node, Node):
            return
        tokens = self._theme.tokens
        rect: QRect = option.rect
        painter.save()
        heavy = node.charge is None
        cell = rect.adjusted(6, 0, -8, -1)
        font = self._theme.font("body", QFont.Weight.DemiBold if heavy else QFont.Weight.Normal)
        if index.column() == MARKS:
            for text, tone in node.marks[:2]:
                cell.setLeft(cell.left() + draw_chip(painter, self._theme, cell, text, tone) + 4)
        elif index.column() == 0:
            self._title(painter, cell, node, font)
        else:
            painter.setFont(font)
            ink = tokens.text
            if index.column() == 3 and node.variance:
                ink = tokens.danger if node.variance > 0 else tokens.muted
            elif index.column() == 2 and node.expected is None:
                ink = tokens.faint
            painter.setPen(QColor(ink))
            text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
            painter.drawText(cell, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _title(self, painter: QPainter, cell: QRect, node: Node, font: QFont) -> None:
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(node.title, Qt.TextElideMode.ElideRight, cell.width())
        painter.setFont(font)
        painter.setPen(QColor(self._theme.tokens.text))
        painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter, shown)
        used = metrics.horizontalAdvance(shown) + 8
        if node.detail and cell.width() - used > 40:
            small = self._theme.font("small")
            painter.setFont(small)
            painter.setPen(QColor(self._theme.tokens.faint))
            rest = cell.adjusted(used, 0, 0, 0)
            told = QFontMetrics(small).elidedText(node.detail, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, told)


class ChargeTree(QTreeView):
    """`picked` carries the ChargeRow that is current, or None."""

    picked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("charges_tree")
        self.setAccessibleName("Charges of the bill")
        self._theme = theme
        self.charges = ChargeModel(self)
        self.setModel(self.charges)
        self.setItemDelegate(ChargeDelegate(theme, self))
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setAlternatingRowColors(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setExpandsOnDoubleClick(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(48)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 84), (2, 84), (3, 76), (MARKS, 76)):
            header.resizeSection(column, theme.scaled(width))
        self._telling = True
        self.selectionModel().currentChanged.connect(self._current)

    def show_charges(self, root: Node, currency: str) -> None:
        """Show a tree, everything open."""
        self._telling = False
        self.charges.show(root, currency)
        self.expandAll()
        self._telling = True

    def choose(self, charge_id: int) -> bool:
        """Make that charge current and scroll to it; False where it is not shown."""
        index = self.charges.find(charge_id)
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, flags)
            # once more when the splitter has given the tree its height
            QTimer.singleShot(0, self, lambda: self.scrollTo(self.currentIndex()))
        return index.isValid()

    def step(self, passes: Callable[[ChargeRow], bool]) -> None:
        """Go to the next charge that passes, around the end."""
        shown = self.charges.root.charges()
        current = self.charges.node(self.currentIndex()).charge
        start = next((place for place, charge in enumerate(shown) if current and charge.id == current.id), -1)
        for place in range(1, len(shown) + 1):
            charge = shown[(start + place) % len(shown)]
            if passes(charge):
                self.choose(charge.id)
                return

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        """The ground and the line of a row go all the way across, below the branches too."""
        rect: QRect = options.rect
        if self.selectionModel().isRowSelected(index.row(), index.parent()):
            painter.fillRect(rect, QColor(self._theme.tokens.selection))
        painter.setPen(QColor(self._theme.tokens.border))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        super().drawRow(painter, options, index)

    def _current(self, index: QModelIndex, _previous: QModelIndex) -> None:
        if self._telling:
            self.picked.emit(self.charges.node(index).charge if index.isValid() else None)
