"""Metered energy: the formulas and the clamp vector of domain/rating 5.4."""

from __future__ import annotations

import pytest

from app.domain.evidence import MeterFacts
from app.domain.money import D
from app.domain.parameters import BadParameters
from app.domain.proof import Proof
from app.domain.vocabulary import ChargeType, PriceModel
from app.rating.charge_models import metered_energy
from app.rating.charge_models.measure import Measure
from tests.rating.facts import contract, element, period
from tests.rating.oracle import proven

CLAMP = "method=clamp; amps=1:3.65, 2:3.5, 3:3.4; volts=120"


def charge_for(
    parameters: str = "", readings: tuple[str, ...] = (), kwh: str = "1000", price: str = "0.10", **fields: object
) -> Proof:
    terms = element(price, charge_type=ChargeType.USAGE, model=PriceModel.METERED_ENERGY, parameters=parameters)
    values = tuple((86400 * day, D(each)) for day, each in enumerate(readings))
    meter = MeterFacts(7, period("2026-03-01..2026-04-01"), values, batches=("meter.csv",)) if readings else None
    return proven(metered_energy, Measure(contract(terms, **fields), terms, D(kwh), evidence=meter))


@pytest.mark.parametrize(
    ("parameters", "readings", "amount"),
    [
        ("", ("1200", "3450"), "225.00"),
        ("multiplier=40", ("1200", "1210.5"), "42.00"),
        ("multiplier=40; pue=1.5", ("1200", "1210.5"), "63.00"),
        ("", ("1200", "2000", "3450"), "225.00"),
        ("register=100000", ("99900", "150"), "25.00"),
        ("register=1000", ("900", "100", "800", "50"), "115.00"),
        ("register=100000", ("1200", "3450"), "225.00"),
    ],
)
def test_energy_is_what_the_register_advanced_by(parameters: str, readings: tuple[str, ...], amount: str) -> None:
    assert charge_for(parameters, readings).result == D(amount)


def test_the_proof_shows_readings_multiplier_and_factor() -> None:
    proof = charge_for("multiplier=40; pue=1.5; register=1000", ("990", "10.5"))
    assert [step.formula for step in proof.steps] == ["(10.5 − 990 + 1 × 1000) × 40", "820 × 0.10 × 1.5"]
    assert proof.steps[0].basis == "(Last reading − first reading (meter.csv)) × multiplier"


@pytest.mark.parametrize("readings", [(), ("1200",)])
def test_without_two_readings_the_bill_s_kwh_are_priced_as_they_are(readings: tuple[str, ...]) -> None:
    proof = charge_for("multiplier=40; pue=1.2", readings, kwh="1000")
    assert proof.result == D("120.00")
    assert proof.steps[0].basis == "kWh on the bill"


@pytest.mark.parametrize("parameters", ["", "register=1000"])
def test_readings_that_run_back_are_not_guessed_at(parameters: str) -> None:
    proof = charge_for(parameters, ("1200", "100"))
    assert proof.result == D("100.00")
    assert proof.steps[0].basis.startswith("The readings run back")


def test_three_circuits_under_the_clamp_draw_1266_watts() -> None:
    proof = charge_for(f"{CLAMP}; hours=1", price="1", rounding_places=3)
    assert proof.result == D("1.266")
    assert proof.steps[0].formula == "(3.65 + 3.5 + 3.4) × 120 × 1 ÷ 1000 × 1"


def test_amps_of_one_moment_are_taken_for_all_hours_whatever_the_meter_says() -> None:
    assert charge_for(f"{CLAMP}; hours=720", ("0", "5")).result == D("91.15")


def test_three_phases_have_the_factor_that_the_contract_gives() -> None:
    assert charge_for("method=clamp; amps=L:10; volts=208; phase_factor=1.732; hours=100").result == D("36.03")


@pytest.mark.parametrize("missing", ["amps", "volts", "hours"])
def test_the_clamp_method_needs_amps_volts_and_hours(missing: str) -> None:
    figures = {"amps": "a:10", "volts": "208", "hours": "720"}
    given = "; ".join(f"{name}={value}" for name, value in figures.items() if name != missing)
    with pytest.raises(BadParameters, match=f"{missing} is missing"):
        charge_for(f"method=clamp; {given}")
