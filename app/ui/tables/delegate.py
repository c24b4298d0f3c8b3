"""Paints cells: a quiet line under each row, chips for statuses, tones for amounts, details behind values."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.tables.column import Column, Kind
from app.ui.tables.model import RowsModel
from app.ui.theme import Theme
from app.ui.tokens import ROW_HEIGHT, Tone
from app.ui.wording import NOTHING

PADDING = 10


class CellDelegate(QStyledItemDelegate):
    """Draws one cell of a RowsModel."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.hovered = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), self._theme.scaled(ROW_HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        tokens = self._theme.tokens
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.selection))
        elif index.row() == self.hovered:
            painter.fillRect(rect, QColor(tokens.hover))
        painter.setPen(QColor(tokens.border))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        model = index.model()
        shown = model.row(index) if isinstance(model, RowsModel) else None
        if not isinstance(model, RowsModel) or shown is None:
            painter.restore()
            return
        # asked of the column itself: Qt would hand a StrEnum on as a bare string
        column: Column[object] = model.columns[index.column()]
        tone = column.colour(shown)
        text = column.written(shown)
        cell = rect.adjusted(PADDING, 0, -PADDING, -1)
        if column.kind is Kind.CHIP and text and text != NOTHING:
            draw_chip(painter, self._theme, cell, text, tone or Tone.NEUTRAL)
        elif text == NOTHING:
            painter.setFont(self._theme.font())
            painter.setPen(QColor(tokens.faint))
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            painter.drawText(cell, side | Qt.AlignmentFlag.AlignVCenter, text)
        else:
            font = self._theme.font("body", QFont.Weight.DemiBold if column.strong else QFont.Weight.Normal)
            detail = column.detail(shown) if column.detail else ""
            self._draw_text(painter, cell, text, detail, font, tone, column.right)
        painter.restore()

    def _draw_text(
        self, painter: QPainter, cell: QRect, text: str, detail: str, font: QFont, tone: Tone | None, right: bool
    ) -> None:
        tokens = self._theme.tokens
        painter.setFont(font)
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, cell.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.setPen(QColor(tokens.ink(tone) if tone is not None and tone is not Tone.NEUTRAL else tokens.text))
        painter.drawText(cell, side | Qt.AlignmentFlag.AlignVCenter, shown)
        used = metrics.horizontalAdvance(shown) + 8
        if detail and not right and cell.width() - used > 24:
            small = self._theme.font("small")
            rest = QRect(cell)
            rest.setLeft(cell.left() + used)
            painter.setFont(small)
            painter.setPen(QColor(tokens.faint))
            shown = QFontMetrics(small).elidedText(detail, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, side | Qt.AlignmentFlag.AlignVCenter, shown)


def draw_chip(painter: QPainter, theme: Theme, cell: QRect, text: str, tone: Tone) -> int:
    """Draw a rounded label at the left of `cell`; returns the width that it took."""
    font = theme.font("tiny", QFont.Weight.DemiBold)
    metrics = QFontMetrics(font)
    height = metrics.height() + 6
    width = min(metrics.horizontalAdvance(text) + 16, max(cell.width(), 20))
    chip = QRectF(cell.left(), cell.center().y() - height / 2 + 0.5, width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.tokens.soft(tone)))
    painter.drawRoundedRect(chip, height / 2, height / 2)
    painter.setPen(QColor(theme.tokens.ink(tone)))
    painter.setFont(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(width) - 14)
    baseline = QPointF(chip.left() + (width - metrics.horizontalAdvance(shown)) / 2, 0)
    baseline.setY(chip.center().y() + (metrics.ascent() - metrics.descent()) / 2)
    painter.drawText(baseline, shown)
    return int(width)
