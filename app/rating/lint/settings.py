"""Prices whose parameters do not read: unknown or missing ones, tiers without a last one, values out of bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.parameters import BadParameters, read_settings
from app.domain.terms import ContractTerms
from app.rating.parameters import declared_parameters
from app.rating.ratebook import Price, describe


@dataclass(frozen=True, slots=True)
class UnreadablePrice:
    """Nothing can rate by `price`; `why` says which part of it does not read."""

    price: Price
    why: str

    @property
    def message(self) -> str:
        element = self.price.element
        return (
            f"{element.code} {element.charge_type} ({describe(self.price)}) cannot be rated by: {self.why} "
            f"Correct its parameters as the model {element.model} declares them."
        )


def find_unreadable(contracts: Iterable[ContractTerms]) -> tuple[UnreadablePrice, ...]:
    """The prices whose model nothing rates by, or whose parameters are not those that their model declares."""
    found = []
    for contract in contracts:
        for element in contract.elements:
            declared = declared_parameters(element.model)
            try:
                if declared is None:
                    found.append(UnreadablePrice(Price(contract, element), "nothing rates by this model yet."))
                else:
                    read_settings(element.parameters, declared)
            except BadParameters as fault:
                found.append(UnreadablePrice(Price(contract, element), fault.message))
    return tuple(found)
