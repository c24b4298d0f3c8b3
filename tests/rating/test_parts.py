"""Prices that change within a charge: each for its own days, and what amendments, escalators and discounts do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import D, round_amount
from app.domain.period import Period
from app.domain.rated import RatedCharge
from app.domain.terms import RateElementTerms
from app.domain.vocabulary import ChargeType, PriceChange, PriceModel, ProrationMethod, RatingOutcome
from app.rating.engine import rate
from app.rating.ratebook import RateBook
from tests.rating.facts import charge, contract, element, invoice, period, service

OLD = element(until="2026-03-16")
NEW = element("520.00", since="2026-03-16", id=2)


def rated(*elements: RateElementTerms, bill: dict[str, Any] | None = None, **terms: Any) -> RatedCharge:
    """The one charge of a bill for March 2026 under a contract of these elements."""
    result = rate(charge(), invoice(**(bill or {})), service(), RateBook([contract(*elements, **terms)]), None)
    if result.proof is not None:
        assert result.proof.holds()
        assert result.proof.result == result.expected
    return result


def test_each_price_holds_for_its_own_days() -> None:
    result = rated(OLD, NEW)
    assert result.expected == D("510.32")
    assert result.proof is not None
    assert result.proof.steps[-1].formula == "(500.00 × 15 ÷ 31) + (520.00 × 16 ÷ 31)"
    assert not result.prorated


def test_a_contract_may_let_the_first_day_decide() -> None:
    result = rated(OLD, NEW, price_change=PriceChange.FIRST_DAY)
    assert result.expected == D("500.00")
    assert "changes to 520.00 on 2026-03-16" in result.note


def test_a_price_that_ends_is_kept_to_the_end_of_the_charge_and_noted() -> None:
    result = rated(OLD)
    assert result.expected == D("500.00")
    assert "From 2026-03-16 on no single price is in force" in result.note


def test_a_change_on_the_first_or_last_edge_is_no_change() -> None:
    assert rated(element(until="2026-03-01"), element("520.00", since="2026-03-01", id=2)).expected == D("520.00")
    assert rated(element(until="2026-04-01"), element("520.00", since="2026-04-01", id=2)).expected == D("500.00")


def test_a_month_of_thirty_days_does_not_make_the_parts_dearer_than_the_month() -> None:
    result = rated(OLD, element("500.00", since="2026-03-16", id=2), proration=ProrationMethod.ACTUAL_30)
    assert result.expected == D("500.00")


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(2, 100),
    st.lists(st.integers(1, 99), max_size=4),
    st.sampled_from(ProrationMethod),
)
def test_one_price_written_in_several_versions_costs_what_one_version_costs(
    start: date, days: int, cuts: list[int], method: ProrationMethod
) -> None:
    whole = Period(start, start + timedelta(days=days))
    edges = sorted({date(2024, 1, 1), *(start + timedelta(days=cut) for cut in cuts)})
    ends = [*edges[1:], None]
    elements = [
        element("417.39", since=edge.isoformat(), until=end.isoformat() if end else "", id=number)
        for number, (edge, end) in enumerate(zip(edges, ends, strict=True), 1)
    ]
    terms = {"proration": method, "rounding_places": 6}
    many = rated(*elements, bill={"period": whole}, **terms).expected
    once = rated(element("417.39"), bill={"period": whole}, **terms).expected
    assert many == once


AMENDED = element(
    "450.00", since="2026-01-01", id=3, amendment="Amendment 2", agreed=date(2026, 5, 4), reason="renewal"
)


def test_a_bill_is_judged_by_what_was_agreed_on_by_its_date_and_both_amounts_are_told() -> None:
    result = rated(element(), AMENDED)
    assert (result.expected, result.amended) == (D("500.00"), D("450.00"))
    assert result.note == "Under amendments agreed on after the bill it costs 450.00."


def test_an_amendment_replaces_the_price_on_bills_after_it_was_agreed_on() -> None:
    result = rated(element(), AMENDED, bill={"bill_date": date(2026, 5, 4), "period": period("2026-05-01..2026-06-01")})
    assert (result.expected, result.amended) == (D("450.00"), None)
    assert result.proof is not None
    assert result.proof.price_version.endswith("from 2026-01-01, Amendment 2")


def test_an_amendment_that_does_not_change_the_amount_is_not_told() -> None:
    later = element(since="2026-01-01", id=3, agreed=date(2026, 5, 4))
    assert rated(element(), later).amended is None


ESCALATOR = element("3", since="2024-01-01", id=9, code="*", model=PriceModel.ESCALATOR)


def test_an_escalator_raises_every_price_of_the_contract() -> None:
    result = rated(element(), ESCALATOR)
    assert result.expected == D("530.45")
    assert result.unit_price == D("530.45")


def test_an_anniversary_within_the_charge_splits_it() -> None:
    result = rated(element(), ESCALATOR, bill={"period": period("2025-12-15..2026-01-15")})
    assert result.proof is not None
    # 17 days of 515.00 and 14 of 530.45; the month from the 15th to the 15th has 31 days
    assert result.expected == D("521.98")


@pytest.mark.parametrize(
    ("model", "kind"), [(PriceModel.ESCALATOR, ChargeType.NRC), (PriceModel.DISCOUNT, ChargeType.NRC)]
)
def test_a_change_of_other_charge_types_leaves_a_price_alone(model: PriceModel, kind: ChargeType) -> None:
    assert rated(element(), element("3", id=9, code="*", model=model, charge_type=kind)).expected == D("500.00")


def test_a_discount_lowers_the_charge_until_it_ends() -> None:
    promotion = element("20", id=9, model=PriceModel.DISCOUNT, parameters="till=2026-03-16; reason=welcome")
    result = rated(element(), promotion)
    # 500.00 × 15 ÷ 31 = 241.94 less 48.39, and 500.00 × 16 ÷ 31 = 258.06
    assert result.expected == D("451.61")


def test_a_fixed_amount_that_is_not_prorated_is_taken_once_from_a_charge_of_several_prices() -> None:
    promotion = element("100.00", id=9, model=PriceModel.DISCOUNT, parameters="kind=fixed; per=period; prorated=no")
    assert rated(OLD, NEW, promotion).expected == D("410.32")


def test_a_discount_never_makes_a_charge_negative() -> None:
    promotion = element("900.00", id=9, model=PriceModel.DISCOUNT, parameters="kind=fixed")
    assert rated(element(), promotion).expected == Decimal(0)


LINE = element("20", id=9, code="*", model=PriceModel.DISCOUNT, parameters="shown=line; line_code=PROMO")


@pytest.mark.parametrize(("billed", "variance"), [("-100.00", "0.00"), ("-80.00", "20.00")])
def test_a_discount_may_stand_on_the_bill_as_a_credit_of_its_own(billed: str, variance: str) -> None:
    credit = charge(billed, id=102, charge_type=ChargeType.CREDIT, code="PROMO")
    book = RateBook([contract(element(), LINE)])
    bill = invoice(charge(), credit)
    base, line = (rate(each, bill, service(), book, None) for each in bill.charges)
    assert base.expected == D("500.00")
    assert (line.expected, line.variance) == (D("-100.00"), D(variance))
    assert line.proof is not None
    assert line.proof.holds()


def test_a_credit_without_a_discount_of_its_code_is_not_priced() -> None:
    credit = charge("-100.00", id=102, charge_type=ChargeType.CREDIT, code="OTHER")
    result = rate(credit, invoice(charge(), credit), service(), RateBook([contract(element(), LINE)]), None)
    assert result.expected is None


WAIVED = element(since="2026-01-01", until="2026-03-17", waived=True)


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ((WAIVED, element(since="2026-03-17", id=2)), "241.94"),  # free until the 16th
        ((element(until="2026-03-17"), element(since="2026-03-17", id=2, waived=True)), "258.06"),
        ((WAIVED, element(since="2026-03-17", id=2, waived=True)), "0.00"),
    ],
)
def test_a_waiver_holds_for_its_own_days(elements: tuple[RateElementTerms, ...], expected: str) -> None:
    assert rated(*elements).expected == D(expected)


@pytest.mark.parametrize(
    ("model", "parameters", "expected"),
    [
        (PriceModel.GRADUATED, "tiers=100:25, above:20", "275.63"),
        (PriceModel.VOLUME, "tiers=100:25, above:20", "275.63"),
        (PriceModel.COMMITTED_EXCESS, "cir=10; eir=5; eir_price=2", "286.65"),
    ],
)
def test_prices_among_the_parameters_rise_with_the_price(model: PriceModel, parameters: str, expected: str) -> None:
    rise = element("5", since="2024-01-01", id=9, code="*", model=PriceModel.ESCALATOR)
    priced = element("25", model=model, parameters=parameters)
    bill = invoice(charge(quantity=D(10) if "tiers" in parameters else D(1)))
    result = rate(bill.charges[0], bill, service(), RateBook([contract(priced, rise)]), None)
    assert result.expected == D(expected)
    assert result.proof is not None
    assert result.proof.holds()


def test_a_rate_deck_does_not_rise_and_it_is_said() -> None:
    rise = element("5", since="2024-01-01", id=9, code="*", model=PriceModel.ESCALATOR, charge_type=ChargeType.USAGE)
    calls = element("0.02", charge_type=ChargeType.USAGE, model=PriceModel.CALLS, parameters="deck=D")
    bill = invoice(charge(charge_type=ChargeType.USAGE, quantity=D(10)))
    result = rate(bill.charges[0], bill, service(), RateBook([contract(calls, rise)]), None)
    assert result.outcome is RatingOutcome.NO_PRICE
    assert "enter the prices as they are" in result.note


def test_a_price_agreed_on_later_has_the_rises_before_it() -> None:
    renewed = element("450.00", since="2025-07-01", id=3, agreed=date(2025, 6, 1))
    assert rated(element(), renewed, ESCALATOR).expected == D("463.50")  # the rise of 2026 alone
    counted = replace(ESCALATOR, parameters="counted=escalator")
    assert rated(element(), renewed, counted).expected == D("477.41")


def test_an_index_that_is_missing_from_a_day_within_the_charge_on_leaves_it_without_a_price() -> None:
    indexed = element(
        "0", since="2024-01-01", id=9, code="*", model=PriceModel.ESCALATOR, parameters="from=2026-03-15; index=2025:3"
    )
    assert rated(element(), indexed).outcome is RatingOutcome.NO_PRICE


def test_a_discount_that_an_amendment_replaces_does_not_stack_with_it() -> None:
    ten = element("10", id=8, model=PriceModel.DISCOUNT)
    fifteen = element("15", since="2026-01-01", id=9, model=PriceModel.DISCOUNT, agreed=date(2026, 1, 1))
    assert rated(element(), ten, fifteen).expected == D("425.00")
    assert rated(element(), ten).expected == D("450.00")


def test_an_escalator_that_an_amendment_replaces_rises_until_then() -> None:
    slower = element(
        "3", since="2026-01-01", id=10, code="*", model=PriceModel.ESCALATOR, agreed=date(2025, 12, 1),
        parameters="from=2026-01-01",
    )  # fmt: skip
    faster = replace(ESCALATOR, price=D("5"))
    assert rated(element(), faster, slower).expected == D("540.75")  # 500 × 1.05, then × 1.03


def test_the_narrowest_discount_goes_before_wider_ones() -> None:
    every, own = (
        element("10", id=number, code=code, model=PriceModel.DISCOUNT) for number, code in ((8, "*"), (9, "DIA-100M"))
    )
    assert rated(element(), every, replace(own, price=D("20"))).expected == D("400.00")


def test_a_modifier_that_begins_within_the_charge_changes_on_its_own_days() -> None:
    later = element("10", since="2026-03-05", id=9, model=PriceModel.DISCOUNT, parameters="since=2026-03-20")
    # 500 × 19 ÷ 31 = 306.45, and 500 × 12 ÷ 31 = 193.55 less 19.36
    assert rated(element(), later).expected == D("480.64")


def test_usage_that_is_not_told_apart_by_days_is_not_charged_twice() -> None:
    prices = (
        element("10", model=PriceModel.DATA_CAP, parameters="cap=100; block=10", until="2026-03-15"),
        element("12", model=PriceModel.DATA_CAP, parameters="cap=100; block=10", since="2026-03-15", id=2),
    )
    bill = invoice(charge(quantity=D(115)))
    result = rate(bill.charges[0], bill, service(), RateBook([contract(*prices)]), None)
    assert result.expected == D("20.00")
    assert "the first day's holds" in result.note


def test_a_per_cent_off_three_prices_is_taken_of_their_sum() -> None:
    prices = (element(until="2026-03-11"), element("520.00", since="2026-03-11", until="2026-03-21", id=2),
              element("540.00", since="2026-03-21", id=3))  # fmt: skip
    whole = rated(*prices).expected
    off = element("7", id=9, model=PriceModel.DISCOUNT)
    assert whole is not None
    assert rated(*prices, off).expected == round_amount(whole * D("0.93"))


def test_a_commitment_is_for_each_month_whatever_the_type_of_the_charge() -> None:
    burst = element(
        "2.50", code="BURST", charge_type=ChargeType.USAGE, model=PriceModel.PERCENTILE, parameters="commit=200"
    )
    line = charge("1500.00", code="BURST", charge_type=ChargeType.USAGE, quantity=D(150))
    for days, expected in (("2026-01-01..2026-04-01", "1500.00"), ("2026-03-16..2026-04-01", "258.06")):
        bill = invoice(line, period=period(days))
        assert rate(line, bill, service(), RateBook([contract(burst)]), None).expected == D(expected)


def test_that_an_amendment_ends_a_price_is_not_known_before_it_is_agreed_on() -> None:
    closed = element(until="2026-01-01")
    result = rated(closed, AMENDED)
    assert (result.expected, result.amended) == (D("500.00"), D("450.00"))


def test_a_rise_stays_when_its_escalator_has_ended() -> None:
    ended = element("3", since="2024-01-01", until="2025-06-01", id=9, code="*", model=PriceModel.ESCALATOR)
    assert rated(element(), ended).expected == D("515.00")
