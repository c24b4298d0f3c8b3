"""Committed and excess rate of an Ethernet circuit: (CIR × price + EIR × its price) × circuits × months
(domain/rating, 5.3)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.parameters import Form, Parameter
from app.domain.proof import ProofStep, written
from app.rating.charge_models.measure import Measure
from app.rating.charge_models.tiers import for_months, in_brackets

PARAMETERS = (
    Parameter("cir", Form.DECIMAL, "committed information rate in Mbit/s, at the element's price"),
    Parameter("eir", Form.DECIMAL, "excess information rate in Mbit/s", "0"),
    Parameter("eir_price", Form.DECIMAL, "price of a Mbit/s of the excess rate", "0"),
)
UNIT = "circuits"
NEEDS = None


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract."""
    settings = measure.settings(PARAMETERS)
    cir, eir, eir_price = (Fraction(settings.decimal(name)) for name in ("cir", "eir", "eir_price"))
    one = cir * measure.price + eir * eir_price
    return measure.round(one * Fraction(measure.quantity) * measure.months.months)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """One line: "50 × 3.00 + 100 × 0.50"."""
    settings = measure.settings(PARAMETERS)
    formula = f"{written(settings.decimal('cir'))} × {written(measure.element.price)}"
    if settings.decimal("eir"):
        formula += f" + {written(settings.decimal('eir'))} × {written(settings.decimal('eir_price'))}"
    if measure.quantity != 1:
        formula = f"{in_brackets(formula)} × {written(measure.quantity)}"
    basis = f"Committed rate × price + excess rate × its price, for {measure.months.basis}"
    return (measure.step(basis, for_months(formula, measure)),)
