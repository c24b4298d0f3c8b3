"""Storing what a file holds: document, records, usage, bank lines and bills in one transaction, or nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from app.db.known import load_known
from app.domain.identifiers import ban_key, name_key
from app.domain.known import Known, KnownBill, bill_key
from app.domain.review import Question, ask, holds
from app.domain.source import ParseIssue
from app.domain.vocabulary import DocumentKind, ReviewPolicy, Severity
from app.importers.wire import to_json
from app.models.documents import DocumentIssue, SourceDocument
from app.models.intake import HeldDocument, RejectedRow
from app.models.invoices import Invoice
from app.models.workspace import WorkspaceInfo
from app.services.bank_storing import store_bank
from app.services.charge_types import guess_charge_type
from app.services.journal import journal, note_seen
from app.services.log import lock_workspace, record
from app.services.posting import post_invoice, store_issues
from app.services.quarantine import release
from app.services.records import save_records
from app.services.unmatched import tell_unknown_circuits
from app.services.usage_storing import store_usage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.parsed import ParsedDocument, ParsedInvoice
    from app.services.incoming import Incoming
    from app.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class FirstOne:
    """The document that was here before an equal one."""

    name: str
    received_on: date
    importer: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored of a file.

    `first` is filled in where it was here already and nothing was; `same` are bills that were here already, from
    another file; `held_id` where nothing was posted because `questions` have to be answered first.
    """

    document_id: int = 0
    invoice_ids: tuple[int, ...] = ()
    counts: str = ""
    issues: tuple[ParseIssue, ...] = ()
    first: FirstOne | None = None
    same: tuple[KnownBill, ...] = ()
    held_id: int | None = None
    questions: tuple[Question, ...] = ()


@dataclass(slots=True)
class Written:
    """What has been written outside the database, to be taken back if the transaction fails."""

    usage: list[str] = field(default_factory=list)


def store_document(workspace: Workspace, file: Incoming, document: ParsedDocument, actor: str) -> Stored:
    """Store `document`, read from `file`, whole or not at all; or hold it back where a person has to answer first.

    Two windows that store the same file at the same time store it once. Raises the UserErrors of saving records and
    posting bills; then neither rows nor files are left.
    """
    for attempt in (1, 2):
        written = Written()
        try:
            with workspace.database.writing() as session:
                return _store_or_hold(workspace, session, file, document, actor, written)
        except IntegrityError as fault:
            take_back(workspace, written, fault)
            if attempt == 2:
                raise
        except BaseException as fault:
            take_back(workspace, written, fault)
            raise
    raise AssertionError  # the loop returns or raises


def store_within(
    workspace: Workspace,
    session: Session,
    file: Incoming,
    document: ParsedDocument,
    actor: str,
    written: Written,
    prepare: Callable[[], None] = lambda: None,
    finish: Callable[[Sequence[int | None]], None] = lambda _invoice_ids: None,
) -> Stored:
    """Store `document` inside the caller's transaction, which holds the workspace's lock; nothing is held back.

    `prepare` is done first and `finish` last, with the bills by their place in the document (None: it was here): what
    they write is taken back with the import.
    """
    known = load_known(session, document)
    row = _add_document(session, file, document, actor)
    same: list[KnownBill] = []
    posted: list[int | None] = []
    seen_keys: dict[tuple[str, str, str], date] = {}
    told = list(document.issues)
    with journal(session, row.id):
        prepare()
        store_issues(session, row.id, document.issues)
        saved = str(save_records(session, document.records, actor)) if document.records else ""
        for invoice in document.invoices:
            here = known.bill(invoice)
            if here is not None and here.is_same(invoice, document.importer):
                same.append(here)
                note_seen(session, Invoice.__tablename__, here.id)
                store_issues(session, row.id, [_same_bill(invoice, here)])
                posted.append(None)
            else:
                posted.append(post_invoice(session, invoice, row.id, actor, dated=_is_dated(seen_keys, invoice)))
        paths, issues = store_usage(workspace, session, document, file.folder, row.id, file.sha256)
        written.usage += paths
        issues += tell_unknown_circuits(session, document)
        store_issues(session, row.id, [*issues, *store_bank(session, document, row.id)])
        _store_rejected(session, document, row.id)
        finish(posted)
    counts = "; ".join(part for part in (saved, count_words(document)) if part) or "nothing"
    release(session, file.sha256)
    session.execute(delete(HeldDocument).where(HeldDocument.sha256 == file.sha256))
    record(session, actor, "received", f"file {file.name}", document=row.id, sha256=file.sha256, brought=counts)
    # another window that failed on the same file may have taken it back a moment ago; under the lock it cannot
    workspace.documents.ensure(file.sha256, file.path)
    added = session.scalars(
        select(DocumentIssue).where(DocumentIssue.document_id == row.id).order_by(DocumentIssue.id)
    ).all()[len(document.issues) :]
    told += [ParseIssue(issue.severity, issue.code, issue.message, issue.remedy) for issue in added]
    invoice_ids = tuple(invoice_id for invoice_id in posted if invoice_id is not None)
    return Stored(row.id, invoice_ids, counts, tuple(told), same=tuple(same))


def take_back(workspace: Workspace, written: Written, fault: BaseException) -> None:
    """Remove usage that was written for a file whose transaction failed."""
    try:
        for path in written.usage:
            (workspace.usage.folder / path).unlink(missing_ok=True)
    except OSError as second:  # the first failure is the one to tell; what is left is swept when the workspace opens
        fault.add_note(f"and its files could not be taken back: {second}")


