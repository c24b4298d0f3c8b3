"""Late charges: a per cent a month of what was overdue (domain/rating 5.6)."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.evidence import BalanceFacts, BalanceLine
from app.domain.money import D
from app.domain.proof import Proof
from app.rating.charge_models import late_charge
from app.rating.charge_models.measure import Measure
from tests.rating.facts import contract, element

JANUARY_31 = date(2026, 1, 31)


def late(parameters: str, *lines: tuple[str, date, date], percent: str = "1.5") -> Proof:
    priced = element(percent, parameters=parameters)
    facts = BalanceFacts(tuple(BalanceLine(f"INV-{n}", D(amount), *days) for n, (amount, *days) in enumerate(lines, 1)))
    measure = Measure(contract(priced), priced, D(1), evidence=facts)
    proof = Proof(late_charge.explain(measure))
    assert proof.holds()
    assert proof.result == late_charge.compute(measure)
    return proof


@pytest.mark.parametrize(
    ("parameters", "paid", "amount"),
    [
        ("", "2026-01-31", "0.00"),
        ("", "2026-02-01", "15.00"),
        ("", "2026-02-28", "15.00"),
        ("", "2026-03-01", "30.00"),
        ("", "2026-03-31", "30.00"),
        ("", "2026-04-01", "45.00"),
        ("months=completed", "2026-02-27", "0.00"),
        ("months=completed", "2026-02-28", "15.00"),
        ("months=completed", "2026-03-30", "15.00"),
        ("months=completed", "2026-03-31", "30.00"),
        ("months=days_30", "2026-02-15", "7.50"),
        ("months=days_30", "2026-03-17", "22.50"),
        ("months=days_365", "2026-03-17", "22.19"),
        ("months=once", "2026-12-31", "15.00"),
        ("compound=yes", "2026-04-01", "45.68"),
        ("compound=yes; months=days_30", "2026-03-17", "22.61"),
        ("grace_days=5", "2026-02-05", "0.00"),
        ("grace_days=5", "2026-02-06", "15.00"),
        ("grace_days=5; months=days_30", "2026-02-10", "5.00"),
        ("grace_days=5; grace_charged=no; months=days_30", "2026-02-10", "2.50"),
        ("least=20", "2026-02-05", "20.00"),
        ("least=20", "2026-01-31", "0.00"),
        ("least=20; months=completed", "2026-02-05", "0.00"),
        ("smallest_balance=1000.01", "2026-02-05", "0.00"),
        ("smallest_balance=1000", "2026-02-05", "15.00"),
    ],
)
def test_1000_overdue_at_one_and_a_half_per_cent(parameters: str, paid: str, amount: str) -> None:
    assert late(parameters, ("1000.00", JANUARY_31, date.fromisoformat(paid))).result == D(amount)


def test_bills_are_added_up_before_the_rounding_and_named_in_the_proof() -> None:
    lines = [("0.33", JANUARY_31, date(2026, 2, 2))] * 3
    proof = late("", *lines)
    assert proof.result == D("0.01")
    assert proof.steps[-1].formula == "1.5 × (0.33 × 1 + 0.33 × 1 + 0.33 × 1) ÷ 100"
    assert "INV-2 (2 days overdue)" in proof.steps[-1].basis


def test_credits_are_not_overdue() -> None:
    assert late("", ("-50.00", JANUARY_31, date(2026, 2, 2))).result == 0
    assert late("least=20", ("0.00", JANUARY_31, date(2026, 2, 2))).result == 0
    assert late("").result == 0


def test_a_compounded_charge_is_written_factor_by_factor() -> None:
    formula = late("compound=yes; months=days_30", ("1000.00", JANUARY_31, date(2026, 3, 17))).steps[-1].formula
    assert formula == "1000.00 × ((1 + 1.5 ÷ 100) × (1 + 1.5 × 15 ÷ 30 ÷ 100) − 1)"


DUE = date(2026, 1, 20)


def next_bill(parameters: str, since: str, until: str, amount: str = "1000.00", whole: str | None = None) -> Proof:
    """The charge of a bill for what was due on 20 January, of which an earlier bill has charged up to `since`."""
    days = (DUE, date.fromisoformat(until), date.fromisoformat(since))
    facts = BalanceFacts((BalanceLine("INV-1", D(amount), *days, None if whole is None else D(whole)),))
    priced = element("1.5", parameters=parameters)
    measure = Measure(contract(priced), priced, D(1), evidence=facts)
    proof = Proof(late_charge.explain(measure))
    assert proof.holds()
    assert proof.result == late_charge.compute(measure)
    return proof


@pytest.mark.parametrize(
    ("parameters", "since", "until", "amount"),
    [
        ("", "2026-02-01", "2026-02-20", "0.00"),  # the month that has begun is charged
        ("", "2026-02-01", "2026-03-01", "15.00"),  # a second one has begun, not three
        ("months=completed", "2026-01-25", "2026-02-22", "15.00"),
        ("months=completed", "2026-02-25", "2026-03-19", "0.00"),
        ("months=completed", "2026-02-25", "2026-03-20", "15.00"),
        ("months=once", "2026-02-01", "2026-03-01", "0.00"),
        ("months=once; grace_days=20", "2026-02-01", "2026-03-01", "15.00"),
        ("months=days_30; grace_days=10; grace_charged=no", "2026-02-05", "2026-03-05", "14.00"),
        ("months=days_30; grace_days=10; grace_charged=no", "2026-01-25", "2026-03-05", "17.00"),
        ("months=days_30; grace_days=10", "2026-01-25", "2026-03-05", "22.00"),
        ("grace_days=10", "2026-01-25", "2026-02-08", "15.00"),
        ("grace_days=10", "2026-02-01", "2026-02-08", "0.00"),
        ("compound=yes", "2026-02-01", "2026-03-01", "15.23"),  # 1000 × 1.015 × 0.015 = 15.225
        ("compound=yes; months=days_30", "2026-02-19", "2026-03-21", "15.23"),
        ("", "2026-01-20", "2026-02-01", "15.00"),
        ("", "2026-03-05", "2026-03-01", "0.00"),
        ("least=5", "2026-02-01", "2026-02-20", "0.00"),
    ],
)
def test_a_bill_leaves_out_what_an_earlier_one_has_charged(
    parameters: str, since: str, until: str, amount: str
) -> None:
    assert next_bill(parameters, since, until).result == D(amount)


def test_the_proof_shows_what_an_earlier_bill_has_charged() -> None:
    step = next_bill("", "2026-02-01", "2026-03-01").steps[-1]
    assert step.formula == "1.5 × (1000.00 × (2 − 1)) ÷ 100"
    assert "INV-1 (40 days overdue, charged before up to 2026-02-01)" in step.basis
    step = next_bill("compound=yes", "2026-02-01", "2026-03-01").steps[-1]
    assert step.formula == "1000.00 × ((1 + 1.5 ÷ 100) × (1 + 1.5 ÷ 100) − (1 + 1.5 ÷ 100))"


@pytest.mark.parametrize(("whole", "amount"), [("1000.00", "7.50"), ("599.99", "0.00"), (None, "0.00")])
def test_the_smallest_balance_is_the_whole_bills_however_it_was_paid(whole: str | None, amount: str) -> None:
    assert next_bill("smallest_balance=600", "2026-01-20", "2026-02-20", "500.00", whole).result == D(amount)
