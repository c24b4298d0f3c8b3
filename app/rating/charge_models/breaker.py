"""Breaker circuits: (A feeds × price + B feeds × price × fraction) × circuits × months (domain/rating, 5.4).

The price is for a circuit, an amp or a kVA. Where it is not for a circuit, the contract may bill only the amps that may
be drawn without a break (`continuous`, mostly 80 per cent of the breaker).
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from app.domain.parameters import Form, Parameter, Settings
from app.domain.proof import ProofStep, written
from app.rating.charge_models.measure import Measure, inner_step
from app.rating.charge_models.tiers import for_months, needed, number


class PricedBy(StrEnum):
    CIRCUIT = "circuit"
    AMP = "amp"
    KVA = "kva"


PARAMETERS = (
    Parameter("a", Form.DECIMAL, "A feeds of each circuit billed", "1"),
    Parameter("b", Form.DECIMAL, "B feeds of each circuit billed", "0"),
    Parameter("fraction", Form.DECIMAL, "what a B feed costs of an A feed's price", "1"),
    Parameter("by", Form.WORD, "what the price is for", "circuit", PricedBy),
    Parameter("amps", Form.DECIMAL, "amps of the breaker, for a price by amp or kVA", ""),
    Parameter("volts", Form.DECIMAL, "volts, times 1.732 for three phases, for a price by kVA", ""),
    Parameter("continuous", Form.DECIMAL, "per cent of the amps that may be drawn all the time", "100", most=100),
)
UNIT = "circuits"
NEEDS = None


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract; raises BadParameters where amps or volts are missing."""
    given, by = measure.settings(PARAMETERS), measure.settings(PARAMETERS).word("by", PricedBy)
    feeds = Fraction(given.decimal("a")) + Fraction(given.decimal("b")) * Fraction(given.decimal("fraction"))
    if by is not PricedBy.CIRCUIT:
        feeds *= needed(measure, given, "amps") * Fraction(given.decimal("continuous")) / 100
    if by is PricedBy.KVA:
        feeds *= needed(measure, given, "volts") / 1000
    return measure.round(feeds * measure.price * Fraction(measure.quantity) * measure.months.months)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The usable amps where they count, then "(1 × 300.00 + 1 × 300.00 × 0.5) × 2"."""
    given, price = measure.settings(PARAMETERS), written(measure.element.price)
    steps, size = _usable(measure, given)
    formula = f"{written(given.decimal('a'))} × {price}"
    if given.decimal("b"):
        fraction = f" × {written(given.decimal('fraction'))}" if given.decimal("fraction") != 1 else ""
        formula = f"({formula} + {written(given.decimal('b'))} × {price}{fraction})"
    formula += size + (f" × {written(measure.quantity)}" if measure.quantity != 1 else "")
    return (*steps, measure.step(f"A and B feeds, for {measure.months.basis}", for_months(formula, measure)))


def _usable(measure: Measure, given: Settings) -> tuple[tuple[ProofStep, ...], str]:
    """The step of the amps that are billed, where not all of them are, and the factor of the circuit's size."""
    by, share = given.word("by", PricedBy), given.decimal("continuous")
    if by is PricedBy.CIRCUIT:
        return (), ""
    amps = number(needed(measure, given, "amps"))
    kva = f" × {number(needed(measure, given, 'volts'))} ÷ 1000" if by is PricedBy.KVA else ""
    usable = inner_step("Amps that may be drawn all the time", f"{amps} × {written(share)} ÷ 100")
    return () if share == 100 else (usable,), f" × {written(usable.result)}{kva}"
