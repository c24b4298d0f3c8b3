"""Billable seconds and per-minute prices: vectors from domain/rating 5.1."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.history import ContractTerms, UsageFacts
from app.domain.money import D, RoundingMode
from app.domain.proof import Proof
from app.domain.vocabulary import ChargeType, PriceModel, RoundingScope
from app.rating.charge_models import per_minute
from app.rating.charge_models.calls import billable_seconds, recorded_minutes
from app.rating.charge_models.measure import Measure
from tests.rating.facts import contract, element, period


@pytest.mark.parametrize(
    ("seconds", "six_six", "thirty_six", "sixty_sixty"),
    [(0, 0, 0, 0), (5, 6, 30, 60), (31, 36, 36, 60), (61, 66, 66, 120), (205, 210, 210, 240)],
)
def test_billable_seconds(seconds: int, six_six: int, thirty_six: int, sixty_sixty: int) -> None:
    assert billable_seconds(seconds, 6, 6) == six_six
    assert billable_seconds(seconds, 30, 6) == thirty_six
    assert billable_seconds(seconds, 60, 60) == sixty_sixty


@given(st.integers(1, 20000), st.sampled_from([(6, 6), (30, 6), (18, 6), (60, 60), (1, 1)]))
def test_a_call_is_billed_at_least_its_length_and_less_than_an_increment_more(
    seconds: int, terms: tuple[int, int]
) -> None:
    initial, increment = terms
    billed = billable_seconds(seconds, initial, increment)
    assert max(seconds, initial) <= billed < max(seconds + increment, initial + 1)
    assert (billed - initial) % increment == 0


def minutes(
    durations: tuple[tuple[int, int], ...] | None,
    price: str = "0.011",
    initial: int = 6,
    increment: int = 6,
    quantity: str = "1",
    **fields: object,
) -> tuple[Decimal, Proof]:
    """The amount of recorded calls and its proof."""
    priced = element(
        price,
        charge_type=ChargeType.USAGE,
        model=PriceModel.PER_MINUTE,
        initial_seconds=initial,
        increment_seconds=increment,
    )
    terms: ContractTerms = contract(priced, **fields)
    usage = None if durations is None else UsageFacts(7, period("2026-03-01..2026-04-01"), durations, ("calls.csv",))
    measure = Measure(terms, priced, D(quantity), usage=usage)
    return per_minute.compute(measure), Proof(per_minute.explain(measure))


@pytest.mark.parametrize(
    ("scope", "mode", "amount"),
    [
        (RoundingScope.CHARGE, RoundingMode.HALF_UP, "2.20"),
        (RoundingScope.CALL, RoundingMode.HALF_UP, "0.00"),
        (RoundingScope.CALL, RoundingMode.UP, "10.00"),
    ],
)
def test_where_a_thousand_short_calls_are_rounded_decides(
    scope: RoundingScope, mode: RoundingMode, amount: str
) -> None:
    """A call of 7 seconds at 0.011 a minute in steps of 6 seconds costs 0.0022."""
    result, proof = minutes(((7, 1000),), rounding_scope=scope, rounding=mode)
    assert result == D(amount) == proof.result
    assert proof.holds()


def test_a_price_per_increment_is_a_price_per_minute_times_ten() -> None:
    assert minutes(((205, 1),), price="0.0137", rounding_places=5)[0] == D("0.04795")


def test_the_proof_adds_calls_up_in_lines_that_a_person_can_check() -> None:
    result, proof = minutes(((5, 2), (61, 3)), price="0.10")
    assert [step.formula for step in proof.steps] == ["2 × 6 + 3 × 66", "0.10 × 210 ÷ 60"]
    assert proof.steps[0].basis == "Recorded calls (calls.csv) × billable seconds"
    assert result == D("0.35")


def test_many_lengths_are_added_up_in_lines_of_a_dozen() -> None:
    result, proof = minutes(tuple((seconds, 1) for seconds in range(6, 6 * 31, 6)), price="0.60")
    assert len(proof.steps) == 4
    assert proof.steps[-1].formula == "0.60 × (468 + 1332 + 990) ÷ 60"
    assert result == D("27.90") == proof.result


def test_without_records_the_minutes_of_the_bill_are_priced() -> None:
    result, proof = minutes(None, price="0.02", quantity="1234.5")
    assert result == D("24.69")
    assert proof.steps[0].formula == "0.02 × 1234.5"


def test_no_calls_cost_nothing() -> None:
    assert minutes(())[0] == 0
    assert minutes(((0, 12),), rounding_scope=RoundingScope.CALL)[1].holds()


def test_recorded_minutes_are_decimal() -> None:
    priced = element(model=PriceModel.PER_MINUTE, initial_seconds=1, increment_seconds=1)
    usage = UsageFacts(7, period("2026-03-01..2026-04-01"), ((100, 1),))
    assert str(recorded_minutes(usage, priced)) == "1.6666666667"
    assert str(recorded_minutes(UsageFacts(7, usage.period, ((60, 100),)), priced)) == "100.00"


@given(
    st.lists(st.tuples(st.integers(0, 4000), st.integers(1, 9000)), max_size=40, unique_by=lambda pair: pair[0]),
    st.integers(1, 99999).map(lambda number: f"0.{number:05d}"),
    st.sampled_from([(6, 6), (30, 6), (60, 60), (1, 1)]),
    st.sampled_from(list(RoundingMode)),
    st.sampled_from(list(RoundingScope)),
    st.integers(0, 6),
)
def test_the_proof_of_any_calls_replays_to_the_amount(
    durations: list[tuple[int, int]],
    price: str,
    terms: tuple[int, int],
    mode: RoundingMode,
    scope: RoundingScope,
    places: int,
) -> None:
    result, proof = minutes(
        tuple(sorted(durations)), price, *terms, rounding=mode, rounding_scope=scope, rounding_places=places
    )
    assert proof.holds()
    assert proof.result == result
