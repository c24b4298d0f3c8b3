"""Rises and discounts that were not applied, applied too early, too late or twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from app.domain.parameters import split_parameters
from app.domain.period import add_months
from app.domain.terms import RateElementTerms
from app.domain.vocabulary import MODIFIERS, PriceModel
from app.rating.reverse.case import Case, Change, change_contract, change_elements, set_parameters

_YEAR = 12


def modifier_left_out(case: Case) -> Iterator[Change]:
    """Escalators, discounts for the term or discounts not applied."""
    for model in sorted(MODIFIERS):
        if _of(case, model):
            changed = change_elements(case, _without(model))
            words = model.replace("_", " ")
            name = "escalator_not_applied" if model is PriceModel.ESCALATOR else f"{model}_missing"
            yield Change(name, f"prices without the {words}", f"the {words} holds", changed)


def rise_early(case: Case) -> Iterator[Change]:
    """The next yearly rise taken already, or the last one not yet: moved by as few months as that takes."""
    rises = _of(case, PriceModel.ESCALATOR)
    if not rises or case.period is None:
        return
    for name, sign, says in (("escalator_early", -1, "taken early"), ("escalator_late", 1, "taken late")):
        for months in range(1, _YEAR + 1):
            if any(_moves_a_rise(each, sign * months, case.period.start) for each in rises):
                told = f"a rise {says}, by {months} month{'s' if months > 1 else ''} at least"
                changed = change_elements(case, _shifted(sign * months))
                yield Change(name, told, "each rise on its day", changed)
                break


def _moves_a_rise(element: RateElementTerms, months: int, day: date) -> bool:
    """Whether moving the escalator by these months moves one of its rises over the day."""
    return _rises_before(element, day) != _rises_before(_shift(element, months), day)


def _rises_before(element: RateElementTerms, day: date) -> int:
    given = split_parameters(element.parameters)
    interval, first = int(given.get("interval", _YEAR)), given.get("from")
    start = date.fromisoformat(first) if first else add_months(element.effective_from, interval)
    count = 0
    while add_months(start, count * interval) <= day:
        count += 1
    return count


def rise_twice(case: Case) -> Iterator[Change]:
    """Each rise taken twice."""
    rises = _of(case, PriceModel.ESCALATOR)
    if rises:
        elements = (*case.contract.elements, *(replace(each, id=-each.id) for each in rises))
        yield Change("escalator_twice", "each rise taken twice", "one rise", change_contract(case, elements=elements))


def _of(case: Case, model: PriceModel) -> list[RateElementTerms]:
    return [each for each in case.contract.elements if each.model is model]


def _without(model: PriceModel) -> Callable[[RateElementTerms], RateElementTerms | None]:
    return lambda element: None if element.model is model else element


def _shifted(months: int) -> Callable[[RateElementTerms], RateElementTerms]:
    return lambda element: _shift(element, months) if element.model is PriceModel.ESCALATOR else element


def _shift(element: RateElementTerms, months: int) -> RateElementTerms:
    moved = replace(element, effective_from=add_months(element.effective_from, months))
    moved = set_parameters(moved, counted="escalator")  # or the price would be said to have the rise in it
    first = split_parameters(element.parameters).get("from")
    if first is None:
        return moved
    return set_parameters(moved, **{"from": add_months(date.fromisoformat(first), months).isoformat()})
