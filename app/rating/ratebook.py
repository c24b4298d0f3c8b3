"""Which contract price is in force for a charge: the narrowest, on a day, in the bill's currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from app.domain.history import ServiceFacts
from app.domain.period import Period
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import MODIFIERS, ChargeType, ExchangeDay, PriceModel, ServiceKind
from app.rating.currency import RateTable

EVERY_CODE = "*"
# an escalator makes the list price of the year, a term discount is taken of that, and discounts come last
_ORDER = {PriceModel.ESCALATOR: 0, PriceModel.TERM_DISCOUNT: 1, PriceModel.DISCOUNT: 2}


class Scope(IntEnum):
    """How narrowly a price is meant; the larger wins."""

    ANY = 0
    KIND = 1
    LOCATION = 2
    SERVICE = 3


Subject = tuple[Scope, int | ServiceKind | None]


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
    """What a price is wanted for. Amendments agreed on after `known_on` are not known yet; None: all are."""

    carrier_id: int
    account_id: int
    code: str
    charge_type: ChargeType
    day: date
    currency: str
    service: ServiceFacts | None = None
    known_on: date | None = None


class RateBook:
    """The prices of contracts, found by carrier, charge type and code, and the exchange rates for bills in another
    currency. Codes compare without case and outer blanks."""

    def __init__(self, contracts: Iterable[ContractTerms], rates: RateTable | None = None) -> None:
        self.contracts = tuple(contracts)
        self.rates = rates or RateTable()
        self._prices: dict[tuple[int, ChargeType, str, Subject], list[Price]] = defaultdict(list)
        self._modifiers: dict[tuple[int, ChargeType], list[RateElementTerms]] = defaultdict(list)
        for contract in self.contracts:
            for element in contract.elements:
                if element.model in MODIFIERS:
                    self._modifiers[contract.id, element.charge_type].append(element)
                elif not element.zone:  # prices of zones change a rate deck's, and are asked for with it
                    key = (contract.carrier_id, element.charge_type, code_key(element.code), subject_of(element))
                    self._prices[key].append(Price(contract, element))
        self._ended_by = _find_endings(self.contracts)
        self.last_agreed = max(
            (each.agreed for contract in self.contracts for each in contract.elements if each.agreed), default=date.min
        )

    def find(self, question: PriceQuestion) -> Price | NoPrice | AmbiguousPrice:
        """The price in force on the question's day.

        Passed over are contracts of other accounts, other currencies (unless the contract converts), and those that
        have not begun. A contract within its term goes before one whose term has ended but whose price nobody has
        ended. Then the narrowest scope wins (service, location, kind, any), and within a scope a contract made for the
        account over one for all accounts, and what was agreed on later over what was agreed on before.
        """
        fitting = [price for price in self._known(question) if _fits(price, question)]
        dated = [price for price in fitting if self._holds(price, question)]
        payable = [price for price in dated if _is_payable(price.contract, question.currency)]
        if not payable:
            return NoPrice(_say_why_none(question, fitting, dated))
        in_term = [price for price in payable if _in_term(price.contract, question.day)]
        alike = [price for price in in_term or payable if price.contract.currency == question.currency]
        ranked = alike or in_term or payable
        best = max(_rank(price) for price in ranked)
        winners = tuple(price for price in ranked if _rank(price) == best)
        if len(winners) > 1:
            return AmbiguousPrice(winners)
        return winners[0] if in_term else _with_ended_term(winners[0])

    def edges(self, question: PriceQuestion, period: Period) -> set[date]:
        """The days within `period`, after its first, on which another price or another modifier may come to hold."""
        days: set[date] = set()
        for price in self._known(question):
            if _fits(price, question):
                contract, element = price.contract, price.element
                days |= {element.effective_from, element.effective_to or date.max}
                days |= {contract.start, contract.end or date.max}
                for modifier in self._modifiers.get((contract.id, question.charge_type), ()):
                    days |= {modifier.effective_from, modifier.effective_to or date.max}
        return {day for day in days if period.start < day < period.end}

    def modifiers(self, price: Price, question: PriceQuestion) -> tuple[RateElementTerms, ...]:
        """What changes `price` by the question's day: elements of its contract for its code or for all codes ("*").

        One that has ended is among them: a rise of its days stays. Discounts say themselves when they have ended. Of
        one model the narrowest scope goes before wider ones; one that was agreed on later ends those before it.
        """
        wanted = code_key(price.element.code)
        found: dict[PriceModel, list[RateElementTerms]] = defaultdict(list)
        for element in self._modifiers.get((price.contract.id, question.charge_type), ()):
            if code_key(element.code) in (wanted, EVERY_CODE) and _fits(Price(price.contract, element), question):
                found[element.model].append(element)
        return tuple(
            element
            for model in sorted(found, key=_ORDER.__getitem__)
            for element in _narrowest(found[model])
            if element.effective_from <= question.day
        )

    def discount_lines(self, question: PriceQuestion) -> list[Price]:
        """The discounts of the question's carrier, account and day, whatever they are taken of."""
        every = [
            Price(contract, element)
            for contract in self.contracts
            for kind in ChargeType
            for element in self._modifiers.get((contract.id, kind), ())
            if contract.carrier_id == question.carrier_id and element.model is PriceModel.DISCOUNT
        ]
        return [each for each in every if self._holds(each, question) and _fits(each, question)]

    def _holds(self, price: Price, question: PriceQuestion) -> bool:
        """Whether the price is in force on the day. That an amendment would end it is known once that is agreed on."""
        element, day = price.element, question.day
        if not price.contract.start <= day or day < element.effective_from:
            return False
        if element.effective_to is None or day < element.effective_to:
            return True
        agreed = self._ended_by.get(element.id)
        return question.known_on is not None and agreed is not None and agreed > question.known_on

    def _known(self, question: PriceQuestion) -> list[Price]:
        """The prices of the question's code whose subject may be the question's service."""
        service = question.service
        subjects: list[Subject] = [(Scope.ANY, None)]
        if service is not None:
            subjects += [(Scope.SERVICE, service.id), (Scope.LOCATION, service.location_id), (Scope.KIND, service.kind)]
        code = code_key(question.code)
        return [
            price
            for subject in subjects
            for price in self._prices.get((question.carrier_id, question.charge_type, code, subject), ())
        ]


