"""Prices that overlap: several for one thing on one day, between which rating cannot choose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from app.domain.terms import ContractTerms
from app.domain.vocabulary import MODIFIERS
from app.rating.lint.days import days_of, meant_for, open_end, write_days
from app.rating.ratebook import Price, describe


@dataclass(frozen=True, slots=True)
class PriceOverlap:
    """Two prices for one thing hold from `start` until `end` (None: for good). Rating calls such a price ambiguous."""

    first: Price
    second: Price
    start: date
    end: date | None

    @property
    def message(self) -> str:
        element = self.first.element
        return (
            f"{element.code} {element.charge_type} has two prices {write_days(self.start, self.end)}: "
            f"{element.price:f} ({describe(self.first)}) and "
            f"{self.second.element.price:f} ({describe(self.second)}). Let one end where the other begins."
        )


def find_overlaps(contracts: Iterable[ContractTerms]) -> tuple[PriceOverlap, ...]:
    """Each pair of prices between which `RateBook.find` could not choose, and the days on which it could not.

    Two that were agreed on different days do not overlap: the later one amends the earlier. An offer competes with
    itself alone.
    """
    alike: dict[object, list[Price]] = defaultdict(list)
    for contract in contracts:
        for element in contract.elements:
            if element.model not in MODIFIERS:
                offer = contract.id if contract.offer else None
                made_for = contract.carrier_id, contract.currency, bool(contract.account_ids), offer
                alike[made_for, meant_for(element), element.agreed].append(Price(contract, element))
    return tuple(
        overlap for prices in alike.values() for pair in combinations(prices, 2) for overlap in _overlap(*pair)
    )


def _overlap(first: Price, second: Price) -> Iterator[PriceOverlap]:
    accounts = set(first.contract.account_ids), set(second.contract.account_ids)
    if all(accounts) and not accounts[0] & accounts[1]:
        return
    # between two contracts the one within its term wins; within one contract its end decides nothing
    same = first.contract.id == second.contract.id
    days = [days_of(price.element, None if same else price.contract) for price in (first, second)]
    start, end = max(days[0][0], days[1][0]), min(days[0][1], days[1][1])
    if start < end:
        yield PriceOverlap(first, second, start, open_end(end))
