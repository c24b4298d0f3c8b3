"""Credits for outages, negative amounts: by the day or by the step below the availability agreed (domain/rating, 5.6).

The element's price is the per cent of a day's price for each started day of an outage (100), or the per cent of the
monthly charge for each step, begun, by which the availability is below its target (1).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.evidence import OutageFacts
from app.domain.money import RoundingMode
from app.domain.parameters import Form, Parameter
from app.domain.proof import ProofStep, written
from app.rating.charge_models.measure import Measure, expect
from app.rating.charge_models.outage_time import CreditMethod, DayCount, DayPrice, count_credits

PARAMETERS = (
    Parameter("method", Form.WORD, "by started days, or by steps below the target", "days", words=CreditMethod),
    Parameter("least_minutes", Form.WHOLE, "shorter outages do not count", "0"),
    Parameter("days_of", Form.WORD, "days started of each outage, or of all of them together", "each", words=DayCount),
    Parameter("day_price", Form.WORD, "a thirtieth of the month, or by its days", "thirtieth", words=DayPrice),
    Parameter("most_days", Form.WHOLE, "days credited in a period at most", "7"),
    Parameter("target", Form.DECIMAL, "availability agreed, in per cent", "", most=100),
    Parameter("step", Form.DECIMAL, "points of availability in a step", "0.1", most=100),
    Parameter("availability_places", Form.WHOLE, "places of the availability in per cent; empty: exact", "", most=10),
    Parameter("availability_rounding", Form.WORD, "how it is rounded to them", "truncate", words=RoundingMode),
    Parameter("most_percent", Form.DECIMAL, "per cent of the monthly charge credited at most", "100", most=100),
)
UNIT = "services"
NEEDS = OutageFacts


def compute(measure: Measure) -> Decimal:
    """The credit as a negative amount, rounded by the contract."""
    facts, settings = expect(measure.evidence, OutageFacts), measure.settings(PARAMETERS)
    counted = count_credits(facts, settings)
    percent = min(measure.price * counted.units / counted.parts, Fraction(settings.decimal("most_percent")))
    return measure.round(-percent * Fraction(facts.monthly) / 100)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The days or steps counted, then their price, never above what the contract credits at most."""
    facts, settings = expect(measure.evidence, OutageFacts), measure.settings(PARAMETERS)
    counted, most = count_credits(facts, settings), settings.decimal("most_percent")
    parts = f" ÷ {counted.parts}" if counted.parts != 1 else ""
    percent = f"min({written(measure.element.price)} × {counted.units}{parts}, {written(most)})"
    basis = f"Credit for {counted.units} {counted.unit}, at most {most:f} % of the monthly charge"
    return (*counted.steps, measure.step(basis, f"0 − {percent} × {written(facts.monthly)} ÷ 100"))
