"""Percentage: the element's price is the per cent that is taken of other charges, within a least and a most amount.

The fees that `fee_codes` names are among them.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.evidence import SpendFacts
from app.domain.parameters import Form, Parameter
from app.domain.proof import ProofStep, written
from app.rating.bases import BASE_PARAMETERS
from app.rating.charge_models.measure import Measure, expect
from app.rating.charge_models.stacking import explain_share, share, total
from app.rating.charge_models.tiers import add_terms, in_brackets

PARAMETERS = (
    Parameter("least", Form.DECIMAL, "the least amount, whatever the per cent gives", ""),
    Parameter("most", Form.DECIMAL, "the most; a least amount above it goes before it", ""),
    *BASE_PARAMETERS,
)
UNIT = "charges"
NEEDS = SpendFacts


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract."""
    settings, spend = measure.settings(PARAMETERS), expect(measure.evidence, SpendFacts)
    amount = total((*spend.lines, *spend.fees)) * measure.price / 100
    if settings.has("most"):
        amount = min(Fraction(settings.decimal("most")), amount)
    if settings.has("least"):
        amount = max(Fraction(settings.decimal("least")), amount)
    return share(measure, measure.round(amount))


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The charges added up, then "max(5.00, min(40.00, (500.00 + 75.00) × 10 ÷ 100))"."""
    settings, spend = measure.settings(PARAMETERS), expect(measure.evidence, SpendFacts)
    lines = (*spend.lines, *spend.fees)
    steps, added = add_terms([written(line.amount) for line in lines], "Charges that the per cent is taken of")
    formula, basis = f"{in_brackets(added)} × {written(measure.element.price)} ÷ 100", "Per cent of these charges"
    if settings.has("most"):
        formula, basis = f"min({written(settings.decimal('most'))}, {formula})", f"{basis}, with a most amount"
    if settings.has("least"):
        formula, basis = f"max({written(settings.decimal('least'))}, {formula})", f"{basis}, with a least amount"
    labels = ", ".join(dict.fromkeys(line.label for line in lines)) if not steps else ""
    last = measure.step(f"{basis}: {labels}" if labels else basis, formula)
    return explain_share(measure, (*steps, last))
