"""What a shortfall of a commitment costs: vectors from domain/rating 5.6."""

from __future__ import annotations

import pytest

from app.domain.evidence import SpendFacts, SpendLine
from app.domain.money import D
from app.domain.parameters import BadParameters, read_settings
from app.domain.proof import Proof
from app.domain.vocabulary import ChargeType
from app.rating.charge_models import commitment
from app.rating.charge_models.commitment import contributes
from app.rating.charge_models.measure import Measure
from tests.rating.facts import contract, element, period

YEAR = period("2025-01-01..2026-01-01")


def fall_short(commit: str, spent: str, parameters: str) -> Proof:
    priced = element(commit, parameters=parameters)
    facts = SpendFacts(YEAR, (SpendLine("contributing charges", D(spent)),))
    measure = Measure(contract(priced), priced, D(1), evidence=facts)
    proof = Proof(commitment.explain(measure))
    assert proof.holds()
    assert proof.result == commitment.compute(measure)
    return proof


@pytest.mark.parametrize(
    ("commit", "spent", "parameters", "due"),
    [
        ("120000", "96000", "percent=25", "6000.00"),
        ("120000", "96000", "percent=50", "12000.00"),
        ("120000", "96000", "percent=100", "24000.00"),
        ("120000", "96000", "", "24000.00"),
        ("120000", "130000", "percent=50", "0.00"),
        ("120000", "9000", "committed=monthly; percent=50", "500.00"),
        ("100000", "8000", "committed=monthly; percent=100", "333.33"),
        ("120000", "96000", "percent=75; remaining=240000", "198000.00"),
        ("120000", "130000", "percent=75; remaining=120000", "90000.00"),
    ],
)
def test_a_shortfall_costs_its_per_cent(commit: str, spent: str, parameters: str, due: str) -> None:
    assert fall_short(commit, spent, parameters).result == D(due)


def test_the_proof_shows_the_twelfth_part_of_a_month() -> None:
    formula = fall_short("120000", "9000", "committed=monthly; percent=50").steps[-1].formula
    assert formula == "50 × max(0, 120000 × (1) ÷ 12 − 9000) ÷ 100"


def test_taxes_and_surcharges_do_not_count_unless_the_contract_names_them() -> None:
    usual = read_settings("", commitment.PARAMETERS)
    assert {kind for kind in ChargeType if contributes(kind, usual)} == {ChargeType.MRC, ChargeType.USAGE}
    wide = read_settings("contributes=MRC, usage, Surcharge", commitment.PARAMETERS)
    assert contributes(ChargeType.SURCHARGE, wide)
    assert contributes(ChargeType.USAGE, wide)
    assert not contributes(ChargeType.TAX, wide)


def test_a_charge_type_that_there_is_not_is_refused() -> None:
    with pytest.raises(BadParameters, match="EQUIPMENT"):
        contributes(ChargeType.MRC, read_settings("contributes=MRC, equipment", commitment.PARAMETERS))
