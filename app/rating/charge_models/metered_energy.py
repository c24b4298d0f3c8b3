"""Metered energy: (reading₂ − reading₁) × multiplier × price × PUE or loss factor (domain/rating, 5.4).

Without readings the kWh of the bill are priced. The clamp method takes amps of one moment for all hours: kW = Σ amps ×
volts ÷ 1000; for three phases the contract gives the factor of the volts (1.732 for √3, or that × the power factor).
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from app.domain.parameters import Form, Parameter, Settings
from app.domain.proof import ProofStep, written
from app.rating.charge_models.demand import advance_of, why_no_advance
from app.rating.charge_models.measure import Measure, inner_step
from app.rating.charge_models.tiers import ask_for, needed, number


class Method(StrEnum):
    METER = "meter"
    CLAMP = "clamp"


PARAMETERS = (
    Parameter("method", Form.WORD, "how kWh are found", "meter", Method),
    Parameter("multiplier", Form.DECIMAL, "kWh of one unit of the register", "1"),
    Parameter("pue", Form.DECIMAL, "PUE or loss factor on the kWh", "1"),
    Parameter("register", Form.DECIMAL, "reading at which the register begins again at 0", ""),
    Parameter("amps", Form.TABLE, "amps of each circuit measured (name:amps)", ""),
    Parameter("volts", Form.DECIMAL, "volts of these circuits", ""),
    Parameter("phase_factor", Form.DECIMAL, "factor of the volts for three phases", "1"),
    Parameter("hours", Form.DECIMAL, "hours that the measured amps are taken for", ""),
)
UNIT = "kWh"
NEEDS = None


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract; raises BadParameters where the clamp method lacks a figure."""
    given, kwh = measure.settings(PARAMETERS), Fraction(measure.quantity)
    if given.word("method", Method) is Method.CLAMP:
        volts = needed(measure, given, "volts") * Fraction(given.decimal("phase_factor"))
        amps = sum((Fraction(each) for _, each in ask_for(measure, given, "amps").table("amps")), Fraction(0))
        kwh = amps * volts / 1000 * needed(measure, given, "hours")
    elif advance := advance_of(measure, given):
        kwh = advance.units * Fraction(given.decimal("multiplier"))
    return measure.round(kwh * measure.price * Fraction(given.decimal("pue")))


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The kWh, then their price and the factor."""
    given = measure.settings(PARAMETERS)
    kwh, pue = _kwh(measure, given), given.decimal("pue")
    factor = f" × {written(pue)}" if pue != 1 else ""
    basis = "kWh × price" + (" × PUE or loss factor" if factor else "")
    return (kwh, measure.step(basis, f"{written(kwh.result)} × {written(measure.element.price)}{factor}"))


def _kwh(measure: Measure, given: Settings) -> ProofStep:
    if given.word("method", Method) is Method.CLAMP:
        amps = " + ".join(written(each) for _, each in ask_for(measure, given, "amps").table("amps"))
        volts = f"{number(needed(measure, given, 'volts'))} × {written(given.decimal('phase_factor'))}"
        hours = number(needed(measure, given, "hours"))
        return inner_step("kWh of the amps measured, for all hours", f"({amps}) × {volts} ÷ 1000 × {hours}")
    if (advance := advance_of(measure, given)) is None:
        return inner_step(f"{why_no_advance(measure)}kWh on the bill", written(measure.quantity))
    if (multiplier := given.decimal("multiplier")) == 1:
        return inner_step(advance.basis, advance.formula)
    return inner_step(f"({advance.basis}) × multiplier", f"({advance.formula}) × {written(multiplier)}")
