"""Late charges: a per cent a month, the element's price, of what was overdue and not disputed (domain/rating, 5.6)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from app.domain.evidence import BalanceFacts, BalanceLine
from app.domain.parameters import Form, Parameter
from app.domain.proof import ProofStep, written
from app.rating.charge_models.measure import Measure, expect
from app.rating.charge_models.overdue import MonthCount, Overdue, count_overdue

PARAMETERS = (
    Parameter("months", Form.WORD, "how the months overdue are counted", "begun", words=MonthCount),
    Parameter("compound", Form.YES_NO, "whether a month is charged on the charge of the month before", "no"),
    Parameter("grace_days", Form.WHOLE, "days after the due date on which nothing is charged yet", "0"),
    Parameter("grace_charged", Form.YES_NO, "whether those days are charged too once they have passed", "yes"),
    Parameter("smallest_balance", Form.DECIMAL, "smaller overdue bills are not charged", "0"),
    Parameter("least", Form.DECIMAL, "least charge, where any is due", "0"),
)
UNIT = "months"
NEEDS = BalanceFacts


def compute(measure: Measure) -> Decimal:
    """The charge, rounded by the contract; 0 where nothing was overdue for longer than the days of grace."""
    percent, settings = measure.price / 100, measure.settings(PARAMETERS)
    total, any_due = Fraction(0), False
    for line, overdue in _overdue(measure):
        factor = percent * (overdue.whole + overdue.part)
        if settings.flag("compound"):
            factor = (1 + percent) ** overdue.whole * (1 + percent * overdue.part) - 1
        total, any_due = total + Fraction(line.amount) * factor, True
    return measure.round(max(total, Fraction(settings.decimal("least"))) if any_due else total)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """One step: each overdue bill's amount, by its months, at the per cent."""
    settings, lines = measure.settings(PARAMETERS), list(_overdue(measure))
    if not lines:
        return (measure.step("Nothing was overdue for long enough", "0"),)
    percent = written(measure.element.price)
    if settings.flag("compound"):
        formula = " + ".join(_compound(line, overdue, percent) for line, overdue in lines)
    else:
        months = " + ".join(f"{written(line.amount)} × {overdue.formula}" for line, overdue in lines)
        formula = f"{percent} × ({months}) ÷ 100"
    if least := settings.decimal("least"):
        formula = f"max({written(least)}, {formula})"
    named = ", ".join(f"{line.invoice} ({overdue.words})" for line, overdue in lines)
    return (measure.step(f"{percent} % a month of what was overdue: {named}", formula),)


def _overdue(measure: Measure) -> Iterator[tuple[BalanceLine, Overdue]]:
    settings = measure.settings(PARAMETERS)
    for line in expect(measure.evidence, BalanceFacts).lines:
        overdue = count_overdue(line, settings)
        if overdue is not None:
            yield line, overdue


def _compound(line: BalanceLine, overdue: Overdue, percent: str) -> str:
    factors = [f"(1 + {percent} ÷ 100)"] * overdue.whole
    if overdue.part:
        factors.append(f"(1 + {percent} × {overdue.part_formula} ÷ 100)")
    return f"{written(line.amount)} × ({' × '.join(factors) or '1'} − 1)"
