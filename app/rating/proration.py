"""How many months' price a period costs: exact fractions by the contract's method (domain/rating, proration).

Whole billing months, from any day to the same day, cost whole prices under every method. The methods differ only in
what part of a month costs; `MONTH_COUNTS` lists them.

Periods that meet within a calendar month cost together what the whole does under ACTUAL, BY_SECOND and NEXT_MONTH, and
under STRICT_30_360 unless they meet on the 31st, which is a 30th for both. Under ACTUAL_30 the parts of a month add up
to its days ÷ 30, under NONE each is a full month, and under MONTHS_AND_DAYS each is counted by the month it ends in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from app.domain.period import Period, add_months, calendar_months, days_in_month, month_start, whole_months
from app.domain.proof import ProofStep, written
from app.domain.vocabulary import ProrationMethod
from app.errors import BugError

DAY = 86400


@dataclass(frozen=True, slots=True)
class Proration:
    """A number of months, exactly, and how it came about.

    `formula` is the same number as arithmetic for a proof ("16 ÷ 31", "2 + 20 ÷ 31", "1"); `whole` says that nothing
    had to be prorated.
    """

    months: Fraction
    formula: str
    basis: str
    whole: bool = False


ONE_MONTH = Proration(Fraction(1), "1", "one month", whole=True)


def prorate(period: Period | None, method: ProrationMethod) -> Proration:
    """The months' price that `period` costs under `method`; a charge that states no period is for one month."""
    if period is None:
        return Proration(Fraction(1), "1", "one month, as no period is stated", whole=True)
    whole = whole_months(period)
    if whole:
        return Proration(Fraction(whole), str(whole), _months_in_words(whole), whole=True)
    return MONTH_COUNTS[method](period)


def count_actual(period: Period) -> Proration:
    """ACTUAL: days ÷ days of the month, for each calendar month. Two periods that meet cost what both together do."""
    return _by_calendar_month(period, lambda piece: piece.days, _length, "each month by its actual days")


def count_actual_30(period: Period) -> Proration:
    """ACTUAL_30: days ÷ 30 for each calendar month of which a part is billed; a whole one is one month."""
    return _by_calendar_month(period, lambda piece: piece.days, lambda _: 30, "days as thirtieths of a month")


def count_strict_30_360(period: Period) -> Proration:
    """STRICT_30_360: every calendar month has 30 days, and its last day is the 30th, in February too."""
    return _by_calendar_month(period, _days_of_30, lambda _: 30, "days of months of 30, whose last day is the 30th")


def count_months_and_days(period: Period) -> Proration:
    """MONTHS_AND_DAYS: whole months from the first day, then the days left ÷ days of the month in which they end.

    The days left never cost more than the month that they are part of.
    """
    months = _started_months(period) - 1
    left = Period(add_months(period.start, months), period.end)
    length = days_in_month(period.last.year, period.last.month)
    part, formula = Fraction(left.days, length), f"{left.days} ÷ {length}"
    if part > 1:
        part, formula = Fraction(1), f"min({formula}, 1)"
    return Proration(
        months + part, f"{months} + {formula}" if months else formula, "whole months, then days of the last month"
    )


def count_started_months(period: Period) -> Proration:
    """NONE: any part of a month is a full month, counted from the first day."""
    months = _started_months(period)
    return Proration(Fraction(months), str(months), "months begun, as the contract does not prorate")


def count_by_second(period: Period) -> Proration:
    """BY_SECOND: days are whole ones, so seconds of the month are its days; `prorate_moments` counts within a day."""
    return _by_calendar_month(
        period, lambda piece: piece.days * DAY, lambda piece: _length(piece) * DAY, "each month by its seconds"
    )


def count_next_months(period: Period) -> Proration:
    """NEXT_MONTH: free until the first of the next month; a calendar month that begins in the period is a full one."""
    months = sum(piece.start.day == 1 for piece in calendar_months(period))
    return Proration(Fraction(months), str(months), "full months from the first of the next one on")


MONTH_COUNTS: Mapping[ProrationMethod, Callable[[Period], Proration]] = {
    ProrationMethod.ACTUAL: count_actual,
    ProrationMethod.ACTUAL_30: count_actual_30,
    ProrationMethod.STRICT_30_360: count_strict_30_360,
    ProrationMethod.MONTHS_AND_DAYS: count_months_and_days,
    ProrationMethod.NONE: count_started_months,
    ProrationMethod.BY_SECOND: count_by_second,
    ProrationMethod.NEXT_MONTH: count_next_months,
}


def prorate_moments(start: datetime, end: datetime) -> Proration:
    """The months from one moment to a later one, by the seconds of each calendar month (domain/rating, 5.5: by second).

    Moments are in the contract's time zone, both with it or both without; with it a month in which clocks change has
    the seconds that it really lasts. Parts of seconds are not counted. A month from any moment to the same moment is
    not a whole one unless its seconds say so.
    """
    if end <= start:
        raise BugError(f"a period ends after it starts, not {start}..{end}")
    whole, total, terms = 0, Fraction(0), []
    while start < end:
        first = datetime.combine(month_start(start.date()), time(), start.tzinfo)
        following = datetime.combine(add_months(first.date(), 1), time(), start.tzinfo)
        until = following if following < end else end
        part, length = _seconds(start, until), _seconds(first, following)
        if part == length:
            whole += 1
        elif part:
            total += Fraction(part, length)
            terms.append(f"{part} ÷ {length}")
        start = until
    if whole or not terms:
        terms.insert(0, str(whole))
    return Proration(whole + total, " + ".join(terms), "each month by its seconds", whole=not total and whole > 0)


def raise_to_least(exact: Fraction, amount: Decimal, least: Decimal) -> ProofStep | None:
    """The step that lifts a rounded `amount` to `least` where something is due; None where it is enough or nothing is.

    `exact` is the amount before rounding: what costs a millionth costs the least amount, what is free stays free.
    """
    if exact <= 0 or amount >= least:
        return None
    return ProofStep("A positive amount is at least this", f"max({written(amount)}, {written(least)})", least)


def _seconds(start: datetime, end: datetime) -> int:
    if start.tzinfo is not None:
        start, end = start.astimezone(UTC), end.astimezone(UTC)
    return (end - start) // timedelta(seconds=1)


def _by_calendar_month(
    period: Period, days: Callable[[Period], int], length: Callable[[Period], int], basis: str
) -> Proration:
    """Add up the pieces of `period` in each calendar month; a whole calendar month is 1 under every method."""
    whole, total, terms = 0, Fraction(0), []
    for piece in calendar_months(period):
        if piece.days == _length(piece):
            whole += 1
        else:
            total += Fraction(days(piece), length(piece))
            terms.append(f"{days(piece)} ÷ {length(piece)}")
    if whole:
        terms.insert(0, str(whole))
    return Proration(whole + total, " + ".join(terms), basis)


def _length(piece: Period) -> int:
    return days_in_month(piece.start.year, piece.start.month)


def _days_of_30(piece: Period) -> int:
    """Days of a piece of one calendar month as if it had 30: the 31st and February's last day are the 30th."""
    last = 30 if piece.last.day == _length(piece) else piece.last.day
    return last - min(piece.start.day, 30) + 1


def _started_months(period: Period) -> int:
    months = 1
    while add_months(period.start, months) < period.end:
        months += 1
    return months


def _months_in_words(months: int) -> str:
    return "one whole month" if months == 1 else f"{months} whole months"
