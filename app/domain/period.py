"""Half-open periods of local dates: [start, end). Carriers print inclusive ends; importers convert once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.errors import BugError


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` up to, and not with, `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise BugError(f"a period ends after it starts, not {self.start}..{self.end}")

    @classmethod
    def inclusive(cls, first: date, last: date) -> Period:
        """The period that a bill prints as `first` to `last`, both billed."""
        return cls(first, last + timedelta(days=1))

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """The last day, as a bill prints it."""
        return self.end - timedelta(days=1)

    def overlap(self, other: Period) -> Period | None:
        """The days in both, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __str__(self) -> str:
        return f"{self.start.isoformat()}..{self.end.isoformat()}"


def month_start(day: date) -> date:
    """The first of the month of `day`."""
    return day.replace(day=1)


def add_months(day: date, months: int, anchor: int | None = None) -> date:
    """`day` moved by whole months, kept on day-of-month `anchor` (default: its own) or the month's last day.

    Chained moves pass the anchor: 31 January + 1 month twice is 31 March, never 28 March.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(anchor or day.day, days_in_month(year, month + 1)))


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days


def calendar_months(period: Period) -> Iterator[Period]:
    """The pieces of `period` that lie in one calendar month each, in order."""
    start = period.start
    while start < period.end:
        end = min(add_months(month_start(start), 1), period.end)
        yield Period(start, end)
        start = end


def whole_months(period: Period) -> int:
    """How many whole billing months `period` is: from a billing day to the same one, kept within shorter months.

    0 where it is not whole months. 28 February to 31 March is one month of an account billed on the last day, and to
    30 March one of an account billed on the 30th; to any day before the 28th it is a part.
    """
    start, end = period.start, period.end
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and add_months(start, months) == end:
        return months
    late = _is_month_end(start) and start.day < end.day  # the billing day is the end's: 29 to 31, cut short at first
    return months if months > 0 and late else 0


def is_whole_months(period: Period) -> bool:
    """Whether `period` is one or more whole billing months."""
    return whole_months(period) > 0


def _is_month_end(day: date) -> bool:
    return day.day == days_in_month(day.year, day.month)
