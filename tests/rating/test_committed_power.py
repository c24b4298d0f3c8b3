"""Committed power: the formula of domain/rating 5.4 and its variants."""

from __future__ import annotations

import pytest

from app.domain.evidence import MeterFacts
from app.domain.money import D
from app.domain.parameters import BadParameters
from app.domain.proof import Proof
from app.domain.vocabulary import PriceModel, ProrationMethod
from app.rating.charge_models import committed_power
from app.rating.charge_models.measure import Measure
from app.rating.proration import ONE_MONTH, Proration, prorate
from tests.rating.facts import contract, element, period
from tests.rating.oracle import proven

MONTH = period("2026-03-01..2026-04-01")


def charge_for(
    parameters: str,
    kilowatts: str = "5.2",
    measured: tuple[str, ...] = (),
    price: str = "200.00",
    months: Proration = ONE_MONTH,
) -> Proof:
    terms = element(price, model=PriceModel.COMMITTED_POWER, parameters=parameters)
    meter = MeterFacts(7, MONTH, demand=tuple((300 * place, D(each)) for place, each in enumerate(measured)))
    evidence = meter if measured else None
    return proven(committed_power, Measure(contract(terms), terms, D(kilowatts), months, evidence))


@pytest.mark.parametrize(
    ("parameters", "amount"),
    [
        ("commit=4", "1040.00"),
        ("commit=4; premium=25", "1100.00"),
        ("commit=6; premium=25", "1200.00"),
        ("commit=4; overage=250", "1100.00"),
        ("commit=4; started=yes", "1200.00"),
        ("commit=4; floor=6", "1200.00"),
        ("commit=4; floor=5", "1040.00"),
        ("commit=4; overage_unit=amp; overage=40; volts=240", "1000.00"),
        ("commit=4; overage_unit=amp; overage=40; volts=230; started=yes", "1040.00"),
        ("commit=4; overage_unit=kwh; overage=0.15; hours=720", "929.60"),
    ],
)
def test_power_above_the_commitment_is_paid_as_the_contract_says(parameters: str, amount: str) -> None:
    """5.2 kW on the bill, 200.00 for a kW."""
    assert charge_for(parameters).result == D(amount)


def test_a_quarter_megawatt_at_a_published_price() -> None:
    assert charge_for("commit=250", "250", price="195.94").result == D("48985.00")


def test_the_proof_shows_commitment_demand_and_premium() -> None:
    proof = charge_for("commit=4; premium=25")
    assert proof.steps[0].basis == "kW on the bill"
    assert proof.steps[-1].formula == "4 × 200.00 + max(0, 5.2 − 4) × 200.00 × (100 + 25) ÷ 100"


TWENTY = tuple(f"{kilowatts}" for kilowatts in range(1, 21))


@pytest.mark.parametrize(
    ("demand", "measured", "amount"),
    [
        ("peak", TWENTY, "4000.00"),
        ("p95", TWENTY, "3800.00"),
        ("p95", TWENTY[:19], "3800.00"),
        ("average", TWENTY, "2100.00"),
        ("average", ("5", "5", "6"), "1066.67"),
    ],
)
def test_demand_is_the_peak_the_average_or_the_95th_percentile(
    demand: str, measured: tuple[str, ...], amount: str
) -> None:
    assert charge_for(f"commit=4; demand={demand}", "99", measured).result == D(amount)


def test_measurements_may_come_in_any_order() -> None:
    assert charge_for("commit=4; demand=p95", "1", TWENTY[::-1]).result == D("3800.00")


def test_the_proof_of_an_average_carries_no_rounded_average() -> None:
    proof = charge_for("commit=4; demand=average", "1", ("5", "5", "6"))
    assert proof.steps[-1].formula == "4 × 200.00 + max(0, 16 ÷ 3 − 4) × 200.00"


def test_part_of_a_month_costs_part_of_commitment_and_excess_but_all_of_the_energy() -> None:
    half = prorate(period("2026-01-16..2026-02-01"), ProrationMethod.STRICT_30_360)
    assert charge_for("commit=4", months=half).result == D("520.00")
    assert charge_for("commit=4; overage_unit=kwh; overage=0.15; hours=360", months=half).result == D("464.80")


@pytest.mark.parametrize(
    ("parameters", "missing"),
    [
        ("commit=4; overage_unit=amp; overage=40", "volts"),
        ("commit=4; overage_unit=kwh; overage=1", "hours"),
        ("commit=4; overage_unit=amp; volts=230", "overage"),
        ("demand=peak", "commit"),
    ],
)
def test_what_a_unit_calls_for_has_to_be_given(parameters: str, missing: str) -> None:
    with pytest.raises(BadParameters, match=f"{missing} is missing"):
        charge_for(parameters)
