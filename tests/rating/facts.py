"""Short ways to write the facts that rating is tested with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.history import ChargeFacts, InvoiceFacts, ServiceFacts
from app.domain.money import ZERO, D
from app.domain.period import Period
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import ChargeType, PriceModel, ServiceKind, ServiceStatus


def period(text: str) -> Period:
    """The half-open period written as "2026-01-01..2026-02-01"."""
    start, _, end = text.partition("..")
    return Period(date.fromisoformat(start), date.fromisoformat(end))


def element(price: str = "500.00", since: str = "2024-01-01", until: str = "", **fields: Any) -> RateElementTerms:
    blank = RateElementTerms(
        id=1,
        contract_id=1,
        code="DIA-100M",
        charge_type=ChargeType.MRC,
        model=PriceModel.FLAT,
        price=D(price),
        effective_from=date.fromisoformat(since),
        effective_to=date.fromisoformat(until) if until else None,
    )
    return replace(blank, **fields)


def contract(*elements: RateElementTerms, **fields: Any) -> ContractTerms:
    blank = ContractTerms(
        id=1, carrier_id=1, number="NB-1", start=date(2024, 1, 1), end=None, currency="USD", elements=elements
    )
    return replace(blank, **fields)


def service(identity: int = 7, **fields: Any) -> ServiceFacts:
    blank = ServiceFacts(identity, 1, 1, ServiceKind.INTERNET, ServiceStatus.ACTIVE, "80/KXGS/000123", location_id=3)
    return replace(blank, **fields)


def charge(amount: str = "500.00", **fields: Any) -> ChargeFacts:
    blank = ChargeFacts(
        id=101,
        invoice_id=1,
        account_id=1,
        seq=1,
        charge_type=ChargeType.MRC,
        code="DIA-100M",
        description="Internet 100 Mbit/s",
        amount=D(amount),
        service_id=7,
        service_key="80KXGS000123",
    )
    return replace(blank, **fields)


def invoice(*charges: ChargeFacts, **fields: Any) -> InvoiceFacts:
    total = sum((each.amount for each in charges), Decimal(0))
    blank = InvoiceFacts(
        id=1,
        carrier_id=1,
        account_id=1,
        number="INV-1",
        number_key="INV1",
        bill_date=date(2026, 3, 1),
        currency="USD",
        previous_balance=ZERO,
        payments_applied=ZERO,
        current_charges=total,
        rounding=ZERO,
        total_due=total,
        charges=charges,
        period=period("2026-03-01..2026-04-01"),
    )
    return replace(blank, **fields)
