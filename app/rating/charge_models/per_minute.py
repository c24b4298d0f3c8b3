"""Per minute: price × minutes. Recorded calls count in the contract's increments (domain/rating, 5.1); without records
the minutes that the bill states are taken, which tell neither connect fees nor groups of seconds."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.evidence import UsageFacts
from app.domain.proof import ProofStep, written
from app.domain.vocabulary import RoundingScope
from app.rating.charge_models.increments import PARAMETERS as PARAMETERS
from app.rating.charge_models.increments import CallPrice, add_up, by_billable_seconds, read_call_price
from app.rating.charge_models.measure import Measure, inner_step

UNIT = "minutes"
NEEDS = None


def compute(measure: Measure) -> Decimal:
    """The amount, rounded per call where the contract rounds calls and records exist, else once."""
    price = read_call_price(measure.element, measure.settings(PARAMETERS))
    if measure.calls is None:
        return measure.round(measure.price * Fraction(measure.quantity) * 60 / price.unit)
    calls = by_billable_seconds(measure.calls, measure.settings(PARAMETERS))
    if measure.contract.rounding_scope is RoundingScope.CALL:
        return sum((measure.round(price.cost(seconds)) * count for seconds, count in calls), Decimal(0))
    return measure.round(sum((price.cost(seconds) * count for seconds, count in calls), Fraction(0)))


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The calls added up by their billable seconds, then the price; with rounding per call, a price for each length."""
    price = read_call_price(measure.element, measure.settings(PARAMETERS))
    if measure.calls is None:
        formula = f"{written(price.price)} × {written(measure.quantity)}"
        if price.unit == 60:
            return (measure.step("Price per minute × minutes on the bill", formula),)
        basis = f"Price per {price.unit} seconds × minutes on the bill"
        return (measure.step(basis, f"{formula} × 60 ÷ {price.unit}"),)
    return tuple(_explain_calls(measure, measure.calls, price))


def _explain_calls(measure: Measure, usage: UsageFacts, price: CallPrice) -> list[ProofStep]:
    calls = by_billable_seconds(usage, measure.settings(PARAMETERS))
    files = f" ({', '.join(usage.batches)})" if usage.batches else ""
    steps = [
        inner_step(f"A call of {sec} billable seconds, in seconds at the full price", price.write_weight(sec))
        for sec, _ in calls
        if price.groups
    ]
    if measure.contract.rounding_scope is RoundingScope.CALL:
        each = [measure.step(f"A call of {sec} billable seconds", price.write_cost(sec)) for sec, _ in calls]
        parts = [(step.result, count) for step, (_, count) in zip(each, calls, strict=True)]
        sums, total = add_up(parts, f"Recorded calls{files} × price of the call")
        return [*steps, *each, *sums, measure.step("All recorded calls", total)]
    longer = [(price.plain_weight(sec), count) for sec, count in calls if not price.is_least(sec)]
    sums, total = add_up(longer, f"Recorded calls{files} × billable seconds")
    formula, words = f"{written(price.price)} × {total} ÷ {price.unit}", "Price per minute × recorded minutes"
    if fees := sum(count for sec, count in calls if price.connect and (not price.deductible or price.is_least(sec))):
        formula = f"{fees} × {written(price.connect)} + {formula}"
        words = f"Calls × connect fee{' as the least charge' if price.deductible else ''}, and {words.lower()}"
    return [*steps, *sums, measure.step(words, formula)]
