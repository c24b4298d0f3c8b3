"""Where the window tells what went wrong: a bar above the page, closed by the user, never a modal stack trace."""

from __future__ import annotations

from PySide6.QtCore import QPropertyAnimation, QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsOpacityEffect, QHBoxLayout, QLabel, QWidget

from app.ui.icons import Icons
from app.ui.tokens import SPACE_L, SPACE_M, SPACE_S, Tone
from app.ui.widgets.basic import button, label, set_tone, tool

_SIGNS = {
    Tone.DANGER: "error",
    Tone.WARNING: "warning",
    Tone.SUCCESS: "check",
    Tone.ACCENT: "info",
    Tone.NEUTRAL: "info",
}


class MessageBar(QFrame):
    """One message at a time; a newer one takes its place. Where there are details they can be copied."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("messagebar")
        self.setAccessibleName("Message")
        self._icons = icons
        self._details = ""
        self._sign = QLabel()
        self.text = label("", wrap=True)
        self.text.setObjectName("message_text")
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy_button = button("Copy details", "message_copy", self._copy, quiet=True)
        self.close_button = tool("Close this message", "message_close", icons, "close", self.hide, 16)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_S, SPACE_S, SPACE_S)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.copy_button)
        layout.addWidget(self.close_button)
        self.hide()

    def say(self, text: str, tone: Tone = Tone.DANGER, details: str = "") -> None:
        """Show a message until it is closed, the page changes, or a later command succeeds."""
        self._details = details
        self.text.setText(text)
        self.setAccessibleDescription(text)
        self._sign.setPixmap(self._icons.icon(_SIGNS[tone], tone.value).pixmap(QSize(20, 20)))
        self.copy_button.setVisible(bool(details))
        set_tone(self, tone)
        self.show()

    def _copy(self) -> None:
        QApplication.clipboard().setText(f"{self.text.text()}\n\n{self._details}")


class Toast(QFrame):
    """A note at the bottom of the window that goes by itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.setAccessibleName("Note")
        self.text = label()
        self.text.setObjectName("toast_text")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        layout.addWidget(self.text)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._fade)
        self._effect = QGraphicsOpacityEffect(self)
        self.setGraphicsEffect(self._effect)
        self._fading = QPropertyAnimation(self._effect, b"opacity", self)
        self._fading.setDuration(250)
        self._fading.setEndValue(0.0)
        self._fading.finished.connect(self.hide)
        self.hide()

    def say(self, text: str, milliseconds: int = 4000) -> None:
        """Show `text` for a while."""
        self._fading.stop()
        self._effect.setOpacity(1.0)
        self.text.setText(text)
        self.adjustSize()
        self.place()
        self.show()
        self.raise_()
        self._timer.start(milliseconds)

    def place(self) -> None:
        """Stand in the middle of the lower edge."""
        parent = self.parentWidget()
        if parent is not None:
            self.move((parent.width() - self.width()) // 2, parent.height() - self.height() - 24)

    def _fade(self) -> None:
        self._fading.setStartValue(1.0)
        self._fading.start()
