"""A per cent of other charges."""

from __future__ import annotations

import pytest

from app.domain.evidence import SpendFacts, SpendLine
from app.domain.money import D
from app.domain.proof import Proof
from app.domain.vocabulary import PriceModel
from app.errors import BugError
from app.rating.charge_models import percentage
from app.rating.charge_models.measure import Measure
from tests.rating.facts import contract, element, period
from tests.rating.oracle import proven


def charge_for(amounts: list[str], per_cent: str, parameters: str = "") -> Proof:
    terms = element(per_cent, model=PriceModel.PERCENTAGE, parameters=parameters)
    lines = tuple(SpendLine(f"circuit {place}", D(amount)) for place, amount in enumerate(amounts, 1))
    spend = SpendFacts(period("2026-03-01..2026-04-01"), lines)
    return proven(percentage, Measure(contract(terms), terms, D(1), evidence=spend))


def test_the_price_is_the_per_cent_that_is_taken_of_the_charges() -> None:
    proof = charge_for(["500.00", "75.50"], "10")
    assert proof.result == D("57.55")
    assert proof.steps[-1].formula == "(500.00 + 75.50) × 10 ÷ 100"
    assert proof.steps[-1].basis == "Per cent of these charges: circuit 1, circuit 2"


@pytest.mark.parametrize(
    ("parameters", "amount"),
    [("least=80", "80.00"), ("most=40.25", "40.25"), ("least=5; most=90", "57.50"), ("least=60; most=40", "60.00")],
)
def test_the_amount_lies_between_the_least_and_the_most(parameters: str, amount: str) -> None:
    assert charge_for(["575.00"], "10", parameters).result == D(amount)


def test_a_credit_among_the_charges_lowers_the_amount() -> None:
    assert charge_for(["500.00", "-100.00"], "2.5").result == D("10.00")


def test_many_charges_are_added_up_in_lines_of_a_dozen() -> None:
    proof = charge_for(["10.00"] * 30, "1")
    assert proof.steps[-1].formula == "(120 + 120 + 60) × 1 ÷ 100"
    assert proof.result == D("3.00")


def test_no_charges_cost_nothing_but_the_least_amount() -> None:
    assert charge_for([], "10").result == 0
    assert charge_for([], "10", "least=5").result == D("5.00")


def test_without_the_charges_there_is_no_per_cent() -> None:
    terms = element("10", model=PriceModel.PERCENTAGE)
    with pytest.raises(BugError, match="SpendFacts"):
        percentage.compute(Measure(contract(terms), terms, D(1)))
