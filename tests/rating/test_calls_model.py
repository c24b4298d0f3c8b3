"""The charge model of calls: rated lines added up and rounded where the contract rounds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.evidence import CallLine, CallTotals
from app.domain.money import D, RoundingMode
from app.domain.proof import Proof
from app.domain.vocabulary import ChargeType, PriceModel, RoundingScope
from app.errors import BugError
from app.rating.charge_models import calls
from app.rating.charge_models.measure import Measure
from tests.rating.facts import contract, element, period

DENOMINATOR = 600_000_000_000


def line(
    price: str = "0.011", seconds: int = 600, zone: str = "UK", exact: int | None = None, **fields: str
) -> CallLine:
    cost = int(D(price) * 10**10) * seconds if exact is None else exact
    return CallLine(zone, fields.get("band", ""), fields.get("jurisdiction", "unknown"), D(price), 10, seconds, cost)


def price(
    *lines: CallLine, denominator: int = DENOMINATOR, unpriced: int = 0, **fields: object
) -> tuple[Decimal, Proof]:
    priced = element("0", charge_type=ChargeType.USAGE, model=PriceModel.CALLS, parameters="deck=Halyard")
    totals = CallTotals(7, period("2026-03-01..2026-04-01"), lines, unpriced, ("calls.csv",), denominator)
    measure = Measure(contract(priced, **fields), priced, D("1"), evidence=totals)
    proof = Proof(calls.explain(measure))
    assert proof.holds()
    assert proof.result == calls.compute(measure)
    return proof.result, proof


def test_lines_are_added_up_before_they_are_divided() -> None:
    amount, proof = price(line(), line("0.02", 61, "FR"))
    assert [step.formula for step in proof.steps] == ["600 × 0.011 + 61 × 0.02", "7.820 ÷ 60"]
    assert proof.steps[0].basis == "Billable seconds × price of a minute (calls.csv)"
    assert amount == D("0.13")


def test_fees_and_rounded_calls_are_added_as_amounts() -> None:
    amount, proof = price(line(), line("0.02", 60, exact=12 * 10**9 + DENOMINATOR // 5))
    assert [step.formula for step in proof.steps] == ["600 × 0.011", "1 × 0.22", "6.600 ÷ 60 + 0.22"]
    assert amount == D("0.33")


def test_an_amount_that_no_decimal_writes_is_added_sixty_times() -> None:
    """A third of a cent and two thirds, of calls with a discount: nothing is lost before the step that is rounded."""
    amount, proof = price(
        line("0.02", 60, exact=2 * 10**9), line("0.02", 60, exact=DENOMINATOR // 150), rounding_places=6
    )
    assert [step.formula for step in proof.steps] == ["1 × 0.2 + 1 × 0.4", "0.6 ÷ 60"]
    assert amount == D("0.010000")


def test_each_zone_is_rounded_by_itself() -> None:
    lines = (line("0.004", 60), line("0.004", 60, "FR"), line("0.002", 60, "FR"))
    assert price(*lines)[0] == D("0.01")
    amount, proof = price(*lines, rounding_scope=RoundingScope.ZONE)
    assert amount == D("0.01")
    assert [step.basis for step in proof.steps if step.rounding] == [
        "All recorded calls to FR (calls.csv)",
        "All recorded calls to UK (calls.csv)",
        "All recorded calls",
    ]
    assert [step.result for step in proof.steps if step.rounding] == [D("0.01"), D("0.00"), D("0.01")]


def test_where_only_the_bill_is_rounded_all_places_of_money_stay() -> None:
    assert str(price(line("0.004", 60), rounding_scope=RoundingScope.BILL)[0]) == "0.004000"


def test_a_finer_denominator_is_taken_as_it_is_given() -> None:
    assert price(line(seconds=600, exact=6 * 10**15), denominator=6 * 10**15)[0] == D("1.00")


def test_calls_without_a_price_are_named() -> None:
    proof = price(line(), unpriced=3)[1]
    assert proof.steps[-1].basis == "All recorded calls (calls.csv); 3 without a price are left out"


def test_no_calls_cost_nothing() -> None:
    assert price()[0] == 0
    assert price(rounding_scope=RoundingScope.ZONE)[0] == 0


def test_calls_cannot_be_priced_without_records() -> None:
    priced = element("0", model=PriceModel.CALLS, parameters="deck=Halyard")
    with pytest.raises(BugError):
        calls.compute(Measure(contract(priced), priced, D("1")))


@given(
    st.lists(
        st.builds(
            line,
            st.integers(0, 10**6).map(lambda number: str(Decimal(number).scaleb(-6))),
            st.integers(0, 10**6),
            st.sampled_from(["UK", "FR", "US"]),
            st.one_of(st.none(), st.integers(0, 10**15)),
        ),
        max_size=30,
    ),
    st.sampled_from(RoundingScope),
    st.sampled_from(RoundingMode),
    st.sampled_from([DENOMINATOR, 100 * DENOMINATOR, 10_000 * DENOMINATOR]),
)
def test_the_proof_of_any_lines_replays_to_the_amount(
    lines: list[CallLine], scope: RoundingScope, mode: RoundingMode, denominator: int
) -> None:
    amount, proof = price(*lines, denominator=denominator, rounding_scope=scope, rounding=mode)
    assert proof.holds()
    assert proof.result == amount >= 0
