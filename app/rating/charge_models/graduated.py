"""Graduated: each tier's units at that tier's price, and a fee for each tier reached (domain/rating, 5.1).

A first tier at price 0 holds free units. The prices stand in the tiers; the element's own price is not used.
"""

from __future__ import annotations

from decimal import Decimal

from app.domain.parameters import Parameter
from app.domain.proof import ProofStep
from app.rating.charge_models.measure import Measure
from app.rating.charge_models.tiers import (
    TIERS,
    WHOLE,
    count_units,
    explain_units,
    for_months,
    spread,
    write_spread,
)

PARAMETERS: tuple[Parameter, ...] = (TIERS, WHOLE)
UNIT = "units"
NEEDS = None


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract."""
    settings = measure.settings(PARAMETERS)
    return measure.round(spread(settings.tiers("tiers"), count_units(measure, settings)) * measure.months.months)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The units of each tier: "100 × 1.00 + (200 − 100) × 0.50 + (250 − 200) × 0.10"."""
    settings = measure.settings(PARAMETERS)
    formula = write_spread(settings.tiers("tiers"), count_units(measure, settings))
    basis = f"Each tier's units at its price, for {measure.months.basis}"
    return (*explain_units(measure, settings), measure.step(basis, for_months(formula, measure)))
