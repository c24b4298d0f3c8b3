"""Prices that can never hold: outside the term, for another carrier's service, shadowed, or changing nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.history import ServiceFacts
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import MODIFIERS
from app.rating.lint.days import days_of, subtract
from app.rating.ratebook import EVERY_CODE, Price, Scope, code_key, describe, scope_of


@dataclass(frozen=True, slots=True)
class UnreachablePrice:
    """`price` is never chosen; `why` says what stands in its way and `remedy` what to do."""

    price: Price
    why: str
    remedy: str

    @property
    def message(self) -> str:
        element = self.price.element
        what = f"The {element.model.replace('_', ' ')}" if element.model in MODIFIERS else "The price"
        named = f"{element.price:f} of {element.code} {element.charge_type} ({describe(self.price)})"
        return f"{what} {named} never holds: {self.why}. {self.remedy}."


def find_unreachable(
    contracts: Iterable[ContractTerms], services: Mapping[int, ServiceFacts]
) -> tuple[UnreachablePrice, ...]:
    """The prices that no charge can get, each with the first reason found. `services` are all that are known, by id."""
    book = tuple(contracts)
    firm = [Price(contract, each) for contract in book for each in contract.elements if not contract.offer]
    found = []
    for contract in book:
        for element in contract.elements:
            price = Price(contract, element)
            reasons = (
                *_outside_the_term(price),
                *_for_a_stranger(price, services),
                *_without_a_price_to_change(price),
                *_shadowed(price, firm, services),
            )
            if reasons:
                found.append(UnreachablePrice(price, *reasons[0]))
    return tuple(found)


Reason = tuple[str, str]


def _outside_the_term(price: Price) -> Iterator[Reason]:
    contract, element = price.contract, price.element
    if contract.end is not None and element.effective_from >= contract.end:
        yield f"the contract ends on {contract.end.isoformat()}", "Correct its first day, or the contract's end"
    elif element.effective_to is not None and element.effective_to <= contract.start:
        yield f"the contract begins on {contract.start.isoformat()}", "Correct its last day, or the contract's start"


def _for_a_stranger(price: Price, services: Mapping[int, ServiceFacts]) -> Iterator[Reason]:
    if price.element.service_id is None:
        return
    service = services.get(price.element.service_id)
    if service is None:
        yield "its service is not in the inventory", "Add the service, or give the price another scope"
    elif service.carrier_id != price.contract.carrier_id:
        yield f"{service.label} is a service of another carrier", "Put it into that carrier's contract"


def _without_a_price_to_change(price: Price) -> Iterator[Reason]:
    element = price.element
    if element.model not in MODIFIERS:
        return
    code = code_key(element.code)
    changed = [
        each
        for each in price.contract.elements
        if each.model not in MODIFIERS
        and each.charge_type is element.charge_type
        and code in (EVERY_CODE, code_key(each.code))
    ]
    if not changed:
        yield "the contract has no price that it could change", f'Correct its code, or write "{EVERY_CODE}" for all'


def _shadowed(price: Price, firm: list[Price], services: Mapping[int, ServiceFacts]) -> Iterator[Reason]:
    """Services of the price's code are known, and on all days of the price each of them has a narrower one."""
    element, contract = price.element, price.contract
    if element.model in MODIFIERS or element.zone or contract.offer or scope_of(element) is Scope.SERVICE:
        return
    held = [service for service in services.values() if _may_have(price, service)]
    start, end = days_of(element, contract)
    if not held or start >= end:
        return
    rivals = [each for each in firm if _is_narrower(each, price)]
    for service in held:
        days = max(start, service.installed or date.min), min(end, service.disconnected or date.max)
        covered = [days_of(each.element, each.contract) for each in rivals if _is_for(each.element, service)]
        if days[0] < days[1] and any(True for _ in subtract(days, covered)):
            return
    labels = ", ".join(sorted(service.label for service in held)[:3])
    more = f" and {len(held) - 3} more" if len(held) > 3 else ""
    yield f"narrower prices hold on all its days for {labels}{more}", "End the narrower prices, or take this one out"


def _may_have(price: Price, service: ServiceFacts) -> bool:
    contract = price.contract
    of_account = not contract.account_ids or service.account_id is None or service.account_id in contract.account_ids
    same_code = code_key(service.code) == code_key(price.element.code)
    return contract.carrier_id == service.carrier_id and of_account and same_code and _is_for(price.element, service)


def _is_narrower(rival: Price, price: Price) -> bool:
    ours, theirs = rival.element, price.element
    same = code_key(ours.code) == code_key(theirs.code) and ours.charge_type is theirs.charge_type
    usable = ours.model not in MODIFIERS and not ours.zone and rival.contract.currency == price.contract.currency
    for_all = not rival.contract.account_ids or rival.contract.account_ids == price.contract.account_ids
    return same and usable and for_all and scope_of(ours) > scope_of(theirs)


def _is_for(element: RateElementTerms, service: ServiceFacts) -> bool:
    match scope_of(element):
        case Scope.SERVICE:
            return element.service_id == service.id
        case Scope.LOCATION:
            return element.location_id == service.location_id
        case Scope.KIND:
            return element.service_kind is service.kind
        case Scope.ANY:
            return True
