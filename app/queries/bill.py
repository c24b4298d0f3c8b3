"""One bill: its head and its charges, each with its place on the document, its service, and what it should cost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.money import ZERO
from app.domain.period import Period
from app.domain.proof import Proof
from app.domain.source import Source
from app.domain.stored import proof_from_text, source_from_text, sources_from_text
from app.domain.vocabulary import (
    ChargeType,
    DocumentKind,
    InvoiceStatus,
    Ledger,
    MatchMethod,
    RatingOutcome,
    Severity,
)
from app.models.documents import DocumentIssue, SourceDocument
from app.models.findings import Finding
from app.models.inventory import BillingAccount, Carrier, Service
from app.models.invoices import Charge, ChargeMatch, ChargeRating, Invoice
from app.queries import findings
from app.queries.bills import LIVE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """One charge. `expected` and `variance` are None where no contract price says anything; `claim` is what its
    standing findings claim together, `claim_proof` how the largest of them comes about; `printed_service` the
    identifier as the carrier prints it; `amended` what it costs under amendments agreed on after the bill."""

    id: int
    seq: int
    charge_type: ChargeType
    code: str
    description: str
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    amount: Decimal
    period: Period | None
    printed_service: str
    location: str
    service_id: int | None
    service: str
    match: MatchMethod | None
    outcome: RatingOutcome | None
    expected: Decimal | None
    variance: Decimal | None
    claim: Decimal
    rules: tuple[str, ...]
    note: str
    proof: Proof | None
    claim_proof: Proof | None
    source: Source
    amended: Decimal | None = None

    @property
    def owed(self) -> Decimal | None:
        """What is left of the charge after its claims; the contract's amount where nothing is claimed."""
        return self.amount - self.claim if self.claim else self.expected

    @property
    def excess(self) -> Decimal | None:
        """billed − owed: the claims, or the variance where nothing is claimed."""
        return self.claim if self.claim else self.variance


@dataclass(frozen=True, slots=True)
class IssueRow:
    """What the importer or posting said of the document."""

    severity: Severity
    code: str
    message: str
    remedy: str
    place: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One bill with all that belongs to it. `sources` names the places of the head's fields ("total_due" → page 1)."""

    id: int
    carrier_id: int
    carrier: str
    account_id: int
    ban: str
    number: str
    kind: DocumentKind
    corrects: str
    bill_date: date
    period: Period | None
    due_date: date | None
    currency: str
    previous_balance: Decimal
    payments_applied: Decimal
    current_charges: Decimal
    net_total: Decimal | None
    tax_total: Decimal | None
    rounding: Decimal
    total_due: Decimal
    overcharged: Decimal
    status: InvoiceStatus
    submitted_by: str | None
    posted_by: str
    posted_at: datetime
    document_id: int
    document: str
    document_sha256: str
    importer: str
    sources: dict[str, Source]
    charges: tuple[ChargeRow, ...]
    findings: tuple[findings.Row, ...]
    issues: tuple[IssueRow, ...]

    @property
    def expected(self) -> Decimal:
        """billed − overcharged."""
        return self.current_charges - self.overcharged


