"""Another price than the one in force: the one before or after, the general one, one without or before an amendment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from app.domain.terms import RateElementTerms
from app.domain.vocabulary import MODIFIERS
from app.rating.ratebook import Scope, scope_of, subject_of
from app.rating.reverse.case import Case, Change, change_elements

_OWN = "the price in force"


def price_before(case: Case) -> Iterator[Change]:
    """The dated price before: a rise or a fall that the carrier has not taken over."""
    earlier = [each for each in _series(case) if each.effective_from < case.element.effective_from]
    if earlier:
        yield Change("price_before", "the price before", _OWN, _swap(case, earlier[-1]))


def price_after(case: Case) -> Iterator[Change]:
    """The dated price that comes next, taken too early."""
    later = [each for each in _series(case) if each.effective_from > case.element.effective_from]
    if later:
        yield Change("price_after", "the price that comes next", _OWN, _swap(case, later[0]))


def general_price(case: Case) -> Iterator[Change]:
    """A wider price where a narrower one holds: that of the kind, of the location or of all services."""
    day = case.element.effective_from if case.period is None else case.period.start
    for contract in case.contracts:
        for each in contract.elements:
            wider = each.model not in MODIFIERS and scope_of(each) < scope_of(case.element) and not each.zone
            same = contract.currency == case.contract.currency and _is_for(each, case)
            if wider and same and each.in_force(day):
                wide, own = _SCOPES[scope_of(each).value], _SCOPES[scope_of(case.element).value]
                yield Change("general_price", f"the price of {wide}", f"that of {own}", _swap(case, each))


def before_amendment(case: Case) -> Iterator[Change]:
    """The contract as it was before the amendment that brought the price."""
    element = case.element
    agreed = element.agreed
    if agreed is not None and len(_known(case)) > 1:
        kept = change_elements(case, _unless(lambda each: each.agreed is not None and each.agreed >= agreed))
        known = [each for each in _known(case) if each.agreed is None or each.agreed < agreed]
        day = element.effective_from if case.period is None else case.period.start
        former = next((each for each in known if each.in_force(day) and subject_of(each) == subject_of(element)), None)
        if former is not None:
            amendment = element.amendment or f"the amendment of {agreed.isoformat()}"
            says = "the contract as it was before the amendment"
            yield Change("before_amendment", says, f"{amendment} holds", replace(kept, element_id=former.id))


def amendment_early(case: Case) -> Iterator[Change]:
    """An amendment that was agreed on after the bill, applied already."""
    bill_date = case.invoice.bill_date
    if any(each.agreed is not None and each.agreed > bill_date for each in case.contract.elements):
        changed = change_elements(
            case, lambda each: replace(each, agreed=min(each.agreed, bill_date)) if each.agreed is not None else each
        )
        says = "an amendment that was agreed on after the bill"
        yield Change("amendment_early", says, "what was agreed on by the bill's date", changed)


def waiver_ignored(case: Case) -> Iterator[Change]:
    """A waived charge billed all the same."""
    if case.element.waived:
        changed = change_elements(case, lambda each: replace(each, waived=False))
        yield Change("waiver_ignored", "the price without its waiver", "nothing is due", changed)


_SCOPES = ("all services", "the kind of service", "the location", "the service")


def _known(case: Case) -> list[RateElementTerms]:
    return [each for each in case.contract.elements if each.model not in MODIFIERS and not each.zone]


def _is_for(element: RateElementTerms, case: Case) -> bool:
    scope, subject = subject_of(element)
    service = case.service
    if scope is Scope.ANY or service is None:
        return scope is Scope.ANY
    return subject == (service.location_id if scope is Scope.LOCATION else service.kind)


def _series(case: Case) -> list[RateElementTerms]:
    """The contract's prices for the same subject, by their first days; those that say the same are left out."""
    own = case.element
    alike = [
        each
        for each in _known(case)
        if subject_of(each) == subject_of(own)
        and each.agreed == own.agreed
        and (each.price, each.parameters, each.model, each.waived) != (own.price, own.parameters, own.model, own.waived)
    ]
    return sorted(alike, key=lambda each: (each.effective_from, each.id))


def _swap(case: Case, other: RateElementTerms) -> Case:
    """The case with what `other` says in place of the charge's own price, on the same days and for the same scope. An
    earlier price has had the rises since its own first day."""
    own = case.element
    swapped = replace(
        own,
        price=other.price,
        parameters=other.parameters,
        model=other.model,
        waived=other.waived,
        clause=other.clause,
        effective_from=min(own.effective_from, other.effective_from),
    )
    return change_elements(case, lambda each: swapped if each.id == own.id else each)


def _unless(out: Callable[[RateElementTerms], bool]) -> Callable[[RateElementTerms], RateElementTerms | None]:
    return lambda element: None if out(element) else element
