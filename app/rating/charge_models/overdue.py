"""How many months a balance was overdue, by the ways in which contracts count them (domain/rating, 5.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
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
class Overdue:
    """Whole months and the part of one after them, with what a formula writes for all and for the part."""

    whole: int
    part: Fraction
    formula: str
    part_formula: str
    words: str


def count_overdue(line: BalanceLine, settings: Settings) -> Overdue | None:
    """The months for which `line` is charged; None within the days of grace, before the first month to
    count, and for a balance too small."""
    grace = settings.whole("grace_days")
    days = (line.paid - line.due).days
    if days <= grace or line.amount <= 0 or line.amount < settings.decimal("smallest_balance"):
        return None
    if not settings.flag("grace_charged"):
        line = BalanceLine(line.invoice, line.amount, line.due + timedelta(days=grace), line.paid)
        days -= grace
    words = f"{days} day{'' if days == 1 else 's'} overdue"
    match settings.word("months", MonthCount):
        case MonthCount.BEGUN:
            return _whole(_completed(line, days - 1) + 1, words)
        case MonthCount.COMPLETED:
            months = _completed(line, days)
            return _whole(months, words) if months else None
        case MonthCount.DAYS_30:
            return _divided(days, 30, f"{days} ÷ 30", words)
        case MonthCount.DAYS_365:
            return _divided(days * 12, 365, f"{days} × 12 ÷ 365", words)
        case MonthCount.ONCE:
            return _whole(1, words)


def _completed(line: BalanceLine, days: int) -> int:
    """Months from the due date that have passed `days` after it."""
    day, months = line.due + timedelta(days=days), 0
    while add_months(line.due, months + 1) <= day:
        months += 1
    return months


def _whole(months: int, words: str) -> Overdue:
    return Overdue(months, Fraction(0), str(months), "0", words)


def _divided(above: int, below: int, formula: str, words: str) -> Overdue:
    whole, rest = divmod(above, below)
    return Overdue(whole, Fraction(rest, below), formula, f"{rest} ÷ {below}", words)
