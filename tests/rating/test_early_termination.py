"""What leaving early costs: vectors from domain/rating 5.6."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.evidence import LeavingFacts
from app.domain.money import D
from app.domain.parameters import BadParameters
from app.domain.proof import Proof
from app.rating.charge_models import early_termination
from app.rating.charge_models.measure import Measure
from tests.rating.facts import contract, element

BANDS = "bands=12:100, 36:50, 60:25"
REPLACED = f"{BANDS}; replaced_months=36; replaced_days=30"


def leave(parameters: str, used: int, term: int, price: str = "0", **facts: Any) -> Proof:
    priced = element(price, parameters=parameters)
    measure = Measure(contract(priced), priced, D(1), evidence=LeavingFacts(D("1000.00"), used, term, **facts))
    proof = Proof(early_termination.explain(measure))
    assert proof.holds()
    assert proof.result == early_termination.compute(measure)
    return proof


@pytest.mark.parametrize(
    ("used", "term", "fee"),
    [
        (8, 36, "16000.00"),
        (20, 60, "14000.00"),
        (0, 12, "12000.00"),
        (0, 60, "30000.00"),
        (59, 60, "250.00"),
        (36, 36, "0.00"),
        (40, 36, "0.00"),
        (60, 72, "0.00"),
    ],
)
def test_each_band_takes_its_per_cent_of_the_months_left(used: int, term: int, fee: str) -> None:
    assert leave(BANDS, used, term).result == D(fee)


def test_the_proof_has_a_line_for_each_band() -> None:
    steps = leave(BANDS, 8, 36).steps
    assert [step.basis for step in steps[:-1]] == ["Months 9 to 12 of 36 at 100 %", "Months 13 to 36 of 36 at 50 %"]
    assert [step.formula for step in steps] == ["4 × 1000.00 × 100 ÷ 100", "24 × 1000.00 × 50 ÷ 100", "4000 + 12000"]


def test_waived_charges_discounts_and_costs_of_others_are_due_where_the_contract_says_so() -> None:
    besides = {"waived_once": D("1500"), "discounts": D("700"), "third_party": D("250.50")}
    assert leave(BANDS, 8, 36, **besides).result == D("16000.00")
    assert leave(f"{BANDS}; waived_charges=yes", 8, 36, **besides).result == D("17500.00")
    assert leave(f"{BANDS}; discounts=yes", 8, 36, **besides).result == D("16700.00")
    every = leave(f"{BANDS}; waived_charges=yes; discounts=yes; third_party=yes", 8, 36, **besides)
    assert every.result == D("18450.50")
    assert "waived one-time charges, discounts received, third parties' costs" in every.steps[-1].basis


@pytest.mark.parametrize(
    ("replaced_by", "months", "days", "fee"),
    [
        ("1000.01", 36, 30, "0.00"),
        ("1000.00", 36, 30, "16000.00"),
        ("2000.00", 35, 30, "16000.00"),
        ("2000.00", 36, 31, "16000.00"),
    ],
)
def test_a_dearer_order_of_enough_months_in_time_waives_the_fee(
    replaced_by: str, months: int, days: int, fee: str
) -> None:
    order = {"replaced_by": D(replaced_by), "replaced_months": months, "replaced_days": days}
    assert leave(REPLACED, 8, 36, **order).result == D(fee)
    assert leave(BANDS, 8, 36, **order).result == D("16000.00")


def test_a_per_cent_of_what_remains() -> None:
    assert leave("method=percent; percent=75", 8, 36).result == D("21000.00")
    assert leave("method=percent; percent=75", 8, 36, price="500").result == D("21500.00")


@pytest.mark.parametrize(
    ("parameters", "fee"),
    [
        ("method=before_install; months=1; third_party=yes", "2300.00"),
        ("method=before_install; months=3", "4000.00"),
        ("method=before_install; months=0", "1000.00"),
    ],
)
def test_an_order_cancelled_before_its_install_owes_its_one_time_charge_and_some_months(
    parameters: str, fee: str
) -> None:
    assert leave(parameters, 0, 36, price="1000", third_party=D("300")).result == D(fee)


@pytest.mark.parametrize("bands", ["", "bands=36:50, 12:100", "bands=year:50", "bands=-3:50"])
def test_bands_that_cannot_be_read_are_refused(bands: str) -> None:
    with pytest.raises(BadParameters):
        leave(bands, 8, 36)
