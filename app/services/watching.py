"""A watched folder: what is put there is taken in, once it has settled."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import UserError
from app.services.pipeline import take_in
from app.services.receipts import Outcome, Receipt
from app.services.settling import Settling, list_files

if TYPE_CHECKING:
    from app.services.workspace import Workspace

DONE, REFUSED = "done", "refused"
_STEP = 1.0  # seconds between two looks at files that are settling
_RETRY = 60.0  # seconds until files are tried again that could not be taken in for a reason of ours
_LOOK_ANYWAY = 60.0  # a network share may not tell of a change
_log = logging.getLogger(__name__)

Take = Callable[[list[Path], Callable[[], bool]], list[Receipt]]


class FolderMissing(UserError):
    """{folder} is not a folder that can be watched."""


@dataclass(frozen=True, slots=True)
class WatchRules:
    """How a folder is watched.

    `settle_seconds`: so long a file stays as it is before it is taken. `move`: taken files go to the subfolder "done",
    refused ones to "refused". `polling`: look every `poll_seconds` instead of waiting to be told, for network shares.
    """

    settle_seconds: float = 3.0
    move: bool = False
    polling: bool = False
    poll_seconds: float = 5.0


def ignore_trouble(_message: str) -> None:
    """Where nobody asks what went wrong; the log has it."""


class FolderWatch:
    """Watches one folder in a thread of its own. Files that lie there at the start are taken as well.

    `take` takes files in and returns their receipts (it is asked whether to stop by its second argument); `told` hears
    of each receipt and `trouble` of what went wrong, both in the watching thread.
    """

    def __init__(
        self,
        folder: Path,
        take: Take,
        told: Callable[[Receipt], None],
        *,
        trouble: Callable[[str], None] = ignore_trouble,
        rules: WatchRules = WatchRules(),
    ) -> None:
        if not folder.is_dir():
            raise FolderMissing(folder=folder)
        self.folder = folder.resolve()
        self._take, self._told, self._trouble, self._rules = take, told, trouble, rules
        self._settling = Settling(rules.settle_seconds)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._looked_at = float("-inf")
        self._complaint = ""

    def start(self) -> None:
        """Begin; a watch that runs goes on."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="folder-watch", daemon=True)
            self._thread.start()

    def stop(self, wait_seconds: float = 60.0) -> None:
        """End: an import under way is cancelled, what it has stored stays."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(wait_seconds)
            self._thread = None

    @property
    def is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def wait(self, seconds: float) -> None:
        """Let at most `seconds` pass, fewer if the watch ends."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        import watchfiles

        step = self._rules.poll_seconds if self._rules.polling else _STEP
        while not self._stop.is_set():
            try:
                for changes in watchfiles.watch(
                    self.folder,
                    watch_filter=None,
                    debounce=200,
                    rust_timeout=int(step * 1000),
                    yield_on_timeout=True,
                    stop_event=self._stop,
                    raise_interrupt=False,
                    recursive=False,
                    force_polling=self._rules.polling,
                    poll_delay_ms=int(step * 1000),
                ):
                    self.look(time.monotonic(), anyway=bool(changes))
            except (OSError, RuntimeError) as fault:  # the share is gone: it may come back
                self._complain(f"{self.folder} cannot be watched: {fault}.")
            self._stop.wait(step)

    def look(self, now: float, *, anyway: bool = True) -> None:
        """Take what has settled. Without a change told (`anyway`), only where files are settling or it is time to."""
        due = now - self._looked_at >= (self._rules.poll_seconds if self._rules.polling else _LOOK_ANYWAY)
        if not (anyway or due or self._settling.is_waiting()):
            return
        self._looked_at = now
        try:
            ready = self._settling.observe(list_files(self.folder), now)
        except OSError as fault:
            self._complain(f"{self.folder} cannot be read: {fault.strerror or fault}.")
            return
        self._complaint = ""
        if ready:
            self._take_in(ready, now)

    def _take_in(self, paths: list[Path], now: float) -> None:
        try:
            receipts = self._take(paths, self._stop.is_set)
        except Exception as fault:  # whatever failed, the watch goes on, and the files are tried again
            _log.exception("taking in from %s failed", self.folder)
            words = str(fault) if isinstance(fault, UserError) else "The files could not be taken in; the log says why."
            self._complain(words)
            for path in paths:
                self._settling.retry(path, now + _RETRY)
            return
        for receipt in receipts:
            self._told(receipt)
        for path in paths:
            self._finish(path, [receipt for receipt in receipts if _is_about(receipt, path)])

    def _finish(self, path: Path, receipts: list[Receipt]) -> None:
        inner = [receipt for receipt in receipts if receipt.within]
        outcomes = {receipt.outcome for receipt in inner or receipts}  # a container is what came out of it
        if not outcomes or Outcome.CANCELLED in outcomes:
            return  # untouched: the next start takes it
        self._settling.finish(path)
        if self._rules.move:
            try:
                move_aside(path, REFUSED if outcomes == {Outcome.REFUSED} else DONE)
            except OSError as fault:
                self._complain(f"{path.name} was taken in but could not be moved: {fault.strerror or fault}.")

    def _complain(self, message: str) -> None:
        """Tell what is wrong, but not every second."""
        if message != self._complaint:
            self._complaint = message
            _log.warning("%s", message)
            self._trouble(message)


def _is_about(receipt: Receipt, path: Path) -> bool:
    """Whether a receipt is that of `path` or of a file that came inside it."""
    return receipt.path == path or (bool(receipt.within) and receipt.within == path.name)


def move_aside(path: Path, subfolder: str) -> Path:
    """Move a file into a subfolder beside it, under its own name or one with a number; return where it is now."""
    folder = path.parent / subfolder
    folder.mkdir(exist_ok=True)
    target, number = folder / path.name, 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem} ({number}){path.suffix}"
    return path.rename(target)


def watch(
    workspace: Workspace,
    folder: Path,
    actor: str,
    told: Callable[[Receipt], None],
    *,
    trouble: Callable[[str], None] = ignore_trouble,
    rules: WatchRules = WatchRules(),
) -> FolderWatch:
    """Start watching `folder`: its files are taken in, matched, rated and audited. The caller stops it.

    Raises FolderMissing.
    """

    def take(paths: list[Path], stopped: Callable[[], bool]) -> list[Receipt]:
        return take_in(workspace, paths, actor, workspace.today(), cancelled=stopped)[0]

    watching = FolderWatch(folder, take, told, trouble=trouble, rules=rules)
    watching.start()
    return watching
