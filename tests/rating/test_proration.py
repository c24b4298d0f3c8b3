"""What part of a month costs: vectors from domain/rating, and what holds of every period."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.period import Period, add_months, whole_months
from app.domain.proof import evaluate
from app.domain.vocabulary import ProrationMethod
from app.rating.charge_models import flat
from app.rating.charge_models.measure import Measure
from app.rating.proration import MONTH_COUNTS, count_actual, prorate
from tests.rating.facts import contract, element, period

METHODS = list(ProrationMethod)
DAYS = st.dates(date(2019, 1, 1), date(2032, 12, 31))
PERIODS = st.tuples(DAYS, st.integers(1, 500)).map(lambda pair: Period(pair[0], pair[0] + timedelta(days=pair[1])))


def cost(price: str, days: str, method: ProrationMethod) -> Decimal:
    priced = element(price)
    return flat.compute(Measure(contract(priced), priced, Decimal(1), prorate(period(days), method)))


@pytest.mark.parametrize(
    ("method", "amount"),
    [
        (ProrationMethod.ACTUAL, "258.06"),
        (ProrationMethod.ACTUAL_30, "266.67"),
        (ProrationMethod.STRICT_30_360, "250.00"),
        (ProrationMethod.MONTHS_AND_DAYS, "258.06"),
        (ProrationMethod.NONE, "500.00"),
    ],
)
def test_500_a_month_for_16_to_31_january(method: ProrationMethod, amount: str) -> None:
    assert cost("500.00", "2026-01-16..2026-02-01", method) == Decimal(amount)


@pytest.mark.parametrize(
    ("days", "method", "formula"),
    [
        ("2026-01-01..2026-03-21", ProrationMethod.MONTHS_AND_DAYS, "2 + 20 ÷ 31"),
        ("2026-01-01..2026-03-21", ProrationMethod.ACTUAL, "2 + 20 ÷ 31"),
        ("2026-01-01..2026-03-21", ProrationMethod.ACTUAL_30, "2 + 20 ÷ 30"),
        ("2026-01-01..2026-03-21", ProrationMethod.NONE, "3"),
        ("2026-01-16..2026-03-11", ProrationMethod.MONTHS_AND_DAYS, "1 + 23 ÷ 31"),
        ("2026-01-16..2026-03-11", ProrationMethod.ACTUAL, "1 + 16 ÷ 31 + 10 ÷ 31"),
        ("2026-01-16..2026-02-15", ProrationMethod.MONTHS_AND_DAYS, "min(30 ÷ 28, 1)"),
        ("2024-02-15..2024-03-01", ProrationMethod.ACTUAL, "15 ÷ 29"),
        ("2026-02-15..2026-03-01", ProrationMethod.ACTUAL, "14 ÷ 28"),
        ("2026-02-15..2026-03-01", ProrationMethod.ACTUAL_30, "14 ÷ 30"),
        ("2026-02-15..2026-03-01", ProrationMethod.STRICT_30_360, "16 ÷ 30"),
        ("2024-02-15..2024-03-01", ProrationMethod.STRICT_30_360, "16 ÷ 30"),
        ("2026-02-01..2026-02-28", ProrationMethod.STRICT_30_360, "27 ÷ 30"),
        ("2026-01-31..2026-02-01", ProrationMethod.STRICT_30_360, "1 ÷ 30"),
        ("2026-01-01..2026-01-31", ProrationMethod.STRICT_30_360, "30 ÷ 30"),
        ("2026-01-16..2026-02-17", ProrationMethod.NONE, "2"),
    ],
)
def test_parts_of_months_are_counted_as_the_method_says(days: str, method: ProrationMethod, formula: str) -> None:
    counted = prorate(period(days), method)
    assert counted.formula == formula
    assert not counted.whole


@given(DAYS, st.integers(1, 24), st.sampled_from(METHODS))
def test_whole_months_cost_whole_prices_under_every_method(start: date, months: int, method: ProrationMethod) -> None:
    end = add_months(start, months)
    counted = prorate(Period(start, end), method)
    assert counted.months == months
    assert counted.whole


@given(st.integers(2019, 2032), st.integers(1, 12), st.sampled_from(METHODS))
def test_a_calendar_month_is_one_month_before_any_rule_for_whole_months(
    year: int, month: int, method: ProrationMethod
) -> None:
    first = date(year, month, 1)
    assert MONTH_COUNTS[method](Period(first, add_months(first, 1))).months == 1


@given(PERIODS, st.data())
def test_two_actual_periods_that_meet_cost_what_both_together_do(both: Period, data: st.DataObject) -> None:
    if both.days == 1:
        return
    middle = both.start + timedelta(days=data.draw(st.integers(1, both.days - 1)))
    first, second = Period(both.start, middle), Period(middle, both.end)
    assert count_actual(first).months + count_actual(second).months == count_actual(both).months


@given(PERIODS, st.sampled_from(METHODS))
def test_the_formula_is_the_number_of_months(days: Period, method: ProrationMethod) -> None:
    counted = prorate(days, method)
    assert evaluate(counted.formula) == counted.months > 0
    assert counted.whole == (whole_months(days) > 0)


@given(PERIODS, st.sampled_from(METHODS))
def test_the_count_is_near_the_days_and_never_negative(days: Period, method: ProrationMethod) -> None:
    months = prorate(days, method).months
    rough = Fraction(days.days, 30)
    slack = rough / 20 + (1 if method is ProrationMethod.NONE else Fraction(1, 5))
    assert rough - slack <= months <= rough + slack


def test_no_period_is_one_month() -> None:
    assert prorate(None, ProrationMethod.ACTUAL).months == 1


def test_months_end_to_months_end_is_whole() -> None:
    assert prorate(period("2026-02-28..2026-03-31"), ProrationMethod.ACTUAL).formula == "1"
    assert prorate(period("2026-01-31..2026-02-28"), ProrationMethod.ACTUAL).formula == "1"
    assert not prorate(period("2026-02-27..2026-03-31"), ProrationMethod.ACTUAL).whole
