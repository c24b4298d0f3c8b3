"""Calls: each recorded call priced by a rate deck (domain/rating, 5.1). The calls come rated and added up by zone,
band, jurisdiction and price; here their sums are rounded where the contract rounds."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from app.domain.evidence import CallLine, CallTotals
from app.domain.proof import ProofStep, written
from app.domain.vocabulary import RoundingScope
from app.rating.charge_models.increments import add_up
from app.rating.charge_models.measure import Measure, expect, to_decimal
from app.rating.voice.read_terms import PARAMETERS as PARAMETERS

UNIT = "minutes"
NEEDS = CallTotals


def compute(measure: Measure) -> Decimal:
    """The sum of all calls, or of each zone's rounded sum. Calls that the contract rounds one by one come rounded."""
    totals = expect(measure.evidence, CallTotals)
    sums = [Fraction(sum(line.exact for line in lines), totals.denominator) for _, lines in _split(measure, totals)]
    return measure.round(sum((Fraction(measure.round(each)) for each in sums), Fraction(0)))


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """Seconds × price of each line, added up a dozen at a time; amounts where a connect fee, a rate group, a discount
    or a call's rounding makes them something else. Nothing is divided before the step that is rounded."""
    totals = expect(measure.evidence, CallTotals)
    files = f" ({', '.join(totals.batches)})" if totals.batches else ""
    left_out = f"; {totals.unpriced_calls} without a price are left out" if totals.unpriced_calls else ""
    steps: list[ProofStep] = []
    results: list[ProofStep] = []
    for zone, lines in _split(measure, totals):
        inner, formula = _add_lines(lines, totals.denominator, zone + files)
        steps += inner
        results.append(measure.step(f"All recorded calls{zone}{files}{left_out}", formula))
    if len(results) == 1:
        return (*steps, *results)
    formula = " + ".join(written(step.result) for step in results) or "0"
    return (*steps, *results, measure.step(f"All recorded calls{left_out}", formula))


def _split(measure: Measure, totals: CallTotals) -> list[tuple[str, list[CallLine]]]:
    """The lines that are rounded together, with words for them: those of a zone, or all."""
    if measure.contract.rounding_scope is not RoundingScope.ZONE:
        return [("", list(totals.lines))]
    zones = sorted({line.zone for line in totals.lines})
    return [(f" to {zone}", [line for line in totals.lines if line.zone == zone]) for zone in zones]


def _add_lines(lines: Sequence[CallLine], denominator: int, words: str) -> tuple[tuple[ProofStep, ...], str]:
    priced: list[tuple[Decimal, int]] = []
    others: list[tuple[Decimal, int]] = []
    for line in lines:
        sixty = Fraction(60 * line.exact, denominator)  # sixty times the amount is a decimal, the amount may be none
        if sixty == Fraction(line.price) * line.seconds:
            priced.append((line.price, line.seconds))
        elif (sixty / 60).denominator % 3:
            others.append((to_decimal(sixty / 60), 1))
        else:
            priced.append((to_decimal(sixty), 1))
    by_second, seconds = add_up(priced, f"Billable seconds × price of a minute{words}")
    by_amount, amounts = add_up(others, f"Calls with fees, groups of seconds, discounts or rounding{words}")
    parts = ([f"{seconds} ÷ 60"] if priced else []) + ([amounts] if others else [])
    return (*by_second, *by_amount), " + ".join(parts) or "0"
