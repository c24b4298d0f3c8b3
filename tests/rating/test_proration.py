"""What part of a month costs: vectors from domain/rating, and what holds of every period."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.period import Period, add_months, whole_months
from app.domain.proof import evaluate
from app.domain.vocabulary import ProrationMethod
from app.errors import BugError
from app.rating.charge_models import flat
from app.rating.charge_models.measure import Measure
from app.rating.proration import MONTH_COUNTS, count_actual, prorate, prorate_moments, raise_to_least
from tests.rating.facts import contract, element, period
from tests.rating.oracle.contract import months_of_days

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
        (ProrationMethod.BY_SECOND, "258.06"),
        (ProrationMethod.NEXT_MONTH, "0.00"),
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
        ("2026-02-15..2026-03-01", ProrationMethod.BY_SECOND, "1209600 ÷ 2419200"),
        ("2026-01-16..2026-02-01", ProrationMethod.NEXT_MONTH, "0"),
        ("2026-01-16..2026-02-17", ProrationMethod.NEXT_MONTH, "1"),
        ("2026-02-01..2026-02-17", ProrationMethod.NEXT_MONTH, "1"),
        ("2026-01-16..2026-03-17", ProrationMethod.NEXT_MONTH, "2"),
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
    assert evaluate(counted.formula) == counted.months >= 0
    assert counted.months > 0 or method is ProrationMethod.NEXT_MONTH
    assert counted.whole == (whole_months(days) > 0)


@given(PERIODS, st.sampled_from(METHODS))
def test_the_count_is_near_the_days_and_never_negative(days: Period, method: ProrationMethod) -> None:
    months = prorate(days, method).months
    rough = Fraction(days.days, 30)
    full_months = method in (ProrationMethod.NONE, ProrationMethod.NEXT_MONTH)
    slack = rough / 20 + (1 if full_months else Fraction(1, 5))
    assert rough - slack <= months <= rough + slack


def test_no_period_is_one_month() -> None:
    assert prorate(None, ProrationMethod.ACTUAL).months == 1


def test_months_end_to_months_end_is_whole() -> None:
    assert prorate(period("2026-02-28..2026-03-31"), ProrationMethod.ACTUAL).formula == "1"
    assert prorate(period("2026-01-31..2026-02-28"), ProrationMethod.ACTUAL).formula == "1"
    assert not prorate(period("2026-02-27..2026-03-31"), ProrationMethod.ACTUAL).whole


PARTS_ADD_UP = (
    ProrationMethod.ACTUAL,
    ProrationMethod.STRICT_30_360,
    ProrationMethod.BY_SECOND,
    ProrationMethod.NEXT_MONTH,
)


def cut(first: date, days: list[int]) -> list[Period]:
    """The month of `first` in periods that meet on these days of it."""
    edges = sorted({first, add_months(first, 1), *(first + timedelta(days=day - 1) for day in days)})
    return [Period(start, end) for start, end in pairwise(edges)]


@given(
    st.integers(2019, 2032),
    st.integers(1, 12),
    st.lists(st.integers(2, 28), max_size=5, unique=True),
    st.sampled_from(PARTS_ADD_UP),
    st.integers(0, 999999),
)
def test_the_parts_of_a_month_cost_the_month_but_for_the_rounding_of_each(
    year: int, month: int, days: list[int], method: ProrationMethod, cents: int
) -> None:
    parts, price = cut(date(year, month, 1), days), Decimal(cents).scaleb(-2)
    assert sum(prorate(part, method).months for part in parts) == 1
    total = sum(cost(f"{price:f}", str(part), method) for part in parts)
    assert abs(total - price) <= Decimal("0.01") * ((len(parts) + 1) // 2)


@pytest.mark.parametrize(
    ("method", "months"),
    [
        (ProrationMethod.ACTUAL_30, Fraction(31, 30)),
        (ProrationMethod.STRICT_30_360, Fraction(31, 30)),
        (ProrationMethod.NONE, Fraction(2)),
    ],
)
def test_these_parts_of_january_cost_more_than_january(method: ProrationMethod, months: Fraction) -> None:
    """Thirtieths of a month of 31 days, a 31st that is a 30th again, and started months."""
    parts = cut(date(2026, 1, 1), [31])
    assert sum(prorate(part, method).months for part in parts) == months


def test_parts_counted_by_the_month_in_which_they_end_do_not_add_up() -> None:
    parts = period("2026-01-16..2026-01-26"), period("2026-01-26..2026-02-05")
    both = prorate(period("2026-01-16..2026-02-05"), ProrationMethod.MONTHS_AND_DAYS).months
    assert [prorate(part, ProrationMethod.MONTHS_AND_DAYS).formula for part in parts] == ["10 ÷ 31", "10 ÷ 28"]
    assert both == Fraction(20, 28) != Fraction(10, 31) + Fraction(10, 28)


@given(PERIODS, st.sampled_from(["actual", "by_second", "next_month"]))
def test_months_counted_day_by_day_are_the_same(days: Period, basis: str) -> None:
    each = [days.start + timedelta(days=place) for place in range(days.days)]
    assert MONTH_COUNTS[ProrationMethod(basis)](days).months == months_of_days(each, basis)


MOMENTS = st.datetimes(datetime(2019, 1, 1), datetime(2032, 1, 1)).map(lambda moment: moment.replace(microsecond=0))  # noqa: DTZ001


@given(MOMENTS, st.lists(st.integers(1, 90 * 86400), min_size=2, max_size=4))
def test_moments_that_meet_cost_what_all_of_them_do(start: datetime, lengths: list[int]) -> None:
    months, at = Fraction(0), start
    for seconds in lengths:
        following = at + timedelta(seconds=seconds)
        part = prorate_moments(at, following)
        assert evaluate(part.formula) == part.months > 0
        months, at = months + part.months, following
    assert prorate_moments(start, at).months == months


def test_a_month_of_seconds_is_a_month_and_days_are_their_days() -> None:
    zone = ZoneInfo("America/Chicago")
    march = prorate_moments(datetime(2026, 3, 1, tzinfo=zone), datetime(2026, 4, 1, tzinfo=zone))
    assert (march.formula, march.whole) == ("1", True)
    week = prorate_moments(datetime(2026, 3, 2, tzinfo=zone), datetime(2026, 3, 9, tzinfo=zone))
    assert week.formula == f"{7 * 86400 - 3600} ÷ {31 * 86400 - 3600}"
    days = prorate(period("2026-03-02..2026-03-09"), ProrationMethod.BY_SECOND)
    assert prorate_moments(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)).months == days.months
    assert prorate_moments(datetime(2026, 1, 31, 12, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)).formula == (
        f"2 + 43200 ÷ {31 * 86400}"
    )


def test_moments_have_to_ascend() -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    with pytest.raises(BugError, match="ends after it starts"):
        prorate_moments(moment, moment)
    assert prorate_moments(moment, moment + timedelta(microseconds=1)).formula == "0"


def test_what_is_due_is_lifted_to_the_least_amount_and_what_is_free_stays_free() -> None:
    lifted = raise_to_least(Fraction(1, 1000), Decimal("0.00"), Decimal("0.01"))
    assert lifted is not None
    assert lifted.replay() == lifted.result == Decimal("0.01")
    assert raise_to_least(Fraction(0), Decimal("0.00"), Decimal("0.01")) is None
    assert raise_to_least(Fraction(-1, 1000), Decimal("0.00"), Decimal("0.01")) is None
    assert raise_to_least(Fraction(1, 50), Decimal("0.02"), Decimal("0.01")) is None
