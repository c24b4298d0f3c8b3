"""The watched folder of the window: what is put there is imported like a file that was dropped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.services.receipts import Outcome, Receipt
from app.services.watching import FolderWatch

_LONGEST_IMPORT_SECONDS = 3600.0


class WatchedFolder(QObject):
    """Runs a FolderWatch; `arrived` carries the files and who waits for their receipts, `failed` what went wrong.

    Both are emitted in the watching thread and arrive in the window's, where imports are commands like all others.
    """

    arrived = Signal(object, object)
    failed = Signal(str)

    def __init__(self, receive: Callable[[Sequence[Path], Callable[[list[Receipt]], None]], object]) -> None:
        super().__init__()
        self._receive = receive
        self._watch: FolderWatch | None = None
        self.arrived.connect(lambda paths, then: self._receive(paths, then))

    @property
    def folder(self) -> Path | None:
        """The folder that is watched; None: none."""
        return self._watch.folder if self._watch is not None else None

    def start(self, folder: Path) -> None:
        """Watch `folder` from now on, instead of another; raises FolderMissing."""
        self.stop()
        self._watch = FolderWatch(folder, self._take, lambda _receipt: None, trouble=self.failed.emit)
        self._watch.start()

    def stop(self) -> None:
        """Watch nothing any more."""
        if self._watch is not None:
            watch, self._watch = self._watch, None
            watch.stop(wait_seconds=2.0)

    def _take(self, paths: list[Path], stopped: Callable[[], bool]) -> list[Receipt]:
        """Called in the watching thread: hand the files to the window and wait for their receipts."""
        done = threading.Event()
        found: list[Receipt] = []

        def then(receipts: list[Receipt]) -> None:
            found.extend(receipts)
            done.set()

        self.arrived.emit(paths, then)
        waited = 0.0
        while not done.wait(0.2) and not stopped() and waited < _LONGEST_IMPORT_SECONDS:
            waited += 0.2
        cancelled = "The window was closed before it was taken in."
        return found or [Receipt(path, Outcome.CANCELLED, cancelled) for path in paths]
