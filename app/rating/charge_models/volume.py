"""Volume: all units at the price of the tier of the total, and that tier's fee (domain/rating, 5.1).

No units are in no tier: they cost nothing. The prices stand in the tiers; the element's own price is not used.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.parameters import Parameter
from app.domain.proof import ProofStep
from app.rating.charge_models.measure import Measure
from app.rating.charge_models.tiers import (
    TIERS,
    WHOLE,
    at_one_tier,
    count_units,
    explain_units,
    for_months,
    tier_of,
    write_at_one_tier,
)

PARAMETERS: tuple[Parameter, ...] = (TIERS, WHOLE)
UNIT = "units"
NEEDS = None


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract."""
    settings = measure.settings(PARAMETERS)
    units = count_units(measure, settings)
    cost = at_one_tier(settings.tiers("tiers"), units) if units else Fraction(0)
    return measure.round(cost * measure.months.months)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """One line: "65000 × 0.0006 + 10"."""
    settings = measure.settings(PARAMETERS)
    units = count_units(measure, settings)
    if not units:
        return (measure.step("No units", "0"),)
    upto = tier_of(settings.tiers("tiers"), units).upto
    bound = "above all bounds" if upto is None else f"up to {upto:f}"
    formula = write_at_one_tier(settings.tiers("tiers"), units)
    basis = f"All units at the price of the tier {bound}, for {measure.months.basis}"
    return (*explain_units(measure, settings), measure.step(basis, for_months(formula, measure)))
