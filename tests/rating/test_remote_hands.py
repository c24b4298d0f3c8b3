"""Remote hands: the vectors of domain/rating 5.4."""

from __future__ import annotations

import pytest

from app.domain.evidence import Work, WorkFacts
from app.domain.money import D
from app.domain.proof import Proof
from app.domain.vocabulary import ChargeType, PriceModel
from app.rating.charge_models import remote_hands
from app.rating.charge_models.measure import Measure
from tests.rating.facts import contract, element, period
from tests.rating.oracle import proven


def charge_for(
    parameters: str = "", jobs: tuple[Work, ...] | None = None, minutes: str = "50", price: str = "200.00"
) -> Proof:
    terms = element(price, charge_type=ChargeType.USAGE, model=PriceModel.REMOTE_HANDS, parameters=parameters)
    work = None if jobs is None else WorkFacts(7, period("2026-03-01..2026-04-01"), jobs, ("tickets.csv",))
    return proven(remote_hands, Measure(contract(terms), terms, D(minutes), evidence=work))


@pytest.mark.parametrize(
    ("price", "increment", "amount"), [("200.00", 15, "200.00"), ("165.00", 30, "165.00"), ("180.00", 15, "180.00")]
)
def test_fifty_minutes(price: str, increment: int, amount: str) -> None:
    assert charge_for(f"increment={increment}", price=price).result == D(amount)


@pytest.mark.parametrize(
    ("minutes", "parameters", "amount"),
    [
        ("45", "increment=15", "150.00"),
        ("45.5", "increment=15", "200.00"),
        ("5", "increment=15; minimum=60", "200.00"),
        ("61", "increment=15; minimum=60", "250.00"),
        ("5", "increment=15; minimum=20", "100.00"),
        ("0", "increment=15; minimum=60", "0.00"),
        ("14", "increment=30; free_below=15", "0.00"),
        ("15", "increment=30; free_below=15", "100.00"),
        ("50", "increment=7", "186.67"),
    ],
)
def test_minutes_of_the_bill_are_one_job(minutes: str, parameters: str, amount: str) -> None:
    assert charge_for(parameters, minutes=minutes).result == D(amount)


DAY, NIGHT = Work("WO-1", 50), Work("WO-2", 20, after_hours=True)


def test_jobs_are_rounded_each_and_paid_by_their_hours() -> None:
    proof = charge_for("increment=15; after_hours=300", (DAY, NIGHT, DAY))
    assert proof.result == D("550.00")
    assert proof.steps[-1].formula == "(60 + 60) × 200.00 ÷ 60 + 30 × 300 ÷ 60"
    assert proof.steps[1].basis == "WO-2: 20 minutes after hours"


def test_after_hours_cost_the_same_where_the_contract_names_no_other_price() -> None:
    assert charge_for("", (NIGHT,)).result == D("100.00")


def test_included_hours_go_to_the_first_jobs() -> None:
    terms = "increment=15; included=1.25; after_hours=300"
    first = charge_for(terms, (DAY, NIGHT))
    assert first.result == D("75.00")
    assert first.steps[1].formula == "ceil(max(0, 20) ÷ 15) × 15 − 15"
    assert charge_for(terms, (NIGHT, DAY)).result == D("50.00")


def test_included_hours_may_be_for_business_hours_only() -> None:
    terms = "increment=15; included=1.25; after_hours=300; included_after_hours=no"
    assert charge_for(terms, (NIGHT, DAY)).result == D("150.00")


def test_an_expedited_job_costs_its_fee_even_in_included_hours() -> None:
    rushed = Work("WO-3", 10, expedited=True)
    assert charge_for("expedite=400", (rushed, DAY)).result == D("650.00")
    assert charge_for("expedite=400; included=9", (rushed, rushed)).result == D("800.00")


def test_a_short_incident_is_free_and_uses_no_included_hours() -> None:
    short = Work("WO-4", 14, expedited=True)
    proof = charge_for("expedite=400; free_below=15; included=1", (short, DAY))
    assert proof.result == 0
    assert proof.steps[0].basis == "WO-4: 14 minutes, free"
    assert charge_for("expedite=400; free_below=15", (short, DAY)).result == D("200.00")


def test_no_jobs_cost_nothing() -> None:
    assert charge_for("", ()).result == 0


def test_many_jobs_are_added_up_in_lines_of_a_dozen() -> None:
    proof = charge_for("increment=15", tuple(Work(f"WO-{place}", 50) for place in range(30)))
    assert proof.steps[-1].formula == "(720 + 720 + 360) × 200.00 ÷ 60"
    assert proof.result == D("6000.00")
