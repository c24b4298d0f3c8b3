"""Dates, parts of months and rounding: the generator's own, written apart from the application's."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")


def cents(value: Fraction | Decimal | int, places: int = 2) -> Decimal:
    """`value` to whole cents, halves away from zero."""
    exact = Fraction(value)
    scaled = exact * 10**places
    whole = (abs(scaled) * 2 + 1) // 2  # floor(x + ½) of the size
    return Decimal(int(whole if scaled >= 0 else -whole)).scaleb(-places)


def percent_of(base: Decimal, percent: str) -> Decimal:
    """`percent` of `base`, in cents."""
    return (base * Decimal(percent) / 100).quantize(CENT, rounding=ROUND_HALF_UP)


def month_length(day: date) -> int:
    """Days of the month of `day`."""
    return calendar.monthrange(day.year, day.month)[1]


def next_month(day: date, count: int = 1) -> date:
    """The same day `count` months later; only for days that each month has."""
    months = day.year * 12 + day.month - 1 + count
    return day.replace(year=months // 12, month=months % 12 + 1)


def part_of_month(start: date, end: date, method: str) -> Fraction:
    """What part of a month's price the days from `start` up to `end` cost, where they are not whole months.

    Each method as the contract describes it, day by day: slow, and so plain that it can be checked by reading.
    """
    if method == "none":
        return Fraction(1)
    days = [start + timedelta(days=count) for count in range((end - start).days)]
    if method == "actual":
        return sum((Fraction(1, month_length(day)) for day in days), Fraction(0))
    if method == "actual_30":
        return Fraction(len(days), 30)
    if method == "strict_30_360":
        return Fraction(sum(1 for day in days if day.day <= 30), 30)
    if method == "months_and_days":
        return Fraction(len(days), month_length(days[-1]))
    raise ValueError(method)


def prorated(price: Decimal, quantity: int, start: date, end: date, method: str) -> Decimal:
    """What a recurring price costs from `start` up to `end`: the price for a whole month, else its part."""
    if end == next_month(start):
        return cents(price * quantity)
    return cents(Fraction(price) * quantity * part_of_month(start, end, method))


def billable_seconds(answered: int, initial: int, increment: int) -> int:
    """Answered seconds as a carrier counts them: at least the initial step, then whole increments."""
    if answered == 0:
        return 0
    counted = initial
    while counted < answered:
        counted += increment
    return counted
