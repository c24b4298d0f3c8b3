"""Mileage: (fixed + miles × price) × months, for the whole line or in bands (domain/rating, 5.1 and 5.3).

The miles are those of the bill, or the airline miles between both ends' V and H coordinates where the contract gives
them: ceil(sqrt(((V₁ − V₂)² + (H₁ − H₂)²) ÷ 10)).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil

from app.domain.parameters import Form, Parameter, Settings, Tier
from app.domain.proof import ProofStep, sqrt_up, written
from app.rating.charge_models.measure import Measure, inner_step
from app.rating.charge_models.tiers import COUNTINGS, Counting, for_months, needed, number

ENDS = ("a_v", "a_h", "z_v", "z_h")
PARAMETERS = (
    Parameter("fixed", Form.DECIMAL, "amount of any line", "0"),
    Parameter("bands", Form.TIERS, "miles up to which a price per mile, and a fixed amount, holds", ""),
    Parameter("counting", Form.WORD, "whether a band's price holds for all miles", "total", Counting),
    Parameter("minimum", Form.DECIMAL, "least miles", "0"),
    Parameter("whole", Form.YES_NO, "whether a started mile counts as a whole one", "yes"),
    *(Parameter(name, Form.DECIMAL, f"{name[2].upper()} coordinate of the {name[0].upper()} end", "") for name in ENDS),
)
UNIT = "miles"
NEEDS = None


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract."""
    given, miles = measure.settings(PARAMETERS), Fraction(measure.quantity)
    if any(map(given.has, ENDS)):
        a_v, a_h, z_v, z_h = (needed(measure, given, name) for name in ENDS)
        miles = Fraction(sqrt_up(((a_v - z_v) ** 2 + (a_h - z_h) ** 2) / 10))
    miles = max(Fraction(given.decimal("minimum")), Fraction(ceil(miles)) if given.flag("whole") else miles)
    cost, _ = COUNTINGS[given.word("counting", Counting)]
    line = Fraction(given.decimal("fixed")) + cost(_bands(measure, given), miles)
    return measure.round(line * measure.months.months)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The miles, then "150.00 + 12 × 2.50"."""
    given, line = measure.settings(PARAMETERS), written(measure.quantity)
    line = f"ceil({line})" if given.flag("whole") else line
    if any(map(given.has, ENDS)):
        a_v, a_h, z_v, z_h = (number(needed(measure, given, name)) for name in ENDS)
        v, h = f"({a_v} − {z_v})", f"({a_h} − {z_h})"
        line = f"sqrt_up(({v} × {v} + {h} × {h}) ÷ 10)"
    miles = inner_step("Miles", f"max({written(given.decimal('minimum'))}, {line})")
    _, write = COUNTINGS[given.word("counting", Counting)]
    formula = f"{written(given.decimal('fixed'))} + {write(_bands(measure, given), Fraction(miles.result))}"
    return (miles, measure.step(f"Fixed amount + miles, for {measure.months.basis}", for_months(formula, measure)))


def _bands(measure: Measure, given: Settings) -> tuple[Tier, ...]:
    return given.tiers("bands") or (Tier(None, measure.element.price),)
