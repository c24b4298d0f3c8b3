"""Horizontal bars: names, amounts, and a bar of each amount's share; each is a link. Painted, so it costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.tokens import Tone


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `written` is the amount as text, `note` a quieter word behind the name."""

    name: str
    amount: Decimal
    written: str
    note: str = ""
    tone: Tone = Tone.ACCENT


class Bars(QWidget):
    """`chosen` carries the name of a bar that was clicked or entered."""

    chosen = Signal(str)

    def __init__(self, name: str, accessible: str, theme: Theme) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self._theme = theme
        self._bars: list[Bar] = []
        self._lit = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.updateGeometry)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these bars, in this order."""
        self._bars = list(bars)
        self.setAccessibleDescription("; ".join(f"{bar.name}: {bar.written}" for bar in bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, max(len(self._bars), 1) * self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def _height(self) -> int:
        return self._theme.scaled(44)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max((abs(bar.amount) for bar in self._bars), default=Decimal(0))
        for place, bar in enumerate(self._bars):
            share = float(abs(bar.amount) / most) if most else 0.0
            self._paint_bar(painter, QRect(0, place * self._height(), self.width(), self._height()), bar, share, place)
        painter.end()

    def _paint_bar(self, painter: QPainter, area: QRect, bar: Bar, share: float, place: int) -> None:
        tokens = self._theme.tokens
        if place == self._lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.hover))
            painter.drawRoundedRect(area.adjusted(0, 1, 0, -1), 6, 6)
        inner = area.adjusted(6, 4, -6, -4)
        text = QRect(inner.left(), inner.top(), inner.width(), inner.height() - 10)
        strong, plain = self._theme.font("body", QFont.Weight.DemiBold), self._theme.font("body")
        amount_width = QFontMetrics(strong).horizontalAdvance(bar.written)
        painter.setFont(strong)
        painter.setPen(QColor(tokens.text))
        painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, bar.written)
        room = text.width() - amount_width - 12
        painter.setFont(plain)
        name = QFontMetrics(plain).elidedText(bar.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(text.left(), text.top(), room, text.height()), Qt.AlignmentFlag.AlignVCenter, name)
        used = QFontMetrics(plain).horizontalAdvance(name) + 8
        if bar.note and room - used > 30:
            small = self._theme.font("small")
            painter.setFont(small)
            painter.setPen(QColor(tokens.faint))
            note = QFontMetrics(small).elidedText(bar.note, Qt.TextElideMode.ElideRight, room - used)
            rest = QRect(text.left() + used, text.top(), room - used, text.height())
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, note)
        track = QRectF(inner.left(), inner.bottom() - 5, inner.width(), 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.neutral_soft))
        painter.drawRoundedRect(track, 2.5, 2.5)
        track.setWidth(max(track.width() * share, 5.0 if bar.amount else 0.0))
        painter.setBrush(QColor(tokens.ink(bar.tone)))
        painter.drawRoundedRect(track, 2.5, 2.5)

    def _at(self, point: QPointF) -> int:
        place = int(point.y()) // self._height()
        return place if 0 <= place < len(self._bars) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._light(self._at(event.position()))
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._lit >= 0 else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, _event: QEvent) -> None:
        self._light(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position())
        if place >= 0:
            self.chosen.emit(self._bars[place].name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and self._bars:
            self._light(max(0, min(self._lit + step, len(self._bars) - 1)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._lit >= 0:
            self.chosen.emit(self._bars[self._lit].name)
        else:
            super().keyPressEvent(event)

    def _light(self, place: int) -> None:
        if place != self._lit:
            self._lit = place
            self.update()
