"""Days without a price: after one price has ended, while its contract runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import MODIFIERS
from app.rating.lint.days import days_of, meant_for, open_end, subtract, write_days
from app.rating.ratebook import Price, Scope, describe, scope_of


@dataclass(frozen=True, slots=True)
class PriceGap:
    """After `price` no price holds from `start` until `end` (None: for good), although its contract runs."""

    price: Price
    start: date
    end: date | None

    @property
    def message(self) -> str:
        element = self.price.element
        return (
            f"{element.code} {element.charge_type} has no price {write_days(self.start, self.end)}, after "
            f"{element.price:f} ({describe(self.price)}). Add the price of those days, or end the contract."
        )


def find_gaps(contracts: Iterable[ContractTerms]) -> tuple[PriceGap, ...]:
    """The days after a price, within its contract's term, on which neither a next price nor a wider one holds."""
    return tuple(gap for contract in contracts for gap in _gaps_of(contract))


def _gaps_of(contract: ContractTerms) -> Iterator[PriceGap]:
    prices = [element for element in contract.elements if element.model not in MODIFIERS]
    series: dict[object, list[RateElementTerms]] = defaultdict(list)
    for element in sorted(prices, key=lambda each: each.effective_from):
        series[meant_for(element)].append(element)
    for elements in series.values():
        covered = [days_of(each, contract) for each in prices if _covers(each, elements[0])]
        for element in elements:
            ended = days_of(element, None)[1]
            later = [each.effective_from for each in elements if each.effective_from >= ended]
            gap_end = min([*later, contract.end or date.max])
            for start, end in subtract((ended, gap_end), covered):
                yield PriceGap(Price(contract, element), start, open_end(end))


def _covers(wide: RateElementTerms, element: RateElementTerms) -> bool:
    """Whether `wide` is for the same code and zone, and for the same subject or for any."""
    ours, theirs = meant_for(wide), meant_for(element)
    same = (ours[0], ours[1], ours[3]) == (theirs[0], theirs[1], theirs[3])
    return same and (scope_of(wide) is Scope.ANY or ours == theirs)
