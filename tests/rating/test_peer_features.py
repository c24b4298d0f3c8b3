"""Another billing library's worked examples, as facts: compensation, fixed discount and a monthly fee by the second.

The numbers are those of the features Compensation, FixedDiscount and Monthly of hiqdev/php-billing (BSD-3-Clause).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.domain.money import D
from app.domain.proof import Proof
from app.domain.vocabulary import PriceModel
from app.rating.charge_models import flat
from app.rating.charge_models.measure import Measure
from app.rating.modifiers import discount
from app.rating.proration import prorate_moments
from tests.rating.facts import contract, element

NONE = None


def credit(worth: str, parameters: str, day: str, amount: str, quantity: str) -> Decimal | None:
    """The credit that stands beside a charge; None where there is none."""
    terms = element(worth, "2010-01-01", model=PriceModel.DISCOUNT, parameters=f"{parameters}; shown=line")
    found = discount.apply(D(amount), D(quantity), terms, contract(), date.fromisoformat(day))
    if found is None:
        return None
    assert Proof(found.steps).holds()
    assert found.steps[-1].result == found.credit
    return found.credit


@pytest.mark.parametrize(
    ("day", "overuse", "compensation"),
    [
        ("2018-01-01", "9", NONE),
        ("2018-02-01", "0", NONE),
        ("2018-03-01", "0", NONE),
        ("2018-04-01", "0.1", "-0.10"),
        ("2018-05-01", "0", NONE),
        ("2018-06-01", "170", "-5.00"),
        ("2018-07-01", "9", "-5.00"),
        ("2018-08-01", "8", "-5.00"),
        ("2018-09-01", "5", "-5.00"),
        ("2018-10-01", "4", "-4.00"),
        ("2018-11-01", "9", NONE),
    ],
)
def test_five_terabytes_of_compensation_are_never_more_than_the_overuse(
    day: str, overuse: str, compensation: str | None
) -> None:
    """Overuse at 1.00 a terabyte above 10; 5 terabytes are given from February until November 2018."""
    parameters = "kind=fixed; per=period; since=2018-02-01; till=2018-11-01; reason=bonus"
    assert credit("5", parameters, day, overuse, "1") == (None if compensation is None else D(compensation))


@pytest.mark.parametrize(
    ("worth", "parameters", "units", "rows"),
    [
        ("25", "kind=fixed", "2", [("2018-07-01", "-50"), ("2018-08-01", "-50"), ("2028-11-11", "-50")]),
        (
            "25",
            "kind=fixed; since=2018-08-01",
            "2",
            [
                ("2018-07-01", NONE),
                ("2018-07-31", NONE),
                ("2018-08-01", "-50"),
                ("2018-08-22", "-50"),
                ("2018-09-01", "-50"),
                ("2028-11-11", "-50"),
            ],
        ),
        (
            "20",
            "since=2018-08-01",
            "8",
            [("2018-07-31", NONE), ("2018-08-01", "-80"), ("2018-08-22", "-80"), ("2028-11-11", "-80")],
        ),
        (
            "20",
            "till=2018-09-01",
            "2",
            [
                ("2012-02-01", "-20"),
                ("2018-07-31", "-20"),
                ("2018-08-01", "-20"),
                ("2018-08-22", "-20"),
                ("2018-09-01", NONE),
                ("2028-09-11", NONE),
                ("2028-11-11", NONE),
            ],
        ),
        (
            "20",
            "since=2018-08-01; till=2018-09-01",
            "2",
            [
                ("2018-07-31", NONE),
                ("2018-08-01", "-20"),
                ("2018-08-22", "-20"),
                ("2018-09-01", NONE),
                ("2028-09-11", NONE),
                ("2028-11-11", NONE),
            ],
        ),
        (
            "20",
            "since=2018-08-01; lasts=2",
            "2",
            [
                ("2018-07-31", NONE),
                ("2018-08-01", "-20"),
                ("2018-08-22", "-20"),
                ("2018-09-01", "-20"),
                ("2018-10-11", NONE),
                ("2028-11-11", NONE),
            ],
        ),
    ],
)
def test_discounts_off_50_a_month_for_each_unit(
    worth: str, parameters: str, units: str, rows: list[tuple[str, str | None]]
) -> None:
    for day, off in rows:
        assert credit(worth, parameters, day, str(50 * int(units)), units) == (None if off is None else D(off)), day


@pytest.mark.parametrize(
    ("sold", "left", "amount"),
    [
        ("2024-02-01 11:50:00", "2024-02-16 15:15:00", "776.96"),
        ("2024-02-10 11:50:00", "2024-02-10 15:15:00", "7.30"),
        ("2024-02-10 11:50:00", "2024-02-10 11:55:00", "0.18"),
        ("2024-02-10 11:50:00", "2024-02-10 11:50:01", "0.01"),
    ],
)
def test_1488_a_month_by_the_second_is_at_least_a_cent(sold: str, left: str, amount: str) -> None:
    start, end = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (sold, left))
    priced = element("1488", parameters="least=0.01")
    measure = Measure(contract(priced), priced, D(1), prorate_moments(start, end))
    due, steps = flat.compute(measure), flat.explain(measure)
    assert due == D(amount)
    assert Proof(steps).holds()
    assert Proof(steps).result == due


def test_only_the_last_second_needs_the_least_amount() -> None:
    """A second costs 0.0006, which rounds to nothing: without the least amount it would be free."""
    start = datetime(2024, 2, 10, 11, 50, tzinfo=UTC)
    priced = element("1488")
    second = prorate_moments(start, start.replace(second=1))
    assert second.formula == "1 ÷ 2505600"
    assert flat.compute(Measure(contract(priced), priced, D(1), second)) == 0
