"""A word in its tone, as a small rounded label."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.tables.delegate import draw_chip
from app.ui.theme import Theme
from app.ui.tokens import Tone


class Chip(QWidget):
    """Shows a status."""

    def __init__(self, theme: Theme, text: str = "", tone: Tone = Tone.NEUTRAL) -> None:
        super().__init__()
        self._theme, self._text, self._tone = theme, text, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    @property
    def text(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.font("tiny", QFont.Weight.DemiBold))
        return QSize(metrics.horizontalAdvance(self._text) + 18, metrics.height() + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._text:
            draw_chip(painter, self._theme, self.rect(), self._text, self._tone)
        painter.end()
