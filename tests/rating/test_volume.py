"""Volume prices: vectors from domain/rating 5.1."""

from __future__ import annotations

import pytest

from app.domain.money import D
from app.domain.proof import Proof
from app.domain.vocabulary import PriceModel, ProrationMethod
from app.rating.charge_models import volume
from app.rating.charge_models.measure import Measure
from app.rating.proration import ONE_MONTH, Proration, prorate
from tests.rating.facts import contract, element, period
from tests.rating.oracle import proven

SEATS = "tiers=100:1.00, 200:0.50, above:0.10"


def charge_for(units: str, parameters: str = SEATS, months: Proration = ONE_MONTH) -> Proof:
    terms = element("0", model=PriceModel.VOLUME, parameters=parameters)
    return proven(volume, Measure(contract(terms), terms, D(units), months))


@pytest.mark.parametrize(
    ("units", "parameters", "amount"),
    [
        ("250", SEATS, "25.00"),
        ("100", SEATS, "100.00"),
        ("65000", "tiers=10000:0.001, 50000:0.0008, above:0.0006+10", "49.00"),
        ("0", "tiers=10:1.00+5, above:0.50", "0.00"),
    ],
)
def test_all_units_cost_what_the_tier_of_the_total_says(units: str, parameters: str, amount: str) -> None:
    assert charge_for(units, parameters).result == D(amount)


def test_a_unit_more_may_cost_less_in_all() -> None:
    assert charge_for("101").result == D("50.50") < charge_for("100").result


def test_a_started_unit_may_reach_the_next_tier() -> None:
    assert charge_for("99.5", f"{SEATS}; whole=yes").result == D("100.00")
    proof = charge_for("100.5", f"{SEATS}; whole=yes")
    assert proof.result == D("50.50")
    assert [step.formula for step in proof.steps] == ["ceil(100.5)", "101 × 0.50"]


def test_part_of_a_month_costs_part_of_price_and_fee() -> None:
    half = prorate(period("2026-01-16..2026-02-01"), ProrationMethod.ACTUAL_30)
    proof = charge_for("10", "tiers=above:2.00+10", half)
    assert proof.steps[-1].formula == "(10 × 2.00 + 10) × 16 ÷ 30"
    assert proof.result == D("16.00")
