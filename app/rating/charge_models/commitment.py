"""Commitment: a per cent of what is missing to a committed spend (domain/rating, 5.6).

The element's price is the commitment of a year, `percent` × max(0, commitment − contributing spend). In an extended
term the twelfth part of it is committed each month. Who leaves owes the commitments that remain, at the same per cent.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from app.domain.evidence import SpendFacts
from app.domain.parameters import BadParameters, Form, Parameter, Settings
from app.domain.proof import ProofStep, written
from app.domain.vocabulary import ChargeType
from app.rating.charge_models.measure import Measure, expect
from app.rating.charge_models.stacking import add_lines, total


class CommitmentPeriod(StrEnum):
    YEARLY = "yearly"
    MONTHLY = "monthly"


PARAMETERS = (
    Parameter("percent", Form.DECIMAL, "per cent of what is missing", "100", most=100),
    Parameter("committed", Form.WORD, "for a year, or its twelfth part for a month", "yearly", words=CommitmentPeriod),
    Parameter("remaining", Form.DECIMAL, "later commitments that are due with it on leaving", "0"),
    Parameter("contributes", Form.TEXTS, "charge types that count towards it", "MRC, USAGE"),
)
UNIT = "currency units"
NEEDS = SpendFacts


def compute(measure: Measure) -> Decimal:
    """The shortfall's price, rounded by the contract."""
    settings, spend = measure.settings(PARAMETERS), total(expect(measure.evidence, SpendFacts).lines)
    commit = measure.price * measure.months.months / 12 if _monthly(settings) else measure.price
    missing = max(Fraction(0), commit - spend) + Fraction(settings.decimal("remaining"))
    return measure.round(Fraction(settings.decimal("percent")) * missing / 100)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The contributing charges added up, then the per cent of what they lack."""
    settings = measure.settings(PARAMETERS)
    steps, spend = add_lines(expect(measure.evidence, SpendFacts).lines, "Charges that count towards the commitment")
    commit, percent = written(measure.element.price), written(settings.decimal("percent"))
    basis = f"{percent} % of what is missing to the commitment"
    if _monthly(settings):
        commit, basis = f"{commit} × ({measure.months.formula}) ÷ 12", f"{basis} of {measure.months.basis}"
    missing = f"max(0, {commit} − {spend})"
    if remaining := settings.decimal("remaining"):
        missing, basis = f"({missing} + {written(remaining)})", f"{basis} and of the commitments that remain"
    return (*steps, measure.step(basis, f"{percent} × {missing} ÷ 100"))


def contributes(charge_type: ChargeType, settings: Settings) -> bool:
    """Whether charges of that type count; raises BadParameters where the contract names a type that there is not."""
    named = [name.upper() for name in settings.texts("contributes")]
    if unknown := sorted(set(named) - set(ChargeType)):
        raise BadParameters(text=", ".join(named), why=f"there is no charge type {unknown[0]}")
    return charge_type in named


def _monthly(settings: Settings) -> bool:
    return settings.word("committed", CommitmentPeriod) is CommitmentPeriod.MONTHLY
