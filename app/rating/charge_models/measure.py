"""What a charge model is given to price."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from app.domain.history import ContractTerms, RateElementTerms, UsageFacts
from app.domain.money import EXACT
from app.domain.proof import ProofStep
from app.rating.proration import ONE_MONTH, Proration


@dataclass(frozen=True, slots=True)
class Measure:
    """A price and how much of it: units or minutes, months, and the recorded calls where they cover the charge."""

    contract: ContractTerms
    element: RateElementTerms
    quantity: Decimal
    months: Proration = ONE_MONTH
    usage: UsageFacts | None = None


class ChargeModel(Protocol):
    """How a rate element turns a measure into an amount. Both say the same; `explain` says it in steps to replay."""

    def compute(self, measure: Measure) -> Decimal: ...

    def explain(self, measure: Measure) -> tuple[ProofStep, ...]: ...


def to_decimal(value: Fraction) -> Decimal:
    """`value` as a decimal of 60 digits, for rounding."""
    return EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
