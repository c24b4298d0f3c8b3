"""Which files of a watched folder have settled: nobody writes to them any more, and they have not been taken yet."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# what programs call a file that is still on its way, and what they put beside one that is open
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".opdownload", ".tmp", ".temp", ".filepart", ".lock")
_HIDDEN = (".", "~$", "~")


@dataclass(frozen=True, slots=True)
class Signature:
    """By what a file is known to have changed: its size in bytes and the nanosecond it was written."""

    size: int
    written: int


def list_files(folder: Path) -> dict[Path, Signature]:
    """The files in `folder` itself that could be taken in; raises OSError where it cannot be read."""
    found = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.startswith(_HIDDEN) or name.casefold().endswith(_UNFINISHED):
                continue
            try:
                if entry.is_file(follow_symlinks=False):
                    state = entry.stat(follow_symlinks=False)
                    found[folder / name] = Signature(state.st_size, state.st_mtime_ns)
            except FileNotFoundError:
                continue  # gone since the folder was listed: it was renamed, and will show under its new name
    return found


@dataclass(slots=True)
class Settling:
    """What is known of the files so far. Times are seconds of a clock that never goes back."""

    seconds: float
    _waiting: dict[Path, tuple[Signature, float]] = field(default_factory=dict)
    _done: dict[Path, Signature] = field(default_factory=dict)

    def observe(self, found: Mapping[Path, Signature], now: float) -> list[Path]:
        """The new or changed files that have stayed as they are for `seconds`, by name; empty ones never have."""
        for gone in (self._waiting.keys() | self._done.keys()) - found.keys():
            self._waiting.pop(gone, None)
            self._done.pop(gone, None)
        ready = []
        for path, signature in found.items():
            if self._done.get(path) == signature or not signature.size:
                continue
            known, since = self._waiting.get(path, (None, now))
            if known != signature:
                self._waiting[path] = (signature, now)
            elif now - since >= self.seconds:
                ready.append(path)
        return sorted(ready)

    def is_waiting(self) -> bool:
        """Whether any file may settle soon."""
        return bool(self._waiting)

    def finish(self, path: Path) -> None:
        """This file, as it is now, is not to be taken again."""
        if path in self._waiting:
            self._done[path] = self._waiting.pop(path)[0]

    def retry(self, path: Path, at: float) -> None:
        """This file could not be taken: it is due again once the clock says `at` and `seconds` more."""
        if path in self._waiting:
            self._waiting[path] = (self._waiting[path][0], at)
