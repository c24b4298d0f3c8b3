"""Discounts off amounts: a per cent or a fixed amount, for some days, never more than the charge."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.domain.money import D, RoundingMode
from app.domain.proof import Proof
from app.domain.vocabulary import PriceModel, ProrationMethod, RoundingScope
from app.rating.modifiers import MODIFIERS, Change, discount
from app.rating.modifiers.discount import Reduction, Shown
from app.rating.proration import ONE_MONTH, Proration, prorate
from tests.rating.facts import contract, element, period


def take(
    worth: str,
    amount: str,
    parameters: str = "",
    quantity: str = "1",
    day: str = "2026-03-01",
    months: Proration = ONE_MONTH,
    **fields: object,
) -> Reduction | None:
    terms = element(worth, "2024-01-01", model=PriceModel.DISCOUNT, parameters=parameters)
    found = discount.apply(D(amount), D(quantity), terms, contract(**fields), date.fromisoformat(day), months)
    if found is not None:
        assert Proof(found.steps).holds()
        assert found.credit < 0 <= found.net == D(amount) + found.credit
        assert found.steps[-1].result == (found.net if found.shown is Shown.NET else found.credit)
    return found


def credit(*facts: object, **fields: object) -> Decimal:
    found = take(*facts, **fields)
    return D(0) if found is None else found.credit


@pytest.mark.parametrize(
    ("worth", "amount", "parameters", "quantity", "off"),
    [
        ("20", "100.00", "", "2", "-20.00"),
        ("20", "99.99", "", "1", "-20.00"),
        ("25", "100.00", "kind=fixed", "2", "-50.00"),
        ("25", "100.00", "kind=fixed; per=period", "2", "-25.00"),
        ("25", "40.00", "kind=fixed", "2", "-40.00"),
        ("150", "40.00", "", "1", "-40.00"),
        ("0", "40.00", "", "1", "0"),
        ("20", "0.00", "", "1", "0"),
        ("20", "-40.00", "", "1", "0"),
    ],
)
def test_a_discount_is_never_more_than_the_charge(
    worth: str, amount: str, parameters: str, quantity: str, off: str
) -> None:
    assert credit(worth, amount, parameters, quantity) == D(off)


def test_it_lowers_the_charge_or_stands_beside_it() -> None:
    net = take("20", "100.00", "reason=outage in May")
    assert net is not None
    assert (net.net, net.shown, net.reason) == (D("80.00"), Shown.NET, "outage in May")
    assert [step.formula for step in net.steps] == ["0 − min(100.00, 100.00 × 20 ÷ 100)", "100.00 − 20.00"]
    assert net.steps[0].basis == "Discount (outage in May)"
    line = take("20", "100.00", "shown=line")
    assert line is not None
    assert [step.result for step in line.steps] == [D("-20.00")]


@pytest.mark.parametrize(
    ("parameters", "days"),
    [
        ("", ["2024-01-01", "2030-01-01"]),
        ("since=2026-03-10", ["2026-03-10", "2030-01-01"]),
        ("till=2026-03-10", ["2024-01-01", "2026-03-09"]),
        ("since=2026-01-31; lasts=1", ["2026-01-31", "2026-02-27"]),
        ("lasts=12", ["2024-01-01", "2024-12-31"]),
        ("since=2026-01-01; till=2026-02-01; lasts=3", ["2026-01-01", "2026-01-31"]),
    ],
)
def test_the_first_and_the_last_day(parameters: str, days: list[str]) -> None:
    first, last = (date.fromisoformat(day) for day in days)
    around = [(first, True), (last, True), (date.fromordinal(first.toordinal() - 1), False)]
    if last.year < 2030:
        around.append((date.fromordinal(last.toordinal() + 1), False))
    for day, holds in around:
        assert (credit("20", "100.00", parameters, day=day.isoformat()) != 0) is holds, day


def test_part_of_a_month_has_part_of_a_fixed_amount() -> None:
    half = prorate(period("2026-02-01..2026-02-15"), ProrationMethod.ACTUAL)
    assert credit("10", "250.00", "kind=fixed; per=period", months=half) == D("-5.00")
    assert credit("10", "250.00", "kind=fixed; per=period; prorated=no", months=half) == D("-10.00")
    assert credit("10", "250.00", months=half) == D("-25.00")


def test_rounding_up_takes_no_more_than_there_is() -> None:
    assert credit("100", "0.011", rounding=RoundingMode.UP) == D("-0.011")
    assert credit("10", "0.011", rounding_scope=RoundingScope.BILL) == D("-0.0011")


def test_prices_stay_as_they_are() -> None:
    terms = element("20", model=PriceModel.DISCOUNT)
    assert MODIFIERS[PriceModel.DISCOUNT].change(D("5.00"), terms, contract(), date(2026, 1, 1)) == Change(D("5.00"))


@pytest.mark.parametrize(
    ("parameters", "changes"),
    [
        ("since=2026-03-10; till=2026-03-20", ["2026-03-10", "2026-03-20"]),
        ("since=2026-03-01; lasts=1", []),
        ("since=2026-02-10; lasts=1", ["2026-03-10"]),
        ("", []),
    ],
)
def test_the_days_on_which_a_discount_begins_and_ends(parameters: str, changes: list[str]) -> None:
    terms = element("20", "2024-01-01", model=PriceModel.DISCOUNT, parameters=parameters)
    found = discount.next_changes(terms, contract(), period("2026-03-01..2026-04-01"))
    assert [day.isoformat() for day in found] == changes
