"""Reverse rating of monthly charges: each kind of fault in price, period and rounding is found by its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.money import D, RoundingMode
from app.domain.period import Period
from app.domain.terms import RateElementTerms
from app.domain.vocabulary import (
    ExchangeDay,
    PriceChange,
    PriceModel,
    ProrationMethod,
    ServiceKind,
)
from tests.rating.facts import contract, element, period, service
from tests.rating.reversing import LONG_PARTS, MARCH, PARTS, explain, monthly, names, rising, several


@pytest.mark.parametrize(
    "billed", [each for each in ProrationMethod if each not in (ProrationMethod.ACTUAL, ProrationMethod.BY_SECOND)]
)
def test_another_proration_is_named(billed: ProrationMethod) -> None:
    """But for seconds: those of whole days are in proportion to the days."""
    agreed = contract(element(), time_zone="America/New_York")
    causes = explain(monthly(*LONG_PARTS), agreed, replace(agreed, proration=billed))
    assert "proration" in names(causes)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("last_day_left_out", 0, -1),
        ("last_day_counted", 0, 1),
        ("first_day_left_out", 1, 0),
        ("first_day_counted", -1, 0),
    ],
)
def test_a_day_too_many_or_too_few_is_named(name: str, start: int, end: int) -> None:
    periods = [period("2026-03-05..2026-03-28"), period("2026-03-10..2026-03-20")]
    moved = [
        Period(date.fromordinal(each.start.toordinal() + start), date.fromordinal(each.end.toordinal() + end))
        for each in periods
    ]
    assert name in names(explain(monthly(*periods), contract(element()), seen=monthly(*moved)))


def test_a_whole_month_billed_for_a_part_is_named() -> None:
    parts = monthly(*PARTS[:2])
    assert "whole_month" in names(explain(parts, contract(element()), seen=monthly(MARCH, MARCH)))


@pytest.mark.parametrize("billed", [RoundingMode.UP, RoundingMode.TRUNCATE])
def test_another_rounding_is_named(billed: RoundingMode) -> None:
    periods = [Period(date(2026, 3, day), date(2026, 4, 1)) for day in (3, 5, 7, 9, 11, 13)]
    agreed = contract(element("1234.00"))
    causes = explain(monthly(*periods), agreed, replace(agreed, rounding=billed, rounding_places=0))
    assert any({"rounding_mode", "rounding_places"} <= set(cause.name.split(" + ")) for cause in causes)


def test_other_places_are_named() -> None:
    agreed = contract(element("1234.00"))
    assert "rounding_places" in names(explain(monthly(*PARTS), agreed, replace(agreed, rounding_places=0)))


def test_a_price_that_was_not_split_is_named() -> None:
    agreed = contract(element("500.00", until="2026-03-16"), element("600.00", "2026-03-16", id=2))
    billed = replace(agreed, price_change=PriceChange.FIRST_DAY)
    assert "price_change" in names(explain(several(), agreed, billed))


@pytest.mark.parametrize(
    ("name", "price"), [("price_before", "480.00"), ("price_after", "520.00"), ("general_price", "610.00")]
)
def test_the_price_of_another_time_or_scope_is_named(name: str, price: str) -> None:
    agreed = contract(
        element("480.00", until="2026-01-01", id=2, service_kind=ServiceKind.INTERNET),
        element("500.00", "2026-01-01", "2026-06-01", id=3, service_kind=ServiceKind.INTERNET),
        element("520.00", "2026-06-01", id=4, service_kind=ServiceKind.INTERNET),
        element("610.00", id=1),
    )
    causes = explain(several(), agreed, contract(element(price)))
    assert names(causes) == {name}
    assert causes[0].charges == (1, 2, 3)


def test_the_contract_before_an_amendment_is_named() -> None:
    amended = element("450.00", id=2, agreed=date(2026, 2, 1), amendment="Amendment 2")
    (cause,) = explain(several(), contract(element(), amended), contract(element()))
    assert cause.name == "before_amendment"
    assert cause.message == (
        "This bill fits the contract as it was before the amendment; the contract says Amendment 2 holds. "
        "3 charges show it."
    )


def test_an_amendment_taken_early_is_named() -> None:
    amended = element("450.00", id=2, agreed=date(2026, 4, 1))
    assert names(explain(several(), contract(element(), amended), contract(replace(amended, agreed=None)))) == {
        "amendment_early"
    }


def test_a_waiver_that_was_ignored_is_named() -> None:
    assert "waiver_ignored" in names(explain(several(), contract(element(waived=True)), contract(element())))


@pytest.mark.parametrize(
    ("name", "billed"),
    [
        ("escalator_not_applied", ()),
        ("escalator_early", (rising(since="2022-06-01", parameters="counted=escalator"),)),
        ("escalator_late", (rising(since="2024-06-01"),)),
        ("escalator_twice", (rising(), rising(id=10))),
        ("escalator_compound", (rising(parameters="compound=no"),)),
    ],
)
def test_a_rise_taken_otherwise_is_named(name: str, billed: tuple[RateElementTerms, ...]) -> None:
    assert name in names(explain(several(), contract(element(), rising()), contract(element(), *billed)))


def test_a_missing_discount_for_the_term_is_named() -> None:
    discount = element("0", id=8, model=PriceModel.TERM_DISCOUNT, parameters="mrc=12:4, 36:14; term=36")
    causes = explain(several(), contract(element(), discount), contract(element()))
    assert "term_discount_missing" in names(causes)


def test_the_inventorys_quantity_is_named() -> None:
    services = {n: service(n, quantity=D(5)) for n in (1, 2, 3)}
    charges = several(quantity=D(4))
    causes = explain(charges, contract(element()), seen=several(quantity=D(5)), services=services)
    assert names(causes) == {"inventory_quantity"}


def test_a_price_billed_once_for_several_is_named() -> None:
    charges = several(quantity=D(4))
    assert "quantity_of_one" in names(explain(charges, contract(element()), seen=several(quantity=D(1))))


def test_a_missing_discount_is_named() -> None:
    discount = element("10", id=8, model=PriceModel.DISCOUNT)
    assert "discount_missing" in names(explain(several(), contract(element(), discount), contract(element())))


def test_another_days_exchange_rate_is_named() -> None:
    february = [replace(each, period=period("2026-02-01..2026-03-01")) for each in several()]
    agreed = contract(element(), exchange=ExchangeDay.PERIOD_START)
    billed = replace(agreed, exchange=ExchangeDay.PERIOD_END)
    assert names(explain(february, agreed, billed, currency="EUR")) == {"exchange_day"}
