"""How many months a balance was overdue, by the ways in which contracts count them (domain/rating, 5.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from app.domain.evidence import BalanceLine
from app.domain.parameters import Settings
from app.domain.period import add_months


class MonthCount(StrEnum):
    """How months overdue are counted."""

    BEGUN = "begun"  # whole months begun
    COMPLETED = "completed"
    DAYS_30 = "days_30"  # days ÷ 30
    DAYS_365 = "days_365"  # days × 12 ÷ 365: a twelfth of a yearly per cent for each month
    ONCE = "once"  # one month, however long


@dataclass(frozen=True, slots=True)
class Months:
    """Whole months and the part of one after them, with what a formula writes for all and for the part."""

    whole: int
    part: Fraction
    formula: str
    part_formula: str

    @property
    def total(self) -> Fraction:
        return self.whole + self.part


@dataclass(frozen=True, slots=True)
class Overdue:
    """The months of a balance from its due date, those of them that an earlier bill has charged, and both in words."""

    months: Months
    charged: Months
    words: str


NO_MONTHS = Months(0, Fraction(0), "0", "0")


def count_overdue(line: BalanceLine, settings: Settings) -> Overdue | None:
    """The months for which `line` is charged; None where there are none, and for a bill of which too little is overdue.

    Bills that charge for one balance after another count from its due date, each up to its own day, so that together
    they charge what one bill would: the days of grace and a single month are not given twice.
    """
    whole = line.amount if line.whole is None else line.whole
    if line.amount <= 0 or whole < settings.decimal("smallest_balance"):
        return None
    until = _count(line.due, line.paid, settings)
    charged = NO_MONTHS if line.since is None else _count(line.due, min(line.since, line.paid), settings)
    if until.total <= charged.total:
        return None
    days = (line.paid - line.due).days
    words = f"{days} day{'' if days == 1 else 's'} overdue"
    if charged.total and line.since is not None:
        words = f"{words}, charged before up to {line.since.isoformat()}"
    return Overdue(until, charged, words)


def _count(due: date, day: date, settings: Settings) -> Months:
    """The months from `due` to `day`; none within the days of grace."""
    grace, days = settings.whole("grace_days"), (day - due).days
    if days <= grace:
        return NO_MONTHS
    if not settings.flag("grace_charged"):
        due, days = due + timedelta(days=grace), days - grace
    match settings.word("months", MonthCount):
        case MonthCount.BEGUN:
            return _whole(_completed(due, days - 1) + 1)
        case MonthCount.COMPLETED:
            return _whole(_completed(due, days))
        case MonthCount.DAYS_30:
            return _divided(days, 30, f"{days} ÷ 30")
        case MonthCount.DAYS_365:
            return _divided(days * 12, 365, f"{days} × 12 ÷ 365")
        case MonthCount.ONCE:
            return _whole(1)


def _completed(due: date, days: int) -> int:
    """Months from the due date that have passed `days` after it."""
    day, months = due + timedelta(days=days), 0
    while add_months(due, months + 1) <= day:
        months += 1
    return months


def _whole(months: int) -> Months:
    return Months(months, Fraction(0), str(months), "0")


def _divided(above: int, below: int, formula: str) -> Months:
    whole, rest = divmod(above, below)
    return Months(whole, Fraction(rest, below), formula, f"{rest} ÷ {below}")
