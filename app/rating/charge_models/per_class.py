"""Per class of service: Σ Mbit/s of a class × its rate, or per cents by class on the port's price, for each port and
month (domain/rating, 5.3). The element's price is the port's; it is charged here only where `port` says so."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.parameters import BadParameters, Form, Parameter, Settings
from app.domain.proof import ProofStep, written
from app.rating.charge_models.measure import Measure
from app.rating.charge_models.tiers import for_months, in_brackets

PARAMETERS = (
    Parameter("mbps", Form.TABLE, "Mbit/s bought of each class", ""),
    Parameter("rates", Form.TABLE, "price of a Mbit/s of each class", ""),
    Parameter("surcharges", Form.TABLE, "per cent on the port's price for each class", ""),
    Parameter("port", Form.YES_NO, "whether the port's own price is part of the charge", "no"),
)
UNIT = "ports"
NEEDS = None


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract; raises BadParameters where a class has no rate."""
    settings = measure.settings(PARAMETERS)
    total = measure.price if settings.flag("port") else Fraction(0)
    total += sum((Fraction(mbps) * Fraction(rate) for _, mbps, rate in _classes(measure, settings)), Fraction(0))
    total += sum((measure.price * Fraction(cent) / 100 for _, cent in settings.table("surcharges")), Fraction(0))
    return measure.round(total * Fraction(measure.quantity) * measure.months.months)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """One line: "20 × 4.00 + 60 × 2.50"."""
    settings, price = measure.settings(PARAMETERS), written(measure.element.price)
    classes, surcharges = _classes(measure, settings), settings.table("surcharges")
    terms = [price] if settings.flag("port") else []
    terms += [f"{written(mbps)} × {written(rate)}" for _, mbps, rate in classes]
    terms += [f"{price} × {written(cent)} ÷ 100" for _, cent in surcharges]
    formula = " + ".join(terms) or "0"
    if measure.quantity != 1:
        formula = f"{in_brackets(formula)} × {written(measure.quantity)}"
    parts = ["the port"] if settings.flag("port") else []
    parts += [f"{name} by Mbit/s" for name, _, _ in classes] + [f"{name} by per cent" for name, _ in surcharges]
    basis = f"{', '.join(parts) or 'no class'}, for {measure.months.basis}"
    return (measure.step(basis[0].upper() + basis[1:], for_months(formula, measure)),)


def _classes(measure: Measure, settings: Settings) -> list[tuple[str, Decimal, Decimal]]:
    """(class, Mbit/s, price of one) of the classes bought."""
    rates = dict(settings.table("rates"))
    for name, _ in settings.table("mbps"):
        if name not in rates:
            raise BadParameters(text=measure.element.parameters[:80], why=f"rates lacks the class {name}")
    return [(name, mbps, rates[name]) for name, mbps in settings.table("mbps")]
