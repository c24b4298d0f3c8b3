"""What a billed minute costs, and where minutes alone do not say it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.money import D
from app.domain.vocabulary import ChargeType, PriceModel, RoundingScope
from app.rating.charge_models.measure import Measure
from app.rating.currency import Conversion, DatedRate
from app.rating.minutes import price_of_a_minute
from tests.rating.facts import contract, element

ONE = D("1")


def minute(price: str, parameters: str = "", conversion: Conversion | None = None, **fields: Any) -> str:
    model = fields.pop("model", PriceModel.PER_MINUTE)
    terms = element(price, charge_type=ChargeType.USAGE, model=model, parameters=parameters)
    found = price_of_a_minute(Measure(contract(terms, **fields), terms, ONE), conversion)
    return "none" if found is None else f"{found:f}"


def rate(base: str, quote: str, value: str, formula: str) -> Conversion:
    return Conversion(DatedRate(base, quote, date(2026, 3, 1), D(value)), formula, "")


@pytest.mark.parametrize(
    ("price", "parameters", "costs"),
    [
        ("0.05", "", "0.05"),
        ("0.05", "initial=6; increment=6", "0.05"),
        ("0.00137", "unit=6", "0.0137"),
        ("0.001", "unit=1", "0.06"),
        ("0.10", "unit=7", "0.8571428571"),
        ("20.00", "deductible=yes", "20.00"),
    ],
)
def test_a_minute_is_sixty_seconds_at_the_price_of_the_unit(price: str, parameters: str, costs: str) -> None:
    assert minute(price, parameters) == costs


def test_a_minute_is_in_the_currency_of_the_bill() -> None:
    assert minute("0.05", conversion=rate("EUR", "USD", "1.08", "× 1.08"), currency="EUR") == "0.054"
    assert minute("0.05", conversion=rate("USD", "EUR", "0.80", "÷ 0.80"), currency="EUR") == "0.0625"


@pytest.mark.parametrize("parameters", ["connect=0.10", "connect=0.10; deductible=yes", "rate_groups=0:100, 60:50"])
def test_fees_and_groups_of_seconds_leave_a_minute_without_a_price(parameters: str) -> None:
    assert minute("0.05", parameters) == "none"


def test_calls_rounded_one_by_one_leave_a_minute_without_a_price() -> None:
    assert minute("0.05", rounding_scope=RoundingScope.CALL) == "none"
    assert minute("0.05", rounding_scope=RoundingScope.BILL) == "0.05"


def test_other_prices_of_usage_are_not_of_minutes() -> None:
    assert minute("0.05", model=PriceModel.FLAT) == "none"
