"""Recorded calls under a contract's increments, and their sums written so that a person can check them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from app.domain.history import RateElementTerms, UsageFacts
from app.domain.money import RATE_SCALE, round_amount
from app.domain.proof import ProofStep, written
from app.rating.charge_models.measure import to_decimal

CallCount = tuple[int, int]  # (billable seconds of a call, calls of that length)
TERMS_OF_A_LINE = 12


def billable_seconds(seconds: int, initial: int, increment: int) -> int:
    """The seconds that a call of `seconds` answered seconds is billed (domain/rating, 5.1).

    0 for a call that was not answered; `initial` up to that; then whole increments on top of it.
    """
    if seconds <= 0:
        return 0
    if seconds <= initial:
        return initial
    return initial + -(-(seconds - initial) // increment) * increment


def by_billable_seconds(usage: UsageFacts, element: RateElementTerms) -> tuple[CallCount, ...]:
    """How many recorded calls are billed for how many seconds, ascending; calls billed for none are left out."""
    counted: Counter[int] = Counter()
    for seconds, calls in usage.durations:
        counted[billable_seconds(seconds, element.initial_seconds, element.increment_seconds)] += calls
    return tuple((seconds, calls) for seconds, calls in sorted(counted.items()) if seconds and calls)


def recorded_minutes(usage: UsageFacts, element: RateElementTerms) -> Decimal:
    """Recorded calls in billable minutes, at 10 places."""
    seconds = sum(seconds * calls for seconds, calls in by_billable_seconds(usage, element))
    return round_amount(to_decimal(Fraction(seconds, 60)), RATE_SCALE).normalize() + Decimal("0.00")


def add_up(parts: Sequence[tuple[Decimal | int, int]], basis: str) -> tuple[tuple[ProofStep, ...], str]:
    """Σ value × calls as steps of a dozen terms each, and the formula of their sum."""
    steps = []
    for start in range(0, len(parts), TERMS_OF_A_LINE):
        line = parts[start : start + TERMS_OF_A_LINE]
        formula = " + ".join(f"{calls} × {written(value)}" for value, calls in line)
        result = sum((Decimal(value) * calls for value, calls in line), Decimal(0))
        steps.append(ProofStep(basis, formula, result))
    total = " + ".join(written(step.result) for step in steps) or "0"
    return tuple(steps), f"({total})" if len(steps) > 1 else total
