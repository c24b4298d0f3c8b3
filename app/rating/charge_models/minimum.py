"""Minimum: what a bill's charges lack to the least that a contract bills, max(0, minimum − spend) (domain/rating, 5.6).

The element's price is the minimum. The fees that `fee_codes` names count towards it too.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.evidence import SpendFacts
from app.domain.parameters import Form, Parameter
from app.domain.proof import ProofStep, written
from app.rating.bases import BASE_PARAMETERS
from app.rating.charge_models.measure import Measure, expect
from app.rating.charge_models.stacking import add_lines, explain_share, share, total

PARAMETERS = (
    Parameter("prorated", Form.YES_NO, "whether part of a month has part of the minimum", "no"),
    Parameter("final_run_only", Form.YES_NO, "whether it is due only on the final run of a period", "no"),
    *BASE_PARAMETERS,
)
UNIT = "currency units"
NEEDS = SpendFacts


def compute(measure: Measure) -> Decimal:
    """What is missing, rounded by the contract; 0 where the charges reach the minimum."""
    facts = expect(measure.evidence, SpendFacts)
    spend = total((*facts.lines, *facts.fees))
    months = measure.months.months if _prorated(measure) else 1
    return share(measure, measure.round(max(Fraction(0), measure.price * months - spend)))


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The charges added up, then what they lack; the words say on which run of the period it is due."""
    facts = expect(measure.evidence, SpendFacts)
    steps, spend = add_lines((*facts.lines, *facts.fees), "Charges that count towards the minimum")
    minimum, basis = written(measure.element.price), "What is missing to the minimum"
    if _prorated(measure):
        minimum, basis = f"{minimum} × ({measure.months.formula})", f"{basis} for {measure.months.basis}"
    if measure.settings(PARAMETERS).flag("final_run_only"):
        basis += ", due only on the final run of the period"
    return explain_share(measure, (*steps, measure.step(basis, f"max(0, {minimum} − {spend})")))


def _prorated(measure: Measure) -> bool:
    return measure.settings(PARAMETERS).flag("prorated") and measure.months.formula != "1"
