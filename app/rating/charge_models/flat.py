"""Flat: price × quantity × months, rounded once as the contract says. One-time charges have no months."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.parameters import Form, Parameter
from app.domain.proof import ProofStep, written
from app.rating.charge_models.measure import Measure
from app.rating.proration import raise_to_least

PARAMETERS = (Parameter("least", Form.DECIMAL, "least amount of a charge for which anything is due", "0"),)
UNIT = "units"
NEEDS = None


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract."""
    exact = _exact(measure)
    amount = measure.round(exact)
    lift = raise_to_least(exact, amount, _least(measure)) if measure.element.parameters else None
    return amount if lift is None else lift.result


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """A step, and one more where the least amount counts: "500.00 × 3 × (1 + 16 ÷ 31)", without factors that are 1."""
    factors, basis = [written(measure.element.price)], []
    if measure.quantity != 1:
        factors.append(written(measure.quantity))
        basis.append(f"quantity {measure.quantity:f}")
    if measure.months.formula != "1":
        factors.append(f"({measure.months.formula})" if "+" in measure.months.formula else measure.months.formula)
    basis.append(measure.months.basis)
    step = measure.step(f"Price for {', '.join(basis)}", " × ".join(factors))
    lift = raise_to_least(_exact(measure), step.result, _least(measure))
    return (step,) if lift is None else (step, lift)


def _exact(measure: Measure) -> Fraction:
    return measure.price * Fraction(measure.quantity) * measure.months.months


def _least(measure: Measure) -> Decimal:
    return measure.settings(PARAMETERS).decimal("least")
