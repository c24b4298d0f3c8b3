"""Flat: price × quantity × months, rounded once as the contract says. One-time charges have no months."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.parameters import Parameter
from app.domain.proof import ProofStep, written
from app.rating.charge_models.measure import Measure

PARAMETERS: tuple[Parameter, ...] = ()
UNIT = "units"
NEEDS = None


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract."""
    return measure.round(measure.price * Fraction(measure.quantity) * measure.months.months)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """One step: "500.00 × 3 × (1 + 16 ÷ 31)", without factors that are 1."""
    factors, basis = [written(measure.element.price)], []
    if measure.quantity != 1:
        factors.append(written(measure.quantity))
        basis.append(f"quantity {measure.quantity:f}")
    if measure.months.formula != "1":
        factors.append(f"({measure.months.formula})" if "+" in measure.months.formula else measure.months.formula)
    basis.append(measure.months.basis)
    return (measure.step(f"Price for {', '.join(basis)}", " × ".join(factors)),)
