"""Receiving files: each is read in a child process, then stored by one transaction, whole or not at all."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.parsed import ParsedDocument
from app.domain.parsed_records import (
    ParsedAccount,
    ParsedBankAccount,
    ParsedCarrier,
    ParsedContract,
    ParsedExchangeRate,
    ParsedLocation,
    ParsedRateElement,
    ParsedService,
)
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.errors import UserError
from app.models.documents import SourceDocument
from app.services.mappings import definitions, read_mapping, save_mapping
from app.services.parsing import parse_file
from app.services.progress import Cancelled, Progress, Reporter, never, unheard
from app.services.storing import Stored, store_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.importers.registry import Definitions
    from app.services.workspace import Workspace

MAX_FILE_BYTES = 256 * 1024 * 1024
_QUOTED = re.compile(r"^'[^']*'")  # the file's name, with which the fault of a whole file begins
_TOLD = 20  # further faults of a file that are told in words
_READERS = min(4, os.cpu_count() or 1)
# a file that another one refers to is stored first: a price names a contract and a service, a service an account
_RECORD_ORDER = (
    ParsedCarrier,
    ParsedLocation,
    ParsedAccount,
    ParsedService,
    ParsedContract,
    ParsedRateElement,
    ParsedBankAccount,
    ParsedExchangeRate,
)
_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of a file."""

    TAKEN = "taken"
    ALREADY_HERE = "already_here"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a file; `message` is a sentence for the user, `counts` what it brought ("1 bill, 24 charges")."""

    path: Path
    outcome: Outcome
    message: str
    document_id: int | None = None
    importer: str = ""
    invoice_ids: tuple[int, ...] = ()
    counts: str = ""
    issues: tuple[ParseIssue, ...] = ()

    def lines(self) -> list[str]:
        """The message, and below it each fault and warning that it does not tell, but not hundreds of them."""
        wanted = [issue for issue in self.issues if issue.severity is not Severity.INFO]
        rest = [issue for issue in wanted if _QUOTED.sub("", issue.message) not in self.message]
        places = [f"{issue.source.describe()}: " if issue.source != Source() else "" for issue in rest]
        pairs = zip(places[:_TOLD], rest, strict=False)
        told = [f"{place}{issue.message} {issue.remedy}".rstrip() for place, issue in pairs]
        more = [f"and {len(rest) - _TOLD} more; --json lists them all"] if len(rest) > _TOLD else []
        return [self.message, *told, *more]


@dataclass(slots=True)
class _File:
    """A file of the drop on its way to its receipt."""

    path: Path
    content: bytes = b""
    sha256: str = ""
    document: ParsedDocument | None = None
    receipt: Receipt | None = None


def receive(
    workspace: Workspace,
    paths: Sequence[Path],
    actor: str,
    *,
    progress: Reporter = unheard,
    cancelled: Cancelled = never,
) -> list[Receipt]:
    """Take in files and return a receipt for each, in the order of `paths`.

    Mappings and layouts (TOML) are saved first, so that they hold for the files beside them. All else is read; then
    inventory and contracts are stored before usage and usage before bills, bills by their date. Files do not depend on
    each other: a bad one is refused whole and the good one beside it is taken. After a cancel what was stored stays,
    the rest is untouched.
    """
    files = [_File(path) for path in paths]
    for file in files:
        _load(file)
    _save_mappings(workspace, files, actor)
    _find_known(workspace, files)
    _read_all(files, definitions(workspace), progress, cancelled)
    waiting = sorted((file for file in files if file.receipt is None), key=_order)
    for done, file in enumerate(waiting):
        progress(Progress("posting", file.path.name, done, len(waiting)))
        file.receipt = _cancelled(file) if cancelled() else _store(workspace, file, actor)
    _retry_records(workspace, waiting, actor, cancelled)
    _answer_twins(files)
    progress(Progress("posting", "", len(waiting), len(waiting)))
    return [file.receipt for file in files if file.receipt is not None]


def expand_folders(paths: Sequence[Path]) -> list[Path]:
    """`paths`, with each folder replaced by the files in it and below it, by name; hidden ones are left out."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = (file for file in path.rglob("*") if file.is_file())
            files.extend(sorted(file for file in found if not _hidden(file.relative_to(path))))
        else:
            files.append(path)
    return files


