"""A figure that matters, with what it means; the whole tile is a link to the rows behind it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.tokens import Tone


class Tile(QAbstractButton):
    """Title, figure, explanation; painted, focusable, opened by click, Space or Enter."""

    def __init__(self, name: str, title: str, icon: str, meaning: str, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setText(title)
        self.setAccessibleName(title)
        self._meaning = meaning
        self.setToolTip(meaning)
        self.setStatusTip(meaning)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._icon, self._theme, self._icons = icon, theme, icons
        self.figure, self.note, self.tone = "–", "", Tone.NEUTRAL
        theme.changed.connect(self.updateGeometry)

    def show_figure(self, figure: str, note: str, tone: Tone = Tone.NEUTRAL) -> None:
        """Show a figure in a tone, and a line that explains it."""
        self.figure, self.note, self.tone = figure, note, tone
        self.setAccessibleDescription(f"{figure}, {note}")
        self.setToolTip(f"{self._meaning}\n{figure}, {note}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.scaled(124))

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        lit = self.underMouse() or self.hasFocus()
        painter.setPen(QColor(tokens.accent if lit else tokens.border))
        painter.setBrush(QColor(tokens.surface))
        painter.drawRoundedRect(area, 8, 8)
        pad = self._theme.scaled(16)
        room = self.width() - 2 * pad
        small = self._theme.font("small", QFont.Weight.Medium)
        size = self._theme.scaled(18)
        ink = tokens.faint if self.tone is Tone.NEUTRAL else tokens.ink(self.tone)
        self._icons.icon(self._icon, "faint" if self.tone is Tone.NEUTRAL else self.tone.value).paint(
            painter, QRect(self.width() - pad - size, pad, size, size)
        )
        painter.setFont(small)
        painter.setPen(QColor(tokens.muted))
        title = QFontMetrics(small).elidedText(self.text(), Qt.TextElideMode.ElideRight, room - size - 6)
        painter.drawText(QRect(pad, pad, room - size, size), Qt.AlignmentFlag.AlignVCenter, title)
        figure = self._theme.font("display", QFont.Weight.DemiBold)
        while QFontMetrics(figure).horizontalAdvance(self.figure) > room and figure.pixelSize() > 15:
            figure.setPixelSize(figure.pixelSize() - 1)
        painter.setFont(figure)
        painter.setPen(QColor(tokens.text if self.tone in (Tone.NEUTRAL, Tone.ACCENT) else ink))
        top = pad + size + self._theme.scaled(6)
        painter.drawText(QRect(pad, top, room, self._theme.scaled(40)), Qt.AlignmentFlag.AlignVCenter, self.figure)
        painter.setFont(self._theme.font("small"))
        painter.setPen(QColor(tokens.muted))
        note = QFontMetrics(painter.font()).elidedText(self.note, Qt.TextElideMode.ElideRight, room)
        below = QRect(pad, self.height() - pad - self._theme.scaled(18), room, self._theme.scaled(20))
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, note)
        painter.end()
