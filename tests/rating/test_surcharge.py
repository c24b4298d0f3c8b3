"""Surcharges and stacks of them: vectors from domain/rating 5.7."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.domain.evidence import SpendFacts, SpendLine
from app.domain.money import D
from app.domain.proof import Proof
from app.rating.charge_models import surcharge
from app.rating.charge_models.measure import Measure
from tests.rating.facts import contract, element, period

MARCH = period("2026-03-01..2026-04-01")


def take(percent: str, base: str, parameters: str = "", fees: tuple[str, ...] = ()) -> Proof:
    priced = element(percent, parameters=parameters)
    facts = SpendFacts(MARCH, (SpendLine("base", D(base)),), tuple(SpendLine("fee", D(fee)) for fee in fees))
    measure = Measure(contract(priced), priced, D(1), evidence=facts)
    proof = Proof(surcharge.explain(measure))
    assert proof.holds()
    assert proof.result == surcharge.compute(measure)
    return proof


def test_a_stack_of_carrier_fees_and_the_fund_that_is_taken_of_them() -> None:
    """100 at 0.38, 3.45 and 0.75 %, which are not taken of each other, and the fund at 37.6 % of all of it."""
    stack = [("0.38", ""), ("3.45", ""), ("0.75", ""), ("37.6", "kind=mandated; applies_on_fees=yes")]
    fees: tuple[Decimal, ...] = ()
    for percent, parameters in stack:
        fees = (*fees, take(percent, "100.00", parameters, tuple(f"{fee:f}" for fee in fees)).result)
    assert fees == (D("0.38"), D("3.45"), D("0.75"), D("39.32"))
    assert D("100.00") + sum(fees) == D("143.90")


@pytest.mark.parametrize(
    ("percent", "base", "parameters", "fees", "amount"),
    [
        ("37.6", "100", "", ("4.58",), "37.60"),
        ("37.6", "100", "share=64.9", (), "24.40"),
        ("37.6", "100", "share=0", (), "0.00"),
        ("37.6", "100", "share=50; applies_on_fees=yes", ("4.58",), "19.66"),
        ("5", "100", "most_percent=3", (), "3.00"),
        ("2", "100", "most_percent=3", (), "2.00"),
        ("5", "100", "most_percent=5; applies_on_fees=yes", ("10", "20"), "5.00"),
        ("5", "1000", "most=25", (), "25.00"),
        ("5", "1000", "most=25; most_percent=1", (), "10.00"),
        ("5", "100", "allowed=no", (), "0.00"),
        ("5", "-40", "", (), "-2.00"),
    ],
)
def test_base_share_fees_and_caps(percent: str, base: str, parameters: str, fees: tuple[str, ...], amount: str) -> None:
    assert take(percent, base, parameters, fees).result == D(amount)


def test_the_proof_says_what_it_is_taken_of() -> None:
    steps = take("37.6", "100.00", "kind=mandated; share=50; applies_on_fees=yes", ("0.38", "3.45")).steps
    assert [step.formula for step in steps] == ["100.00", "0.38 + 3.45", "(100.00 + 3.83) × 50 ÷ 100 × 37.6 ÷ 100"]
    assert steps[-1].basis == "37.6 % mandated surcharge of the 50 % that is interstate"
