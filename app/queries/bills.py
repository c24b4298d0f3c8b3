"""The list of bills: what each carrier billed, what is overcharged in it, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from app.domain.money import ZERO
from app.domain.vocabulary import DocumentKind, FindingStatus, InvoiceStatus
from app.models.documents import SourceDocument
from app.models.findings import Finding
from app.models.inventory import BillingAccount, Carrier
from app.models.invoices import Charge, ChargeMatch, Invoice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

# findings that stand: neither dismissed nor cleared
LIVE = (FindingStatus.OPEN, FindingStatus.DISPUTED, FindingStatus.CREDITED)


@dataclass(frozen=True, slots=True)
class Row:
    """One bill. `overcharged` is the sum of the claims of its standing findings, `expected` = billed − overcharged;
    `unmatched` counts its charges on the worklist."""

    id: int
    carrier_id: int
    carrier: str
    account_id: int
    ban: str
    number: str
    kind: DocumentKind
    bill_date: date
    due_date: date | None
    currency: str
    billed: Decimal
    total_due: Decimal
    expected: Decimal
    overcharged: Decimal
    findings: int
    unmatched: int
    status: InvoiceStatus
    document: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which bills: `text` in number, account, carrier or file name; dates are bill dates, both ends included."""

    text: str = ""
    carrier_id: int | None = None
    account_id: int | None = None
    statuses: tuple[InvoiceStatus, ...] = ()
    first: date | None = None
    last: date | None = None
    overcharged: bool = False
    superseded: bool = False


def fetch(session: Session, wanted: Filter | None = None) -> list[Row]:
    """The bills, the latest first."""
    wanted = wanted or Filter()
    claims = (
        select(Finding.invoice_id, func.sum(Finding.claim).label("claim"), func.count().label("count"))
        .where(Finding.status.in_(LIVE), Finding.invoice_id.is_not(None))
        .group_by(Finding.invoice_id)
        .subquery()
    )
    unmatched = (
        select(Charge.invoice_id, func.count().label("count"))
        .outerjoin(ChargeMatch, ChargeMatch.charge_id == Charge.id)
        .where(ChargeMatch.charge_id.is_(None))
        .group_by(Charge.invoice_id)
        .subquery()
    )
    selected = (
        select(
            Invoice,
            Carrier.name.label("carrier"),
            BillingAccount.ban,
            SourceDocument.name.label("document"),
            claims.c.claim,
            claims.c.count.label("findings"),
            unmatched.c.count.label("unmatched"),
        )
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .join(BillingAccount, BillingAccount.id == Invoice.account_id)
        .join(SourceDocument, SourceDocument.id == Invoice.document_id)
        .outerjoin(claims, claims.c.invoice_id == Invoice.id)
        .outerjoin(unmatched, unmatched.c.invoice_id == Invoice.id)
        .order_by(Invoice.bill_date.desc(), Carrier.name, Invoice.id)
    )
    if wanted.text.strip():
        text = wanted.text.strip()
        selected = selected.where(
            or_(
                Invoice.number.icontains(text, autoescape=True),
                BillingAccount.ban.icontains(text, autoescape=True),
                Carrier.name.icontains(text, autoescape=True),
                SourceDocument.name.icontains(text, autoescape=True),
            )
        )
    if wanted.carrier_id is not None:
        selected = selected.where(Invoice.carrier_id == wanted.carrier_id)
    if wanted.account_id is not None:
        selected = selected.where(Invoice.account_id == wanted.account_id)
    if wanted.statuses:
        selected = selected.where(Invoice.status.in_(wanted.statuses))
    elif not wanted.superseded:
        selected = selected.where(Invoice.status != InvoiceStatus.SUPERSEDED)
    if wanted.first is not None:
        selected = selected.where(Invoice.bill_date >= wanted.first)
    if wanted.last is not None:
        selected = selected.where(Invoice.bill_date <= wanted.last)
    if wanted.overcharged:
        selected = selected.where(claims.c.claim > ZERO)
    rows = []
    for row in session.execute(selected):
        bill, overcharged = row.Invoice, row.claim or ZERO
        rows.append(
            Row(
                id=bill.id,
                carrier_id=bill.carrier_id,
                carrier=row.carrier,
                account_id=bill.account_id,
                ban=row.ban,
                number=bill.number,
                kind=bill.kind,
                bill_date=bill.bill_date,
                due_date=bill.due_date,
                currency=bill.currency,
                billed=bill.current_charges,
                total_due=bill.total_due,
                expected=bill.current_charges - overcharged,
                overcharged=overcharged,
                findings=row.findings or 0,
                unmatched=row.unmatched or 0,
                status=bill.status,
                document=row.document,
            )
        )
    return rows
