"""Discounts by the length of the term: vectors from domain/rating 5.3."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.money import D
from app.domain.parameters import BadParameters
from app.domain.proof import Proof
from app.domain.vocabulary import ChargeType, PriceModel
from app.rating.modifiers import Change, term_discount
from tests.rating.facts import contract, element, period

TABLES = "mrc=1:0, 12:4, 24:9, 36:14; nrc=1:0, 12:50, 24:75, 36:100"


def take(
    price: str,
    parameters: str = TABLES,
    start: str = "2024-01-01",
    end: str | None = "2027-01-01",
    day: str = "2025-06-01",
    kind: ChargeType = ChargeType.MRC,
) -> Change:
    terms = element("0", "2024-01-01", model=PriceModel.TERM_DISCOUNT, parameters=parameters, charge_type=kind)
    agreed = contract(start=date.fromisoformat(start), end=None if end is None else date.fromisoformat(end))
    change = term_discount.change(D(price), terms, agreed, date.fromisoformat(day))
    if change.steps:
        assert Proof(change.steps).holds()
        assert change.steps[-1].result == change.price
    return change


@pytest.mark.parametrize(
    ("end", "monthly", "once"),
    [
        ("2024-02-01", "250", "1000"),
        ("2024-12-31", "250", "1000"),
        ("2025-01-01", "240.00", "500.00"),
        ("2026-01-01", "227.50", "250.00"),
        ("2026-12-31", "227.50", "250.00"),
        ("2027-01-01", "215.00", "0.00"),
        ("2034-01-01", "215.00", "0.00"),
        (None, "250", "1000"),
    ],
)
def test_longer_terms_cost_less(end: str | None, monthly: str, once: str) -> None:
    assert take("250", end=end, day="2024-01-15").price == D(monthly)
    assert take("1000", end=end, day="2024-01-15", kind=ChargeType.NRC).price == D(once)


@pytest.mark.parametrize(
    ("parameters", "day", "price"),
    [
        (TABLES, "2026-12-31", "215.00"),
        (TABLES, "2027-01-01", "250"),
        ("mrc=1:2, 36:14", "2027-01-01", "245.00"),
        (f"{TABLES}; kept=yes", "2027-01-01", "215.00"),
        (f"{TABLES}; month_to_month=275", "2026-12-31", "215.00"),
        (f"{TABLES}; month_to_month=275", "2027-01-01", "275.00"),
        (f"{TABLES}; term=24", "2025-12-31", "227.50"),
        (f"{TABLES}; term=24", "2026-01-01", "250"),
        ("nrc=12:50", "2025-06-01", "250"),
    ],
)
def test_after_the_term_the_price_is_that_of_month_to_month(parameters: str, day: str, price: str) -> None:
    assert take("250", parameters, day=day).price == D(price)


def test_the_proof_names_the_term_and_its_end() -> None:
    (step,) = take("250.00").steps
    assert (step.basis, step.formula) == ("Discount for a term of 36 months, 14 %", "250.00 × (1 − 14 ÷ 100)")
    (after,) = take("250.00", f"{TABLES}; month_to_month=275", day="2027-01-01").steps
    assert after.basis == "Month to month: the term ended on 2027-01-01"


def test_before_its_first_day_and_for_other_charges_nothing_changes() -> None:
    assert take("250", day="2023-12-31") == Change(D("250"))
    assert take("250", kind=ChargeType.OCC) == Change(D("250"))


@pytest.mark.parametrize(
    ("parameters", "end", "days", "changes"),
    [
        ("", "2027-01-16", "2027-01-01..2027-02-01", ["2027-01-16"]),
        ("", "2027-01-01", "2027-01-01..2027-02-01", []),
        ("term=12", "2027-01-16", "2024-12-15..2025-02-01", ["2025-01-01"]),
        ("", None, "2023-12-15..2025-02-01", ["2024-01-01"]),
    ],
)
def test_the_price_changes_when_the_term_ends(parameters: str, end: str | None, days: str, changes: list[str]) -> None:
    terms = element("0", "2024-01-01", model=PriceModel.TERM_DISCOUNT, parameters=parameters)
    agreed = contract(end=None if end is None else date.fromisoformat(end))
    assert [day.isoformat() for day in term_discount.next_changes(terms, agreed, period(days))] == changes


def test_a_term_that_ends_after_the_discount_changes_nothing() -> None:
    terms = element("0", "2024-01-01", "2026-12-20", model=PriceModel.TERM_DISCOUNT)
    agreed = contract(end=date(2027, 1, 16))
    assert term_discount.next_changes(terms, agreed, period("2027-01-01..2027-02-01")) == ()
    assert term_discount.next_changes(terms, agreed, period("2026-12-01..2027-02-01")) == (date(2026, 12, 20),)


@pytest.mark.parametrize("table", ["mrc=year:4", "mrc=12:101"])
def test_a_table_that_cannot_be_read_is_refused(table: str) -> None:
    with pytest.raises(BadParameters, match="months with their per cents"):
        take("250", table)
