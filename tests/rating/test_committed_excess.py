"""Committed and excess information rate: the formula of domain/rating 5.3."""

from __future__ import annotations

import pytest

from app.domain.money import D
from app.domain.parameters import BadParameters
from app.domain.proof import Proof
from app.domain.vocabulary import PriceModel, ProrationMethod
from app.rating.charge_models import committed_excess
from app.rating.charge_models.measure import Measure
from app.rating.proration import ONE_MONTH, Proration, prorate
from tests.rating.facts import contract, element, period
from tests.rating.oracle import proven


def charge_for(parameters: str, circuits: str = "1", months: Proration = ONE_MONTH) -> Proof:
    terms = element("3.00", model=PriceModel.COMMITTED_EXCESS, parameters=parameters)
    return proven(committed_excess, Measure(contract(terms), terms, D(circuits), months))


def test_the_excess_rate_has_its_own_price() -> None:
    proof = charge_for("cir=50; eir=100; eir_price=0.50")
    assert proof.result == D("200.00")
    assert proof.steps[0].formula == "50 × 3.00 + 100 × 0.50"


def test_without_an_excess_rate_the_committed_one_is_paid() -> None:
    assert charge_for("cir=50").result == D("150.00")


def test_each_circuit_and_month_is_charged() -> None:
    half = prorate(period("2026-01-16..2026-02-01"), ProrationMethod.STRICT_30_360)
    proof = charge_for("cir=50; eir=100; eir_price=0.50", "4", half)
    assert proof.result == D("400.00")
    assert proof.steps[0].formula == "(50 × 3.00 + 100 × 0.50) × 4 × 15 ÷ 30"


def test_a_committed_rate_has_to_be_given() -> None:
    with pytest.raises(BadParameters, match="cir is missing"):
        charge_for("eir=100; eir_price=0.50")
