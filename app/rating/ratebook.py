"""Which contract price is in force for a charge: the narrowest, on a day, in the bill's currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from app.domain.history import ContractTerms, RateElementTerms, ServiceFacts
from app.domain.vocabulary import ChargeType


class Scope(IntEnum):
    """How narrowly a price is meant; the larger wins."""

    ANY = 0
    LOCATION = 1
    SERVICE = 2


@dataclass(frozen=True, slots=True)
class Price:
    """One price in force. `note` tells what a reader should know about it, such as that its contract has ended."""

    contract: ContractTerms
    element: RateElementTerms
    note: str = ""


@dataclass(frozen=True, slots=True)
class NoPrice:
    """No price is in force; `reason` says what comes nearest."""

    reason: str


@dataclass(frozen=True, slots=True)
class AmbiguousPrice:
    """Several prices of one scope are in force on one day: the price book must be mended."""

    prices: tuple[Price, ...]

    @property
    def reason(self) -> str:
        named = "; ".join(f"{price.element.price:f} ({describe(price)})" for price in self.prices)
        return f"{len(self.prices)} prices are in force at once: {named}. End one of them in the price book."


@dataclass(frozen=True, slots=True)
class PriceQuestion:
    """What a price is wanted for."""

    carrier_id: int
    account_id: int
    code: str
    charge_type: ChargeType
    day: date
    currency: str
    service: ServiceFacts | None = None


class RateBook:
    """The prices of contracts, found by carrier, charge type and code. Codes compare without case and outer blanks."""

    def __init__(self, contracts: Iterable[ContractTerms]) -> None:
        self.contracts = tuple(contracts)
        self._prices: dict[tuple[int, ChargeType, str], list[Price]] = defaultdict(list)
        for contract in self.contracts:
            for element in contract.elements:
                key = (contract.carrier_id, element.charge_type, code_key(element.code))
                self._prices[key].append(Price(contract, element))

    def find(self, question: PriceQuestion) -> Price | NoPrice | AmbiguousPrice:
        """The price in force on the question's day.

        Passed over are contracts of other accounts, other currencies, and those that have not begun. A contract within
        its term goes before one whose term has ended but whose price nobody has ended. Then the narrowest scope wins
        (service, location, any), and within a scope a contract made for the account wins over one for all accounts.
        """
        known = self._prices.get((question.carrier_id, question.charge_type, code_key(question.code)), [])
        fitting = [price for price in known if _fits(price, question)]
        dated = [price for price in fitting if _holds(price, question.day)]
        current = [price for price in dated if price.contract.currency == question.currency]
        if not current:
            return NoPrice(_say_why_none(question, fitting, dated))
        in_term = [price for price in current if _in_term(price.contract, question.day)]
        ranked = in_term or current
        best = max(_rank(price) for price in ranked)
        winners = tuple(price for price in ranked if _rank(price) == best)
        if len(winners) > 1:
            return AmbiguousPrice(winners)
        return winners[0] if in_term else _with_ended_term(winners[0])

    def next_change(self, price: Price) -> RateElementTerms | None:
        """The element of the same contract, code and scope that follows `price`, if any."""
        element = price.element
        later = [
            other
            for other in price.contract.elements
            if _series(other) == _series(element) and other.effective_from > element.effective_from
        ]
        return min(later, key=lambda other: other.effective_from, default=None)


def code_key(code: str) -> str:
    """A charge code for comparing."""
    return code.strip().casefold()


def scope_of(element: RateElementTerms) -> Scope:
    """The narrowest scope that is filled in."""
    if element.service_id is not None:
        return Scope.SERVICE
    return Scope.ANY if element.location_id is None else Scope.LOCATION


def describe(price: Price) -> str:
    """Where a price stands: contract, clause and the day from which it holds."""
    clause = f" clause {price.element.clause}" if price.element.clause else ""
    return f"contract {price.contract.number}{clause}, from {price.element.effective_from.isoformat()}"


def _series(element: RateElementTerms) -> tuple[str, ChargeType, int | None, int | None]:
    return code_key(element.code), element.charge_type, element.service_id, element.location_id


def _fits(price: Price, question: PriceQuestion) -> bool:
    accounts, element, service = price.contract.account_ids, price.element, question.service
    if accounts and question.account_id not in accounts:
        return False
    match scope_of(element):
        case Scope.SERVICE:
            return service is not None and element.service_id == service.id
        case Scope.LOCATION:
            return service is not None and element.location_id == service.location_id
        case Scope.ANY:
            return True


def _holds(price: Price, day: date) -> bool:
    return price.contract.start <= day and price.element.in_force(day)


def _in_term(contract: ContractTerms, day: date) -> bool:
    return contract.end is None or day < contract.end


def _rank(price: Price) -> tuple[Scope, bool]:
    return scope_of(price.element), bool(price.contract.account_ids)


def _with_ended_term(price: Price) -> Price:
    ended = price.contract.end
    when = f" on {ended.isoformat()}" if ended else ""
    note = f"The term of contract {price.contract.number} ended{when}; its price still holds."
    return Price(price.contract, price.element, note)


def _say_why_none(question: PriceQuestion, fitting: list[Price], dated: list[Price]) -> str:
    what = f"{question.charge_type} {question.code}".strip()
    if dated:
        currencies = ", ".join(sorted({price.contract.currency for price in dated}))
        return f"The price of {what} is agreed in {currencies}, but the bill is in {question.currency}."
    if fitting:
        return f"No price of {what} is in force on {question.day.isoformat()}; nearest: {_nearest(question, fitting)}."
    return f"No contract of this account prices {what}."


def _nearest(question: PriceQuestion, fitting: list[Price]) -> str:
    price = min(fitting, key=lambda each: abs((each.element.effective_from - question.day).days))
    until = price.element.effective_to
    return describe(price) + (f" until {until.isoformat()}" if until else "")
