"""What a charge model is given to price, and what it has to offer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol, TypeVar

from app.domain.evidence import Evidence, UsageFacts
from app.domain.money import EXACT, MONEY_SCALE, round_amount
from app.domain.parameters import Parameter, Settings, read_settings
from app.domain.proof import ProofStep
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import RoundingScope
from app.errors import BugError
from app.rating.proration import ONE_MONTH, Proration


@dataclass(frozen=True, slots=True)
class Measure:
    """A price and how much of it: `quantity` in the model's unit, months, and our own records where they cover the
    charge. The element's price is the one in force, escalated and discounted already."""

    contract: ContractTerms
    element: RateElementTerms
    quantity: Decimal
    months: Proration = ONE_MONTH
    evidence: Evidence | None = None

    @property
    def price(self) -> Fraction:
        return Fraction(self.element.price)

    @property
    def calls(self) -> UsageFacts | None:
        """The recorded calls, where they are what the charge is judged by."""
        return self.evidence if isinstance(self.evidence, UsageFacts) else None

    def settings(self, declared: tuple[Parameter, ...]) -> Settings:
        return read_settings(self.element.parameters, declared)

    @property
    def places(self) -> int:
        """Decimal places of the charge: the contract's, or all that money keeps where only the bill is rounded."""
        return MONEY_SCALE if self.contract.rounding_scope is RoundingScope.BILL else self.contract.rounding_places

    def round(self, exact: Fraction) -> Decimal:
        """`exact` rounded as the contract rounds a charge."""
        return round_amount(to_decimal(exact), self.places, self.contract.rounding)

    def step(self, basis: str, formula: str) -> ProofStep:
        """A last step: its result is what replaying the formula gives, rounded as the contract rounds a charge."""
        draft = ProofStep(basis, formula, Decimal(0), self.contract.rounding, self.places)
        return ProofStep(basis, formula, draft.replay(), draft.rounding, draft.places)


class ChargeModel(Protocol):
    """How a rate element turns a measure into an amount. Both say the same; `explain` says it in steps to replay.

    `PARAMETERS` are those that the element may give; `UNIT` is what the measure's quantity counts, where a bill states
    it; `NEEDS` is the kind of evidence that it cannot do without (None: the quantity is enough).
    """

    @property
    def PARAMETERS(self) -> tuple[Parameter, ...]: ...  # noqa: N802

    @property
    def UNIT(self) -> str: ...  # noqa: N802

    @property
    def NEEDS(self) -> type | None: ...  # noqa: N802

    def compute(self, measure: Measure) -> Decimal: ...

    def explain(self, measure: Measure) -> tuple[ProofStep, ...]: ...


def inner_step(basis: str, formula: str) -> ProofStep:
    """A step on the way, not rounded. Only for values that a decimal writes in full: later steps take them over."""
    draft = ProofStep(basis, formula, Decimal(0))
    return ProofStep(basis, formula, draft.replay())


def to_decimal(value: Fraction) -> Decimal:
    """`value` as a decimal of 60 digits, for rounding."""
    return EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))


Kind = TypeVar("Kind")


def expect(evidence: Evidence | None, kind: type[Kind]) -> Kind:
    """The evidence as the kind that the model needs."""
    if not isinstance(evidence, kind):
        raise BugError(f"{kind.__name__} is needed, not {type(evidence).__name__}")
    return evidence
