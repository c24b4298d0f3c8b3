"""Time bands in the contract's zone: weights, holidays, months, midnight, and the two nights when the clock changes."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rating.voice.bands import Clock, band_at, boundaries
from app.rating.voice.terms import HOLIDAY, Band, VoiceTerms
from tests.rating.voicefacts import NEW_YORK, at

WEEKDAYS = frozenset(range(5))
ALL_DAYS = frozenset(range(8))
PEAK = Band("peak", WEEKDAYS, 8 * 60, 18 * 60, weight=10)
NIGHT = Band("night", ALL_DAYS, 22 * 60, 6 * 60, weight=5)
OFFPEAK = Band("offpeak", ALL_DAYS)
TERMS = VoiceTerms(time_zone=NEW_YORK, bands=(OFFPEAK, PEAK, NIGHT), holidays=frozenset({date(2026, 12, 25)}))


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("2026-03-04 07:59:59", "offpeak"),
        ("2026-03-04 08:00", "peak"),
        ("2026-03-04 17:59:59", "peak"),
        ("2026-03-04 18:00", "offpeak"),
        ("2026-03-04 22:00", "night"),
        ("2026-03-05 05:59:59", "night"),
        ("2026-03-05 06:00", "offpeak"),
        ("2026-03-07 12:00", "offpeak"),  # a Saturday
        ("2026-12-24 12:00", "peak"),
        ("2026-12-25 12:00", "offpeak"),  # a Friday and a holiday: peak names none
    ],
)
def test_the_heaviest_band_that_the_contracts_clock_shows_holds(moment: str, name: str) -> None:
    assert band_at(at(moment, NEW_YORK), TERMS) == name


def test_the_zone_of_the_contract_decides_and_not_utc() -> None:
    moment = at("2026-03-04 20:00")  # 15:00 in New York
    assert band_at(moment, TERMS) == "peak"
    assert band_at(moment, VoiceTerms(bands=TERMS.bands)) == "offpeak"


def test_of_two_bands_of_one_weight_the_first_in_the_alphabet_holds() -> None:
    early, late = Band("a", ALL_DAYS), Band("b", ALL_DAYS)
    assert band_at(0, VoiceTerms(bands=(late, early))) == band_at(0, VoiceTerms(bands=(early, late))) == "a"


def test_a_moment_in_no_band_has_none() -> None:
    assert band_at(at("2026-03-04 20:00", NEW_YORK), VoiceTerms(time_zone=NEW_YORK, bands=(PEAK,))) == ""
    assert band_at(0, VoiceTerms()) == ""


def test_a_holiday_is_a_weekday_where_no_band_names_holidays() -> None:
    terms = VoiceTerms(bands=(PEAK,), holidays=frozenset({date(2026, 12, 25)}))
    assert band_at(at("2026-12-25 12:00"), terms) == "peak"


def test_a_night_does_not_reach_into_a_holiday_that_it_does_not_name() -> None:
    night = Band("night", WEEKDAYS, 22 * 60, 6 * 60, weight=9)
    festive = Band("festive", frozenset({HOLIDAY}))
    terms = VoiceTerms(bands=(night, festive), holidays=frozenset({date(2026, 12, 25)}))
    assert band_at(at("2026-12-24 23:59"), terms) == "night"
    assert band_at(at("2026-12-25 00:00"), terms) == "festive"
    assert band_at(at("2026-12-26 00:00"), terms) == ""


def test_a_night_belongs_to_the_day_and_the_month_in_which_it_begins() -> None:
    friday = Band("friday", frozenset({4}), 22 * 60, 6 * 60, months=frozenset({7}))
    terms = VoiceTerms(bands=(friday,))
    assert band_at(at("2026-07-31 23:00"), terms) == band_at(at("2026-08-01 05:59"), terms) == "friday"
    assert band_at(at("2026-08-01 06:00"), terms) == band_at(at("2026-08-07 23:00"), terms) == ""


def test_when_the_clock_goes_forward_the_hour_that_is_left_out_is_in_no_band() -> None:
    """In New York 01:59:59 EST on 8 March 2026 is followed by 03:00 EDT."""
    early = Band("early", ALL_DAYS, 0, 150)  # until 02:30, which no clock shows
    terms = VoiceTerms(time_zone=NEW_YORK, bands=(early, Band("late", ALL_DAYS, weight=-1)))
    midnight = at("2026-03-08 00:00", NEW_YORK)
    assert boundaries(midnight, midnight + 23 * 3600, terms) == ((midnight, "early"), (midnight + 7200, "late"))
    assert at("2026-03-09 00:00", NEW_YORK) - midnight == 23 * 3600


def test_when_the_clock_goes_back_the_hour_that_comes_twice_is_twice_in_its_band() -> None:
    """In New York 01:59:59 EDT on 1 November 2026 is followed by 01:00 EST."""
    short = Band("short", ALL_DAYS, 60, 90)  # 01:00 to 01:30
    terms = VoiceTerms(time_zone=NEW_YORK, bands=(short,))
    midnight = at("2026-11-01 00:00", NEW_YORK)
    assert boundaries(midnight, midnight + 25 * 3600, terms) == (
        (midnight, ""),
        (midnight + 3600, "short"),
        (midnight + 5400, ""),
        (at("2026-11-01 01:00", NEW_YORK, fold=1), "short"),
        (at("2026-11-01 01:30", NEW_YORK, fold=1), ""),
    )


def test_the_boundaries_of_a_month_take_milliseconds() -> None:
    start = at("2026-03-01 00:00", NEW_YORK)
    begun = time.process_time()
    found = boundaries(start, at("2026-04-01 00:00", NEW_YORK), TERMS)
    assert time.process_time() - begun < 0.05
    assert len(found) == 1 + 31 * 2 + 22 * 2  # night ends and begins each day, peak does on 22 weekdays


@given(st.integers(0, 4 * 10**9))
def test_the_clock_shows_what_the_zone_shows(moment: int) -> None:
    shown = datetime.fromtimestamp(moment, UTC).astimezone(ZoneInfo(NEW_YORK))
    clock = Clock(TERMS)
    assert clock.day(moment) == shown.date()
    assert clock.wall(moment) % 86_400 == shown.hour * 3600 + shown.minute * 60 + shown.second
