"""The charge models, written out: how each kind of rate element turns a measure into an amount."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.vocabulary import PriceModel
from app.rating.charge_models import flat, per_minute
from app.rating.charge_models.measure import ChargeModel

CHARGE_MODELS: Mapping[PriceModel, ChargeModel] = {
    PriceModel.FLAT: flat,
    PriceModel.PER_MINUTE: per_minute,
}
