"""A combo that changes only when something is chosen from its list: arrows open it, the wheel scrolls what is around.

Each choice changes the layout and reads the bill again, so nothing may be chosen in passing.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox

_OPENING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class CalmCombo(QComboBox):
    """Opened by arrows, Return or the space bar; Return in its list chooses."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.isEditable() and Qt.Key(event.key()) in _OPENING:
            self.showPopup()
            event.accept()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