def find_questions(document: ParsedDocument, known: Known) -> tuple[Question, ...]:
    """The questions that a document raises before anybody has answered one."""
    return ask(document, known, guess_charge_type, {})


def _store_or_hold(
    workspace: Workspace, session: Session, file: Incoming, document: ParsedDocument, actor: str, written: Written
) -> Stored:
    lock_workspace(session)
    first = session.scalar(select(SourceDocument).where(SourceDocument.sha256 == file.sha256))
    if first is not None:
        return Stored(first.id, first=FirstOne(first.name, first.received_at.date(), first.importer))
    bulky = bool(document.parts or document.usage or document.samples or document.readings)
    if not bulky:
        questions = find_questions(document, load_known(session, document))
        policy = session.get_one(WorkspaceInfo, 1).review
        waiting = holds(questions, policy) if document.invoices or document.needs_eyes else ()
        if waiting or (policy is ReviewPolicy.ALWAYS and document.invoices):
            return _hold(workspace, session, file, document, actor, waiting)
    return store_within(workspace, session, file, _told_as_warnings(document), actor, written)


def _is_dated(seen: dict[tuple[str, str, str], date], invoice: ParsedInvoice) -> bool:
    """Whether an earlier bill of the file has this one's carrier, account and number, and another date."""
    key = (name_key(invoice.carrier), ban_key(invoice.ban), bill_key(invoice))
    return seen.setdefault(key, invoice.bill_date) != invoice.bill_date


def _told_as_warnings(document: ParsedDocument) -> ParsedDocument:
    """Usage is not held back: what should be looked at is a warning beside it."""
    issues = tuple(
        replace(issue, severity=Severity.WARNING) if issue.severity is Severity.REVIEW else issue
        for issue in document.issues
    )
    return replace(document, issues=issues)


def _hold(
    workspace: Workspace,
    session: Session,
    file: Incoming,
    document: ParsedDocument,
    actor: str,
    waiting: tuple[Question, ...],
) -> Stored:
    row = session.scalar(select(HeldDocument).where(HeldDocument.sha256 == file.sha256))
    if row is None:
        row = HeldDocument(sha256=file.sha256, received_at=datetime.now(UTC), received_by=actor)
        session.add(row)
    row.name, row.size, row.importer, row.container_id = file.name, file.size, document.importer, file.container_id
    row.parsed, row.choices = to_json(document), "{}"
    row.why = waiting[0].text if waiting else "Every bill is looked at before it is posted, as the workspace says."
    session.flush()
    release(session, file.sha256)
    workspace.documents.ensure(file.sha256, file.path)
    record(session, actor, "held", f"file {file.name}", held=row.id, sha256=file.sha256, why=row.why[:200])
    return Stored(counts=count_words(document), issues=document.issues, held_id=row.id, questions=waiting)


def _add_document(session: Session, file: Incoming, document: ParsedDocument, actor: str) -> SourceDocument:
    row = SourceDocument(
        sha256=file.sha256,
        name=file.name,
        size=file.size,
        importer=document.importer,
        received_at=datetime.now(UTC),
        received_by=actor,
        container_id=file.container_id,
    )
    session.add(row)
    session.flush()
    return row


def _same_bill(invoice: ParsedInvoice, here: KnownBill) -> ParseIssue:
    message = (
        f"Bill {invoice.number} is here already, from {here.file}, with the same date and figures: it was not posted "
        "a second time."
    )
    return ParseIssue(Severity.INFO, "same-bill", message, "Nothing needs to be done; both files are kept.")


def _store_rejected(session: Session, document: ParsedDocument, document_id: int) -> None:
    if document.rejected:
        session.execute(
            insert(RejectedRow),
            [
                {"document_id": document_id, "row": one.row, "code": one.code, "message": one.message, "text": one.text}
                for one in document.rejected
            ],
        )


def count_words(document: ParsedDocument) -> str:
    """What a document holds, in words: "1 bill, 24 charges"."""
    parts: list[str] = []
    bills = sum(invoice.kind is DocumentKind.INVOICE for invoice in document.invoices)
    notes = len(document.invoices) - bills
    charges = sum(len(invoice.charges) for invoice in document.invoices)
    parts += _counted(bills, "bill", "bills") + _counted(notes, "credit note", "credit notes")
    parts += _counted(charges, "charge", "charges")
    spooled = {kind: sum(part.rows for part in document.parts if part.kind == kind) for kind in _SPOOLED}
    calls = spooled["calls"] + sum(len(batch.tn) for batch in document.usage)
    samples = spooled["samples"] + sum(len(batch.ended) for batch in document.samples)
    readings = spooled["readings"] + sum(len(batch.at) for batch in document.readings)
    parts += _counted(calls, "call record", "call records") + _counted(samples, "traffic sample", "traffic samples")
    parts += _counted(readings, "meter reading", "meter readings")
    parts += _counted(len(document.statements), "bank statement", "bank statements")
    lines = sum(len(statement.lines) for statement in document.statements)
    parts += _counted(lines, "bank line", "bank lines")
    parts += _counted(len(document.answers), "answer of the bank", "answers of the bank")
    members = sum(part.kind == "member" for part in document.parts)
    parts += _counted(members, "file", "files")
    parts += _counted(len(document.rejected), "row left out", "rows left out")
    return ", ".join(parts)


_SPOOLED = ("calls", "samples", "readings")


def _counted(number: int, one: str, many: str) -> list[str]:
    return [f"{number:,} {one if number == 1 else many}"] if number else []
