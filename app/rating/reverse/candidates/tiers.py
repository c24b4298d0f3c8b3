"""Tiers read otherwise: each tier's units at its price or all at the last one's, and bounds that belong to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from app.domain.parameters import ABOVE, Form
from app.domain.terms import RateElementTerms
from app.domain.vocabulary import PriceModel
from app.rating.parameters import declared_parameters
from app.rating.reverse.case import Case, Change, change_elements, change_prices, value_of

_READINGS = {
    PriceModel.GRADUATED: "each tier's units at its own price",
    PriceModel.VOLUME: "all units at the price of the last tier",
}


def tier_reading(case: Case) -> Iterator[Change]:
    """Graduated tiers for volume tiers, and the other way round (domain/rating, 5.1)."""
    agreed = case.element.model
    for model, says in _READINGS.items():
        if agreed in _READINGS and model is not agreed:
            yield Change("tier_reading", says, _READINGS[agreed], change_elements(case, _reader(agreed, model)))


def tier_bound(case: Case) -> Iterator[Change]:
    """Bounds that are off by one: the last unit of a tier counted to the next one, or the next one's first to it."""
    for parameter in declared_parameters(case.element.model) or ():
        if parameter.form is not Form.TIERS or not (given := value_of(case.element, parameter)):
            continue
        for shift, says in ((-1, "tiers that end one unit before their bounds"), (1, "tiers that end one unit later")):
            changed = change_prices(case, **{parameter.name: _shift(given, shift)})
            yield Change("tier_bound", says, "tiers up to and with their bounds", changed)


def _reader(agreed: PriceModel, model: PriceModel) -> Callable[[RateElementTerms], RateElementTerms]:
    """Makes elements of one model elements of another."""
    return lambda element: replace(element, model=model) if element.model is agreed else element


def _shift(tiers: str, shift: int) -> str:
    moved = []
    for part in tiers.split(","):
        bound, colon, rest = (piece.strip() for piece in part.partition(":"))
        moved.append(part.strip() if bound == ABOVE else f"{Decimal(bound) + shift:f}{colon}{rest}")
    return ", ".join(moved)
