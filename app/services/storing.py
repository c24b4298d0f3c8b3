"""Storing one read file: its document, warnings, records, bills and usage, by one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.domain.source import ParseIssue
from app.domain.vocabulary import DocumentKind
from app.models.documents import DocumentIssue, SourceDocument, UsageBatch
from app.models.workspace import WorkspaceInfo
from app.services.log import lock_workspace, record
from app.services.posting import find_or_add_account, find_or_add_carrier, post_invoice, store_issues
from app.services.records import save_records

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.parsed import ParsedDocument
    from app.domain.parsed_usage import ParsedSamples, ParsedUsage
    from app.services.workspace import Workspace
    from app.usage.store import StoredBatch


@dataclass(frozen=True, slots=True)
class FirstOne:
    """The document that was here before an equal one."""

    name: str
    received_on: date
    importer: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored of a file; `first` is filled in where it was here already and nothing was."""

    document_id: int
    invoice_ids: tuple[int, ...] = ()
    counts: str = ""
    issues: tuple[ParseIssue, ...] = ()
    first: FirstOne | None = None


@dataclass(slots=True)
class _Files:
    """What has been written outside the database, to be taken back if the transaction fails."""

    sha256: str
    usage: list[str] = field(default_factory=list)


def store_document(workspace: Workspace, name: str, content: bytes, document: ParsedDocument, actor: str) -> Stored:
    """Store `document`, read from the file `name` of `content`, whole or not at all.

    Two windows that store the same file at the same time store it once. Raises the UserErrors of saving records and
    posting bills; then neither rows nor files are left.
    """
    sha256 = workspace.documents.put(content)  # the slow write, before the transaction
    for attempt in (1, 2):
        files = _Files(sha256)
        try:
            return _store(workspace, name, content, document, actor, files)
        except IntegrityError as fault:
            _take_back(workspace, files, fault)
            if attempt == 2:
                raise
        except BaseException as fault:
            _take_back(workspace, files, fault)
            raise
    raise AssertionError  # the loop returns or raises


def _store(
    workspace: Workspace, name: str, content: bytes, document: ParsedDocument, actor: str, files: _Files
) -> Stored:
    with workspace.database.writing() as session:
        lock_workspace(session)
        first = session.scalar(select(SourceDocument).where(SourceDocument.sha256 == files.sha256))
        if first is not None:
            return Stored(first.id, first=FirstOne(first.name, first.received_at.date(), first.importer))
        row = SourceDocument(
            sha256=files.sha256,
            name=name,
            size=len(content),
            importer=document.importer,
            received_at=datetime.now(UTC),
            received_by=actor,
        )
        session.add(row)
        session.flush()
        store_issues(session, row.id, document.issues)
        saved = str(save_records(session, document.records, actor)) if document.records else ""
        invoice_ids = tuple(post_invoice(session, invoice, row.id, actor) for invoice in document.invoices)
        _store_usage(workspace, session, document, row.id, files)
        counts = "; ".join(part for part in (saved, count_words(document)) if part) or "nothing"
        record(session, actor, "received", f"file {name}", document=row.id, sha256=files.sha256, brought=counts)
        # another window that failed on the same file may have taken it back a moment ago; under the lock it cannot
        workspace.documents.put(content)
        added = session.scalars(
            select(DocumentIssue).where(DocumentIssue.document_id == row.id).order_by(DocumentIssue.id)
        ).all()[len(document.issues) :]
        issues = tuple(ParseIssue(issue.severity, issue.code, issue.message, issue.remedy) for issue in added)
    return Stored(row.id, invoice_ids, counts, (*document.issues, *issues))


def _store_usage(
    workspace: Workspace, session: Session, document: ParsedDocument, document_id: int, files: _Files
) -> None:
    issues: list[ParseIssue] = []
    stored: list[tuple[int, StoredBatch]] = []

    def account_of(carrier: str, ban: str, currency: str) -> int:
        owner = find_or_add_carrier(session, carrier, currency, issues)
        kept_in = currency or owner.currency or session.get_one(WorkspaceInfo, 1).currency
        return find_or_add_account(session, owner, ban, kept_in, issues).id

    calls: dict[int, list[ParsedUsage]] = {}
    for batch in document.usage:
        calls.setdefault(account_of(batch.carrier, batch.ban, batch.currency), []).append(batch)
    samples: dict[int, list[ParsedSamples]] = {}
    for sampled in document.samples:
        samples.setdefault(account_of(sampled.carrier, sampled.ban, ""), []).append(sampled)
    for account_id, batches in calls.items():
        for part in workspace.usage.write_calls(account_id, files.sha256, batches):
            files.usage.append(part.path)
            stored.append((account_id, part))
    for account_id, sampled_batches in samples.items():
        for part in workspace.usage.write_samples(account_id, files.sha256, sampled_batches):
            files.usage.append(part.path)
            stored.append((account_id, part))
    session.add_all(
        UsageBatch(
            document_id=document_id,
            account_id=account_id,
            kind=part.kind,
            month=part.month,
            path=part.path,
            rows=part.rows,
            sha256=part.sha256,
        )
        for account_id, part in stored
    )
    store_issues(session, document_id, issues)


def _take_back(workspace: Workspace, files: _Files, fault: BaseException) -> None:
    """Remove what was written for a file whose transaction failed, unless another window has stored it meanwhile."""
    try:
        with workspace.database.writing() as session:
            lock_workspace(session)
            if session.scalar(select(SourceDocument.id).where(SourceDocument.sha256 == files.sha256)) is None:
                workspace.documents.remove(files.sha256)
                for path in files.usage:
                    (workspace.usage.folder / path).unlink(missing_ok=True)
    except Exception as second:  # the first failure is the one to tell; what is left is swept when the workspace opens
        fault.add_note(f"and its files could not be taken back: {second}")


def count_words(document: ParsedDocument) -> str:
    """The bills and usage of a document, in words: "1 bill, 24 charges"."""
    parts: list[str] = []
    bills = sum(invoice.kind is DocumentKind.INVOICE for invoice in document.invoices)
    notes = len(document.invoices) - bills
    if bills:
        parts.append(_counted(bills, "bill", "bills"))
    if notes:
        parts.append(_counted(notes, "credit note", "credit notes"))
    if document.invoices:
        parts.append(_counted(sum(len(invoice.charges) for invoice in document.invoices), "charge", "charges"))
    if document.usage:
        parts.append(_counted(sum(len(batch.tn) for batch in document.usage), "call record", "call records"))
    if document.samples:
        parts.append(_counted(sum(len(batch.ended) for batch in document.samples), "traffic sample", "traffic samples"))
    return ", ".join(parts)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
