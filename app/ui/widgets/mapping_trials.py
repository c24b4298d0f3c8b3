"""When the draft of a mapping is tried, and that it is saved only as it was tried: who saves while a trial is due or
under way waits for it, and is told where nothing comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.ui.ops import Fault, Ops

_PAUSE = 350  # milliseconds after a change before it is tried


class Trials(QObject):
    """The draft has states, counted; what comes home from the trial of an older one is not heard."""

    due = Signal()  # the draft has rested long enough
    tried = Signal(object)  # what the trial has read
    failed = Signal(str)  # why it could not be tried
    to_save = Signal(dict)  # the mapping that is to be saved, as it was tried
    unsaved = Signal(str)  # why what was to be saved is not

    def __init__(self, ops: Ops, parent: QObject) -> None:
        super().__init__(parent)
        self._ops = ops
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(_PAUSE)
        self.timer.timeout.connect(self.due)
        self._number = 0
        self._is_open = False  # whether the state has not been tried yet
        self._ready: dict[str, Any] | None = None
        self._why = ""
        self.wanted = False  # whether it is to be saved as soon as it has been tried

    def begin(self, *, soon: bool) -> None:
        """The draft is another one; `soon` says that it can be tried, else the file is still being opened."""
        self._number += 1
        self._is_open, self._ready, self._why = True, None, ""
        if soon:
            self.timer.start()
        else:
            self.timer.stop()

    def run(self, work: Callable[[], Any]) -> None:
        """Try the draft as it is now."""
        number = self._number

        def came(found: Any) -> None:
            if number == self._number:
                self.tried.emit(found)

        def went(fault: Fault) -> None:
            if number == self._number:
                self.failed.emit(fault.message)

        self._ops.query(self, "try", work, came, went)

    def end(self, ready: dict[str, Any] | None, why: str = "") -> None:
        """The draft has been tried: as what it can be saved, or why it cannot."""
        self._is_open, self._ready, self._why = False, ready, why
        if self.wanted:
            self.wanted = False
            self._answer()

    def want(self) -> None:
        """Save the draft, at once where it has been tried, else as soon as it has."""
        if not self._is_open:
            self._answer()
            return
        self.wanted = True
        if self.timer.isActive():
            self.timer.stop()
            self.due.emit()

    def drop(self, why: str = "") -> None:
        """Save nothing after all; `why` is told where something was to be saved."""
        wanted, self.wanted = self.wanted, False
        if wanted and why:
            self.unsaved.emit(why)

    def stop(self) -> None:
        """There is no draft any more."""
        self._number += 1
        self.timer.stop()
        self._is_open, self._ready, self._why, self.wanted = False, None, "", False

    def _answer(self) -> None:
        if self._ready is not None:
            self.to_save.emit(self._ready)
        else:
            self.unsaved.emit(self._why)
