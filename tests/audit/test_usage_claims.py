"""What A30 and A63 claim of usage whose price is not a plain price per minute."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from app.audit.run import audit_invoice
from app.domain.evidence import UsageFacts
from app.domain.finding import FindingDraft
from app.domain.history import AccountFacts, AuditContext
from app.domain.money import D
from app.domain.vocabulary import ChargeType, ExchangeDay, PriceModel, RoundingScope
from app.rating.currency import RateTable
from app.rating.engine import rate_invoice
from app.rating.ratebook import RateBook
from tests.rating.facts import charge, contract, element, invoice, period, service

MARCH = period("2026-03-01..2026-04-01")


def findings(
    billed: str,
    minutes: str | None,
    price: str,
    parameters: str = "",
    calls: tuple[tuple[int, int], ...] = ((60, 10000),),
    **fields: Any,
) -> tuple[FindingDraft, ...]:
    """The findings on a usage charge under a price per minute, our records being 10,000 calls of a minute."""
    usage = charge(
        billed, charge_type=ChargeType.USAGE, code="VOICE", quantity=None if minutes is None else Decimal(minutes)
    )
    priced = element(
        price, code="VOICE", charge_type=ChargeType.USAGE, model=PriceModel.PER_MINUTE, parameters=parameters
    )
    elements = (priced, *fields.pop("others", ()))
    terms, bill, services = contract(*elements, **fields), invoice(usage), {7: service()}
    rates = RateTable([("EUR", "USD", date(2026, 3, 1), D("1.10"))])
    rated = rate_invoice(bill, services, RateBook([terms], rates), {usage.id: UsageFacts(7, MARCH, calls)})
    found = audit_invoice(
        AuditContext(
            account=AccountFacts(1, 1, "NB", "555-0100", "USD"),
            invoice=bill,
            rated=rated,
            services=services,
            contracts=(terms,),
            as_of=bill.bill_date,
        )
    )
    assert all(each.proof is not None and each.proof.holds() for each in found)
    return found


def claims(*given: Any, **fields: Any) -> list[tuple[str, Decimal]]:
    return [(each.name, each.claim) for each in findings(*given, **fields)]


def test_minutes_too_many_at_a_price_per_six_seconds_are_the_minutes_fault() -> None:
    terms = ("0.00137", "initial=6; increment=6; unit=6")
    assert claims("150.70", "11000", *terms) == [("usage_not_in_records", D("13.70"))]
    assert claims("137.00", "10000", *terms) == []


def test_the_message_says_what_a_minute_costs() -> None:
    (draft,) = findings("150.70", "11000", "0.00137", "initial=6; increment=6; unit=6")
    assert draft.message == (
        "Billed 150.70 for 11,000 minutes, our call records show 10,000, and contract NB-1 says 0.00137 from "
        "2024-01-01, 0.0137 a minute: 13.70 too much."
    )


def test_a_higher_price_per_six_seconds_is_the_prices_fault() -> None:
    found = claims("165.00", "11000", "0.00137", "initial=6; increment=6; unit=6")
    assert found == [("rate_above_contract", D("14.30")), ("usage_not_in_records", D("13.70"))]


def test_a_converted_price_counts_minutes_in_the_currency_of_the_bill() -> None:
    found = claims("1210.00", "11000", "0.10", currency="EUR", exchange=ExchangeDay.BILL_DATE)
    assert found == [("usage_not_in_records", D("110.00"))]


def test_with_a_connect_fee_the_whole_difference_is_claimed_once() -> None:
    # 11,000 calls of a minute at 0.10 + 0.01 are billed, 10,000 were made
    found = findings("1210.00", "11000", "0.01", "connect=0.10")
    assert [(each.name, each.claim) for each in found] == [("usage_not_in_records", D("110.00"))]
    assert found[0].message == (
        "Billed 1,210.00 for 11,000 minutes, our call records show 10,000, and contract NB-1 says 0.01 from "
        "2024-01-01, which makes 1,100.00 for the recorded calls: 110.00 too much."
    )
    assert claims("1100.00", "10000", "0.01", "connect=0.10") == []


def test_with_groups_of_seconds_the_whole_difference_is_claimed_once() -> None:
    calls = ((120, 5000),)  # 5,000 × (1 + 0.5) × 0.10 = 750.00
    found = claims("900.00", "12000", "0.10", "rate_groups=0:100, 60:50", calls=calls)
    assert found == [("usage_not_in_records", D("150.00"))]


def test_where_calls_are_rounded_the_whole_difference_is_claimed_once() -> None:
    # 0.0137 is 0.01 for each call: 100.00 for those on record, 110.00 for those billed
    found = claims("110.00", "11000", "0.0137", rounding_scope=RoundingScope.CALL)
    assert found == [("usage_not_in_records", D("10.00"))]


def test_with_a_discount_the_whole_difference_is_claimed_once() -> None:
    # 11,000 minutes are billed, 10,000 were used at 0.10 less 10 %: a minute too many is not 0.10 too much
    tenth = element("10", id=2, code="VOICE", charge_type=ChargeType.USAGE, model=PriceModel.DISCOUNT)
    assert claims("990.00", "11000", "0.10", others=(tenth,)) == [("usage_not_in_records", D("90.00"))]
    assert claims("1045.00", "11000", "0.10", others=(tenth,)) == [("usage_not_in_records", D("145.00"))]


def test_less_than_the_records_say_is_no_finding() -> None:
    assert claims("1000.00", "10000", "0.01", "connect=0.10") == []
    assert claims("1000.00", None, "0.01", "connect=0.10") == []
