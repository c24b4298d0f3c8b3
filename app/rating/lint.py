"""Checks of a price book: prices that overlap and days on which none holds. Values only; nothing is mended here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from app.domain.history import ContractTerms, RateElementTerms
from app.domain.vocabulary import ChargeType
from app.rating.ratebook import Price, Scope, code_key, describe, scope_of

Days = tuple[date, date]  # half-open; "for good" ends on date.max


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
        until = f" until {self.end.isoformat()}" if self.end else ""
        return (
            f"{element.code} {element.charge_type} has two prices from {self.start.isoformat()}{until}: "
            f"{element.price:f} ({describe(self.first)}) and "
            f"{self.second.element.price:f} ({describe(self.second)}). Let one end where the other begins."
        )


@dataclass(frozen=True, slots=True)
class PriceGap:
    """After `price` no price holds from `start` until `end` (None: for good), although its contract runs."""

    price: Price
    start: date
    end: date | None

    @property
    def message(self) -> str:
        element = self.price.element
        until = f" until {self.end.isoformat()}" if self.end else ""
        return (
            f"{element.code} {element.charge_type} has no price from {self.start.isoformat()}{until}, after "
            f"{element.price:f} ({describe(self.price)}). Add the price of those days, or end the contract."
        )


def find_overlaps(contracts: Iterable[ContractTerms]) -> tuple[PriceOverlap, ...]:
    """Each pair of prices between which `RateBook.find` could not choose, and the days on which it could not."""
    alike: dict[object, list[Price]] = defaultdict(list)
    for contract in contracts:
        for element in contract.elements:
            key = (contract.carrier_id, contract.currency, bool(contract.account_ids), *_meant_for(element))
            alike[key].append(Price(contract, element))
    return tuple(
        overlap for prices in alike.values() for pair in combinations(prices, 2) for overlap in _overlap(*pair)
    )


def find_gaps(contracts: Iterable[ContractTerms]) -> tuple[PriceGap, ...]:
    """The days after a price, within its contract's term, on which neither a next price nor a wider one holds."""
    return tuple(gap for contract in contracts for gap in _gaps_of(contract))


def _meant_for(element: RateElementTerms) -> tuple[str, ChargeType, Scope, int | None]:
    scope = scope_of(element)
    subject = {Scope.SERVICE: element.service_id, Scope.LOCATION: element.location_id, Scope.ANY: None}[scope]
    return code_key(element.code), element.charge_type, scope, subject


def _overlap(first: Price, second: Price) -> Iterator[PriceOverlap]:
    accounts = set(first.contract.account_ids), set(second.contract.account_ids)
    if all(accounts) and not accounts[0] & accounts[1]:
        return
    # between two contracts the one within its term wins; within one contract its end decides nothing
    same = first.contract.id == second.contract.id
    days = [_days_of(price.element, None if same else price.contract) for price in (first, second)]
    start, end = max(days[0][0], days[1][0]), min(days[0][1], days[1][1])
    if start < end:
        yield PriceOverlap(first, second, start, _open(end))


def _gaps_of(contract: ContractTerms) -> Iterator[PriceGap]:
    series: dict[object, list[RateElementTerms]] = defaultdict(list)
    for element in sorted(contract.elements, key=lambda each: each.effective_from):
        series[_meant_for(element)].append(element)
    for elements in series.values():
        covered = [_days_of(each, contract) for each in contract.elements if _covers(each, elements[0])]
        for element in elements:
            ended = _days_of(element, None)[1]
            later = [each.effective_from for each in elements if each.effective_from >= ended]
            gap_end = min([*later, contract.end or date.max])
            for start, end in _subtract((ended, gap_end), covered):
                yield PriceGap(Price(contract, element), start, _open(end))


def _covers(wide: RateElementTerms, element: RateElementTerms) -> bool:
    """Whether `wide` is for the same code and for the same subject or for any."""
    same = code_key(wide.code) == code_key(element.code) and wide.charge_type is element.charge_type
    return same and (scope_of(wide) is Scope.ANY or _meant_for(wide) == _meant_for(element))


def _days_of(element: RateElementTerms, contract: ContractTerms | None) -> Days:
    start, end = element.effective_from, element.effective_to or date.max
    if contract is None:
        return start, end
    return max(start, contract.start), min(end, contract.end or date.max)


def _subtract(days: Days, covered: list[Days]) -> Iterator[Days]:
    start, end = days
    for from_day, to_day in sorted(covered):
        if to_day <= start or from_day >= end:
            continue
        if start < from_day:
            yield start, from_day
        start = to_day
    if start < end:
        yield start, end


def _open(end: date) -> date | None:
    return None if end == date.max else end
