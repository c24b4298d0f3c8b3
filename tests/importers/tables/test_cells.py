"""Cells: text as the file writes it, a workbook's numbers as the exact decimals that they show."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import D
from app.importers.tabular.cells import make_cell, read_amount, read_date, read_rate, read_text, read_whole, tidy
from app.importers.values import BadValue, NumberFormat

GERMAN = NumberFormat(",", ".")


@given(st.decimals(min_value=-(10**8), max_value=10**8, places=4, allow_nan=False))
def test_what_was_typed_into_a_workbook_comes_out_exactly(typed: Decimal) -> None:
    assert read_amount(make_cell(float(typed)), places=4) == typed


@given(st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1))
def test_an_identifier_of_fifteen_digits_survives_a_number_cell(number: int) -> None:
    assert read_text(make_cell(float(number))) == str(number)


@pytest.mark.parametrize("number", [1e15, 1234567890123456.0, 1.2345678901234567e19, -1e15])
def test_an_identifier_that_has_lost_digits_is_refused(number: float) -> None:
    with pytest.raises(BadValue, match="format the column as text"):
        read_text(make_cell(number))


@pytest.mark.parametrize(
    ("value", "places", "amount"),
    [
        (0.30000000000000004, 2, "0.30"),
        (1234.5600000000002, 2, "1234.56"),
        (1.005, 3, "1.005"),
        (-0.0, 2, "0.00"),
        (7, 2, "7.00"),
        (0.0125, 6, "0.0125"),
    ],
)
def test_a_binary_fraction_is_read_at_the_places_of_its_column(value: float, places: int, amount: str) -> None:
    assert str(read_amount(make_cell(value), places=places)) == amount


@pytest.mark.parametrize("value", [1.005, 100 / 3, 0.001, float("inf"), float("nan"), 1e300, 1e13])
def test_an_amount_that_does_not_fit_its_column_is_refused(value: float) -> None:
    with pytest.raises(BadValue):
        read_amount(make_cell(value), places=2)


def test_a_carriers_number_format_is_for_text_only() -> None:
    assert read_amount("1.234,50", GERMAN) == D("1234.50")
    assert read_amount(make_cell(1234.5), GERMAN) == D("1234.50")
    with pytest.raises(BadValue):
        read_amount("1234.5", GERMAN)


def test_a_date_is_no_amount_and_a_number_no_date() -> None:
    with pytest.raises(BadValue, match="formatted as a date"):
        read_amount(make_cell(date(2026, 4, 1)))
    with pytest.raises(BadValue, match="the cell holds a number"):
        read_date(make_cell(46113))


def test_dates_come_from_date_cells_and_from_text() -> None:
    assert read_date(make_cell(datetime(2026, 4, 1, 23, 59, 59, 999000))) == date(2026, 4, 1)  # noqa: DTZ001
    assert read_date(make_cell(date(2026, 4, 1))) == date(2026, 4, 1)
    assert read_date("01.04.2026", "DD.MM.YYYY") == date(2026, 4, 1)


def test_a_date_before_march_1900_is_refused_because_spreadsheets_count_it_wrongly() -> None:
    with pytest.raises(BadValue):
        read_date(make_cell(date(1900, 2, 28)))


def test_a_duration_and_a_truth_read_as_text() -> None:
    assert read_text(make_cell(timedelta(hours=25, seconds=61))) == "25:01:01"
    assert read_text(make_cell(True)) == "TRUE"


def test_a_rate_keeps_ten_places_and_a_whole_number_its_bounds() -> None:
    assert read_rate("0.0000000001") == D("0.0000000001")
    assert read_whole(make_cell(31.0), 1, 31) == 31
    for cell in ("32", "0", "1.5", "x", ""):
        with pytest.raises(BadValue):
            read_whole(cell, 1, 31)


def test_unseen_characters_are_taken_out_of_text() -> None:
    assert tidy("INV\u202e001\u202c") == "INV001"
    assert tidy("  a \u00a0 b\u200b ") == "a b"
