"""One worked example: price rows, a bill, records; and short ways to write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from app.domain.evidence import Evidence
from app.domain.history import ChargeFacts, InvoiceFacts, ServiceFacts
from app.domain.money import ZERO, D
from app.domain.period import Period
from app.domain.proof import Proof
from app.domain.rated import RatedCharge
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import ChargeType, PriceModel, ServiceKind, ServiceStatus
from app.rating.currency import RateTable
from app.rating.engine import rate_invoice
from app.rating.ratebook import RateBook

SERVICE = 7
MARCH = "2026-03-01..2026-04-01"


@dataclass(frozen=True, slots=True)
class Case:
    """An example. `records` says in words what `evidence`, by the place of the charge on the bill from 1, holds;
    `beside` are further lines of the page, and `calls` proofs of single calls with their titles."""

    title: str
    words: str
    prices: tuple[RateElementTerms, ...]
    charges: tuple[ChargeFacts, ...]
    records: str = ""
    evidence: Mapping[int, Evidence] = field(default_factory=dict)
    contract: Mapping[str, Any] = field(default_factory=dict)
    bill: Mapping[str, Any] = field(default_factory=dict)
    service: Mapping[str, Any] = field(default_factory=dict)
    rates: tuple[tuple[str, str, date, str], ...] = ()
    beside: tuple[str, ...] = ()
    calls: tuple[tuple[str, Proof], ...] = ()

    def terms(self) -> ContractTerms:
        """The contract with its prices."""
        rows = tuple(replace(each, id=place) for place, each in enumerate(self.prices, 1))
        blank = ContractTerms(1, 1, "QH-2024-117", date(2024, 1, 1), None, "USD", rows)
        return replace(blank, **self.contract)

    def invoice(self) -> InvoiceFacts:
        """The bill with its charges numbered in order."""
        charges = tuple(replace(each, id=place, seq=place) for place, each in enumerate(self.charges, 1))
        total = sum((each.amount for each in charges), ZERO)
        dated = date(2026, 4, 5)
        blank = InvoiceFacts(1, 1, 1, "INV-1", "INV1", dated, "USD", ZERO, ZERO, total, ZERO, total, charges)
        return replace(blank, **self.bill)

    def rate(self) -> list[tuple[ChargeFacts, RatedCharge]]:
        """Each charge of the bill as the engine rates it, with its proof."""
        invoice = self.invoice()
        book = RateBook([self.terms()], RateTable((base, quote, day, D(rate)) for base, quote, day, rate in self.rates))
        served = replace(
            ServiceFacts(SERVICE, 1, 1, ServiceKind.INTERNET, ServiceStatus.ACTIVE, "80/KXGS/000123"), **self.service
        )
        rated = rate_invoice(invoice, {SERVICE: served}, book, self.evidence)
        return [(charge, rated[charge.id]) for charge in invoice.charges]


def price(
    code: str,
    kind: str,
    model: str,
    amount: str,
    parameters: str = "",
    since: str = "2024-01-01",
    until: str = "",
    **fields: Any,
) -> RateElementTerms:
    """A row of the sheet Prices; `until` is the first day on which it no longer holds."""
    first, end = date.fromisoformat(since), date.fromisoformat(until) if until else None
    blank = RateElementTerms(0, 1, code, ChargeType(kind), PriceModel(model), D(amount), first, end)
    return replace(blank, parameters=parameters, **fields)


def billed(
    amount: str, code: str, kind: str = "MRC", days: str = MARCH, quantity: str = "", words: str = "", **fields: Any
) -> ChargeFacts:
    """A charge of the bill; "" in `days` for one that is for no days."""
    blank = ChargeFacts(0, 1, 1, 0, ChargeType(kind), code, words, D(amount), service_id=SERVICE)
    count = D(quantity) if quantity else None
    return replace(blank, quantity=count, period=period(days) if days else None, **fields)


def period(days: str) -> Period:
    """The days from the first up to the second of "2026-03-01..2026-04-01"."""
    start, _, end = days.partition("..")
    return Period(date.fromisoformat(start), date.fromisoformat(end))


def moment(text: str) -> int:
    """The UTC seconds of "2026-03-01T00:00+00:00"."""
    return int(datetime.fromisoformat(text).timestamp())
