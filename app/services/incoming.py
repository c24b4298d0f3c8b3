"""The files of a drop on their way: copied into the workspace before anything reads them, known ones recognised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.parsed import ParsedDocument
from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.models.documents import SourceDocument
from app.models.intake import HeldDocument, QuarantinedFile
from app.services.log import lock_workspace
from app.services.receipts import Outcome, Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace

MAX_FILE_BYTES = 8 << 30


@dataclass(slots=True)
class Incoming:
    """A file on its way to its receipt.

    `path` is where it lies, `name` what it is called (a file out of a container lies under another name), `folder` what
    its reader has left beside its answer.
    """

    path: Path
    name: str = ""
    size: int = 0
    sha256: str = ""
    within: str = ""
    container_id: int | None = None
    depth: int = 0
    document: ParsedDocument | None = None
    folder: Path | None = None
    receipt: Receipt | None = None
    importer: str = ""  # the one that a person has chosen
    again: bool = False  # read again though it waits for review already

    def __post_init__(self) -> None:
        self.name = self.name or self.path.name

    @property
    def shown(self) -> Path:
        """The path to show: a member's own name instead of where it was unpacked to."""
        return Path(self.name) if self.within else self.path


def load(workspace: Workspace, file: Incoming) -> None:
    """Copy a file into the documents folder, from which it is read: what is stored is what was read."""
    try:
        file.size = file.path.stat().st_size
        if file.size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES >> 20
            return refuse(
                file, "too-large", f"{file.name} is larger than {limit} MB.", "Split it, by month or account."
            )
        if not file.size:
            return refuse(file, "empty", f"{file.name} is empty.", "Fetch it from the carrier again.")
        file.sha256 = workspace.documents.put_file(file.path)
    except OSError as fault:
        message = f"{file.shown} cannot be read: {fault.strerror}."
        return refuse(file, "unreadable", message, "Check the path and its rights, and the free space of the disk.")
    return None


def refuse(file: Incoming, code: str, message: str, remedy: str) -> None:
    """A file that is not even looked into."""
    issue = ParseIssue(Severity.ERROR, code, message, remedy)
    file.receipt = Receipt(file.shown, Outcome.REFUSED, f"{message} {remedy}", issues=(issue,), within=file.within)


def find_known(workspace: Workspace, files: Sequence[Incoming]) -> None:
    """Answer for the files that the workspace has already, taken in or waiting: nothing of them is read again."""
    hashes = {file.sha256 for file in files if file.receipt is None}
    with workspace.database.reading() as session:
        taken = {
            row.sha256: row
            for row in session.scalars(select(SourceDocument).where(SourceDocument.sha256.in_(hashes)))  # few
        }
        held = {row.sha256: row for row in session.scalars(select(HeldDocument).where(HeldDocument.sha256.in_(hashes)))}
        for file in files:
            if file.receipt is None and file.sha256 in taken:
                first = taken[file.sha256]
                file.receipt = already_here(file, first.id, first.name, first.received_at.date(), first.importer)
                kept_out = session.scalar(
                    select(func.count()).select_from(QuarantinedFile).where(QuarantinedFile.container_id == first.id)
                )
                if kept_out:
                    what = "1 file of it stands" if kept_out == 1 else f"{kept_out} files of it stand"
                    told = f"{file.receipt.message} {what} in quarantine: try again from there."
                    file.receipt = replace(file.receipt, message=told)
            elif file.receipt is None and file.sha256 in held and not file.again:
                waiting = held[file.sha256]
                message = f"{file.name} is already here and waits for review: {waiting.why}"
                file.receipt = Receipt(
                    file.shown,
                    Outcome.HELD,
                    message,
                    importer=waiting.importer,
                    within=file.within,
                    held_id=waiting.id,
                )


def already_here(file: Incoming, document_id: int, name: str, received_on: date, importer: str) -> Receipt:
    """The receipt of a file that came before."""
    message = f"{file.name} is already here: it was taken in as {name} on {received_on}. Nothing was changed."
    return Receipt(
        file.shown,
        Outcome.ALREADY_HERE,
        message,
        document_id=document_id,
        importer=importer,
        within=file.within,
    )


def cancelled(file: Incoming) -> Receipt:
    """The receipt of a file that a person did not wait for."""
    message = f"{file.name} was not taken in: the import was cancelled. Import it again when you like."
    return Receipt(file.shown, Outcome.CANCELLED, message, within=file.within)


def answer_twins(files: Sequence[Incoming]) -> None:
    """A file that came twice in one drop gets its first one's answer."""
    answered: dict[str, Incoming] = {}
    for file in files:
        if file.sha256 and file.receipt is not None:
            answered.setdefault(file.sha256, file)
    for file in files:
        if file.receipt is not None:
            continue
        first = answered[file.sha256]
        assert first.receipt is not None  # noqa: S101 - `answered` holds only such
        if first.receipt.outcome is Outcome.TAKEN:
            message = f"{file.name} is the same file as {first.name} beside it, which has been taken in."
            receipt = replace(first.receipt, outcome=Outcome.ALREADY_HERE, message=message)
        else:
            message = f"{file.name} is the same file as {first.name} beside it. {first.receipt.message}"
            receipt = replace(first.receipt, message=message)
        file.receipt = replace(receipt, path=file.shown, within=file.within)


def let_go(workspace: Workspace, files: Iterable[Incoming]) -> None:
    """Remove the copies of files that came to nothing: cancelled ones, and those that could not be stored."""
    hashes = {file.sha256 for file in files if file.sha256}
    if not hashes:
        return
    with workspace.database.writing() as session:
        lock_workspace(session)
        for sha256 in hashes - find_named(session, hashes):
            workspace.documents.remove(sha256)


def find_named(session: Session, hashes: set[str]) -> set[str]:
    """Those of `hashes` that a row names: a document, a held one, or one in quarantine."""
    named: set[str] = set()
    for table in (SourceDocument, HeldDocument, QuarantinedFile):
        named.update(session.scalars(select(table.sha256).where(table.sha256.in_(hashes))))
    return named
