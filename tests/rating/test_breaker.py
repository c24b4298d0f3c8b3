"""Breaker circuits: domain/rating 5.4."""

from __future__ import annotations

import pytest

from app.domain.money import D
from app.domain.parameters import BadParameters
from app.domain.proof import Proof
from app.domain.vocabulary import PriceModel, ProrationMethod
from app.rating.charge_models import breaker
from app.rating.charge_models.measure import Measure
from app.rating.proration import ONE_MONTH, Proration, prorate
from tests.rating.facts import contract, element, period
from tests.rating.oracle import proven


def charge_for(
    parameters: str = "", circuits: str = "1", price: str = "300.00", months: Proration = ONE_MONTH
) -> Proof:
    terms = element(price, model=PriceModel.BREAKER, parameters=parameters)
    return proven(breaker, Measure(contract(terms), terms, D(circuits), months))


def test_a_b_feed_costs_a_fraction_of_an_a_feed() -> None:
    proof = charge_for("b=1; fraction=0.5", "2")
    assert proof.result == D("900.00")
    assert proof.steps[-1].formula == "(1 × 300.00 + 1 × 300.00 × 0.5) × 2"


@pytest.mark.parametrize(
    ("parameters", "amount"),
    [
        ("", "300.00"),
        ("a=4", "1200.00"),
        ("a=4; b=2; fraction=0.25", "1350.00"),
        ("b=1; fraction=0", "300.00"),
        ("b=1", "600.00"),
    ],
)
def test_feeds_are_paid_each(parameters: str, amount: str) -> None:
    assert charge_for(parameters).result == D(amount)


def test_usable_amps_are_explained_only_where_they_are_what_is_paid() -> None:
    """80 per cent of a breaker may be drawn all the time."""
    flat = charge_for("amps=30; continuous=80")
    assert flat.result == D("300.00")
    assert len(flat.steps) == 1
    by_amp = charge_for("by=amp; amps=30; continuous=80", price="12.00")
    assert by_amp.result == D("288.00")
    assert [step.formula for step in by_amp.steps] == ["30 × 80 ÷ 100", "1 × 12.00 × 24"]
    all_amps = charge_for("by=amp; amps=30", price="12.00")
    assert all_amps.result == D("360.00")
    assert len(all_amps.steps) == 1


def test_a_price_by_kva_takes_amps_and_volts() -> None:
    assert charge_for("by=kva; amps=30; volts=208; continuous=80; b=1; fraction=0.5", price="100").result == D("748.80")


@pytest.mark.parametrize(("parameters", "missing"), [("by=amp", "amps"), ("by=kva; amps=30", "volts")])
def test_what_a_price_is_for_has_to_be_given(parameters: str, missing: str) -> None:
    with pytest.raises(BadParameters, match=f"{missing} is missing"):
        charge_for(parameters)


def test_part_of_a_month_costs_part_of_the_price() -> None:
    half = prorate(period("2026-01-16..2026-02-01"), ProrationMethod.STRICT_30_360)
    assert charge_for("b=1; fraction=0.5", "2", months=half).result == D("450.00")
