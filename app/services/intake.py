"""Receiving files: each is read in a child process, then stored by one transaction, whole or not at all.

A container (an archive, an e-mail) is opened in a child as well, and each file in it goes the same way by itself. What
cannot be read is kept in quarantine with the reason; what a person has to look at first waits for review.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.parsed import ParsedDocument
from app.domain.parsed_records import (
    ParsedAccount,
    ParsedBankAccount,
    ParsedBudget,
    ParsedCarrier,
    ParsedContract,
    ParsedExchangeRate,
    ParsedLocation,
    ParsedOrder,
    ParsedOutage,
    ParsedRateElement,
    ParsedService,
    ParsedSurchargeFactor,
    ParsedWork,
)
from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.errors import UserError
from app.services.incoming import Incoming, already_here, answer_twins, find_known, let_go, load
from app.services.incoming import cancelled as cancel
from app.services.mappings import definitions, read_mapping, save_mapping
from app.services.parsing import parse_file
from app.services.progress import Cancelled, Progress, Reporter, never, unheard
from app.services.quarantine import put_away
from app.services.receipts import Outcome, Receipt, say_why
from app.services.second_reading import read_again
from app.services.storing import Stored, store_document

if TYPE_CHECKING:
    from app.importers.registry import Definitions
    from app.services.workspace import Workspace

DEEPEST = 3  # containers in containers
MOST_MEMBERS = 1_000  # files out of all containers of a drop
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
    ParsedOrder,
    ParsedBudget,
    ParsedSurchargeFactor,
    ParsedWork,
    ParsedOutage,
)
_log = logging.getLogger(__name__)


def receive(
    workspace: Workspace,
    paths: Sequence[Path],
    actor: str,
    *,
    progress: Reporter = unheard,
    cancelled: Cancelled = never,
) -> list[Receipt]:
    """Take in files and return a receipt for each, in the order of `paths`, after a container those of its files.

    Mappings and layouts (TOML) are saved first, so that they hold for the files beside them. All else is read; then
    inventory and contracts are stored before usage and usage before bills, bills by their date. Files do not depend on
    each other: a bad one is refused whole and the good one beside it is taken. After a cancel what was stored stays,
    the rest is untouched.
    """
    return receive_files(workspace, [Incoming(path) for path in paths], actor, progress=progress, cancelled=cancelled)


def receive_files(
    workspace: Workspace,
    files: list[Incoming],
    actor: str,
    *,
    progress: Reporter = unheard,
    cancelled: Cancelled = never,
) -> list[Receipt]:
    """`receive` of files of which more is known than their path, such as the importer that a person has chosen."""
    with tempfile.TemporaryDirectory(prefix="tollbook-drop-") as folder:
        _save_mappings(workspace, files, actor)
        for file in files:
            if file.receipt is None:
                load(workspace, file)
        find_known(workspace, files)
        _read_all(workspace, files, Path(folder), actor, progress, cancelled)
        waiting = sorted((file for file in files if file.receipt is None), key=_order)
        for done, file in enumerate(waiting):
            progress(Progress("posting", file.name, done, len(waiting)))
            file.receipt = cancel(file) if cancelled() else _store(workspace, file, actor)
        _retry_records(workspace, waiting, actor, cancelled)
        answer_twins(files)
        _quarantine(workspace, files, actor)
        let_go(workspace, (file for file in files if _came_to_nothing(file)))
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


def _save_mappings(workspace: Workspace, files: list[Incoming], actor: str) -> None:
    """Save the mappings and layouts of a drop; a faulty one is refused and named. Those in containers are not ours."""
    for file in files:
        if file.receipt is not None or file.path.suffix.lower() != ".toml":
            continue
        try:
            save_mapping(workspace, read_mapping(file.path), actor)
        except UserError as fault:
            issue = ParseIssue(Severity.ERROR, type(fault).__name__, str(fault), "")
            file.receipt = Receipt(file.path, Outcome.REFUSED, f"{file.name}: {fault}", issues=(issue,))
        else:
            message = f"{file.name}: saved; it holds for this drop and all to come."
            file.receipt = Receipt(file.path, Outcome.TAKEN, message, importer="mapping", counts="1 mapping")


def _read_all(
    workspace: Workspace,
    files: list[Incoming],
    folder: Path,
    actor: str,
    progress: Reporter,
    cancelled: Cancelled,
) -> None:
    """Parse each file once, several child processes at a time; then the files that containers brought, and so on."""
    known = definitions(workspace)
    fresh = files
    for _depth in range(DEEPEST + 1):
        _read_round(workspace, fresh, known, folder, progress, cancelled)
        fresh = list(_open_containers(workspace, fresh, actor, cancelled))
        if not fresh:
            return
        for file in fresh:
            load(workspace, file)
        find_known(workspace, fresh)
        _insert_behind(files, fresh)


def _read_round(
    workspace: Workspace,
    files: Sequence[Incoming],
    known: Definitions,
    folder: Path,
    progress: Reporter,
    cancelled: Cancelled,
) -> None:
    firsts: dict[str, Incoming] = {}
    for file in files:
        if file.receipt is None:
            firsts.setdefault(file.sha256, file)
    waiting = list(firsts.values())

    def read(file: Incoming) -> ParsedDocument | None:
        if cancelled():
            return None
        file.folder = Path(tempfile.mkdtemp(dir=folder))
        content = workspace.documents.ensure(file.sha256, file.path)

        def tell(done: int, total: int) -> None:
            progress(Progress("reading", file.name, done, total))

        document = parse_file(
            file.name,
            content,
            known,
            importer=file.importer,
            folder=file.folder,
            cancelled=cancelled,
            progress=tell if len(waiting) == 1 else lambda _done, _total: None,
        )
        return read_again(file.name, content, known, document, file.folder, cancelled=cancelled, progress=tell)

    with ThreadPoolExecutor(max_workers=_READERS, thread_name_prefix="reader") as pool:
        for done, (file, document) in enumerate(zip(waiting, pool.map(read, waiting), strict=True)):
            progress(Progress("reading", file.name, done, len(waiting)))
            if document is None or cancelled():
                file.receipt = cancel(file)
            elif document.refused:
                _refuse(file, document)
            else:
                file.document = document


def _refuse(file: Incoming, document: ParsedDocument) -> None:
    errors = [issue for issue in document.issues if issue.severity is Severity.ERROR]
    file.receipt = Receipt(
        file.shown,
        Outcome.REFUSED,
        say_why(file.name, errors[0]),
        importer=document.importer,
        issues=document.issues,
        within=file.within,
    )


def _open_containers(
    workspace: Workspace, files: Sequence[Incoming], actor: str, cancelled: Cancelled
) -> Iterator[Incoming]:
    """Store the containers among `files` and hand on the files that they hold."""
    opened = 0
    for file in files:
        members = [part for part in file.document.parts if part.kind == "member"] if file.document else []
        if not members or file.document is None or file.folder is None:
            continue
        if cancelled():
            file.receipt = cancel(file)
            continue
        opened += len(members)
        if file.depth >= DEEPEST or opened > MOST_MEMBERS:
            what = (
                f"it holds containers in containers beyond {DEEPEST}" if file.depth >= DEEPEST else "it is one of many"
            )
            message = f"'{file.name}' was not opened: {what}, and at most {MOST_MEMBERS} files are unpacked."
            issue = ParseIssue(Severity.ERROR, "too-deep", message, "Unpack it yourself and import the bills in it.")
            _refuse(file, ParsedDocument(file.document.importer, issues=(issue,)))
            continue
        file.receipt = _store(workspace, file, actor)
        if file.receipt is None or file.receipt.outcome is not Outcome.TAKEN:
            continue
        for part in members:
            path = file.folder / part.file
            if path.is_symlink() or not path.is_file():
                continue  # a reader that was taken over may name what it likes
            yield Incoming(
                path,
                part.name,
                within=file.name,
                container_id=file.receipt.document_id,
                depth=file.depth + 1,
            )


def _insert_behind(files: list[Incoming], fresh: Sequence[Incoming]) -> None:
    """Put the files out of a container behind it, so that receipts tell them together."""
    for file in reversed(fresh):
        place = next(
            index
            for index, one in enumerate(files)
            if one.receipt is not None and one.receipt.document_id == file.container_id and one.name == file.within
        )
        files.insert(place + 1, file)


def _order(file: Incoming) -> tuple[int, int, date, str]:
    document = file.document
    if document is None:  # a twin: answered after the others
        return (3, 0, date.max, file.name)
    if document.records:
        first = min(_RECORD_ORDER.index(type(record)) for record in document.records)
        return (0, first, date.min, file.name)
    if document.usage or document.samples or document.readings or document.parts:
        return (1, 0, date.min, file.name)
    dates = [invoice.bill_date for invoice in document.invoices]
    return (2, 0, min(dates, default=date.max), file.name)


def _store(workspace: Workspace, file: Incoming, actor: str) -> Receipt | None:
    if file.document is None:
        return None
    try:
        stored = store_document(workspace, file, file.document, actor)
    except UserError as fault:
        return _not_stored(file, ParseIssue(Severity.ERROR, type(fault).__name__, str(fault), ""), str(fault))
    except Exception:  # one file's failure must not take the files beside it along; the log has the trace
        _log.exception("storing %s failed", file.shown)
        message = f"{file.name} could not be stored; nothing of it was kept."
        remedy = "Look into the log file for the cause, check the free space of the disk, then import the file again."
        return _not_stored(file, ParseIssue(Severity.ERROR, "not-stored", message, remedy), f"{message} {remedy}")
    return _tell(file, stored)


def _not_stored(file: Incoming, issue: ParseIssue, message: str) -> Receipt:
    assert file.document is not None  # noqa: S101 - only read files are stored
    return Receipt(
        file.shown,
        Outcome.REFUSED,
        message if message.startswith(file.name) else f"{file.name}: {message}",
        importer=file.document.importer,
        issues=(*file.document.issues, issue),
        within=file.within,
    )


def _retry_records(workspace: Workspace, files: list[Incoming], actor: str, cancelled: Cancelled) -> None:
    """Try refused inventory and contract files again as long as another one has been taken: they name each other."""
    while not cancelled():
        refused = [file for file in files if _is_refused_record(file)]
        taken = False
        for file in refused:
            file.receipt = _store(workspace, file, actor)
            taken = taken or not _is_refused_record(file)
        if not taken:
            return


def _is_refused_record(file: Incoming) -> bool:
    return (
        file.document is not None
        and bool(file.document.records)
        and file.receipt is not None
        and file.receipt.outcome is Outcome.REFUSED
    )


def _quarantine(workspace: Workspace, files: Sequence[Incoming], actor: str) -> None:
    """Keep what was refused, with the first error as the reason."""
    for file in files:
        receipt = file.receipt
        if receipt is None or receipt.outcome is not Outcome.REFUSED or not file.sha256:
            continue
        fault = next(issue for issue in receipt.issues if issue.severity is Severity.ERROR)
        kept = put_away(workspace, file, fault, receipt.importer, actor)
        if kept is not None:
            file.receipt = replace(receipt, quarantine_id=kept)


def _came_to_nothing(file: Incoming) -> bool:
    return file.receipt is not None and file.receipt.document_id is None and file.receipt.held_id is None


def _tell(file: Incoming, stored: Stored) -> Receipt:
    assert file.document is not None  # noqa: S101 - only read files are stored
    if stored.first is not None:  # another window was faster
        first = stored.first
        return already_here(file, stored.document_id, first.name, first.received_on, first.importer)
    outcome, message = Outcome.TAKEN, ""
    if stored.held_id is not None:
        reasons = " ".join(question.text for question in stored.questions[:1])
        outcome, message = Outcome.HELD, f"{file.name} waits for review: {stored.counts}. {reasons}".rstrip()
    elif stored.same and not stored.invoice_ids:
        here = stored.same[0]
        outcome = Outcome.ALREADY_HERE
        message = (
            f"{file.name} holds bill {here.number}, which is here already, from {here.file}, with the same figures. "
            "The file is kept beside it; nothing was posted again."
        )
    else:
        warnings = sum(issue.severity is Severity.WARNING for issue in stored.issues)
        told = f", {warnings} {'warning' if warnings == 1 else 'warnings'}" if warnings else ""
        message = f"{file.name}: {stored.counts}{told}."
    return Receipt(
        file.shown,
        outcome,
        message,
        document_id=stored.document_id or None,
        importer=file.document.importer,
        invoice_ids=stored.invoice_ids,
        counts=stored.counts,
        issues=stored.issues,
        within=file.within,
        held_id=stored.held_id,
    )
