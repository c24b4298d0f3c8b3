"""What a billed minute costs, where the price of calls is in proportion to their minutes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.money import RATE_SCALE, round_amount
from app.domain.vocabulary import PriceModel, RoundingScope
from app.rating.charge_models import per_minute
from app.rating.charge_models.increments import read_call_price
from app.rating.charge_models.measure import Measure, to_decimal
from app.rating.currency import Conversion

_SECONDS = 60


def price_of_a_minute(measure: Measure, conversion: Conversion | None) -> Decimal | None:
    """A billable minute under the contract in the bill's currency, at 10 places: price × 60 ÷ unit, converted.

    None where minutes alone do not say what calls cost: with a connect fee or a least charge, with groups of seconds at
    several per cents, and where the contract rounds each call. What is billed above the expected amount is then judged
    as a whole, for price and minutes cannot be told apart.
    """
    element, contract = measure.element, measure.contract
    if element.model is not PriceModel.PER_MINUTE or contract.rounding_scope is RoundingScope.CALL:
        return None
    price = read_call_price(element, measure.settings(per_minute.PARAMETERS))
    if price.connect or price.groups:
        return None
    minute = Fraction(price.price) * _SECONDS / price.unit
    exact = to_decimal(minute)
    return _trim(round_amount(exact, RATE_SCALE) if conversion is None else conversion.convert(exact))


def _trim(price: Decimal) -> Decimal:
    """Without zeros at the end, with the two places of money at least."""
    return price.normalize() + Decimal("0.00")
