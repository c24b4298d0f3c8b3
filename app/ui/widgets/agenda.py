"""A list of things to do: what, of whom, how much, and how soon; each line is a link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QVBoxLayout, QWidget

from app.ui.context import Link
from app.ui.icons import Icons
from app.ui.tables.delegate import draw_chip
from app.ui.theme import Theme
from app.ui.tokens import SPACE_L, SPACE_S, SPACE_XS, Tone
from app.ui.widgets.basic import clear, label, row

MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `title` says what is to be done, `detail` of what, `chip` how soon."""

    title: str
    detail: str
    amount: str
    chip: str
    tone: Tone
    icon: str
    link: Link


class EntryButton(QAbstractButton):
    """One painted line."""

    def __init__(self, name: str, entry: Entry, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.entry, self._theme, self._icons = entry, theme, icons
        self.setObjectName(name)
        self.setText(entry.title)
        self.setAccessibleName(f"{entry.title}, {entry.detail}, {entry.amount}, {entry.chip}".replace(", , ", ", "))
        self.setToolTip(f"{entry.title}\n{entry.detail}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(theme.scaled(46))

    def sizeHint(self) -> QSize:
        return QSize(320, self._theme.scaled(46))

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QColor(tokens.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.hover))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        side = self._theme.scaled(28)
        disc = QRectF(8, (self.height() - side) / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.soft(self.entry.tone)))
        painter.drawRoundedRect(disc, 7, 7)
        inset = disc.adjusted(6, 6, -6, -6).toRect()
        self._icons.icon(self.entry.icon, self.entry.tone.value).paint(painter, inset)
        right = self._paint_right(painter, self.width() - 10)
        left = side + 20
        room = right - left - 10
        title, small = self._theme.font("body", QFont.Weight.Medium), self._theme.font("small")
        half = self.height() // 2
        for font, colour, text, top, flag in (
            (title, tokens.text, self.entry.title, 3, Qt.AlignmentFlag.AlignBottom),
            (small, tokens.muted, self.entry.detail, half, Qt.AlignmentFlag.AlignTop),
        ):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(left, top, room, half - 2), flag | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()

    def _paint_right(self, painter: QPainter, right: int) -> int:
        """Chip, then the amount left of it; returns where they begin."""
        if self.entry.chip:
            font = self._theme.font("tiny", QFont.Weight.DemiBold)
            width = max(QFontMetrics(font).horizontalAdvance(self.entry.chip) + 16, self._theme.scaled(78))
            chip = QRect(right - width, 0, width, self.height())
            used = QFontMetrics(font).horizontalAdvance(self.entry.chip) + 16
            chip.setLeft(right - used)
            draw_chip(painter, self._theme, chip, self.entry.chip, self.entry.tone)
            right -= width + 8
        if self.entry.amount:
            font = self._theme.font("body", QFont.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(QColor(self._theme.tokens.text))
            width = QFontMetrics(font).horizontalAdvance(self.entry.amount)
            area = QRect(right - width - 4, 0, width + 4, self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.entry.amount)
            right -= width + 8
        return right


class Agenda(QFrame):
    """A card with a heading and its lines, scrolled where there are many."""

    def __init__(
        self, name: str, title: str, nothing: str, theme: Theme, icons: Icons, go: Callable[[Link], None]
    ) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(title)
        self._name, self._theme, self._icons, self._go = name, theme, icons, go
        self._nothing = label(nothing, "muted", wrap=True)
        self._nothing.setContentsMargins(8, 8, 8, 8)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.summary = label("", "small")
        head = row(label(title, "heading"), None, self.summary)
        head.setContentsMargins(SPACE_S, 0, SPACE_S, SPACE_XS)
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._lines = QVBoxLayout(inner)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        area = QScrollArea()
        area.setObjectName(f"{name}_area")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        area.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_S, SPACE_L, SPACE_XS, SPACE_S)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(head)
        layout.addWidget(self._nothing, 1)
        layout.addWidget(area, 1)
        self._area = area

    @property
    def entries(self) -> list[EntryButton]:
        """The lines that are shown."""
        items = [self._lines.itemAt(place) for place in range(self._lines.count())]
        widgets = [item.widget() for item in items if item is not None]
        return [widget for widget in widgets if isinstance(widget, EntryButton)]

    def show_entries(self, entries: Sequence[Entry], summary: str = "") -> None:
        """Show these lines."""
        clear(self._lines)
        self.summary.setText(summary)
        self._nothing.setVisible(not entries)
        self._area.setVisible(bool(entries))
        for place, entry in enumerate(entries[:MOST_LINES]):
            button = EntryButton(f"{self._name}_{place}", entry, self._theme, self._icons)
            button.clicked.connect(lambda _checked=False, link=entry.link: self._go(link))
            self._lines.addWidget(button)
        if len(entries) > MOST_LINES:
            self._lines.addWidget(label(f"and {len(entries) - MOST_LINES} more", "small"))
        self._lines.addStretch(1)
