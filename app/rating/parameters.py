"""What a pricing model declares: the parameters that a rate element may give, its unit and the evidence it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from inspect import cleandoc

from app.domain.money import D
from app.domain.parameters import Parameter, split_parameters, write_parameters
from app.domain.vocabulary import PriceModel
from app.rating.charge_models import CHARGE_MODELS
from app.rating.modifiers import MODIFIERS

# the models whose price is money for a unit, each with the parameters that hold prices too; of the others the price is
# a per cent, or an amount that was promised
PRICED: Mapping[PriceModel, tuple[str, ...]] = {
    PriceModel.FLAT: (),
    PriceModel.GRADUATED: ("tiers",),
    PriceModel.VOLUME: ("tiers",),
    PriceModel.PACKAGE: (),
    PriceModel.PER_MINUTE: ("connect",),
    PriceModel.CALLS: ("connect", "payphone"),
    PriceModel.PERCENTILE: ("overage", "tiers"),
    PriceModel.DATA_CAP: (),
    PriceModel.MILEAGE: ("fixed", "bands"),
    PriceModel.PER_CLASS: ("rates",),
    PriceModel.COMMITTED_EXCESS: ("eir_price",),
    PriceModel.COMMITTED_POWER: ("overage",),
    PriceModel.METERED_ENERGY: (),
    PriceModel.BREAKER: (),
    PriceModel.REMOTE_HANDS: ("after_hours", "expedite"),
}

# the models whose price is a per cent of something
PER_CENTS = frozenset({PriceModel.PERCENTAGE, PriceModel.SURCHARGE, PriceModel.LATE_CHARGE, PriceModel.ESCALATOR})


@dataclass(frozen=True, slots=True)
class Declaration:
    """A model's declaration. `unit` is what quantity counts, "" for a modifier; `needs` is the evidence that it cannot
    do without; `told` is what the model does, in its own words."""

    parameters: tuple[Parameter, ...]
    unit: str
    needs: type | None
    told: str


def find_declaration(model: PriceModel) -> Declaration | None:
    """What `model` declares; None where nothing can rate by it."""
    charged = CHARGE_MODELS.get(model)
    if charged is not None:
        return Declaration(charged.PARAMETERS, charged.UNIT, charged.NEEDS, cleandoc(charged.__doc__ or ""))
    changing = MODIFIERS.get(model)
    if changing is not None:
        return Declaration(changing.PARAMETERS, "", None, cleandoc(changing.__doc__ or ""))
    return None


def declared_parameters(model: PriceModel) -> tuple[Parameter, ...] | None:
    """The parameters that a rate element of `model` may give; None where nothing can rate by it."""
    declaration = find_declaration(model)
    return None if declaration is None else declaration.parameters


def change_prices(model: PriceModel, parameters: str, change: Callable[[Decimal], Decimal]) -> str:
    """`parameters` with the prices among them changed: single ones, those of tiers with their fees, those of tables."""
    written = split_parameters(parameters)
    for name in PRICED.get(model, ()):
        if name in written:
            written[name] = ", ".join(_change_part(part.strip(), change) for part in written[name].split(","))
    return write_parameters(written)


def _change_part(part: str, change: Callable[[Decimal], Decimal]) -> str:
    """The price in "4.10", "100:4.10" or "100:4.10+25", and the fee."""
    key, colon, value = part.rpartition(":")
    prices = [f"{change(D(price.strip())).normalize():f}" for price in value.split("+")]
    return f"{key}{colon}{'+'.join(prices)}"
