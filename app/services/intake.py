"""Receiving files: each is read in a child process, then stored by one transaction, whole or not at all.

A container (an archive, an e-mail) is opened in a child as well, and each file in it goes the same way by itself. What
cannot be read is kept in quarantine with the reason; what a person has to look at first waits for review.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

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
from app.services.incoming import Incoming, answer_twins, find_known, let_go, load
from app.services.incoming import cancelled as cancel
from app.services.mappings import definitions, read_mapping, save_mapping
from app.services.progress import Cancelled, Progress, Reporter, never, unheard
from app.services.quarantine import put_away
from app.services.reading import read_files
from app.services.receipts import Outcome, Receipt
from app.services.taking import fault_code, take
from app.services.unpacking import DEEPEST, insert_behind, open_containers

if TYPE_CHECKING:
    from app.services.workspace import Workspace

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
            file.receipt = cancel(file) if cancelled() else take(workspace, file, actor)
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
            issue = ParseIssue(Severity.ERROR, fault_code(fault), str(fault), "")
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
        read_files(workspace, fresh, known, folder, progress, cancelled)
        fresh = list(open_containers(fresh, lambda file: take(workspace, file, actor), cancelled))
        if not fresh:
            return
        for file in fresh:
            load(workspace, file)
        find_known(workspace, fresh)
        insert_behind(files, fresh)


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


def _retry_records(workspace: Workspace, files: list[Incoming], actor: str, cancelled: Cancelled) -> None:
    """Try refused inventory and contract files again as long as another one has been taken: they name each other."""
    while not cancelled():
        refused = [file for file in files if _is_refused_record(file)]
        taken = False
        for file in refused:
            file.receipt = take(workspace, file, actor)
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
