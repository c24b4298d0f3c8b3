"""The findings: what is overcharged, by which rule, until when it can be filed, and the proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from app.domain.money import ZERO
from app.domain.period import Period
from app.domain.proof import Proof
from app.domain.source import Source
from app.domain.stored import proof_from_text, source_from_text
from app.domain.vocabulary import ChargeType, FindingStatus, Ledger
from app.models.documents import SourceDocument
from app.models.findings import Dispute, DisputeItem, Finding
from app.models.inventory import BillingAccount, Carrier, Service
from app.models.invoices import Charge, Invoice

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Row:
    """One finding. Bill and charge are empty where it is about an account as a whole."""

    id: int
    rule: str
    rule_name: str
    ledger: Ledger
    status: FindingStatus
    message: str
    carrier_id: int
    carrier: str
    account_id: int
    ban: str
    invoice_id: int | None
    number: str
    bill_date: date | None
    charge_id: int | None
    charge_type: ChargeType | None
    charge: str
    service_id: int | None
    service: str
    currency: str
    billed: Decimal | None
    expected: Decimal | None
    claim: Decimal
    file_by: date | None
    withhold_by: date | None
    dispute_id: int | None
    dispute: str


@dataclass(frozen=True, slots=True)
class Detail:
    """A finding with its proof, and the place of its charge on the document."""

    row: Row
    proof: Proof | None
    rule_version: int
    found_at: datetime
    dismissed_by: str | None
    dismissed_reason: str
    period: Period | None
    source: Source
    document: str
    document_sha256: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which findings: `text` in the message, bill number, carrier, account or service; `claimable`: with an amount."""

    text: str = ""
    statuses: tuple[FindingStatus, ...] = ()
    ledgers: tuple[Ledger, ...] = ()
    rule: str = ""
    carrier_id: int | None = None
    account_id: int | None = None
    invoice_id: int | None = None
    charge_id: int | None = None
    claimable: bool = False


def fetch(session: Session, wanted: Filter | None = None) -> list[Row]:
    """The findings, the largest claims first."""
    wanted = wanted or Filter()
    selected = _select().order_by(Finding.claim.desc(), Finding.rule, Finding.id)
    if wanted.text.strip():
        text = wanted.text.strip()
        selected = selected.where(
            or_(
                *(
                    column.icontains(text, autoescape=True)
                    for column in (
                        Finding.message,
                        Finding.rule,
                        Finding.rule_name,
                        Invoice.number,
                        Carrier.name,
                        BillingAccount.ban,
                        Service.circuit_id,
                        Service.tn,
                        Charge.description,
                    )
                )
            )
        )
    if wanted.statuses:
        selected = selected.where(Finding.status.in_(wanted.statuses))
    if wanted.ledgers:
        selected = selected.where(Finding.ledger.in_(wanted.ledgers))
    if wanted.rule:
        selected = selected.where(Finding.rule == wanted.rule)
    for column, value in (
        (Carrier.id, wanted.carrier_id),
        (Finding.account_id, wanted.account_id),
        (Finding.invoice_id, wanted.invoice_id),
        (Finding.charge_id, wanted.charge_id),
    ):
        if value is not None:
            selected = selected.where(column == value)
    if wanted.claimable:
        selected = selected.where(Finding.claim > ZERO)
    return [_row(found) for found in session.execute(selected)]


@dataclass(frozen=True, slots=True)
class RuleTotal:
    """What one rule's findings claim together in one currency."""

    currency: str
    rule: str
    name: str
    findings: int
    claim: Decimal


def add_up(rows: list[Row]) -> list[RuleTotal]:
    """The totals of `rows` by currency and rule."""
    totals: dict[tuple[str, str, str], list[Decimal]] = {}
    for row in rows:
        totals.setdefault((row.currency, row.rule, row.rule_name), []).append(row.claim)
    return [RuleTotal(*key, len(claims), sum(claims, ZERO)) for key, claims in sorted(totals.items())]


def fetch_one(session: Session, finding_id: int) -> Detail | None:
    """The finding with its proof, or None if there is none of that id."""
    found = session.execute(_select().where(Finding.id == finding_id)).one_or_none()
    if found is None:
        return None
    finding: Finding = found.Finding
    charge: Charge | None = found.Charge
    invoice: Invoice | None = found.Invoice
    document = session.get(SourceDocument, invoice.document_id) if invoice else None
    period = None
    if charge is not None and charge.period_start and charge.period_end:
        period = Period(charge.period_start, charge.period_end)
    return Detail(
        row=_row(found),
        proof=proof_from_text(finding.proof),
        rule_version=finding.rule_version,
        found_at=finding.found_at,
        dismissed_by=finding.dismissed_by,
        dismissed_reason=finding.dismissed_reason,
        period=period,
        source=source_from_text(charge.source) if charge else Source(),
        document=document.name if document else "",
        document_sha256=document.sha256 if document else "",
    )


def _select() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Finding,
            Carrier.id.label("carrier_id"),
            Carrier.name.label("carrier"),
            BillingAccount.ban,
            Invoice,
            Charge,
            Service,
            Dispute.id.label("dispute_id"),
            Dispute.number.label("dispute"),
        )
        .join(BillingAccount, BillingAccount.id == Finding.account_id)
        .join(Carrier, Carrier.id == BillingAccount.carrier_id)
        .outerjoin(Invoice, Invoice.id == Finding.invoice_id)
        .outerjoin(Charge, Charge.id == Finding.charge_id)
        .outerjoin(Service, Service.id == Finding.service_id)
        .outerjoin(DisputeItem, DisputeItem.finding_id == Finding.id)
        .outerjoin(Dispute, Dispute.id == DisputeItem.dispute_id)
    )


def _row(found: Any) -> Row:
    finding: Finding = found.Finding
    invoice: Invoice | None = found.Invoice
    charge: Charge | None = found.Charge
    service: Service | None = found.Service
    printed = charge.circuit_id or charge.tn if charge else ""
    return Row(
        id=finding.id,
        rule=finding.rule,
        rule_name=finding.rule_name,
        ledger=finding.ledger,
        status=finding.status,
        message=finding.message,
        carrier_id=found.carrier_id,
        carrier=found.carrier,
        account_id=finding.account_id,
        ban=found.ban,
        invoice_id=finding.invoice_id,
        number=invoice.number if invoice else "",
        bill_date=invoice.bill_date if invoice else None,
        charge_id=finding.charge_id,
        charge_type=charge.charge_type if charge else None,
        charge=charge.description if charge else "",
        service_id=finding.service_id,
        service=(service.circuit_id or service.tn or service.description) if service else printed,
        currency=finding.currency,
        billed=finding.billed,
        expected=finding.expected,
        claim=finding.claim,
        file_by=finding.file_by,
        withhold_by=finding.withhold_by,
        dispute_id=found.dispute_id,
        dispute=found.dispute or "",
    )
