"""What was done to a draft, to be undone and done again."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from app.services.layout_draft import Draft


class _Step(QUndoCommand):
    def __init__(self, title: str, history: History, before: Draft, after: Draft) -> None:
        super().__init__(title)
        self._history, self._before, self._after = history, before, after

    def undo(self) -> None:
        self._history.show(self._before)

    def redo(self) -> None:
        self._history.show(self._after)


class History(QObject):
    """The present draft and those before it. `changed` comes after each step, forth and back."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(200)
        self.draft = Draft()

    @property
    def unsaved(self) -> bool:
        """Whether something was changed since the draft was opened or saved."""
        return not self.stack.isClean()

    def begin(self, draft: Draft) -> None:
        """Start with a draft; there is nothing to undo."""
        self.stack.clear()
        self.show(draft)

    def step(self, title: str, after: Draft) -> None:
        """Go on with a changed draft; where nothing changed, nothing happens."""
        if after != self.draft:
            self.stack.push(_Step(title, self, self.draft, after))

    def show(self, draft: Draft) -> None:
        """Make it the present one."""
        self.draft = draft
        self.changed.emit()
