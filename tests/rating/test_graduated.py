"""Graduated prices: vectors from domain/rating 5.1, and what holds of every table of tiers."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import D
from app.domain.parameters import BadParameters
from app.domain.proof import Proof
from app.domain.vocabulary import PriceModel, ProrationMethod
from app.rating.charge_models import graduated
from app.rating.charge_models.measure import Measure
from app.rating.proration import ONE_MONTH, Proration, prorate
from tests.rating.facts import contract, element, period
from tests.rating.oracle import proven

SEATS = "tiers=100:1.00, 200:0.50, above:0.10"


def charge_for(units: str, parameters: str = SEATS, months: Proration = ONE_MONTH, **fields: object) -> Proof:
    terms = element("0", model=PriceModel.GRADUATED, parameters=parameters)
    return proven(graduated, Measure(contract(terms, **fields), terms, D(units), months))


@pytest.mark.parametrize(
    ("units", "amount"),
    [("250", "155.00"), ("0", "0.00"), ("1", "1.00"), ("100", "100.00"), ("100.5", "100.25"), ("200", "150.00")],
)
def test_each_unit_costs_what_its_tier_says(units: str, amount: str) -> None:
    assert charge_for(units).result == D(amount)


def test_the_proof_names_both_ends_of_each_tier() -> None:
    assert charge_for("250").steps[-1].formula == "100 × 1.00 + (200 − 100) × 0.50 + (250 − 200) × 0.10"


def test_the_first_units_may_be_free() -> None:
    free = "tiers=50:0, above:2.00"
    assert charge_for("50", free).result == 0
    assert charge_for("51", free).result == D("2.00")


def test_a_tier_s_fee_is_due_when_its_first_unit_is_used() -> None:
    fees = "tiers=10:1.00+5, above:0.50+20"
    assert [charge_for(units, fees).result for units in ("0", "1", "10", "10.5", "12")] == [
        D(amount) for amount in ("0", "6.00", "15.00", "35.25", "36.00")
    ]


def test_a_started_unit_counts_as_a_whole_one_where_the_contract_says_so() -> None:
    assert charge_for("100.01").result == D("100.01")
    proof = charge_for("100.01", f"{SEATS}; whole=yes")
    assert proof.result == D("100.50")
    assert proof.steps[0].formula == "ceil(100.01)"


def test_part_of_a_month_costs_part_of_the_price() -> None:
    half = prorate(period("2026-01-16..2026-02-01"), ProrationMethod.ACTUAL)
    proof = charge_for("250", months=half)
    assert proof.result == D("80.00")
    assert proof.steps[-1].formula.endswith(") × 16 ÷ 31")


def test_tiers_have_to_be_given() -> None:
    with pytest.raises(BadParameters, match="tiers is missing"):
        charge_for("1", "")


PRICES = st.decimals("0", "9", places=4)
TIERS = st.tuples(
    st.lists(st.integers(1, 999), min_size=1, max_size=5, unique=True).map(sorted), st.lists(PRICES, min_size=6)
)


def write(bounds: list[int], prices: list[Decimal]) -> str:
    parts = [f"{bound}:{price}" for bound, price in zip([*bounds, "above"], prices, strict=False)]
    return f"tiers={', '.join(parts)}"


@given(TIERS)
def test_a_bound_is_no_jump(table: tuple[list[int], list[Decimal]]) -> None:
    """A thousandth of a unit on either side of a bound changes the amount by its price at most."""
    bounds, prices = table
    for bound in bounds:
        below, at, above = (
            charge_for(str(bound + part), write(bounds, prices), rounding_places=6).result
            for part in (D("-0.001"), 0, D("0.001"))
        )
        assert 0 <= at - below <= D("0.009001")
        assert 0 <= above - at <= D("0.009001")


@given(TIERS, st.lists(st.decimals("0", "1500", places=3), min_size=2, max_size=6).map(sorted), st.booleans())
def test_more_units_never_cost_less(table: tuple[list[int], list[Decimal]], units: list[Decimal], whole: bool) -> None:
    parameters = f"{write(*table)}; whole={'yes' if whole else 'no'}"
    amounts = [charge_for(str(each), parameters).result for each in units]
    assert all(less <= more for less, more in pairwise(amounts))
