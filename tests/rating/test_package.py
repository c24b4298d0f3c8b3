"""Packages: vectors from domain/rating 5.1, blocks of telephone numbers among them."""

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
from app.rating.charge_models import package
from app.rating.charge_models.measure import Measure
from app.rating.proration import ONE_MONTH, Proration, prorate
from tests.rating.facts import contract, element, period
from tests.rating.oracle import proven


def charge_for(units: str, price: str, parameters: str, months: Proration = ONE_MONTH) -> Proof:
    terms = element(price, model=PriceModel.PACKAGE, parameters=parameters)
    return proven(package, Measure(contract(terms), terms, D(units), months))


@pytest.mark.parametrize(
    ("units", "amount"),
    [("201", "10.00"), ("200", "5.00"), ("100", "0.00"), ("100.5", "5.00"), ("300", "10.00"), ("0", "0.00")],
)
def test_packages_are_paid_when_they_are_begun(units: str, amount: str) -> None:
    assert charge_for(units, "5", "size=100; free=100").result == D(amount)


def test_numbers_in_blocks_of_twenty_cost_whole_blocks_each_month() -> None:
    two_months = prorate(period("2026-01-01..2026-03-01"), ProrationMethod.ACTUAL)
    proof = charge_for("45", "12.00", "size=20", two_months)
    assert [step.formula for step in proof.steps] == ["ceil(max(0, 45 − 0) ÷ 20)", "3 × 12.00 × 2"]
    assert proof.result == D("72.00")


def test_an_empty_package_is_refused() -> None:
    with pytest.raises(BadParameters, match="size"):
        charge_for("1", "5", "size=0")


@given(
    st.lists(st.decimals("0", "5000", places=2), min_size=2, max_size=6).map(sorted),
    st.integers(1, 300),
    st.decimals("0", "400", places=1),
    st.decimals("0", "99", places=4),
)
def test_more_units_never_cost_less(units: list[Decimal], size: int, free: Decimal, price: Decimal) -> None:
    amounts = [charge_for(str(each), str(price), f"size={size}; free={free}").result for each in units]
    assert all(less <= more for less, more in pairwise(amounts))
