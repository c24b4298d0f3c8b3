"""What a list shows while it has nothing to show: one sentence and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.icons import Icons
from app.ui.tokens import SPACE_M, SPACE_XL
from app.ui.widgets.basic import button, label


@dataclass(frozen=True, slots=True)
class Emptiness:
    """The sentence of an empty list and its one button."""

    sentence: str
    action: str = ""
    act: Callable[[], None] | None = None
    icon: str = "info"


class EmptyState(QWidget):
    """An icon, a sentence, a button, in the middle of the room there is."""

    def __init__(self, icons: Icons, name: str, emptiness: Emptiness) -> None:
        super().__init__()
        self._icons = icons
        self._act = emptiness.act
        self.sentence = label(emptiness.sentence, "muted", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button: QPushButton = button(emptiness.action, f"{name}_empty_button", self._acted, primary=True)
        self.button.setAccessibleName(emptiness.action or "Nothing to do here")
        self._sign = QLabel()
        self._sign.setPixmap(icons.icon(emptiness.icon, "faint").pixmap(QSize(40, 40)))
        self._sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL)
        layout.setSpacing(SPACE_M)
        layout.addStretch(1)
        layout.addWidget(self._sign)
        layout.addWidget(self.sentence)  # an alignment here would cost a wrapped label its second line
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        self.button.setVisible(bool(emptiness.action))  # once it has a parent: before, it would be a window

    def show_as(self, emptiness: Emptiness) -> None:
        """Say something else."""
        self._act = emptiness.act
        self.sentence.setText(emptiness.sentence)
        self.button.setText(emptiness.action)
        self.button.setAccessibleName(emptiness.action or "Nothing to do here")
        self.button.setVisible(bool(emptiness.action))
        self._sign.setPixmap(self._icons.icon(emptiness.icon, "faint").pixmap(QSize(40, 40)))

    def _acted(self) -> None:
        if self._act is not None:
            self._act()
