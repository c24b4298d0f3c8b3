"""Which row of a deck prices a call: definition 2."""

from __future__ import annotations

from datetime import date

import pytest

from app.rating.voice.call import DeckRow
from app.rating.voice.prices import Deck, find_row
from app.rating.voice.terms import Jurisdiction
from tests.rating.voicefacts import row

MARCH = date(2026, 3, 1)


def find(
    *rows: DeckRow, number: str = "447700900123", day: date = MARCH, jurisdiction: str = "unknown", band: str = ""
) -> DeckRow | None:
    return find_row(Deck(rows), number, day, Jurisdiction(jurisdiction), band)


def test_the_longest_prefix_wins_whatever_the_order() -> None:
    short, long, other = row("44"), row("4477"), row("4479")
    assert find(short, long, other) is find(other, long, short) is long
    assert find(short, long, number="442071234567") is short
    assert find(short, long, number="33123456789") is None


def test_the_day_of_the_price_list_decides_and_its_end_is_exclusive() -> None:
    old, new = row("44", since="2026-01-01", until="2026-03-01"), row("44", since="2026-03-01")
    assert find(old, new, day=date(2026, 2, 28)) is old
    assert find(old, new, day=MARCH) is new
    assert find(old, new, day=date(2025, 12, 31)) is None


def test_a_prefix_that_is_withdrawn_falls_back_to_a_shorter_one() -> None:
    short, withdrawn = row("44"), row("4477", until="2026-03-01")
    assert find(short, withdrawn, day=date(2026, 2, 28)) is withdrawn
    assert find(short, withdrawn) is short


def test_of_two_rows_of_one_prefix_the_later_effective_one_wins() -> None:
    old, new = row("44", since="2026-01-01"), row("44", since="2026-02-01")
    assert find(new, old) is new
    assert find(new, old, day=date(2026, 1, 31)) is old


def test_of_two_rows_alike_the_one_given_last_wins() -> None:
    first, last = row("44", "0.01"), row("44", "0.02")
    assert find(first, last) is last
    assert find(last, first) is first


ANY = row()
BAND = row(band="peak")
KIND = row(jurisdiction="interstate")
BOTH = row(jurisdiction="interstate", band="peak")


@pytest.mark.parametrize(
    ("jurisdiction", "band", "wanted"),
    [("interstate", "peak", BOTH), ("interstate", "", KIND), ("local", "peak", BAND), ("local", "", ANY)],
)
def test_a_row_that_names_more_wins_over_one_for_any(jurisdiction: str, band: str, wanted: DeckRow) -> None:
    assert find(ANY, BAND, KIND, BOTH, jurisdiction=jurisdiction, band=band) is wanted


def test_jurisdiction_goes_before_band_and_both_before_the_day() -> None:
    newer = row(band="peak", since="2026-02-01")
    assert find(newer, KIND, jurisdiction="interstate", band="peak") is KIND


def test_a_longer_prefix_for_another_jurisdiction_is_passed_over() -> None:
    longer = row("4477", jurisdiction="local")
    assert find(ANY, longer, jurisdiction="interstate") is ANY


def test_only_the_empty_prefix_fits_an_unknown_number() -> None:
    rest = row("")
    assert find(row("4"), rest, number="") is rest
    assert find(row("4"), number="") is None
