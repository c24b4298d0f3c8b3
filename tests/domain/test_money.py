"""The one door for money, and the one place that rounds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import (
    MONEY_SCALE,
    D,
    MixedCurrencies,
    Money,
    NotAnAmount,
    RoundingMode,
    from_scaled,
    round_amount,
    to_scaled,
)
from app.errors import BugError

AMOUNTS = st.integers(-(10**18), 10**18).map(lambda number: Decimal(number).scaleb(-6))


@pytest.mark.parametrize(
    "text",
    ["", "NaN", "inf", "1e5", "1_000", "١٢٣", "1.2.3", "--1", " 1", "1 ", "1,000.00", "0x10", ".5", "5.", "1" * 16],
)
def test_what_is_not_plain_digits_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        D(text)


def test_a_binary_fraction_never_becomes_money() -> None:
    with pytest.raises(BugError):
        D(0.1)  # type: ignore[arg-type]
    with pytest.raises(BugError):
        D(True)


@given(AMOUNTS)
def test_writing_and_reading_an_amount_gives_it_back(amount: Decimal) -> None:
    assert D(f"{amount:f}") == amount


@given(AMOUNTS)
def test_scaling_there_and_back_loses_nothing(amount: Decimal) -> None:
    assert from_scaled(to_scaled(amount, MONEY_SCALE), MONEY_SCALE) == amount


def test_scaling_never_drops_a_digit() -> None:
    with pytest.raises(BugError, match="more than 6 decimal places"):
        to_scaled(D("0.0000001"), MONEY_SCALE)
    with pytest.raises(BugError, match="64 bits"):
        to_scaled(D("99999999999999"), MONEY_SCALE)
    with pytest.raises(BugError, match="not an exact decimal"):
        to_scaled(Decimal("NaN"), MONEY_SCALE)


@pytest.mark.parametrize(
    ("value", "mode", "rounded"),
    [
        ("2.675", RoundingMode.HALF_UP, "2.68"),  # binary rounding says 2.67
        ("2.665", RoundingMode.HALF_EVEN, "2.66"),
        ("2.661", RoundingMode.UP, "2.67"),
        ("2.669", RoundingMode.TRUNCATE, "2.66"),
        ("-2.675", RoundingMode.HALF_UP, "-2.68"),
        ("-2.661", RoundingMode.UP, "-2.67"),
        ("-2.669", RoundingMode.TRUNCATE, "-2.66"),
        ("2.60", RoundingMode.UP, "2.60"),
    ],
)
def test_each_rounding_does_what_its_name_says(value: str, mode: RoundingMode, rounded: str) -> None:
    assert str(round_amount(D(value), 2, mode)) == rounded


@given(AMOUNTS, st.sampled_from(list(RoundingMode)))
def test_a_credit_rounds_as_the_mirror_of_its_charge(amount: Decimal, mode: RoundingMode) -> None:
    assert round_amount(-amount, 2, mode) == -round_amount(amount, 2, mode)


@given(AMOUNTS, st.sampled_from(list(RoundingMode)))
def test_rounding_twice_changes_nothing_more(amount: Decimal, mode: RoundingMode) -> None:
    once = round_amount(amount, 2, mode)
    assert round_amount(once, 2, mode) == once
    assert abs(once - amount) < D("0.01")


def test_currencies_are_never_added() -> None:
    assert Money(D("1"), "USD") + Money(D("2"), "USD") == Money(D("3"), "USD")
    assert -(Money(D("1"), "USD") - Money(D("2"), "USD")) == Money(D("1"), "USD")
    with pytest.raises(MixedCurrencies, match="USD and EUR"):
        Money(D("1"), "USD") + Money(D("1"), "EUR")
