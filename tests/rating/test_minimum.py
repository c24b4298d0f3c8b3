"""What is missing to a minimum: vectors from domain/rating 5.6."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from app.domain.evidence import SpendFacts, SpendLine
from app.domain.money import D
from app.domain.period import Period
from app.domain.proof import Proof
from app.domain.vocabulary import ProrationMethod
from app.rating.charge_models import minimum
from app.rating.charge_models.measure import Measure
from app.rating.charge_models.stacking import total
from app.rating.proration import ONE_MONTH, Proration, prorate
from tests.rating.facts import contract, element, period

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


def bill(least: str, *spend: str, parameters: str = "", months: Proration = ONE_MONTH) -> Proof:
    """The proof of what is missing, whose amount is also what `compute` says."""
    priced = element(least, parameters=parameters)
    lines = tuple(SpendLine(f"charge {place}", D(amount)) for place, amount in enumerate(spend, 1))
    measure = Measure(contract(priced), priced, D(1), months, SpendFacts(MARCH, lines))
    proof = Proof(minimum.explain(measure))
    assert proof.holds()
    assert proof.result == minimum.compute(measure)
    return proof


@pytest.mark.parametrize(
    ("least", "spend", "missing"),
    [
        ("100", ("50", "30"), "20.00"),
        ("100", ("50", "50"), "0.00"),
        ("100", ("120", "30"), "0.00"),
        ("100", (), "100.00"),
        ("100", ("90", "-15"), "25.00"),
    ],
)
def test_a_bill_below_the_minimum_is_made_up_to_it(least: str, spend: tuple[str, ...], missing: str) -> None:
    assert bill(least, *spend).result == D(missing)


def test_the_proof_adds_the_charges_up_and_names_them() -> None:
    first, last = bill("100.00", "50.00", "30.00").steps
    assert first.basis == "Charges that count towards the minimum: charge 1, charge 2"
    assert (first.formula, first.result) == ("50.00 + 30.00", D("80.00"))
    assert last.formula == "max(0, 100.00 − 80.00)"


def test_part_of_a_month_has_part_of_the_minimum_where_the_contract_says_so() -> None:
    half = prorate(period("2026-01-16..2026-02-01"), ProrationMethod.ACTUAL)
    assert bill("310", "50", months=half).result == D("260.00")
    assert bill("310", "50", parameters="prorated=yes", months=half).result == D("110.00")


def test_the_proof_says_when_a_minimum_waits_for_the_final_run() -> None:
    assert "final run" not in bill("100", "80").steps[-1].basis
    assert (
        "due only on the final run of the period" in bill("100", "80", parameters="final_run_only=yes").steps[-1].basis
    )


def test_many_charges_are_added_up_in_lines_of_a_dozen() -> None:
    proof = bill("1000", *["1.25"] * 30)
    assert [step.formula.count("+") for step in proof.steps] == [11, 11, 5, 2, 0]
    assert proof.result == D("962.50")


def test_the_sum_of_no_lines_is_nothing() -> None:
    assert total(()) == Fraction(0)
