"""The two operations of the window: a QueryOp reads on a pool, a CommandOp writes on the one writer thread.

Both hand their result to a callback on the main thread; a failure becomes a message, never a modal stack trace.
"""

from __future__ import annotations

import itertools
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot
from shiboken6 import isValid

from app.errors import UserError
from app.ui.changes import ChangeHub, changes_in

Result = TypeVar("Result")
log = logging.getLogger("tollbook.ui")


@dataclass(frozen=True, slots=True)
class Fault:
    """What the user is told of a failure; `details` only where it is ours to mend."""

    message: str
    details: str = ""


class Handle(QObject):
    """A running operation as the main thread sees it: its progress, its end, and a way to ask it to stop."""

    progressed = Signal(int, int, str)  # done, of (0: unknown), what
    finished = Signal(object)
    failed = Signal(object)  # Fault
    ended = Signal(object)  # itself, on the main thread, however it ended

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self._cancelled = False

    def cancel(self) -> None:
        """Ask it to stop; what it is in the middle of is finished or rolled back by itself."""
        self._cancelled = True

    def cancelled(self) -> bool:
        """Asked from the working thread."""
        return self._cancelled

    def report(self, done: int, of: int, what: str = "") -> None:
        """Told from the working thread."""
        self.progressed.emit(done, of, what)


class _Job(QRunnable):
    def __init__(self, handle: Handle, work: Callable[[], Any]) -> None:
        super().__init__()
        self.handle = handle
        self.work = work

    @Slot()
    def run(self) -> None:
        try:
            result = self.work()
        except UserError as error:
            self._emit(self.handle.failed, Fault(error.message))
        except Exception as error:
            log.exception("%s failed", self.handle.title)
            told = f"{self.handle.title} failed because of a fault in Tollbook: {type(error).__name__}: {error}"
            self._emit(self.handle.failed, Fault(told, traceback.format_exc()))
        else:
            self._emit(self.handle.finished, result)

    def _emit(self, signal: Any, value: object) -> None:
        if isValid(self.handle):  # the window may have gone while we worked
            signal.emit(value)


class Ops(QObject):
    """Starts operations. `failed` is emitted for every failure that no caller took for itself."""

    failed = Signal(object)  # Fault
    started = Signal(object)  # Handle of a command that shows its progress

    def __init__(self, hub: ChangeHub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._readers = QThreadPool(self)
        self._readers.setMaxThreadCount(3)
        self._writer = QThreadPool(self)
        self._writer.setMaxThreadCount(1)
        self._writer.setExpiryTimeout(-1)
        self._numbers = itertools.count()
        self._latest: dict[tuple[int, str], int] = {}
        self._alive: set[Handle] = set()

    def query(
        self,
        owner: QObject,
        name: str,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[Fault], None] | None = None,
    ) -> Handle:
        """Run `work` on the pool and give its result to `done`, unless `owner` has asked `name` again meanwhile."""
        number = next(self._numbers)
        key = (id(owner), name)
        self._latest[key] = number

        def wanted() -> bool:
            return isValid(owner) and self._latest.get(key) == number

        handle = Handle(name)
        self._follow(handle, lambda result: done(result) if wanted() else None, failed)
        self._readers.start(_Job(handle, work))
        return handle

    def command(
        self,
        title: str,
        work: Callable[[Handle], Result],
        done: Callable[[Result], None] | None = None,
        failed: Callable[[Fault], None] | None = None,
        *,
        shown: bool = False,
    ) -> Handle:
        """Run `work` on the writer thread, announce the Changes it returns, then call `done`.

        With `shown` the jobs panel lists it with its progress and a button that cancels it.
        """
        handle = Handle(title)

        def finish(result: Any) -> None:
            self._hub.announce(changes_in(result))
            if done is not None:
                done(result)

        self._follow(handle, finish, failed)
        if shown:
            self.started.emit(handle)
        self._writer.start(_Job(handle, lambda: work(handle)))
        return handle

    @property
    def busy(self) -> bool:
        """Whether something runs, or its end has not been told yet."""
        return bool(self._alive)

    def drain(self, milliseconds: int = 10_000) -> bool:
        """Wait for what is running; asked when the window closes."""
        for handle in self._alive:
            handle.cancel()
        return self._writer.waitForDone(milliseconds) and self._readers.waitForDone(milliseconds)

    def _follow(self, handle: Handle, done: Callable[[Any], None], failed: Callable[[Fault], None] | None) -> None:
        self._alive.add(handle)

        def end(fault: Fault | None) -> None:
            self._alive.discard(handle)
            handle.ended.emit(handle)
            if fault is not None:
                (failed or self.failed.emit)(fault)

        queued = Qt.ConnectionType.QueuedConnection
        handle.setParent(None)
        relay = _Relay(self, done, end)
        handle.finished.connect(relay.finish, queued)
        handle.failed.connect(relay.fail, queued)


class _Relay(QObject):
    """Lives on the main thread, so that queued signals arrive there."""

    def __init__(self, parent: QObject, done: Callable[[Any], None], end: Callable[[Fault | None], None]) -> None:
        super().__init__(parent)
        self._done = done
        self._end = end

    @Slot(object)
    def finish(self, result: object) -> None:
        self._end(None)
        self.deleteLater()
        self._done(result)

    @Slot(object)
    def fail(self, fault: Fault) -> None:
        self.deleteLater()
        self._end(fault)
