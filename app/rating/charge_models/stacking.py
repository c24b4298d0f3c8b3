"""Charges that others are taken of, added up so that a person can check the sum; and who imposes surcharges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from app.domain.evidence import SpendLine
from app.domain.proof import ProofStep, written

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


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
