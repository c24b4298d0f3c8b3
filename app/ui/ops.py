"""The two operations of the window: a QueryOp reads on a pool, a CommandOp writes on the one writer thread.

Both hand their result to a callback on the main thread; a failure becomes a message, never a modal stack trace.
"""

from __future__ import annotations

import itertools
import logging
import time
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


_REPORT_SECONDS = 0.05


class Handle(QObject):
    """A running operation: its progress, its end, and a way to ask it to stop. Its signals come on the main thread."""

    progressed = Signal(int, int, str)  # done, of (0: unknown), what
    ended = Signal(object)  # itself, however it ended

    def __init__(self, title: str, report: Callable[[int, int, str], None]) -> None:
        super().__init__()
        self.title = title
        self._report = report
        self._next = 0.0  # no report before this moment of the working thread's clock
        self._cancelled = False

    def cancel(self) -> None:
        """Ask it to stop; what it is in the middle of is finished or rolled back by itself."""
        self._cancelled = True

    def cancelled(self) -> bool:
        """Asked from the working thread."""
        return self._cancelled

    def report(self, done: int, of: int, what: str = "") -> None:
        """Told from the working thread. Reports that come faster than an eye sees are dropped, but never the last one:
        a queue of them would leave the event loop no turn."""
        now = time.monotonic()
        if now >= self._next or done == of:
            self._next = now + _REPORT_SECONDS
            self._report(done, of, what)


@dataclass(slots=True)
class _Operation:
    """All that belongs to a running operation. Made and dropped on the main thread, with the Qt objects in it."""

    handle: Handle
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[Fault], None]


class _Job(QRunnable):
    """Does the work of one operation and sends the result home. It holds nothing that belongs to the main thread."""

    def __init__(self, number: int, ops: Ops) -> None:
        super().__init__()
        self._number, self._ops = number, ops

    @Slot()
    def run(self) -> None:
        title = self._ops.title_of(self._number)
        try:
            result = self._ops.work_of(self._number)()
        except UserError as error:
            self._ops.home.emit(self._number, None, Fault(error.message))
        except Exception as error:
            log.exception("%s failed", title)
            told = f"{title} failed because of a fault in Tollbook: {type(error).__name__}: {error}"
            self._ops.home.emit(self._number, None, Fault(told, traceback.format_exc()))
        else:
            self._ops.home.emit(self._number, result, None)


def _unheard(_result: object) -> None:
    """Where the page that asked is being closed."""


class Ops(QObject):
    """Starts operations. `failed` is emitted for every failure that no caller took for itself."""

    failed = Signal(object)  # Fault
    started = Signal(object)  # Handle of a command that shows its progress
    succeeded = Signal()  # a command has ended well; what it has to say is said after this
    home = Signal(int, object, object)  # from the workers: the number of an operation, its result, its Fault
    moved = Signal(int, int, int, str)  # from the workers: number, done, of, what

    def __init__(self, hub: ChangeHub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._readers = QThreadPool(self)
        self._readers.setMaxThreadCount(3)
        self._writer = QThreadPool(self)
        self._writer.setMaxThreadCount(1)
        self._writer.setExpiryTimeout(-1)
        self._numbers = itertools.count(1)
        self._latest: dict[tuple[int, str], int] = {}
        self._running: dict[int, _Operation] = {}
        queued = Qt.ConnectionType.QueuedConnection
        self.home.connect(self._come_home, queued)
        self.moved.connect(self._move, queued)

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

        def finish(result: Any) -> None:
            if wanted():
                done(result)

        handle = self._handle(number, name)
        self._running[number] = _Operation(handle, work, finish, failed or self.failed.emit)
        self._readers.start(_Job(number, self))
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
        number = next(self._numbers)
        handle = self._handle(number, title)

        def finish(result: Any) -> None:
            self.succeeded.emit()
            self._hub.announce(changes_in(result))
            if done is not None:
                done(result)

        self._running[number] = _Operation(handle, lambda: work(handle), finish, failed or self.failed.emit)
        if shown:
            self.started.emit(handle)
        self._writer.start(_Job(number, self))
        return handle

    @property
    def busy(self) -> bool:
        """Whether something runs, or its end has not been told yet."""
        return bool(self._running)

    def drain(self, milliseconds: int = 10_000) -> bool:
        """Cancel what runs and wait for it, when a workspace or the window closes: nobody hears the results."""
        for operation in list(self._running.values()):
            operation.handle.cancel()
            operation.done = operation.failed = _unheard
        return self._writer.waitForDone(milliseconds) and self._readers.waitForDone(milliseconds)

    def title_of(self, number: int) -> str:
        """Asked from the working thread."""
        return self._running[number].handle.title

    def work_of(self, number: int) -> Callable[[], Any]:
        """Asked from the working thread."""
        return self._running[number].work

    def _handle(self, number: int, title: str) -> Handle:
        return Handle(title, lambda done, of, what: self.moved.emit(number, done, of, what))

    @Slot(int, object, object)
    def _come_home(self, number: int, result: object, fault: Fault | None) -> None:
        operation = self._running.pop(number)
        operation.handle.ended.emit(operation.handle)
        if fault is not None:
            operation.failed(fault)
        else:
            operation.done(result)

    @Slot(int, int, int, str)
    def _move(self, number: int, done: int, of: int, what: str) -> None:
        if number in self._running:
            self._running[number].handle.progressed.emit(done, of, what)
