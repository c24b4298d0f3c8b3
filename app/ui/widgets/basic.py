"""Labels, buttons, cards and lines, each made in one way only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.tokens import SPACE_L, SPACE_M, SPACE_S, Tone

if TYPE_CHECKING:
    from app.ui.icons import Icons


def label(text: str = "", role: str = "body", tone: Tone | None = None, *, wrap: bool = False) -> QLabel:
    """A label in a role of the type scale. Text of a document is shown as it is, never as markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    if role in ("display", "title"):
        font = QFont(made.font())
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 98)
        made.setFont(font)
    if tone is not None:
        made.setProperty("tone", tone.value)
    made.setWordWrap(wrap)
    return made


class ElidedLabel(QLabel):
    """One line that is cut off with an ellipsis where there is no room, and whole in its tip."""

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip("" if shown == self.text() else self.text())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()


def elided(text: str, role: str) -> ElidedLabel:
    """A line in a role of the type scale that gives way where there is no room."""
    made = ElidedLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made


def set_tone(widget: QWidget, tone: Tone | None) -> None:
    """Show a widget in a tone of the style sheet."""
    widget.setProperty("tone", tone.value if tone else "")
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def button(
    text: str,
    name: str,
    clicked: Callable[[], object],
    *,
    primary: bool = False,
    quiet: bool = False,
    icons: Icons | None = None,
    icon: str = "",
    tip: str = "",
) -> QPushButton:
    """A push button. `name` is its objectName, by which tests and screen readers find it."""
    made = QPushButton(f" {text}" if icon else text)  # Qt sets an icon too close to its text
    made.setObjectName(name)
    made.setAccessibleName(text)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setProperty("primary", "true" if primary else "false")
    made.setProperty("quiet", "true" if quiet else "false")
    made.setToolTip(tip)
    made.setAccessibleDescription(tip)
    made.setStatusTip(tip or text)
    if icons is not None and icon:
        icons.bind(made, icon, "on_accent" if primary else "accent" if quiet else "muted")
        made.setIconSize(QSize(16, 16))
    made.clicked.connect(lambda _checked=False: clicked())
    return made


def tool(
    text: str, name: str, icons: Icons, icon: str, clicked: Callable[[], object] | None = None, size: int = 18
) -> QToolButton:
    """A button that is only an icon; `text` is its tip and accessible name."""
    made = QToolButton()
    made.setObjectName(name)
    made.setAccessibleName(text)
    made.setToolTip(text)
    made.setStatusTip(text)
    made.setIconSize(QSize(size, size))
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    icons.bind(made, icon)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


def line() -> QFrame:
    """A hairline across."""
    made = QFrame()
    made.setObjectName("line")
    return made


def row(*parts: QWidget | int | None, spacing: int = SPACE_S, margins: int = 0) -> QHBoxLayout:
    """Widgets side by side; an int is a gap, None takes the room that is left."""
    made = QHBoxLayout()
    made.setSpacing(spacing)
    made.setContentsMargins(margins, margins, margins, margins)
    _fill(made, parts)
    return made


def column(*parts: QWidget | int | None, spacing: int = SPACE_S, margins: int = 0) -> QVBoxLayout:
    """Widgets below each other; an int is a gap, None takes the room that is left."""
    made = QVBoxLayout()
    made.setSpacing(spacing)
    made.setContentsMargins(margins, margins, margins, margins)
    _fill(made, parts)
    return made


class Card(QFrame):
    """A white plate with a hairline border; `body` is where its parts go."""

    def __init__(self, title: str = "", *, padding: int = SPACE_L, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(SPACE_M)
        self.heading = QHBoxLayout()
        if title:
            self.heading.addWidget(label(title, "heading"))
            self.heading.addStretch(1)
            self.body.addLayout(self.heading)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            break
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


def _fill(layout: QBoxLayout, parts: tuple[QWidget | int | None, ...]) -> None:
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        else:
            layout.addWidget(part)
