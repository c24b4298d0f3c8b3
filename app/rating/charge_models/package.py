"""Package: ceil((units − free) ÷ size) × price × months (domain/rating, 5.1): blocks of anything that is sold in
blocks, telephone numbers and channels among them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil

from app.domain.parameters import Form, Parameter
from app.domain.proof import ProofStep, written
from app.rating.charge_models.measure import Measure, inner_step
from app.rating.charge_models.tiers import for_months

PARAMETERS = (
    Parameter("size", Form.WHOLE, "units in a package", least=1),
    Parameter("free", Form.DECIMAL, "units that cost nothing", "0"),
)
UNIT = "units"
NEEDS = None


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract."""
    settings = measure.settings(PARAMETERS)
    above = max(Fraction(0), Fraction(measure.quantity) - Fraction(settings.decimal("free")))
    return measure.round(ceil(above / settings.whole("size")) * measure.price * measure.months.months)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The packages that were begun, then their price."""
    settings = measure.settings(PARAMETERS)
    units, free = written(measure.quantity), settings.decimal("free")
    above = f"max(0, {units} − {written(free)})"
    begun = inner_step("Packages begun", f"ceil({above} ÷ {settings.whole('size')})")
    price = for_months(f"{written(begun.result)} × {written(measure.element.price)}", measure)
    return (begun, measure.step(f"Price of a package, for {measure.months.basis}", price))
