"""A verified copy of a live SQLite database, by SQLite's backup API. Copying the file would break it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.db.engine import BUSY_TIMEOUT_MS, sqlite_module
from app.errors import UserError


class SnapshotFailed(UserError):
    """The copy of {file} is not the same as the original ({fault}); it was thrown away: check the disk, then repeat."""


def take_snapshot(file: Path, target: Path) -> str:
    """Copy the database `file` to `target` while others may be writing; return the digest of its content.

    Both the original's snapshot and the copy are read row by row: the copy is kept only if they agree and it passes
    SQLite's own integrity check, which alone misses about a quarter of single-bit changes (domain/reliability).
    """
    target.unlink(missing_ok=True)
    with _connect(file) as source:
        source.execute("BEGIN")  # one snapshot for the copy and for the digest
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        with _connect(target, create=True) as copy:
            source.backup(copy)
        digest = _digest(source)
        source.execute("ROLLBACK")
    try:
        verify_snapshot(target, digest)
    except UserError:
        target.unlink(missing_ok=True)
        raise
    return digest


def verify_snapshot(file: Path, digest: str) -> None:
    """Raise SnapshotFailed unless `file` is a sound database with exactly the content that `digest` stands for."""
    try:
        with _connect(file) as copy:
            verdict = str(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])
            broken = copy.execute("PRAGMA foreign_key_check").fetchone()
            same = _digest(copy) == digest
    except sqlite_module.DatabaseError as error:
        raise SnapshotFailed(file=file, fault=error) from error
    if verdict != "ok":
        raise SnapshotFailed(file=file, fault=verdict)
    if broken is not None:
        raise SnapshotFailed(file=file, fault=f"a row of {broken[0]} refers to a missing row of {broken[2]}")
    if not same:
        raise SnapshotFailed(file=file, fault="its rows differ")


def content_digest(file: Path) -> str:
    """SHA-256 over all rows of all tables of `file`, in order."""
    with _connect(file) as connection:
        return _digest(connection)


def _digest(connection: Any) -> str:
    total = hashlib.sha256()
    tables = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
    for name, sql in tables:
        total.update(f"{name}\x1f{sql}\x1e".encode())
        for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid'):  # noqa: S608 - names from the schema
            total.update(repr(row).encode())
    return total.hexdigest()


@contextmanager
def _connect(file: Path, *, create: bool = False) -> Iterator[Any]:
    mode = "rwc" if create else "rw"
    connection = sqlite_module.connect(
        f"{file.resolve().as_uri()}?mode={mode}", uri=True, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None
    )
    try:
        yield connection
    finally:
        connection.close()
