"""Late charges: a per cent a month, the element's price, of what was overdue and not disputed (domain/rating, 5.6)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from app.domain.evidence import BalanceFacts, BalanceLine
from app.domain.parameters import Form, Parameter
from app.domain.proof import ProofStep, written
from app.rating.charge_models.measure import Measure, expect
from app.rating.charge_models.overdue import MonthCount, Months, Overdue, count_overdue

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
        factor = percent * (overdue.months.total - overdue.charged.total)
        if settings.flag("compound"):
            factor = _grown(percent, overdue.months) - _grown(percent, overdue.charged)
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
        months = " + ".join(f"{written(line.amount)} × {_subtract(overdue)}" for line, overdue in lines)
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


def _subtract(overdue: Overdue) -> str:
    """The months to charge: those from the due date less those that an earlier bill has charged."""
    if not overdue.charged.total:
        return overdue.months.formula
    return f"({overdue.months.formula} − {overdue.charged.formula})"


def _grown(percent: Fraction, months: Months) -> Fraction:
    """What 1 has become when each month is charged on the charge of the month before."""
    return (1 + percent) ** months.whole * (1 + percent * months.part)


def _compound(line: BalanceLine, overdue: Overdue, percent: str) -> str:
    grown, before = (_factors(months, percent) for months in (overdue.months, overdue.charged))
    return f"{written(line.amount)} × ({grown} − {before})"


def _factors(months: Months, percent: str) -> str:
    factors = [f"(1 + {percent} ÷ 100)"] * months.whole
    if months.part:
        factors.append(f"(1 + {percent} × {months.part_formula} ÷ 100)")
    return " × ".join(factors) or "1"
