"""Flat: price × quantity × months, rounded once as the contract says. One-time charges have no months."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.money import round_amount
from app.domain.proof import ProofStep, written
from app.rating.charge_models.measure import Measure, to_decimal


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract."""
    exact = Fraction(measure.element.price) * Fraction(measure.quantity) * measure.months.months
    return round_amount(to_decimal(exact), measure.contract.rounding_places, measure.contract.rounding)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """One step: "500.00 × 3 × (1 + 16 ÷ 31)", without factors that are 1."""
    factors, basis = [written(measure.element.price)], []
    if measure.quantity != 1:
        factors.append(written(measure.quantity))
        basis.append(f"quantity {measure.quantity:f}")
    if measure.months.formula != "1":
        factors.append(f"({measure.months.formula})" if "+" in measure.months.formula else measure.months.formula)
    basis.append(measure.months.basis)
    step = ProofStep(
        basis=f"Price for {', '.join(basis)}",
        formula=" × ".join(factors),
        result=compute(measure),
        rounding=measure.contract.rounding,
        places=measure.contract.rounding_places,
    )
    return (step,)
