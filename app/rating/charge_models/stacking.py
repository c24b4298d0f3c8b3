"""Charges that others are taken of, added up so that a person can check the sum; who imposes surcharges; and the part
that one of several lines of a surcharge has in what is due once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from app.domain.evidence import SpendLine
from app.domain.proof import ProofStep, written
from app.rating.bases import SharedSpend
from app.rating.charge_models.measure import Measure

LINES_OF_A_STEP = 12


class SurchargeKind(StrEnum):
    """Who imposes it: only a carrier's own is the contract's to negotiate."""

    TAX = "tax"
    MANDATED = "mandated"
    CARRIER = "carrier"


def total(lines: Sequence[SpendLine]) -> Fraction:
    """The sum of the lines, exactly; credits lower it."""
    return sum((Fraction(line.amount) for line in lines), Fraction(0))


def add_lines(lines: Sequence[SpendLine], basis: str) -> tuple[tuple[ProofStep, ...], str]:
    """The sum as steps of a dozen lines each, and how a later formula writes it."""
    steps = []
    for start in range(0, len(lines), LINES_OF_A_STEP):
        some = lines[start : start + LINES_OF_A_STEP]
        labels = ", ".join(dict.fromkeys(line.label for line in some if line.label))
        formula = " + ".join(written(line.amount) for line in some)
        steps.append(ProofStep(f"{basis}: {labels}" if labels else basis, formula, _sum(line.amount for line in some)))
    if len(steps) > 1:
        formula = " + ".join(written(step.result) for step in steps)
        steps.append(ProofStep(f"{basis}, in all", formula, _sum(step.result for step in steps)))
    return tuple(steps), written(steps[-1].result) if steps else "0"


def share(measure: Measure, whole: Decimal) -> Decimal:
    """This line's part of `whole`, in proportion to the lines as billed; all of it where the line is the only one.

    A line has what is due up to it less what is due before it, each rounded: so the lines come to `whole` to the cent,
    and where they are billed right each of them is.
    """
    spend = measure.evidence
    if not isinstance(spend, SharedSpend):
        return whole
    upto, before = (
        measure.round(Fraction(whole) * Fraction(billed) / Fraction(spend.altogether))
        for billed in (spend.before + spend.billed, spend.before)
    )
    return upto - before


def explain_share(measure: Measure, steps: tuple[ProofStep, ...]) -> tuple[ProofStep, ...]:
    """`steps`, whose last is what all lines come to, and those that make this line's part of it."""
    spend = measure.evidence
    if not isinstance(spend, SharedSpend):
        return steps
    whole, every = written(steps[-1].result), written(spend.altogether)
    if not spend.before:
        return (
            *steps,
            measure.step("This line's part of it, by its amount", f"{whole} × {written(spend.billed)} ÷ {every}"),
        )
    before = measure.step("The part of the lines before this one", f"{whole} × {written(spend.before)} ÷ {every}")
    last = "This line's part: what is due up to it, less what is due before it"
    if spend.before + spend.billed == spend.altogether:
        return (*steps, before, measure.step(f"{last}; it is the last", f"{whole} − {written(before.result)}"))
    upto = measure.step(
        "The part of the lines up to this one", f"{whole} × {written(spend.before + spend.billed)} ÷ {every}"
    )
    return (*steps, before, upto, measure.step(last, f"{written(upto.result)} − {written(before.result)}"))


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
