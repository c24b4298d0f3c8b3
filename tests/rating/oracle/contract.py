"""Minimums, commitments, leaving early, credits, late charges, surcharges and changes of prices, the slow way.

Plain fractions and loops over months, days and steps, written from domain/rating 5.5 to 5.7 alone. Nothing is rounded
here but where the field's text rounds on the way; who compares rounds the last value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

HUNDRED = Fraction(100)


def half_up(value: Fraction, places: int) -> Fraction:
    """`value` at so many places, a half away from zero."""
    scaled = abs(value) * 10**places
    whole = scaled.numerator // scaled.denominator
    if scaled - whole >= Fraction(1, 2):
        whole += 1
    return Fraction(whole if value >= 0 else -whole, 10**places)


def true_up(minimum: Fraction, spend: Sequence[Fraction], months: Fraction = Fraction(1)) -> Fraction:
    missing = minimum * months
    for amount in spend:
        missing -= amount
    return missing if missing > 0 else Fraction(0)


def shortfall(
    commit: Fraction, spend: Sequence[Fraction], percent: Fraction, monthly: bool, remaining: Fraction = Fraction(0)
) -> Fraction:
    target = commit / 12 if monthly else commit
    for amount in spend:
        target -= amount
    missing = target if target > 0 else Fraction(0)
    return percent * missing / HUNDRED + percent * remaining / HUNDRED


def leaving_by_bands(monthly: Fraction, used: int, term: int, bands: Mapping[int, Fraction]) -> Fraction:
    """Each month of the term that is left unexpired costs the per cent of the band in which its number lies."""
    due = Fraction(0)
    for month in range(used + 1, term + 1):
        for upto in sorted(bands):
            if month <= upto:
                due += monthly * bands[upto] / HUNDRED
                break
    return due


def leaving_by_percent(monthly: Fraction, used: int, term: int, percent: Fraction) -> Fraction:
    due = Fraction(0)
    for _ in range(used, term):
        due += monthly * percent / HUNDRED
    return due


def credit_by_days(
    monthly: Fraction, outages: Sequence[int], days_of_month: int, percent: Fraction, most_days: int
) -> Fraction:
    """Seconds of outages in; each started day of an outage is a day's part of the month, so many days at most."""
    days = 0
    for seconds in outages:
        while seconds > 0 and days < most_days:
            days, seconds = days + 1, seconds - 86400
    return -min(monthly / days_of_month * days * percent / HUNDRED, monthly)


def credit_by_steps(
    monthly: Fraction, outages: Sequence[int], days: int, target: Fraction, step: Fraction, percent: Fraction
) -> Fraction:
    minutes = sum((Fraction(seconds, 60) for seconds in outages), Fraction(0))
    available = HUNDRED * (1 - minutes / (days * 1440))
    steps = 0
    while available + steps * step < target:
        steps += 1
    return -min(monthly * percent * steps / HUNDRED, monthly)


def next_month(day: date, months: int) -> date:
    """The same day so many months later, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError(day)


def months_overdue(due: date, paid: date, counted: str) -> Fraction:
    days = 0
    while due + timedelta(days=days) < paid:
        days += 1
    if counted == "days_30":
        return Fraction(days, 30)
    if counted == "days_365":
        return Fraction(days * 12, 365)
    begun = 0
    while next_month(due, begun) < paid:
        begun += 1
    if counted == "begun":
        return Fraction(begun)
    return Fraction(begun if next_month(due, begun) == paid else max(0, begun - 1))


def late(balance: Fraction, percent: Fraction, months: Fraction, compound: bool = False) -> Fraction:
    """`percent` a month; compounded, each whole month is charged on what the month before has left."""
    if not compound:
        return balance * percent / HUNDRED * months
    owed, left = balance, months
    while left >= 1:
        owed, left = owed + owed * percent / HUNDRED, left - 1
    return owed + owed * percent / HUNDRED * left - balance


def late_in_turn(
    balance: Fraction,
    percent: Fraction,
    due: date,
    bills: Sequence[date],
    counted: str,
    compound: bool = False,
    grace: int = 0,
    grace_charged: bool = True,
) -> list[Fraction]:
    """What each of several bills, oldest first, adds for a balance that is owed until the last of them.

    Each asks for all that has become due up to its own day and leaves out what the ones before it have asked for.
    """
    asked: list[Fraction] = []
    for day in bills:
        in_all = Fraction(0)
        if (day - due).days > grace:
            start = due if grace_charged else due + timedelta(days=grace)
            months = Fraction(1) if counted == "once" else months_overdue(start, day, counted)
            in_all = late(balance, percent, months, compound)
        asked.append(in_all - sum(asked, Fraction(0)))
    return asked


def fee(base: Fraction, fees: Fraction, percent: Fraction, share: Fraction, cap: Fraction | None) -> Fraction:
    """A per cent of the interstate share of the base and of the fees that it is taken on, at most a per cent of it."""
    due = (base + fees) * share / HUNDRED * percent / HUNDRED
    return due if cap is None else min(due, base * cap / HUNDRED)


def escalated(price: Fraction, percents: Sequence[Fraction], compound: bool, yearly: bool, places: int) -> Fraction:
    """The price after an anniversary for each of `percents`, rounded each year or once from the base."""
    if not percents:
        return price
    now = price
    for percent in percents:
        now += (now if compound else price) * percent / HUNDRED
        if yearly:
            now = half_up(now, places)
    return half_up(now, places)


def percent_by_term(table: Mapping[int, Fraction], months: int) -> Fraction:
    """The per cent of the longest term of the table that is not longer than `months`."""
    found = Fraction(0)
    for term in sorted(table):
        if term <= months:
            found = table[term]
    return found


def discount(amount: Fraction, worth: Fraction, percent: bool, quantity: Fraction) -> Fraction:
    """What is taken off: a per cent or a fixed sum for each unit, and never more than there is."""
    if amount <= 0:
        return Fraction(0)
    return min(amount, amount * worth / HUNDRED if percent else worth * quantity)


def months_of_days(days: Sequence[date], basis: str) -> Fraction:
    """Days billed, day by day, as parts of their calendar months."""
    total = Fraction(0)
    for day in days:
        if basis == "next_month":
            total += 1 if day.day == 1 else 0
        else:
            length = (next_month(day.replace(day=1), 1) - day.replace(day=1)).days
            total += Fraction(1, 30 if basis == "actual_30" else length)
    return total
