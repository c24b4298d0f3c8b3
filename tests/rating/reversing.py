"""Bills for tests of reverse rating: what a carrier that reads a contract otherwise would bill, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.evidence import (
    CallLine,
    CallTotals,
    UsageFacts,
)
from app.domain.history import ChargeFacts, ServiceFacts
from app.domain.money import D
from app.domain.period import Period
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import (
    ChargeType,
    PriceModel,
)
from app.rating.currency import RateTable
from app.rating.engine import rate_invoice
from app.rating.ratebook import RateBook
from app.rating.reverse import Cause, Recount, find_causes
from tests.rating.facts import charge, element, invoice, period, service

MARCH = period("2026-03-01..2026-04-01")
PARTS = [period(text) for text in ("2026-03-05..2026-04-01", "2026-03-01..2026-03-20", "2026-02-10..2026-04-01")]
LONG_PARTS = [period(text) for text in ("2026-01-16..2026-03-10", "2026-02-10..2026-04-01", "2026-01-20..2026-03-15")]


RATES = RateTable([("USD", "EUR", date(2026, 2, day), D("0.8") + Decimal(day) / 1000) for day in range(1, 29)])


def amounts(
    charges: Sequence[ChargeFacts],
    terms: ContractTerms,
    services: Mapping[int, ServiceFacts],
    evidence: Mapping[int, Any],
    currency: str = "USD",
) -> list[Decimal]:
    """What the charges cost under `terms`, as a carrier that reads the contract so would bill them."""
    bill = invoice(*charges, currency=currency)
    rated = rate_invoice(bill, services, RateBook([terms], RATES), evidence, explain=False)
    found = [rated[each.id].expected for each in charges]
    assert None not in found
    return [each for each in found if each is not None]


def explain(
    charges: Sequence[ChargeFacts],
    agreed: ContractTerms,
    billed: ContractTerms | None = None,
    *,
    seen: Sequence[ChargeFacts] = (),
    evidence: Mapping[int, Any] | None = None,
    counted: Mapping[int, Any] | None = None,
    services: Mapping[int, ServiceFacts] | None = None,
    recount: Recount | None = None,
    currency: str = "USD",
) -> tuple[Cause, ...]:
    """The causes of a bill for `charges` whose amounts come of other terms, other charges or other records."""
    services = services or {each.service_id or 0: service(each.service_id or 0) for each in charges}
    records = evidence or {}
    wrong = amounts(seen or charges, billed or agreed, services, records if counted is None else counted, currency)
    stated = (replace(each, amount=amount) for each, amount in zip(charges, wrong, strict=True))
    bill = invoice(*stated, currency=currency)
    book = RateBook([agreed], RATES)
    rated = rate_invoice(bill, services, book, records, explain=False)
    causes = find_causes(bill, services, book, records, rated, recount=recount)
    for cause in causes:
        assert cause.proof.holds()
        assert cause.proof.result.quantize(D("0.01")) == bill.charges[cause.charges[0] - 1].amount.quantize(D("0.01"))
    return causes


def names(causes: Sequence[Cause], *, fitting: bool = True) -> set[str]:
    return {cause.name for cause in causes if cause.fits or not fitting}


def monthly(*periods: Period, **fields: Any) -> list[ChargeFacts]:
    return [charge("0", id=n, seq=n, service_id=n, period=each, **fields) for n, each in enumerate(periods, 1)]


def several(many: int = 3, **fields: Any) -> list[ChargeFacts]:
    return [charge("0", id=n, seq=n, service_id=n, period=MARCH, **fields) for n in range(1, many + 1)]


def rising(percent: str = "3", since: str = "2023-06-01", **fields: Any) -> RateElementTerms:
    return element(percent, since, model=PriceModel.ESCALATOR, **{"id": 9} | fields)


def calls(parameters: str = "initial=6; increment=6", **fields: Any) -> RateElementTerms:
    fields = {"code": "VOICE", "charge_type": ChargeType.USAGE, "model": PriceModel.PER_MINUTE} | fields
    return element("0.05", parameters=parameters, **fields)


CALLS = [charge("0", id=n, seq=n, service_id=n, code="VOICE", charge_type=ChargeType.USAGE) for n in (1, 2, 3)]
RECORDS = {n: UsageFacts(n, MARCH, ((7, 900 * n), (31, 400), (65 + n, 3000), (205, 40))) for n in (1, 2, 3)}


def totals(identity: int, parameters: str) -> CallTotals:
    """Calls of unknown jurisdiction: as many cents as the share of them that is interstate."""
    share = dict(part.split("=") for part in parameters.split("; "))["piu"]
    cost = 6 * 10**11 * identity * (1000 + int(share))
    line = CallLine("US", "", "unknown", D("0.01"), calls=10, seconds=600, exact=cost)
    return CallTotals(identity, MARCH, (line,))