def code_key(code: str) -> str:
    """A charge code for comparing."""
    return code.strip().casefold()


def scope_of(element: RateElementTerms) -> Scope:
    """The narrowest scope that is filled in."""
    if element.service_id is not None:
        return Scope.SERVICE
    if element.location_id is not None:
        return Scope.LOCATION
    return Scope.ANY if element.service_kind is None else Scope.KIND


def subject_of(element: RateElementTerms) -> Subject:
    """What the price is meant for: its scope and the service, location or kind."""
    scope = scope_of(element)
    subjects = {
        Scope.SERVICE: element.service_id,
        Scope.LOCATION: element.location_id,
        Scope.KIND: element.service_kind,
    }
    return scope, subjects.get(scope)


def describe(price: Price) -> str:
    """Where a price stands: contract, clause and the day from which it holds."""
    clause = f" clause {price.element.clause}" if price.element.clause else ""
    return f"contract {price.contract.number}{clause}, from {price.element.effective_from.isoformat()}"


def _fits(price: Price, question: PriceQuestion) -> bool:
    accounts, element, service = price.contract.account_ids, price.element, question.service
    if accounts and question.account_id not in accounts:
        return False
    if question.known_on is not None and element.agreed is not None and element.agreed > question.known_on:
        return False
    match scope_of(element):
        case Scope.SERVICE:
            return service is not None and element.service_id == service.id
        case Scope.LOCATION:
            return service is not None and element.location_id == service.location_id
        case Scope.KIND:
            return service is not None and element.service_kind is service.kind
        case Scope.ANY:
            return True


def _find_endings(contracts: Iterable[ContractTerms]) -> dict[int, date]:
    """The prices that end where an amended one begins, by id: when that amendment was agreed on."""
    begins: dict[object, date] = {}
    every = [element for contract in contracts for element in contract.elements]
    for element in every:
        if element.agreed is not None:
            key = (element.contract_id, *series_of(element), element.effective_from)
            begins[key] = min(element.agreed, begins.get(key, date.max))
    found = {}
    for element in every:
        agreed = begins.get((element.contract_id, *series_of(element), element.effective_to))
        if agreed is not None and (element.agreed is None or element.agreed < agreed):
            found[element.id] = agreed
    return found


def series_of(element: RateElementTerms) -> tuple[str, ChargeType, Subject, str]:
    """What successive prices of one thing have in common."""
    return code_key(element.code), element.charge_type, subject_of(element), element.zone


def _narrowest(elements: list[RateElementTerms]) -> list[RateElementTerms]:
    """Those of the narrowest scope, each until one of the same code takes its place that was agreed on later."""
    best = max((scope_of(element), code_key(element.code) != EVERY_CODE) for element in elements)
    kept = [each for each in elements if (scope_of(each), code_key(each.code) != EVERY_CODE) == best]
    ended = []
    for element in kept:
        follows = [other.effective_from for other in kept if (other.agreed or date.min) > (element.agreed or date.min)]
        ends = [day for day in (element.effective_to, *follows) if day is not None]
        if not ends or min(ends) > element.effective_from:
            ended.append(replace(element, effective_to=min(ends, default=None)))
    return sorted(ended, key=lambda element: (element.effective_from, element.id))


def _in_term(contract: ContractTerms, day: date) -> bool:
    return contract.end is None or day < contract.end


def _is_payable(contract: ContractTerms, currency: str) -> bool:
    return contract.currency == currency or contract.exchange is not ExchangeDay.NONE


def _rank(price: Price) -> tuple[Scope, bool, date]:
    return scope_of(price.element), bool(price.contract.account_ids), price.element.agreed or date.min


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
