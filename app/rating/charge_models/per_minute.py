"""Per minute: price × minutes. Recorded calls count in the contract's increments (domain/rating, 5.1); without records
the minutes that the bill states are taken."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.money import round_amount
from app.domain.proof import ProofStep, written
from app.domain.vocabulary import RoundingScope
from app.rating.charge_models.calls import add_up, by_billable_seconds
from app.rating.charge_models.measure import Measure, to_decimal


def compute(measure: Measure) -> Decimal:
    """The amount, rounded per call where the contract rounds calls and records exist, else once."""
    price = Fraction(measure.element.price)
    if measure.usage is None:
        return _round(measure, price * Fraction(measure.quantity))
    calls = by_billable_seconds(measure.usage, measure.element)
    if measure.contract.rounding_scope is RoundingScope.CALL:
        return sum((_round(measure, price * seconds / 60) * count for seconds, count in calls), Decimal(0))
    return _round(measure, price * sum(seconds * count for seconds, count in calls) / 60)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The calls added up by their billable seconds, then the price; with rounding per call, a price for each length."""
    price = written(measure.element.price)
    if measure.usage is None:
        return (_step(measure, "Price per minute × minutes on the bill", f"{price} × {written(measure.quantity)}"),)
    calls = by_billable_seconds(measure.usage, measure.element)
    files = f" ({', '.join(measure.usage.batches)})" if measure.usage.batches else ""
    if measure.contract.rounding_scope is RoundingScope.CALL:
        each = [_step(measure, f"A call of {sec} billable seconds", f"{price} × {sec} ÷ 60") for sec, _ in calls]
        parts = [(step.result, count) for step, (_, count) in zip(each, calls, strict=True)]
        sums, total = add_up(parts, f"Recorded calls{files} × price of the call")
        return (*each, *sums, _step(measure, "All recorded calls", total))
    sums, total = add_up(calls, f"Recorded calls{files} × billable seconds")
    return (*sums, _step(measure, "Price per minute × recorded minutes", f"{price} × {total} ÷ 60"))


def _round(measure: Measure, exact: Fraction) -> Decimal:
    return round_amount(to_decimal(exact), measure.contract.rounding_places, measure.contract.rounding)


def _step(measure: Measure, basis: str, formula: str) -> ProofStep:
    """A step whose result is what replaying its formula gives."""
    draft = ProofStep(basis, formula, Decimal(0), measure.contract.rounding, measure.contract.rounding_places)
    return ProofStep(basis, formula, draft.replay(), draft.rounding, draft.places)
