"""Look at a workspace's SQLite file before it is opened for writing: is it ours, whole, and not newer than we are?

Nothing here changes the file: the header is read as bytes, all else through a read-only connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.db.engine import APPLICATION_ID, sqlite_module
from app.errors import UserError

_MAGIC = b"SQLite format 3\x00"


class NotAWorkspace(UserError):
    """{file} is not a Tollbook workspace: choose the folder that holds workspace.sqlite, or create a new workspace."""


class ForeignDatabase(UserError):
    """{file} is a SQLite database of another application; nothing was changed: choose a Tollbook workspace."""


class DamagedWorkspace(UserError):
    """{file} is damaged ({fault}); nothing was changed: restore the newest backup with
    "main.py restore BACKUP --workspace {folder}"; backups lie in {folder}/backups."""


class NewerWorkspace(UserError):
    """{place} was written by a newer Tollbook (tables of {revision}); nothing was changed: update Tollbook, then open
    it."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a sound workspace file says of itself."""

    revision: str | None


def inspect_file(file: Path, *, known: frozenset[str]) -> FileFacts:
    """Return the facts of `file` or raise the UserError that says why it cannot be opened."""
    if not file.is_file():
        raise NotAWorkspace(file=file)
    with file.open("rb") as handle:
        header = handle.read(len(_MAGIC))
    if header != _MAGIC:
        raise DamagedWorkspace(file=file, folder=file.parent, fault="its header is not that of a SQLite database")
    try:
        revision = _read(file)
    except sqlite_module.DatabaseError as error:
        raise DamagedWorkspace(file=file, folder=file.parent, fault=error) from error
    if revision not in known:
        raise NewerWorkspace(place=file, revision=revision)
    return FileFacts(revision)


def _read(file: Path) -> str:
    connection = sqlite_module.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    try:
        # asked of SQLite, not read from the file's header: another window may have it in the write-ahead log still
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise ForeignDatabase(file=file)
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite_module.DatabaseError(str(verdict))
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    finally:
        connection.close()
