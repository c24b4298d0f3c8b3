"""Periods are half-open, months are kept on their day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.period import Period, add_months, calendar_months, days_in_month, is_whole_months, whole_months
from app.errors import BugError

DAYS = st.dates(date(2019, 1, 1), date(2032, 12, 31))
PERIODS = st.tuples(DAYS, st.integers(1, 900)).map(lambda pair: Period(pair[0], pair[0] + timedelta(days=pair[1])))


def test_printed_ends_are_converted_once() -> None:
    july = Period.inclusive(date(2015, 7, 1), date(2015, 7, 31))
    assert july == Period(date(2015, 7, 1), date(2015, 8, 1))
    assert (july.days, july.last) == (31, date(2015, 7, 31))
    assert date(2015, 7, 31) in july
    assert date(2015, 8, 1) not in july


def test_an_empty_period_is_a_bug() -> None:
    with pytest.raises(BugError):
        Period(date(2026, 1, 1), date(2026, 1, 1))


@given(PERIODS, PERIODS)
def test_overlap_is_symmetric_and_inside_both(first: Period, second: Period) -> None:
    common = first.overlap(second)
    assert common == second.overlap(first)
    if common is not None:
        assert common.start in first
        assert common.last in second
    else:
        assert first.end <= second.start or second.end <= first.start


@given(PERIODS)
def test_calendar_months_cover_the_period_without_gaps(period: Period) -> None:
    pieces = list(calendar_months(period))
    assert pieces[0].start == period.start
    assert pieces[-1].end == period.end
    assert sum(piece.days for piece in pieces) == period.days
    assert all(piece.start.month == piece.last.month for piece in pieces)
    assert all(one.end == two.start for one, two in pairwise(pieces))


def test_months_are_anchored() -> None:
    february = add_months(date(2026, 1, 31), 1)
    assert february == date(2026, 2, 28)
    assert add_months(february, 1, anchor=31) == date(2026, 3, 31)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2026, 1, 15), -1) == date(2025, 12, 15)


@given(DAYS, st.integers(-40, 40))
def test_a_moved_day_lies_in_the_wanted_month(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == min(day.day, days_in_month(moved.year, moved.month))


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        ((2026, 4, 1), (2026, 5, 1), True),
        ((2026, 1, 17), (2026, 2, 17), True),
        ((2026, 1, 31), (2026, 2, 28), True),
        ((2026, 4, 1), (2026, 7, 1), True),
        ((2026, 4, 1), (2026, 4, 30), False),
        ((2026, 4, 16), (2026, 5, 1), False),
        ((2026, 2, 28), (2026, 3, 29), True),
        ((2026, 2, 28), (2026, 3, 30), True),
        ((2026, 2, 28), (2026, 3, 31), True),
        ((2024, 2, 29), (2024, 3, 30), True),
        ((2026, 4, 30), (2026, 5, 31), True),
        ((2026, 2, 28), (2026, 5, 30), True),
        ((2026, 2, 28), (2026, 3, 27), False),
        ((2026, 2, 27), (2026, 3, 30), False),
        ((2024, 2, 28), (2024, 3, 30), False),
        ((2026, 3, 30), (2026, 4, 29), False),
        ((2026, 4, 29), (2026, 5, 30), False),
        ((2026, 3, 31), (2026, 4, 29), False),
    ],
)
def test_whole_billing_months_are_told_from_parts(
    start: tuple[int, int, int], end: tuple[int, int, int], whole: bool
) -> None:
    assert is_whole_months(Period(date(*start), date(*end))) is whole


@given(DAYS, st.integers(1, 31), st.integers(1, 14))
def test_every_period_of_an_account_is_whole_whatever_its_billing_day(day: date, billed_on: int, months: int) -> None:
    start = add_months(day.replace(day=1), 0, billed_on)
    assert whole_months(Period(start, add_months(start, months, billed_on))) == months


@given(PERIODS)
def test_only_periods_between_two_bills_of_some_billing_day_are_whole(period: Period) -> None:
    start, end = period.start, period.end
    months = (end.year - start.year) * 12 + end.month - start.month
    of_some = any(
        start.day == min(billed_on, days_in_month(start.year, start.month))
        and end.day == min(billed_on, days_in_month(end.year, end.month))
        for billed_on in range(1, 32)
    )
    assert whole_months(period) == (months if of_some else 0)
