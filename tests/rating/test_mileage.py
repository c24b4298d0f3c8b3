"""Lines priced by distance: the formulas of domain/rating 5.1 and 5.3."""

from __future__ import annotations

import pytest

from app.domain.money import D
from app.domain.parameters import BadParameters
from app.domain.proof import Proof
from app.domain.vocabulary import PriceModel, ProrationMethod
from app.rating.charge_models import mileage
from app.rating.charge_models.measure import Measure
from app.rating.proration import ONE_MONTH, Proration, prorate
from tests.rating.facts import contract, element, period
from tests.rating.oracle import proven

BANDS = "bands=25:0+150, 50:2.00+100, above:3.00+50"
ENDS = "a_v=5000; a_h=1400; z_v=4970; z_h=1440"  # √((30² + 40²) ÷ 10) = 15.8 miles


def charge_for(miles: str, parameters: str = "", price: str = "2.50", months: Proration = ONE_MONTH) -> Proof:
    terms = element(price, model=PriceModel.MILEAGE, parameters=parameters)
    return proven(mileage, Measure(contract(terms), terms, D(miles), months))


def test_a_line_costs_a_fixed_amount_and_its_miles() -> None:
    proof = charge_for("12", "fixed=150.00")
    assert proof.result == D("180.00")
    assert proof.steps[-1].formula == "150.00 + 12 × 2.50"


@pytest.mark.parametrize(("whole", "amount"), [("yes", "32.50"), ("no", "30.25")])
def test_a_started_mile_is_a_mile_unless_the_contract_counts_parts(whole: str, amount: str) -> None:
    assert charge_for("12.1", f"whole={whole}").result == D(amount)


@pytest.mark.parametrize(
    ("miles", "counting", "amount"),
    [
        ("25", "total", "150.00"),
        ("26", "total", "152.00"),
        ("51", "total", "203.00"),
        ("0", "total", "150.00"),
        ("25", "graduated", "150.00"),
        ("26", "graduated", "252.00"),
        ("51", "graduated", "353.00"),
    ],
)
def test_a_band_holds_for_the_whole_line_or_for_its_own_miles(miles: str, counting: str, amount: str) -> None:
    assert charge_for(miles, f"{BANDS}; counting={counting}").result == D(amount)


def test_miles_are_the_distance_of_the_coordinates_rounded_up() -> None:
    proof = charge_for("99", ENDS)
    assert proof.steps[0].result == 16
    assert proof.result == D("40.00")
    assert "sqrt_up(((5000 − 4970) × (5000 − 4970) + (1400 − 1440) × (1400 − 1440)) ÷ 10)" in proof.steps[0].formula


@pytest.mark.parametrize(("v", "h", "miles"), [(0, 0, 0), (10, 0, 4), (100, 0, 32), (30, 10, 10), (31, 10, 11)])
def test_airline_miles(v: int, h: int, miles: int) -> None:
    """A whole distance stays as it is: √((30² + 10²) ÷ 10) is 10."""
    assert charge_for("1", f"a_v={v}; a_h={h}; z_v=0; z_h=0").steps[0].result == miles


def test_a_short_line_pays_the_least_miles() -> None:
    assert charge_for("3", "minimum=10").result == D("25.00")


def test_one_end_without_the_other_has_no_distance() -> None:
    with pytest.raises(BadParameters, match="z_h is missing"):
        charge_for("3", "a_v=5000; a_h=1400; z_v=4970")


def test_part_of_a_month_costs_part_of_line_and_miles() -> None:
    half = prorate(period("2026-01-16..2026-02-01"), ProrationMethod.STRICT_30_360)
    assert charge_for("12", "fixed=150.00", months=half).result == D("90.00")
