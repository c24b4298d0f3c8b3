"""What changes of prices have in common: what they give back, and how a changed price is rounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from app.domain.money import RATE_SCALE
from app.domain.parameters import Form, Parameter, Settings
from app.domain.period import Period
from app.domain.proof import ProofStep
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import ChargeType

MONEY_PLACES = 2
ROUNDING = Parameter(
    "rounding_places", Form.WHOLE, "places of a changed price; empty: 2 of flat ones, 10 of others", "", most=RATE_SCALE
)


@dataclass(frozen=True, slots=True)
class Change:
    """A price after a change and the steps that led to it, none where nothing changed.

    `missing` says what the contract's terms lack to tell the price of that day; the price is then the last one known.
    """

    price: Decimal
    steps: tuple[ProofStep, ...] = ()
    missing: str = ""


class Modifier(Protocol):
    """How a rate element changes the prices of others.

    `change` gives the price of `day`; `since` is the day from which `price` has held: what came before is in it.
    `next_changes` gives the days of `period`, after its first, on which the change itself changes, ascending.
    """

    @property
    def PARAMETERS(self) -> tuple[Parameter, ...]: ...  # noqa: N802

    def change(
        self, price: Decimal, element: RateElementTerms, contract: ContractTerms, day: date, since: date = date.min
    ) -> Change: ...

    def next_changes(self, element: RateElementTerms, contract: ContractTerms, period: Period) -> tuple[date, ...]: ...


def price_step(
    basis: str, formula: str, settings: Settings, element: RateElementTerms, contract: ContractTerms
) -> ProofStep:
    """The step to a changed price: rounded as the contract rounds, to the places of the change."""
    if settings.has(ROUNDING.name):
        places = settings.whole(ROUNDING.name)
    else:
        places = RATE_SCALE if element.charge_type is ChargeType.USAGE else MONEY_PLACES
    draft = ProofStep(basis, formula, Decimal(0), contract.rounding, places)
    price = draft.replay().normalize() + Decimal("0.00")  # without zeros that say nothing
    return ProofStep(basis, formula, price, draft.rounding, places)


def within(days: Iterable[date | None], element: RateElementTerms, period: Period) -> tuple[date, ...]:
    """Those of `days`, and of the element's own first day and end, that lie in `period` after its first day."""
    own = (element.effective_from, element.effective_to)
    known = {day for day in days if day is not None and element.in_force(day)} | {day for day in own if day is not None}
    return tuple(sorted(day for day in known if period.start < day < period.end))
