"""Percentage: the element's price is the per cent that is taken of other charges, within a least and a most amount."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.evidence import SpendFacts
from app.domain.parameters import Form, Parameter
from app.domain.proof import ProofStep, written
from app.rating.bases import BASE_PARAMETERS
from app.rating.charge_models.measure import Measure, expect
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
    amount = sum((Fraction(line.amount) for line in spend.lines), Fraction(0)) * measure.price / 100
    if settings.has("most"):
        amount = min(Fraction(settings.decimal("most")), amount)
    if settings.has("least"):
        amount = max(Fraction(settings.decimal("least")), amount)
    return measure.round(amount)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The charges added up, then "max(5.00, min(40.00, (500.00 + 75.00) × 10 ÷ 100))"."""
    settings, spend = measure.settings(PARAMETERS), expect(measure.evidence, SpendFacts)
    steps, total = add_terms([written(line.amount) for line in spend.lines], "Charges that the per cent is taken of")
    formula, basis = f"{in_brackets(total)} × {written(measure.element.price)} ÷ 100", "Per cent of these charges"
    if settings.has("most"):
        formula, basis = f"min({written(settings.decimal('most'))}, {formula})", f"{basis}, with a most amount"
    if settings.has("least"):
        formula, basis = f"max({written(settings.decimal('least'))}, {formula})", f"{basis}, with a least amount"
    labels = ", ".join(dict.fromkeys(line.label for line in spend.lines)) if not steps else ""
    return (*steps, measure.step(f"{basis}: {labels}" if labels else basis, formula))
