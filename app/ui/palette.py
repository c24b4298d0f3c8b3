"""The command palette: every verb that is possible now, found by a few letters, with its shortcut."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.ui.tokens import SPACE_S


class CommandPalette(QDialog):
    """Type, choose by the arrows, Enter does it."""

    def __init__(self, actions: Iterable[QAction], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("palette")
        self.setAccessibleName("All commands")
        self.setFixedSize(560, 380)
        self._actions = [action for action in actions if action.text() and action.isEnabled() and action.isVisible()]
        self.search = QLineEdit()
        self.search.setObjectName("palette_search")
        self.search.setAccessibleName("Find a command")
        self.search.setPlaceholderText("What do you want to do?")
        self.list = QListWidget()
        self.list.setObjectName("palette_list")
        self.list.setAccessibleName("Commands")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_S, SPACE_S, SPACE_S, SPACE_S)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self._do)
        self.search.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self._do())
        self._fill("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
        return super().eventFilter(watched, event)

    def _fill(self, text: str) -> None:
        self.list.clear()
        wanted = text.casefold()
        found = [(rank(wanted, action.text().casefold()), action) for action in self._actions]
        for _rank, action in sorted((pair for pair in found if pair[0] is not None), key=lambda pair: pair[0] or 0):
            shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            item = QListWidgetItem(action.icon(), f"{action.text()}    {shortcut}".rstrip())
            item.setData(Qt.ItemDataRole.UserRole, action)
            item.setToolTip(action.statusTip())
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _do(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            action: QAction = item.data(Qt.ItemDataRole.UserRole)
            self.accept()
            action.trigger()


def rank(wanted: str, text: str) -> int | None:
    """How well `text` answers: 0 begins with it, 1 holds it, 2 holds its letters in order; None not at all."""
    if text.startswith(wanted):
        return 0
    if wanted in text:
        return 1
    letters = iter(text)
    return 2 if all(letter in letters for letter in wanted if letter != " ") else None
