"""What changes the prices and amounts of other rate elements, written out: escalators, term discounts and discounts."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.vocabulary import PriceModel
from app.rating.modifiers import discount, escalator, term_discount
from app.rating.modifiers.change import Change, Modifier

__all__ = ["MODIFIERS", "Change", "Modifier"]

MODIFIERS: Mapping[PriceModel, Modifier] = {
    PriceModel.ESCALATOR: escalator,
    PriceModel.TERM_DISCOUNT: term_discount,
    PriceModel.DISCOUNT: discount,
}
