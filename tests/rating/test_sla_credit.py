"""Credits for outages: vectors from domain/rating 5.6."""

from __future__ import annotations

import pytest

from app.domain.evidence import Outage, OutageFacts
from app.domain.money import D
from app.domain.parameters import BadParameters
from app.domain.proof import Proof
from app.rating.charge_models import sla_credit
from app.rating.charge_models.measure import Measure
from tests.rating.facts import contract, element, period

HOUR, DAY = 3600, 86400


def credit(
    parameters: str, *seconds: int, price: str = "1", monthly: str = "2000.00", days: str = "2026-04-01..2026-05-01"
) -> Proof:
    outages = tuple(Outage(f"T{place}", 0, length) for place, length in enumerate(seconds, 1))
    return credit_for(parameters, outages, price, monthly, days)


def credit_for(parameters: str, outages: tuple[Outage, ...], price: str, monthly: str, days: str) -> Proof:
    priced = element(price, parameters=parameters)
    measure = Measure(contract(priced), priced, D(1), evidence=OutageFacts(7, period(days), outages, D(monthly)))
    proof = Proof(sla_credit.explain(measure))
    assert proof.holds()
    assert proof.result == sla_credit.compute(measure) <= 0
    return proof


def test_steps_below_the_target_cost_a_per_cent_each_and_a_step_begun_counts() -> None:
    """25 days with 8,208 seconds of outage are available 99.62 %: 0.28 points below 99.90 are 3 steps."""
    proof = credit("method=steps; target=99.90; step=0.1", 8208, days="2026-04-01..2026-04-26")
    assert proof.result == D("-60.00")
    assert [step.result for step in proof.steps[:-1]] == [8208, 3]


@pytest.mark.parametrize(
    ("seconds", "amount"),
    [(0, "0.00"), (2592, "0.00"), (2593, "-20.00"), (5184, "-20.00"), (5185, "-40.00")],
)
def test_a_step_begins_just_below_the_one_before(seconds: int, amount: str) -> None:
    """A tenth of a point of 30 days is 2,592 seconds; the target of 99.90 leaves that many free."""
    assert credit("method=steps; target=99.90; step=0.1", seconds).result == D(amount)


def test_a_credit_is_never_more_than_the_monthly_charge() -> None:
    assert credit("method=steps; target=99.90; step=0.1", 30 * DAY, price="2").result == D("-2000.00")
    assert credit("method=steps; target=99.90; step=0.1; most_percent=50", 30 * DAY, price="2").result == D("-1000.00")


def test_how_the_availability_is_rounded_is_a_term_of_the_contract() -> None:
    """30 days with 2,600 seconds of outage are available 99.8996… %."""
    steps = "method=steps; target=99.90; step=0.1"
    assert credit(steps, 2600).result == D("-20.00")
    assert credit(f"{steps}; availability_places=2", 2600).result == D("-20.00")
    assert credit(f"{steps}; availability_places=2; availability_rounding=half_up", 2600).result == D("0.00")


@pytest.mark.parametrize(
    ("parameters", "seconds", "amount"),
    [
        ("", (HOUR,), "-50.00"),
        ("", (DAY, HOUR), "-100.00"),
        ("", (DAY + 1,), "-100.00"),
        ("", (20 * DAY,), "-350.00"),
        ("most_days=30", (20 * DAY,), "-1000.00"),
        ("days_of=together", (HOUR, HOUR, HOUR), "-50.00"),
        ("days_of=each", (HOUR, HOUR, HOUR), "-150.00"),
        ("least_minutes=60", (HOUR, HOUR - 1), "-50.00"),
        ("", (), "0.00"),
        ("days_of=together", (), "0.00"),
        ("most_percent=5", (20 * DAY,), "-75.00"),
    ],
)
def test_each_started_day_is_credited_up_to_seven(parameters: str, seconds: tuple[int, ...], amount: str) -> None:
    assert credit(parameters, *seconds, price="100", monthly="1500.00").result == D(amount)


def test_a_day_may_be_a_part_of_the_real_month() -> None:
    january = {"price": "100", "monthly": "3100.00", "days": "2026-01-01..2026-02-01"}
    assert credit("day_price=actual", HOUR, **january).result == D("-100.00")
    assert credit("", HOUR, **january).result == D("-103.33")


def test_outages_that_the_contract_excludes_do_not_count() -> None:
    outages = (Outage("T1", 0, HOUR, "maintenance"), Outage("T2", 0, HOUR))
    proof = credit_for("", outages, "100", "1500.00", "2026-04-01..2026-05-01")
    assert proof.result == D("-50.00")
    assert "(T2)" in proof.steps[0].basis


@pytest.mark.parametrize("parameters", ["method=steps", "method=steps; target=99.9; step=0"])
def test_steps_without_a_target_or_a_size_are_refused(parameters: str) -> None:
    with pytest.raises(BadParameters, match="target"):
        credit(parameters, HOUR)
