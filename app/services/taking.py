"""Storing a file that was read, and saying what became of it."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.errors import UserError
from app.services.incoming import Incoming, already_here
from app.services.receipts import Outcome, Receipt
from app.services.storing import Stored, store_document

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_log = logging.getLogger(__name__)


def take(workspace: Workspace, file: Incoming, actor: str) -> Receipt | None:
    """Store what was read of a file and return its receipt; None where nothing was read of it (a twin)."""
    if file.document is None:
        return None
    try:
        stored = store_document(workspace, file, file.document, actor)
    except UserError as fault:
        return _not_stored(file, ParseIssue(Severity.ERROR, fault_code(fault), str(fault), ""), str(fault))
    except Exception:  # one file's failure must not take the files beside it along; the log has the trace
        _log.exception("storing %s failed", file.shown)
        message = f"{file.name} could not be stored; nothing of it was kept."
        remedy = "Look into the log file for the cause, check the free space of the disk, then import the file again."
        return _not_stored(file, ParseIssue(Severity.ERROR, "not-stored", message, remedy), f"{message} {remedy}")
    return _tell(file, stored)


def fault_code(fault: UserError) -> str:
    """The stable reason of a fault: its name, written as the codes of issues are ("duplicate-bill")."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(fault).__name__).lower()


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