def fetch_one(session: Session, invoice_id: int) -> Detail | None:
    """The bill, or None if there is none of that id."""
    found = session.execute(
        select(Invoice, Carrier.name, BillingAccount.ban, SourceDocument)
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .join(BillingAccount, BillingAccount.id == Invoice.account_id)
        .join(SourceDocument, SourceDocument.id == Invoice.document_id)
        .where(Invoice.id == invoice_id)
    ).one_or_none()
    if found is None:
        return None
    bill, carrier, ban, document = found
    standing = tuple(findings.fetch(session, findings.Filter(invoice_id=invoice_id, statuses=LIVE)))
    return Detail(
        id=bill.id,
        carrier_id=bill.carrier_id,
        carrier=carrier,
        account_id=bill.account_id,
        ban=ban,
        number=bill.number,
        kind=bill.kind,
        corrects=bill.corrects,
        bill_date=bill.bill_date,
        period=_period(bill.period_start, bill.period_end),
        due_date=bill.due_date,
        currency=bill.currency,
        previous_balance=bill.previous_balance,
        payments_applied=bill.payments_applied,
        current_charges=bill.current_charges,
        net_total=bill.net_total,
        tax_total=bill.tax_total,
        rounding=bill.rounding,
        total_due=bill.total_due,
        overcharged=sum((finding.claim for finding in standing), ZERO),
        status=bill.status,
        submitted_by=bill.submitted_by,
        posted_by=bill.posted_by,
        posted_at=bill.posted_at,
        document_id=document.id,
        document=document.name,
        document_sha256=document.sha256,
        importer=document.importer,
        sources=sources_from_text(bill.field_sources),
        charges=_charges(session, invoice_id),
        findings=standing,
        issues=_issues(session, document.id),
    )


def find_bill(session: Session, charge_id: int) -> int | None:
    """The id of the bill on which a charge stands."""
    return session.scalar(select(Charge.invoice_id).where(Charge.id == charge_id))


def _charges(session: Session, invoice_id: int) -> tuple[ChargeRow, ...]:
    claims: dict[int, Decimal] = defaultdict(lambda: ZERO)
    rules: dict[int, list[str]] = defaultdict(list)
    largest: dict[int, tuple[Decimal, str]] = {}
    for finding in session.execute(
        select(Finding.charge_id, Finding.claim, Finding.rule, Finding.ledger, Finding.proof)
        .where(Finding.invoice_id == invoice_id, Finding.charge_id.is_not(None), Finding.status.in_(LIVE))
        .order_by(Finding.rule)
    ):
        rules[finding.charge_id].append(finding.rule)
        if finding.ledger is Ledger.ERROR:
            claims[finding.charge_id] += finding.claim
            if finding.claim > largest.get(finding.charge_id, (ZERO, ""))[0]:
                largest[finding.charge_id] = (finding.claim, finding.proof)
    rows = session.execute(
        select(Charge, ChargeMatch, ChargeRating, Service)
        .outerjoin(ChargeMatch, ChargeMatch.charge_id == Charge.id)
        .outerjoin(ChargeRating, ChargeRating.charge_id == Charge.id)
        .outerjoin(Service, Service.id == ChargeMatch.service_id)
        .where(Charge.invoice_id == invoice_id)
        .order_by(Charge.seq)
    )
    return tuple(
        ChargeRow(
            id=charge.id,
            seq=charge.seq,
            charge_type=charge.charge_type,
            code=charge.code,
            description=charge.description,
            quantity=charge.quantity,
            unit=charge.unit,
            unit_price=charge.unit_price,
            amount=charge.amount,
            period=_period(charge.period_start, charge.period_end),
            printed_service=charge.circuit_id or charge.tn,
            location=charge.location,
            service_id=service.id if service else None,
            service=service.circuit_id or service.tn or service.description if service else "",
            match=match.method if match else None,
            outcome=rating.outcome if rating else None,
            expected=rating.expected if rating else None,
            variance=rating.variance if rating else None,
            claim=claims[charge.id],
            rules=tuple(rules[charge.id]),
            note=rating.note if rating else "",
            proof=proof_from_text(rating.proof) if rating else None,
            claim_proof=proof_from_text(largest[charge.id][1]) if charge.id in largest else None,
            source=source_from_text(charge.source),
            amended=rating.amended if rating else None,
        )
        for charge, match, rating, service in rows
    )


def _issues(session: Session, document_id: int) -> tuple[IssueRow, ...]:
    rows = session.scalars(
        select(DocumentIssue).where(DocumentIssue.document_id == document_id).order_by(DocumentIssue.id)
    )
    return tuple(IssueRow(row.severity, row.code, row.message, row.remedy, row.place) for row in rows)


def _period(start: date | None, end: date | None) -> Period | None:
    return Period(start, end) if start and end and start < end else None