def _hidden(relative: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in relative.parts)


def _load(file: _File) -> None:
    try:
        with file.path.open("rb") as opened:
            file.content = opened.read(MAX_FILE_BYTES + 1)
    except OSError as fault:
        _refuse(file, "unreadable", f"{file.path} cannot be read: {fault.strerror}.", "Check the path and its rights.")
        return
    if len(file.content) > MAX_FILE_BYTES:
        file.content = b""
        limit = MAX_FILE_BYTES // (1024 * 1024)
        _refuse(file, "too-large", f"{file.path.name} is larger than {limit} MB.", "Split it, by month or account.")
    elif not file.content:
        _refuse(file, "empty", f"{file.path.name} is empty.", "Fetch it from the carrier again.")
    else:
        file.sha256 = hashlib.sha256(file.content).hexdigest()


def _save_mappings(workspace: Workspace, files: list[_File], actor: str) -> None:
    """Save the mappings and layouts of a drop; a faulty one is refused and named."""
    for file in files:
        if file.receipt is not None or file.path.suffix.lower() != ".toml":
            continue
        name = file.path.name
        try:
            save_mapping(workspace, read_mapping(file.path), actor)
        except UserError as fault:
            issue = ParseIssue(Severity.ERROR, type(fault).__name__, str(fault), "")
            file.receipt = Receipt(file.path, Outcome.REFUSED, f"{name}: {fault}", issues=(issue,))
        else:
            message = f"{name}: saved; it holds for this drop and all to come."
            file.receipt = Receipt(file.path, Outcome.TAKEN, message, importer="mapping", counts="1 mapping")


def _find_known(workspace: Workspace, files: list[_File]) -> None:
    """Answer for the files that the workspace has already; nothing of them is read again."""
    hashes = {file.sha256 for file in files if file.receipt is None}
    with workspace.database.reading() as session:
        rows = session.execute(
            select(SourceDocument).where(SourceDocument.sha256.in_(hashes))  # a drop is small
        ).scalars()
        known = {row.sha256: row for row in rows}
        for file in files:
            if file.receipt is None and file.sha256 in known:
                first = known[file.sha256]
                file.receipt = _already_here(file, first.id, first.name, first.received_at.date(), first.importer)


def _read_all(files: list[_File], known: Definitions, progress: Reporter, cancelled: Cancelled) -> None:
    """Parse each file once, several child processes at a time."""
    firsts: dict[str, _File] = {}
    for file in files:
        if file.receipt is None:
            firsts.setdefault(file.sha256, file)
    waiting = list(firsts.values())

    def read(file: _File) -> ParsedDocument | None:
        return None if cancelled() else parse_file(file.path.name, file.content, known, cancelled=cancelled)

    with ThreadPoolExecutor(max_workers=_READERS, thread_name_prefix="reader") as pool:
        for done, (file, document) in enumerate(zip(waiting, pool.map(read, waiting), strict=True)):
            progress(Progress("reading", file.path.name, done, len(waiting)))
            if document is None or cancelled():
                file.receipt = _cancelled(file)
            elif document.refused:
                errors = [issue for issue in document.issues if issue.severity is Severity.ERROR]
                file.receipt = Receipt(
                    file.path,
                    Outcome.REFUSED,
                    _why(file.path.name, errors[0]),
                    importer=document.importer,
                    issues=document.issues,
                )
            else:
                file.document = document


def _why(name: str, fault: ParseIssue) -> str:
    """A fault of the file `name`, told with file, place and remedy; one of the whole file often names it itself."""
    if fault.message.startswith(f"'{name}'"):
        return f"{name}{_QUOTED.sub('', fault.message)} {fault.remedy}"
    place = f", {fault.source.describe()}" if fault.source != Source() else ""
    return f"{name}{place}: {fault.message} {fault.remedy}"


def _order(file: _File) -> tuple[int, int, date, str]:
    document = file.document
    if document is None:  # a twin: answered after the others
        return (3, 0, date.max, file.path.name)
    if document.records:
        first = min(_RECORD_ORDER.index(type(record)) for record in document.records)
        return (0, first, date.min, file.path.name)
    if document.usage or document.samples:
        return (1, 0, date.min, file.path.name)
    dates = [invoice.bill_date for invoice in document.invoices]
    return (2, 0, min(dates, default=date.max), file.path.name)


