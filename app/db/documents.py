"""Source documents, kept as they came, each under its SHA-256."""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import suppress
from pathlib import Path

from app.errors import UserError

_PIECE = 1 << 20


class DocumentMissing(UserError):
    """The document {sha256} is not in the workspace's documents folder: restore it from a backup."""


class DocumentChanged(UserError):
    """{file} was changed while it was being taken in: import it again once nobody writes to it."""


class DocumentStore:
    """The folder `documents/ab/abcd….bin`. A file is written whole or not at all, and never changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep `content` and return its SHA-256. The same content again changes nothing."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self._target(sha256)
        with suppress(FileNotFoundError):
            os.utime(target)  # an old leftover that is adopted must not be swept before its row is committed
            return sha256
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}.partial")
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
        return sha256

    def put_file(self, source: Path) -> str:
        """`put` of a file's content, however large it is: copied in pieces, and hashed on the way."""
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f"incoming-{os.getpid()}-{threading.get_ident()}.partial"
        digest = hashlib.sha256()
        try:
            with source.open("rb") as reading, partial.open("wb") as writing:
                while piece := reading.read(_PIECE):
                    digest.update(piece)
                    writing.write(piece)
                writing.flush()
                os.fsync(writing.fileno())
            sha256 = digest.hexdigest()
            target = self._target(sha256)
            with suppress(FileNotFoundError):
                os.utime(target)
                return sha256
            target.parent.mkdir(parents=True, exist_ok=True)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        return sha256

    def ensure(self, sha256: str, source: Path) -> Path:
        """The file of a document that was put a moment ago; copied again from `source` where somebody has swept it
        meanwhile. Raises DocumentChanged where the source is no longer the same."""
        target = self._target(sha256)
        if not target.is_file() and self.put_file(source) != sha256:
            raise DocumentChanged(file=source)
        return target

    def path(self, sha256: str) -> Path:
        """The file of a document; raises DocumentMissing."""
        target = self._target(sha256)
        if not target.is_file():
            raise DocumentMissing(sha256=sha256)
        return target

    def remove(self, sha256: str) -> None:
        """Take a document back that no row names; the caller holds the workspace's lock."""
        self._target(sha256).unlink(missing_ok=True)

    def sweep(self, known: set[str], before: float) -> int:
        """Remove what an interrupted import left: files that no row names, last written before the moment `before`
        (seconds since 1970). Returns how many."""
        removed = 0
        found = [*self.folder.glob("*/*"), *self.folder.glob("*.partial")] if self.folder.is_dir() else []
        for file in found:
            if (file.suffix == ".partial" or file.stem not in known) and file.stat().st_mtime < before:
                file.unlink()
                removed += 1
        return removed

    def _target(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256}.bin"
