"""Discounts that a bill shows as credits of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.domain.history import ChargeFacts
from app.domain.money import D
from app.domain.vocabulary import ChargeType, PriceModel
from app.rating.discount_lines import rate_discount_line
from app.rating.engine import ask
from app.rating.ratebook import RateBook
from tests.rating.facts import charge, contract, element, invoice, period

NO_SERVICE = {"service_id": None, "service_key": ""}


def circuits(*amounts: str, **fields: Any) -> list[ChargeFacts]:
    return [charge(amount, id=place, service_key=f"C{place}", **fields) for place, amount in enumerate(amounts, 1)]


def credit_for(parameters: str, *charges: ChargeFacts, price: str = "50", **fields: Any) -> Decimal | None:
    """What a credit "PROMO" on a bill with these charges should be."""
    shape: dict[str, Any] = {"id": 99, "charge_type": ChargeType.CREDIT, "code": "PROMO"} | NO_SERVICE | fields
    credit = charge("-50.00", **shape)
    line = element(
        price,
        id=9,
        code="*",
        model=PriceModel.DISCOUNT,
        parameters=f"shown=line; line_code=PROMO; {parameters}",
    )
    bill, book = invoice(*charges, credit), RateBook([contract(element(), line)])
    rated = rate_discount_line(credit, bill, ask(credit, bill, None), book)
    assert rated is not None
    assert rated.proof is not None
    assert rated.proof.holds()
    return rated.expected


@pytest.mark.parametrize("prorated", ["yes", "no"])
def test_a_fixed_amount_for_a_period_is_taken_once_however_many_circuits_there_are(prorated: str) -> None:
    three = circuits("500.00", "500.00", "500.00")
    assert credit_for(f"kind=fixed; per=period; prorated={prorated}", *three) == D("-50.00")


def test_a_fixed_amount_for_each_unit_and_a_per_cent_are_taken_of_each_circuit() -> None:
    three = circuits("500.00", "500.00", "500.00")
    assert credit_for("kind=fixed; per=unit", *three) == D("-150.00")
    assert credit_for("", *three, price="10") == D("-150.00")
    assert credit_for("kind=fixed; per=unit", *circuits("500.00", quantity=D(4))) == D("-200.00")
    assert credit_for("kind=fixed; per=period", *circuits("500.00", quantity=D(4))) == D("-50.00")


def test_a_credit_that_names_a_circuit_is_taken_of_that_circuit() -> None:
    three = circuits("500.00", "500.00", "20.00")
    assert credit_for("kind=fixed; per=period", *three, service_key="C3") == D("-20.00")
    assert credit_for("kind=fixed; per=period", *three) == D("-50.00")


def test_a_fixed_amount_is_no_more_than_the_charges_together() -> None:
    assert credit_for("kind=fixed; per=period", *circuits("20.00", "20.00"), price="50") == D("-40.00")


def test_a_prorated_amount_is_for_the_longest_of_the_periods() -> None:
    half = charge("250.00", id=7, period=period("2026-03-01..2026-03-16"))
    terms = "kind=fixed; per=period"
    assert credit_for(terms, half, price="62") == D("-30.00")
    assert credit_for(terms, half, *circuits("500.00"), price="62") == D("-62.00")


def test_charges_outside_the_days_of_the_discount_are_not_lowered() -> None:
    before = charge("500.00", id=7, period=period("2026-02-01..2026-03-01"))
    terms = "kind=fixed; per=period; since=2026-03-01"
    assert credit_for(terms, before) == 0
    assert credit_for(terms, before, *circuits("20.00")) == D("-20.00")