def _store(workspace: Workspace, file: _File, actor: str) -> Receipt | None:
    if file.document is None:
        return None
    try:
        stored = store_document(workspace, file.path.name, file.content, file.document, actor)
    except UserError as fault:
        issue = ParseIssue(Severity.ERROR, type(fault).__name__, str(fault), "")
        return Receipt(
            file.path,
            Outcome.REFUSED,
            f"{file.path.name}: {fault}",
            importer=file.document.importer,
            issues=(*file.document.issues, issue),
        )
    except Exception:  # one file's failure must not take the files beside it along; the log has the trace
        _log.exception("storing %s failed", file.path)
        issue = ParseIssue(
            Severity.ERROR,
            "not-stored",
            f"{file.path.name} could not be stored; nothing of it was kept.",
            "Look into the log file for the cause, check the free space of the disk, then import the file again.",
        )
        return Receipt(
            file.path,
            Outcome.REFUSED,
            f"{issue.message} {issue.remedy}",
            importer=file.document.importer,
            issues=(*file.document.issues, issue),
        )
    return _taken(file, stored)


def _retry_records(workspace: Workspace, files: list[_File], actor: str, cancelled: Cancelled) -> None:
    """Try refused inventory and contract files again as long as another one has been taken: they name each other."""
    while not cancelled():
        refused = [file for file in files if _is_refused_record(file)]
        taken = False
        for file in refused:
            file.receipt = _store(workspace, file, actor)
            taken = taken or not _is_refused_record(file)
        if not taken:
            return


def _is_refused_record(file: _File) -> bool:
    return (
        file.document is not None
        and bool(file.document.records)
        and file.receipt is not None
        and file.receipt.outcome is Outcome.REFUSED
    )


def _answer_twins(files: list[_File]) -> None:
    """A file that came twice in one drop gets its first one's answer."""
    answered = {file.sha256: file for file in files if file.sha256 and file.receipt is not None}
    for file in files:
        if file.receipt is not None:
            continue
        first = answered[file.sha256]
        assert first.receipt is not None  # noqa: S101 - `answered` holds only such
        if first.receipt.outcome is Outcome.TAKEN:
            message = f"{file.path.name} is the same file as {first.path.name} beside it, which has been taken in."
            file.receipt = replace(first.receipt, path=file.path, outcome=Outcome.ALREADY_HERE, message=message)
        else:
            message = f"{file.path.name} is the same file as {first.path.name} beside it. {first.receipt.message}"
            file.receipt = replace(first.receipt, path=file.path, message=message)


def _taken(file: _File, stored: Stored) -> Receipt:
    assert file.document is not None  # noqa: S101 - only read files are stored
    if stored.first is not None:  # another window was faster
        first = stored.first
        return _already_here(file, stored.document_id, first.name, first.received_on, first.importer)
    warnings = sum(issue.severity is Severity.WARNING for issue in stored.issues)
    told = f", {warnings} {'warning' if warnings == 1 else 'warnings'}" if warnings else ""
    return Receipt(
        file.path,
        Outcome.TAKEN,
        f"{file.path.name}: {stored.counts}{told}.",
        document_id=stored.document_id,
        importer=file.document.importer,
        invoice_ids=stored.invoice_ids,
        counts=stored.counts,
        issues=stored.issues,
    )


def _already_here(file: _File, document_id: int, name: str, received_on: date, importer: str) -> Receipt:
    message = f"{file.path.name} is already here: it was taken in as {name} on {received_on}. Nothing was changed."
    return Receipt(file.path, Outcome.ALREADY_HERE, message, document_id=document_id, importer=importer)


def _cancelled(file: _File) -> Receipt:
    message = f"{file.path.name} was not taken in: the import was cancelled. Import it again when you like."
    return Receipt(file.path, Outcome.CANCELLED, message)


def _refuse(file: _File, code: str, message: str, remedy: str) -> None:
    issue = ParseIssue(Severity.ERROR, code, message, remedy)
    file.receipt = Receipt(file.path, Outcome.REFUSED, f"{message} {remedy}", issues=(issue,))
