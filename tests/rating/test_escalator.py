"""Prices that rise every year: vectors from domain/rating 5.6."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import D, RoundingMode
from app.domain.period import Period
from app.domain.proof import Proof
from app.domain.vocabulary import ChargeType, PriceModel
from app.rating.modifiers import MODIFIERS, Change, escalator
from tests.rating.facts import contract, element, period

INDEX = "index=2025:3.1, 2026:2.4, 2027:-0.5; margin=2"


def rise(price: str, day: str, parameters: str = "", percent: str = "3", **fields: object) -> Change:
    terms = element(percent, "2024-01-01", model=PriceModel.ESCALATOR, parameters=parameters, **fields)
    change = MODIFIERS[PriceModel.ESCALATOR].change(D(price), terms, contract(), date.fromisoformat(day))
    if change.steps:
        assert Proof(change.steps).holds()
        assert change.steps[-1].result == change.price
    return change


@pytest.mark.parametrize(
    ("day", "price"),
    [
        ("2024-01-01", "1000"),
        ("2024-12-31", "1000"),
        ("2025-01-01", "1030.00"),
        ("2025-12-31", "1030.00"),
        ("2026-01-01", "1060.90"),
        ("2027-06-15", "1092.73"),
    ],
)
@pytest.mark.parametrize("by", ["yearly", "base"])
def test_three_per_cent_a_year(day: str, price: str, by: str) -> None:
    assert rise("1000", day, f"round={by}").price == D(price)


@pytest.mark.parametrize(
    ("parameters", "day", "price"),
    [
        ("compound=no", "2027-01-01", "1090.00"),
        ("compound=no; round=base", "2027-01-01", "1090.00"),
        ("from=2024-07-01", "2024-06-30", "1000"),
        ("from=2024-07-01", "2024-07-01", "1030.00"),
        ("from=2024-07-01", "2025-07-01", "1060.90"),
        ("from=2023-07-01", "2024-07-01", "1030.00"),
        ("interval=6", "2024-07-01", "1030.00"),
        ("interval=24", "2025-12-31", "1000"),
        ("interval=24", "2026-01-01", "1030.00"),
        ("cap=2", "2025-01-01", "1020.00"),
        ("floor=5", "2025-01-01", "1050.00"),
        ("floor=5; cap=4", "2025-01-01", "1040.00"),
        ("rounding_places=0", "2027-01-01", "1093"),
        (INDEX, "2025-01-01", "1051.00"),
        (INDEX, "2026-01-01", "1097.24"),
        (INDEX, "2027-01-01", "1113.70"),
        (f"{INDEX}; cap=4; floor=2", "2027-01-01", "1103.23"),
        (f"{INDEX}; cap=4; floor=2; compound=no; round=base", "2027-01-01", "1100.00"),
    ],
)
def test_every_way_to_rise(parameters: str, day: str, price: str) -> None:
    assert rise("1000", day, parameters).price == D(price)


def test_where_a_year_is_rounded_decides() -> None:
    """0.50 at 3 %: 0.515, 0.53045, 0.5463635; on rounded prices 0.52, 0.5356 and then 0.5562."""
    assert rise("0.50", "2027-01-01", "round=yearly", percent="3").price == D("0.56")
    assert rise("0.50", "2027-01-01", "round=base", percent="3").price == D("0.55")


def test_the_contract_says_how_a_raised_price_is_rounded() -> None:
    terms = element("3", "2024-01-01", model=PriceModel.ESCALATOR)
    change = escalator.change(D("0.50"), terms, contract(rounding=RoundingMode.TRUNCATE), date(2025, 1, 1))
    assert change.price == D("0.51")


def test_a_price_of_usage_keeps_its_places() -> None:
    assert rise("0.011", "2025-01-01", charge_type=ChargeType.USAGE).price == D("0.01133")
    assert rise("0.011", "2025-01-01", "rounding_places=4", charge_type=ChargeType.USAGE).price == D("0.0113")


def test_a_year_without_an_index_is_named_and_the_last_price_known_stays() -> None:
    change = rise("1000", "2028-03-01", INDEX)
    assert change.price == D("1113.70")
    assert change.missing == "No index is entered for 2028: the rise of 2028-01-01 is unknown."
    assert rise("1000", "2027-03-01", INDEX).missing == ""
    unknown = rise("1000", "2025-03-01", "index=2026:2")
    assert (unknown.price, unknown.steps) == (D("1000"), ())
    assert "2025" in unknown.missing
    later = rise("1000", "2026-03-01", "index=2026:2")
    assert (later.price, later.missing) == (unknown.price, unknown.missing)


def test_rises_after_the_element_has_ended_do_not_count() -> None:
    assert rise("1000", "2027-06-01", effective_to=date(2026, 1, 1)).price == D("1030.00")


def test_the_proof_has_a_line_for_each_rise() -> None:
    yearly = rise("1000.00", "2026-01-01").steps
    assert [step.formula for step in yearly] == ["1000.00 × (1 + 3 ÷ 100)", "1030.00 × (1 + 3 ÷ 100)"]
    assert yearly[1].basis == "Rise on 2026-01-01"
    (once,) = rise("1000.00", "2026-01-01", f"{INDEX}; cap=4; compound=no; round=base").steps
    assert once.formula == "1000.00 × (1 + (min((3.1 + 2), 4) + min((2.4 + 2), 4)) ÷ 100)"
    assert once.basis == "Price after 2 rises, the last on 2026-01-01"


@pytest.mark.parametrize(
    ("parameters", "days", "changes"),
    [
        ("", "2025-12-15..2026-01-15", ["2026-01-01"]),
        ("", "2026-01-01..2026-02-01", []),
        ("", "2025-12-01..2026-01-01", []),
        ("", "2023-12-15..2024-01-15", ["2024-01-01"]),
        ("interval=3; from=2025-11-30", "2025-11-01..2026-03-01", ["2025-11-30", "2026-02-28"]),
    ],
)
def test_the_days_on_which_the_price_rises(parameters: str, days: str, changes: list[str]) -> None:
    terms = element("3", "2024-01-01", model=PriceModel.ESCALATOR, parameters=parameters)
    assert [day.isoformat() for day in escalator.next_changes(terms, contract(), period(days))] == changes


@given(
    st.dates(date(2023, 6, 1), date(2030, 1, 1)),
    st.integers(2, 800),
    st.sampled_from(["", "interval=5", "from=2024-02-29; interval=12", "interval=1; round=base"]),
)
def test_between_two_changes_the_price_stays(start: date, days: int, parameters: str) -> None:
    terms = element("3", "2024-01-01", model=PriceModel.ESCALATOR, parameters=parameters)
    asked = Period(start, start + timedelta(days=days))
    changes = set(escalator.next_changes(terms, contract(), asked))
    prices = [
        escalator.change(D(1000), terms, contract(), start + timedelta(days=place)).price for place in range(days)
    ]
    rises = {start + timedelta(days=place) for place in range(1, days) if prices[place] != prices[place - 1]}
    assert rises <= changes
    assert changes - rises <= {terms.effective_from}
