"""What waits for a person: documents under review with their questions, quarantine, imports and their rejected rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import Subquery, func, select

from app.db.known import load_known, read_answers
from app.domain.parsed import ParsedDocument
from app.domain.review import Guess, Question, ask
from app.importers.wire import from_json
from app.models.documents import SourceDocument
from app.models.intake import HeldDocument, ImportChange, QuarantinedFile, RejectedRow
from app.models.inventory import BillingAccount, Carrier, Service
from app.models.invoices import Invoice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A document that waits, as the list shows it."""

    id: int
    name: str
    importer: str
    carrier: str
    number: str
    total: Decimal | None
    currency: str
    why: str
    received_at: datetime
    received_by: str
    bills: int


@dataclass(frozen=True, slots=True)
class HeldDetail:
    """A document that waits, whole: what was read, what is asked, and where its bytes lie."""

    id: int
    name: str
    sha256: str
    size: int
    importer: str
    document: ParsedDocument
    questions: tuple[Question, ...]
    received_at: datetime
    received_by: str

    @property
    def blocking(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.blocks)


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A file that could not be taken in."""

    id: int
    name: str
    sha256: str
    size: int
    importer: str
    code: str
    message: str
    remedy: str
    place: str
    tries: int
    received_at: datetime
    received_by: str
    within: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A file that was taken in: what it brought, and the rows of it that were left out."""

    id: int
    name: str
    importer: str
    size: int
    received_at: datetime
    received_by: str
    within: str
    bills: int
    changes: int
    left_out: int


@dataclass(frozen=True, slots=True)
class RejectedDetail:
    """A row of usage that was left out."""

    row: int
    code: str
    message: str
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An account or service that something can be mapped to."""

    id: int
    label: str


def fetch_held(session: Session) -> list[HeldRow]:
    """All documents that wait for review, the oldest first."""
    rows = []
    for row in session.scalars(select(HeldDocument).order_by(HeldDocument.received_at, HeldDocument.id)):
        document = from_json(row.parsed)
        first = document.invoices[0] if document.invoices else None
        rows.append(
            HeldRow(
                row.id,
                row.name,
                row.importer,
                first.carrier if first else "",
                first.number if first else "",
                first.total_due if first else None,
                first.currency if first else "",
                row.why,
                row.received_at,
                row.received_by,
                len(document.invoices),
            )
        )
    return rows


def count_held(session: Session) -> int:
    """How many documents wait for review."""
    return session.scalar(select(func.count()).select_from(HeldDocument)) or 0


def count_quarantined(session: Session) -> int:
    """How many files stand in quarantine."""
    return session.scalar(select(func.count()).select_from(QuarantinedFile)) or 0


def fetch_detail(session: Session, held_id: int, guess: Guess) -> HeldDetail | None:
    """One document that waits; None where it does not wait any more. `guess` tells a charge type by its words."""
    row = session.get(HeldDocument, held_id)
    if row is None:
        return None
    document = from_json(row.parsed)
    questions = ask(document, load_known(session, document), guess, read_answers(row.choices))
    return HeldDetail(
        row.id,
        row.name,
        row.sha256,
        row.size,
        row.importer,
        document,
        questions,
        row.received_at,
        row.received_by,
    )


def fetch_quarantine(session: Session) -> list[QuarantineRow]:
    """All files in quarantine, the latest first."""
    rows = session.execute(
        select(QuarantinedFile, SourceDocument.name.label("container"))
        .outerjoin(SourceDocument, SourceDocument.id == QuarantinedFile.container_id)
        .order_by(QuarantinedFile.received_at.desc(), QuarantinedFile.id.desc())
    )
    return [
        QuarantineRow(
            row.id,
            row.name,
            row.sha256,
            row.size,
            row.importer,
            row.code,
            row.message,
            row.remedy,
            row.place,
            row.tries,
            row.received_at,
            row.received_by,
            container or "",
        )
        for row, container in rows
    ]


def fetch_imports(session: Session) -> list[ImportRow]:
    """All files that were taken in, the latest first."""
    container = select(SourceDocument.id, SourceDocument.name).subquery()
    bills = _per_document(Invoice)
    changes = _per_document(ImportChange)
    rejected = _per_document(RejectedRow)
    rows = session.execute(
        select(
            SourceDocument,
            container.c.name,
            func.coalesce(bills.c.number, 0),
            func.coalesce(changes.c.number, 0),
            func.coalesce(rejected.c.number, 0),
        )
        .outerjoin(container, container.c.id == SourceDocument.container_id)
        .outerjoin(bills, bills.c.document_id == SourceDocument.id)
        .outerjoin(changes, changes.c.document_id == SourceDocument.id)
        .outerjoin(rejected, rejected.c.document_id == SourceDocument.id)
        .order_by(SourceDocument.received_at.desc(), SourceDocument.id.desc())
    )
    return [
        ImportRow(
            row.id,
            row.name,
            row.importer,
            row.size,
            row.received_at,
            row.received_by,
            within or "",
            posted,
            changed,
            left_out,
        )
        for row, within, posted, changed, left_out in rows
    ]


def fetch_rejected(session: Session, document_id: int, limit: int = 1000) -> list[RejectedDetail]:
    """The rows of an import that were left out, in the order of the file."""
    rows = session.scalars(
        select(RejectedRow).where(RejectedRow.document_id == document_id).order_by(RejectedRow.row).limit(limit)
    )
    return [RejectedDetail(row.row, row.code, row.message, row.text) for row in rows]


def fetch_accounts(session: Session, carrier_key: str) -> list[Choice]:
    """The accounts of a carrier (name key), to map another number to."""
    rows = session.execute(
        select(BillingAccount.id, BillingAccount.ban, BillingAccount.description)
        .join(Carrier, Carrier.id == BillingAccount.carrier_id)
        .where(Carrier.name_key == carrier_key)
        .order_by(BillingAccount.ban)
    )
    return [Choice(row.id, " · ".join(part for part in (row.ban, row.description) if part)) for row in rows]


def fetch_services(session: Session, carrier_key: str) -> list[Choice]:
    """The services of a carrier (name key), to map what a charge names to."""
    rows = session.execute(
        select(Service.id, Service.circuit_id, Service.tn, Service.code, Service.description)
        .join(Carrier, Carrier.id == Service.carrier_id)
        .where(Carrier.name_key == carrier_key)
        .order_by(Service.circuit_id, Service.tn, Service.id)
    )
    return [
        Choice(row.id, " · ".join(part for part in (row.circuit_id or row.tn, row.code, row.description) if part))
        for row in rows
    ]


def _per_document(table: type[Invoice] | type[ImportChange] | type[RejectedRow]) -> Subquery:
    return select(table.document_id, func.count().label("number")).group_by(table.document_id).subquery()
