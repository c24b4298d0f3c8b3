"""Billable seconds and per-minute prices: vectors from domain/rating 5.1."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.evidence import UsageFacts
from app.domain.money import D, RoundingMode
from app.domain.parameters import read_settings
from app.domain.proof import Proof
from app.domain.terms import ContractTerms
from app.domain.vocabulary import ChargeType, PriceModel, RoundingScope
from app.rating.charge_models import per_minute
from app.rating.charge_models.increments import billable_seconds, recorded_minutes
from app.rating.charge_models.measure import Measure
from tests.rating.facts import contract, element, period
from tests.rating.oracle import voice as oracle


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
        parameters=f"initial={initial}; increment={increment}",
    )
    terms: ContractTerms = contract(priced, **fields)
    usage = None if durations is None else UsageFacts(7, period("2026-03-01..2026-04-01"), durations, ("calls.csv",))
    measure = Measure(terms, priced, D(quantity), evidence=usage)
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
    priced = read_settings("initial=1; increment=1", per_minute.PARAMETERS)
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


def one_price(
    parameters: str, price: str, durations: tuple[tuple[int, int], ...], **fields: object
) -> tuple[Decimal, Proof]:
    """The amount of recorded calls under written parameters, and its proof."""
    priced = element(price, charge_type=ChargeType.USAGE, model=PriceModel.PER_MINUTE, parameters=parameters)
    usage = UsageFacts(7, period("2026-03-01..2026-04-01"), durations)
    measure = Measure(contract(priced, **fields), priced, D("1"), evidence=usage)
    proof = Proof(per_minute.explain(measure))
    assert proof.holds()
    assert proof.result == per_minute.compute(measure)
    return proof.result, proof


def test_a_price_may_be_for_an_increment() -> None:
    """205 s at 0.00137 per 6 s: 35 × 0.00137."""
    amount, proof = one_price("initial=6; increment=6; unit=6", "0.00137", ((205, 1),), rounding_places=5)
    assert amount == D("0.04795")
    assert proof.steps[-1].formula == "0.00137 × 210 ÷ 6"


@pytest.mark.parametrize(("seconds", "amount"), [(1, "1.40"), (60, "1.40"), (61, "1.42"), (120, "2.60"), (0, "0.00")])
def test_a_connect_fee_and_a_first_minute_in_one_step(seconds: int, amount: str) -> None:
    parameters = "initial=60; increment=1; connect=0.2"
    for scope in (RoundingScope.CALL, RoundingScope.CHARGE):
        assert one_price(parameters, "1.2", ((seconds, 1),), rounding_scope=scope)[0] == D(amount)


def test_each_answered_call_costs_the_connect_fee() -> None:
    amount, proof = one_price("initial=6; increment=6; connect=0.05", "0.60", ((0, 9), (6, 10), (60, 2)))
    assert proof.steps[-1].formula == "12 × 0.05 + 0.60 × 180 ÷ 60"
    assert amount == D("2.40")


def test_a_deductible_connect_fee_is_the_least_that_a_call_costs() -> None:
    parameters = "initial=6; increment=6; connect=0.10; deductible=yes"
    amount, proof = one_price(parameters, "0.60", ((6, 10), (60, 2)))
    assert proof.steps[-1].formula == "10 × 0.10 + 0.60 × 120 ÷ 60"
    assert (
        amount == D("2.20") == one_price(parameters, "0.60", ((6, 10), (60, 2)), rounding_scope=RoundingScope.CALL)[0]
    )


def test_groups_of_seconds_cost_their_per_cent() -> None:
    amount, proof = one_price("initial=6; increment=6; rate_groups=0:100, 60:50", "0.60", ((205, 2),))
    assert [step.formula for step in proof.steps] == ["60 + 150 × 50 ÷ 100", "2 × 135", "0.60 × 270 ÷ 60"]
    assert amount == D("2.70")


def test_a_least_charge_may_differ_from_the_increment() -> None:
    assert one_price("initial=18; increment=6", "0.60", ((5, 1), (19, 1)))[0] == D("0.42")


def test_minutes_of_a_bill_are_priced_by_the_unit() -> None:
    priced = element("0.001", model=PriceModel.PER_MINUTE, parameters="unit=6")
    measure = Measure(contract(priced), priced, D("90"))
    assert per_minute.compute(measure) == D("0.90") == per_minute.explain(measure)[-1].result
    assert Proof(per_minute.explain(measure)).holds()


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 99)), max_size=20, unique_by=lambda pair: pair[0]),
    st.integers(0, 9999).map(lambda number: f"0.{number:04d}"),
    st.integers(0, 999).map(lambda number: f"0.{number:03d}"),
    st.sampled_from(["", "; deductible=yes"]),
    st.sampled_from(["", "; rate_groups=0:100, 60:33, 61:0", "; rate_groups=0:0, 7:150"]),
    st.sampled_from([1, 6, 60, 7]),
    st.sampled_from(list(RoundingMode)),
    st.sampled_from(list(RoundingScope)),
)
def test_calls_cost_what_they_cost_one_by_one(
    durations: list[tuple[int, int]],
    price: str,
    connect: str,
    deductible: str,
    groups: str,
    unit: int,
    mode: RoundingMode,
    scope: RoundingScope,
) -> None:
    parameters = f"initial=18; increment=6; unit={unit}; connect={connect}{deductible}{groups}"
    amount, _ = one_price(parameters, price, tuple(sorted(durations)), rounding=mode, rounding_scope=scope)
    percents = {"": [(0, 100)], "; rate_groups=0:100, 60:33, 61:0": [(0, 100), (60, 33), (61, 0)]}.get(
        groups, [(0, 0), (7, 150)]
    )
    total, exact = Fraction(0), Fraction(0)
    for seconds, count in durations:
        billed = billable_seconds(seconds, 18, 6)
        usage = Fraction(0)
        for second in range(billed):
            usage += Fraction(D(price)) / unit * [share for start, share in percents if start <= second][-1] / 100
        fee = Fraction(D(connect)) if billed else Fraction(0)
        cost = max(fee, usage) if deductible else fee + usage
        exact += cost * count
        total += oracle.round_to(cost, 2, mode) * count
    places = 6 if scope is RoundingScope.BILL else 2
    assert Fraction(amount) == (total if scope is RoundingScope.CALL else oracle.round_to(exact, places, mode))
