"""Bandwidth by class of service: the formulas of domain/rating 5.3."""

from __future__ import annotations

import pytest

from app.domain.money import D
from app.domain.parameters import BadParameters
from app.domain.proof import Proof
from app.domain.vocabulary import PriceModel, ProrationMethod
from app.rating.charge_models import per_class
from app.rating.charge_models.measure import Measure
from app.rating.proration import ONE_MONTH, Proration, prorate
from tests.rating.facts import contract, element, period
from tests.rating.oracle import proven

CLASSES = "mbps=voice:20, data:60; rates=voice:4.00, data:2.50, best:1.00"


def charge_for(parameters: str, port: str = "300.00", ports: str = "1", months: Proration = ONE_MONTH) -> Proof:
    terms = element(port, model=PriceModel.PER_CLASS, parameters=parameters)
    return proven(per_class, Measure(contract(terms), terms, D(ports), months))


def test_each_class_costs_its_bandwidth_at_its_rate() -> None:
    proof = charge_for(CLASSES)
    assert proof.result == D("230.00")
    assert proof.steps[0].formula == "20 × 4.00 + 60 × 2.50"
    assert proof.steps[0].basis == "Voice by Mbit/s, data by Mbit/s, for one month"


def test_a_class_may_cost_a_per_cent_of_the_port() -> None:
    assert charge_for("surcharges=voice:20, data:7.5").result == D("82.50")


def test_the_port_s_own_price_is_charged_where_the_contract_says_so() -> None:
    assert charge_for("surcharges=voice:20; port=yes").result == D("360.00")
    assert charge_for(f"{CLASSES}; port=yes").result == D("530.00")


def test_each_port_and_month_is_charged() -> None:
    two_months = prorate(period("2026-01-01..2026-03-01"), ProrationMethod.ACTUAL)
    proof = charge_for(CLASSES, ports="3", months=two_months)
    assert proof.result == D("1380.00")
    assert proof.steps[0].formula == "(20 × 4.00 + 60 × 2.50) × 3 × 2"


def test_a_class_without_a_rate_is_refused() -> None:
    with pytest.raises(BadParameters, match="rates lacks the class video"):
        charge_for("mbps=video:10; rates=voice:4.00")


def test_no_class_costs_nothing() -> None:
    assert charge_for("").result == 0
