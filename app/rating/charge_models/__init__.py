"""The charge models, written out: how each kind of rate element turns a measure into an amount."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.domain.parameters import Settings
from app.domain.vocabulary import PriceModel
from app.rating.charge_models import (
    breaker,
    calls,
    commitment,
    committed_excess,
    committed_power,
    data_cap,
    early_termination,
    flat,
    graduated,
    late_charge,
    metered_energy,
    mileage,
    minimum,
    package,
    per_class,
    per_minute,
    percentage,
    percentile,
    remote_hands,
    sla_credit,
    surcharge,
    volume,
)
from app.rating.charge_models.measure import ChargeModel

CHARGE_MODELS: Mapping[PriceModel, ChargeModel] = {
    PriceModel.FLAT: flat,
    PriceModel.GRADUATED: graduated,
    PriceModel.VOLUME: volume,
    PriceModel.PACKAGE: package,
    PriceModel.PERCENTAGE: percentage,
    PriceModel.PER_MINUTE: per_minute,
    PriceModel.CALLS: calls,
    PriceModel.PERCENTILE: percentile,
    PriceModel.DATA_CAP: data_cap,
    PriceModel.MILEAGE: mileage,
    PriceModel.PER_CLASS: per_class,
    PriceModel.COMMITTED_EXCESS: committed_excess,
    PriceModel.COMMITTED_POWER: committed_power,
    PriceModel.METERED_ENERGY: metered_energy,
    PriceModel.BREAKER: breaker,
    PriceModel.REMOTE_HANDS: remote_hands,
    PriceModel.MINIMUM: minimum,
    PriceModel.COMMITMENT: commitment,
    PriceModel.EARLY_TERMINATION: early_termination,
    PriceModel.SLA_CREDIT: sla_credit,
    PriceModel.LATE_CHARGE: late_charge,
    PriceModel.SURCHARGE: surcharge,
}


def _always(_settings: Settings) -> bool:
    return True


# the models whose quantity only a meter knows: where the bill states none and no records cover the charge, nothing can
# be priced; of any other model the inventory says how many there are
METERED: Mapping[PriceModel, Callable[[Settings], bool]] = {
    PriceModel.PER_MINUTE: _always,
    PriceModel.PERCENTILE: _always,
    PriceModel.DATA_CAP: _always,
    PriceModel.COMMITTED_POWER: _always,
    PriceModel.REMOTE_HANDS: _always,
    PriceModel.METERED_ENERGY: lambda settings: settings.word("method", metered_energy.Method).value == "meter",
    PriceModel.MILEAGE: lambda settings: not settings.has("a_v"),
}
