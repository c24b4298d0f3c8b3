"""Doubled escalators: a dated price that contains the yearly rise already while the escalator holds for it too, and two
escalators for one code at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise

from app.domain.money import CENT
from app.domain.parameters import BadParameters
from app.domain.period import add_months
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import MODIFIERS, PriceModel
from app.rating.lint.days import days_of, meant_for, open_end, write_days
from app.rating.modifiers import MODIFIERS as CHANGES
from app.rating.ratebook import EVERY_CODE, Price, Scope, code_key, describe, scope_of


@dataclass(frozen=True, slots=True)
class RiseTwice:
    """`later` is `earlier` with the yearly rise in it, and `escalator` raises it again."""

    earlier: Price
    later: Price
    escalator: RateElementTerms

    @property
    def message(self) -> str:
        before, after, since = self.earlier.element, self.later.element, self.escalator.effective_from.isoformat()
        return (
            f"{after.code} {after.charge_type} rises twice: {after.price:f} ({describe(self.later)}) is "
            f"{before.price:f} with the escalator of {self.escalator.price:f} from {since} in it, "
            "which raises it again. Take out the dated price, or end the escalator the day before it."
        )


@dataclass(frozen=True, slots=True)
class TwoEscalators:
    """Two escalators hold for one code from `start` until `end` (None: for good), and both raise its price."""

    first: Price
    second: Price
    start: date
    end: date | None

    @property
    def message(self) -> str:
        ours, theirs = self.first.element, self.second.element
        return (
            f"Two escalators raise {ours.code} {ours.charge_type} {write_days(self.start, self.end)}: "
            f"{ours.price:f} ({describe(self.first)}) and {theirs.code} {theirs.price:f} ({describe(self.second)}). "
            "Let one end where the other begins."
        )


def find_doubled_escalators(contracts: Iterable[ContractTerms]) -> tuple[RiseTwice | TwoEscalators, ...]:
    """Rises that are taken twice. Escalators whose parameters do not read are left to that check."""
    found: list[RiseTwice | TwoEscalators] = []
    for contract in contracts:
        rises = [each for each in contract.elements if each.model is PriceModel.ESCALATOR]
        found += _two_at_once(contract, rises)
        series: dict[object, list[RateElementTerms]] = defaultdict(list)
        for element in contract.elements:
            if element.model not in MODIFIERS:
                series[meant_for(element)].append(element)
        for elements in series.values():
            ordered = sorted(elements, key=lambda each: (each.effective_from, each.id))
            for before, after in pairwise(ordered):
                for rise in rises:
                    if _holds_for(rise, after) and _is_in(before, after, rise, contract):
                        found.append(RiseTwice(Price(contract, before), Price(contract, after), rise))
    return tuple(found)


def _two_at_once(contract: ContractTerms, rises: list[RateElementTerms]) -> Iterator[TwoEscalators]:
    for first, second in combinations(rises, 2):
        if meant_for(first) != meant_for(second) or first.agreed != second.agreed:
            continue  # of two the narrower one goes before the wider, and the one that was agreed on later
        ours, theirs = days_of(first, None), days_of(second, None)
        start, end = max(ours[0], theirs[0]), min(ours[1], theirs[1])
        if start < end:
            yield TwoEscalators(Price(contract, first), Price(contract, second), start, open_end(end))


def _holds_for(rise: RateElementTerms, element: RateElementTerms) -> bool:
    if rise.charge_type is not element.charge_type or not rise.in_force(element.effective_from):
        return False
    if code_key(rise.code) not in (EVERY_CODE, code_key(element.code)):
        return False
    return scope_of(rise) is Scope.ANY or meant_for(rise)[2] == meant_for(element)[2]


def _is_in(before: RateElementTerms, after: RateElementTerms, rise: RateElementTerms, contract: ContractTerms) -> bool:
    """Whether the step from one price to the next is a year's rise or all rises so far, to the cent or a cent beside
    it, and the escalator would change the next price as well."""
    day = after.effective_from
    try:
        now = _change(before.price, rise, contract, day)
        last_year = _change(before.price, rise, contract, add_months(day, -12))
        again = CHANGES[rise.model].change(after.price, rise, contract, day, day).price
    except BadParameters:
        return False
    if again == after.price or not last_year:
        return False
    a_year = Fraction(before.price) * Fraction(now) / Fraction(last_year)
    return any(abs(Fraction(after.price) - step) <= Fraction(CENT) for step in (Fraction(now), a_year))


def _change(price: Decimal, rise: RateElementTerms, contract: ContractTerms, day: date) -> Decimal:
    return CHANGES[rise.model].change(price, rise, contract, day).price
