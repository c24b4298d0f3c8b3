"""The parts of the form of what a bill says: a row for each header field, and the texts that recognise a bill."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QToolButton, QWidget

from app.ui.icons import Icons
from app.ui.tokens import Tone
from app.ui.widgets.basic import ElidedLabel, elided, label, set_tone, tool
from app.ui.widgets.pointing_fields import FieldName

PENDING = "not read yet"


class Dot(QWidget):
    """The colour in which a field is boxed on the page."""

    def __init__(self, ink: str) -> None:
        super().__init__()
        self._ink = QColor(ink)
        self.filled = False
        self.setFixedSize(QSize(14, 14))

    def fill(self, filled: bool) -> None:
        """Whether the field was found."""
        self.filled = filled
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._ink if self.filled else self.palette().mid().color())
        painter.setBrush(self._ink if self.filled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(2, 2, 10, 10, 3, 3)
        painter.end()


class ClaimsEdit(QPlainTextEdit):
    """One text a line; `edited` comes when the person has left it."""

    edited = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.document().setModified(False)
        self.edited.emit()

    def lines(self) -> tuple[str, ...]:
        """The texts, without empty ones."""
        return tuple(text.strip() for text in self.toPlainText().splitlines() if text.strip())


class FieldRow:
    """One header field: its colour, name, value, and the buttons that point at it and take it away."""

    def __init__(self, field: FieldName, icons: Icons) -> None:
        self.field = field
        self.dot = Dot(field.ink)
        self.title = label(field.title, "body")
        self.value: ElidedLabel = elided("", "strong")
        self.value.setObjectName(f"field_{field.key}")
        self.value.setAccessibleName(field.title)
        name = field.title.lower()
        self.point: QToolButton = tool(f"Point at the {name}", f"point_{field.key}", icons, "point", size=16)
        self.point.setCheckable(True)
        self.forget: QToolButton = tool(f"Take the {name} away", f"forget_{field.key}", icons, "take_away", size=16)

    def parts(self) -> tuple[QWidget, ...]:
        return (self.dot, self.title, self.value, self.point, self.forget)

    def show(self, text: str, tone: Tone | None, tip: str, known: bool) -> None:
        """Its value as it is read, or what is wrong with it."""
        self.value.setText(text)
        self.value.setProperty("role", "strong" if known and tone is None and text != PENDING else "muted")
        set_tone(self.value, tone)
        self.value.setAccessibleDescription(text)
        self.value.setStatusTip(tip)
        self.dot.fill(known)
        self.forget.setEnabled(known)
