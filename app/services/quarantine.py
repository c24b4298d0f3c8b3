"""Quarantine: files that could not be taken in are kept with the reason, to be tried again or thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.errors import UserError
from app.models.intake import HeldDocument, QuarantinedFile
from app.services.changes import Changes
from app.services.files import write_file
from app.services.log import lock_workspace, record

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.incoming import Incoming
    from app.services.workspace import Workspace

# faults that say nothing of the file itself: trying again is the remedy, and keeping it would be clutter
NOT_KEPT = frozenset({"unreadable", "empty", "too-large", "cancelled", "not-stored"})
UNDONE, DISCARDED = "undone", "discarded"


class NotInQuarantine(UserError):
    """There is no file number {file_id} in quarantine: list those that are with `main.py quarantine`."""


def put_away(workspace: Workspace, file: Incoming, fault: ParseIssue, importer: str, actor: str) -> int | None:
    """Keep a refused file with its reason and return its number; None where the fault is not one of the file."""
    if not file.sha256 or fault.code in NOT_KEPT:
        return None
    with workspace.database.writing() as session:
        lock_workspace(session)
        workspace.documents.ensure(file.sha256, file.path)
        if session.scalar(select(HeldDocument.id).where(HeldDocument.sha256 == file.sha256)) is not None:
            return None  # what was read of it before still waits
        row = session.scalar(select(QuarantinedFile).where(QuarantinedFile.sha256 == file.sha256))
        if row is None:
            row = QuarantinedFile(sha256=file.sha256, size=file.size, tries=0)
            row.received_at, row.received_by = datetime.now(UTC), actor
            session.add(row)
            _fill(row, file.name, fault, importer, file.container_id)
            session.flush()
            record(session, actor, "quarantined", f"file {file.name}", code=fault.code, sha256=file.sha256)
        else:
            _fill(row, file.name, fault, importer, file.container_id)
            session.flush()
        return row.id


def keep_undone(
    session: Session,
    name: str,
    sha256: str,
    size: int,
    actor: str,
    reason: str,
    container_id: int | None = None,
) -> None:
    """Keep the file of an import that was taken back, so that nothing that ever came in is lost."""
    told = f"The import of {name} was taken back by {actor}: {reason}"
    keep_aside(session, name, sha256, size, actor, (UNDONE, told), container_id)


def keep_aside(
    session: Session,
    name: str,
    sha256: str,
    size: int,
    actor: str,
    why: tuple[str, str],
    container_id: int | None = None,
) -> None:
    """Keep a file that a person did not want in the books; `why` is the code and the sentence."""
    fault = ParseIssue(Severity.ERROR, *why, "Try it again to take it in once more, or throw it away.")
    row = QuarantinedFile(sha256=sha256, size=size, tries=0, received_at=datetime.now(UTC), received_by=actor)
    _fill(row, name, fault, "", container_id)
    session.add(row)


def release(session: Session, sha256: str) -> None:
    """A file that has been taken in after all leaves the quarantine."""
    session.execute(delete(QuarantinedFile).where(QuarantinedFile.sha256 == sha256))


def discard(workspace: Workspace, file_ids: Sequence[int], actor: str) -> Changes:
    """Throw files in quarantine away, their bytes included; raises NotInQuarantine."""
    gone: list[str] = []
    with workspace.database.writing() as session:
        lock_workspace(session)
        for file_id in file_ids:
            row = session.get(QuarantinedFile, file_id)
            if row is None:
                raise NotInQuarantine(file_id=file_id)
            gone.append(row.sha256)
            session.delete(row)
            session.flush()
            record(session, actor, "discarded", f"file {row.name}", code=row.code, sha256=row.sha256)
    for sha256 in gone:
        workspace.documents.remove(sha256)
    return Changes.INTAKE


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in quarantine."""

    id: int
    name: str
    sha256: str
    size: int
    container_id: int | None


def find_quarantined(workspace: Workspace, file_ids: Sequence[int]) -> list[Kept]:
    """Files in quarantine by their numbers; raises NotInQuarantine."""
    found = []
    with workspace.database.reading() as session:
        for file_id in file_ids:
            row = session.get(QuarantinedFile, file_id)
            if row is None:
                raise NotInQuarantine(file_id=file_id)
            found.append(Kept(row.id, row.name, row.sha256, row.size, row.container_id))
    return found


def save_files(workspace: Workspace, file_ids: Sequence[int], folder: Path) -> list[Path]:
    """Copy files out of quarantine into `folder`; of several, each with its number before its name. Raises
    NotInQuarantine and FileUnwritable."""
    written = []
    for kept in find_quarantined(workspace, file_ids):
        name = Path(kept.name).name if len(file_ids) == 1 else f"{kept.id}-{Path(kept.name).name}"
        written.append(write_file(folder / name, workspace.documents.path(kept.sha256).read_bytes()))
    return written


def _fill(row: QuarantinedFile, name: str, fault: ParseIssue, importer: str, container_id: int | None) -> None:
    row.name, row.importer, row.container_id = name, importer, container_id
    row.code, row.message, row.remedy = fault.code, fault.message, fault.remedy
    row.place = fault.source.describe() if fault.source != Source() else ""
    row.tries += 1
