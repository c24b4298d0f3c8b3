"""All charges with the bills they stand on, as one flat table: for export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.money import ZERO
from app.domain.vocabulary import ChargeType, InvoiceStatus, MatchMethod, RatingOutcome
from app.models.findings import Finding
from app.models.inventory import BillingAccount, Carrier, Service
from app.models.invoices import Charge, ChargeMatch, ChargeRating, Invoice
from app.queries.bills import LIVE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Row:
    """One charge. `last_day` is the last day billed; `claim` the sum of its standing findings' claims."""

    charge_id: int
    carrier: str
    ban: str
    number: str
    bill_date: date
    seq: int
    charge_type: ChargeType
    code: str
    description: str
    printed_service: str
    location: str
    service: str
    match: MatchMethod | None
    first_day: date | None
    last_day: date | None
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    billed: Decimal
    outcome: RatingOutcome | None
    expected: Decimal | None
    variance: Decimal | None
    claim: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which charges."""

    carrier_id: int | None = None
    first: date | None = None
    last: date | None = None


def fetch(session: Session, wanted: Filter | None = None) -> list[Row]:
    """The charges of live bills, by carrier, bill and place on it."""
    wanted = wanted or Filter()
    claims = (
        select(Finding.charge_id, func.sum(Finding.claim).label("claim"))
        .where(Finding.status.in_(LIVE), Finding.charge_id.is_not(None))
        .group_by(Finding.charge_id)
        .subquery()
    )
    selected = (
        select(Charge, Invoice, Carrier.name, BillingAccount.ban, ChargeMatch, ChargeRating, Service, claims.c.claim)
        .join(Invoice, Invoice.id == Charge.invoice_id)
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .join(BillingAccount, BillingAccount.id == Invoice.account_id)
        .outerjoin(ChargeMatch, ChargeMatch.charge_id == Charge.id)
        .outerjoin(ChargeRating, ChargeRating.charge_id == Charge.id)
        .outerjoin(Service, Service.id == ChargeMatch.service_id)
        .outerjoin(claims, claims.c.charge_id == Charge.id)
        .where(Invoice.status != InvoiceStatus.SUPERSEDED)
        .order_by(Carrier.name, Invoice.bill_date, Invoice.id, Charge.seq)
    )
    if wanted.carrier_id is not None:
        selected = selected.where(Invoice.carrier_id == wanted.carrier_id)
    if wanted.first is not None:
        selected = selected.where(Invoice.bill_date >= wanted.first)
    if wanted.last is not None:
        selected = selected.where(Invoice.bill_date <= wanted.last)
    return [
        Row(
            charge_id=charge.id,
            carrier=carrier,
            ban=ban,
            number=bill.number,
            bill_date=bill.bill_date,
            seq=charge.seq,
            charge_type=charge.charge_type,
            code=charge.code,
            description=charge.description,
            printed_service=charge.circuit_id or charge.tn,
            location=charge.location,
            service=service.circuit_id or service.tn or service.description if service else "",
            match=match.method if match else None,
            first_day=charge.period_start,
            last_day=charge.period_end - timedelta(days=1) if charge.period_end else None,
            quantity=charge.quantity,
            unit=charge.unit,
            unit_price=charge.unit_price,
            billed=charge.amount,
            outcome=rating.outcome if rating else None,
            expected=rating.expected if rating else None,
            variance=rating.variance if rating else None,
            claim=claim or ZERO,
            currency=bill.currency,
        )
        for charge, bill, carrier, ban, match, rating, service, claim in session.execute(selected)
    ]
