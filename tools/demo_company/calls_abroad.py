"""The calls abroad of Halyard's second account: priced call by call, by the days of Chicago. Whole numbers only."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

from tools.demo_company.arithmetic import billable_seconds, cents, next_month
from tools.demo_company.calls import Call, pick
from tools.demo_company.estate import SERVICES
from tools.demo_company.rate_deck import prefixes, row_for

CODE = "LD-INTL"
ZONE = ZoneInfo("America/Chicago")
STEPS = (6, 6)  # of the contract, for rows without their own
WRONG_STEPS = (60, 60)
WRONGLY_COUNTED = date(2026, 6, 1)  # the month whose calls the carrier counts in whole minutes
_CALLS = 220
# (share of calls in percent, shortest, longest answered seconds)
_LENGTHS = ((7, 0, 0), (35, 4, 60), (40, 61, 300), (18, 301, 900))
_HOURS = (2, 1, 1, 1, 2, 3, 6, 14, 20, 22, 22, 20, 14, 12, 10, 8, 6, 4, 2, 2, 2, 2, 2, 2)  # of Chicago's day
_DAYS = (10, 11, 11, 11, 9, 3, 2)  # by weekday, from Monday


@dataclass(frozen=True)
class Usage:
    """What a number's calls of a month come to."""

    minutes: Decimal
    amount: Decimal


@cache
def calls_abroad(month: date) -> tuple[Call, ...]:
    """All calls that began in Chicago's `month`, by their start; each with what the carrier says that it costs."""
    calls: list[Call] = []
    for service in SERVICES:
        if service.usage_code == CODE:
            calls.extend(_calls_of_number(service.tn, month))
    return tuple(sorted(calls, key=lambda call: (call.started, call.tn, call.other)))


@cache
def usage_of(tn: str, month: date, steps: tuple[int, int]) -> Usage:
    """Minutes and amount of a number's calls: all of them added up exactly, then rounded once."""
    seconds, amount = 0, Fraction(0)
    for call in calls_abroad(month):
        if call.tn == tn:
            counted, price = _count(call.other, call.started, call.seconds, steps)
            seconds += counted
            amount += Fraction(price) * counted / 60
    return Usage(cents(Fraction(seconds, 60)), cents(amount))


def steps_billed(month: date) -> tuple[int, int]:
    """The increments in which the carrier counts the calls of `month`."""
    return WRONG_STEPS if month == WRONGLY_COUNTED else STEPS


def _count(other: str, started: datetime, answered: int, steps: tuple[int, int]) -> tuple[int, Decimal]:
    row = row_for(other, started.astimezone(ZONE).date())
    return billable_seconds(answered, *(row.steps or steps)), row.price


def _calls_of_number(tn: str, month: date) -> list[Call]:
    chance = random.Random(f"abroad {tn} {month}")
    days = [month + timedelta(days=count) for count in range((next_month(month) - month).days)]
    weights = [_DAYS[day.weekday()] for day in days]
    moments = [
        datetime(day.year, day.month, day.day, pick(chance, _HOURS), tzinfo=ZONE)
        for day in (days[pick(chance, weights)] for _ in range(_CALLS * (90 + chance.randrange(21)) // 100))
    ]
    # just before and just after midnight at both ends of Chicago's month, which are other days in UTC
    first, last = days[0], days[-1]
    moments += [datetime(first.year, first.month, first.day, 0, tzinfo=ZONE)] * 2
    moments += [datetime(last.year, last.month, last.day, hour, tzinfo=ZONE) for hour in (21, 23)]
    calls = []
    for moment in moments:
        started = moment.astimezone(UTC) + timedelta(seconds=chance.randrange(3600))
        _, shortest, longest = _LENGTHS[pick(chance, [share for share, _, _ in _LENGTHS])]
        answered = shortest + chance.randrange(longest - shortest + 1)
        other = f"{prefixes()[chance.randrange(len(prefixes()))]}555".ljust(9, "0") + f"{chance.randrange(1000):03d}"
        counted, price = _count(other, started, answered, steps_billed(month))
        calls.append(Call(tn, other, started, answered, cents(Fraction(price) * counted / 60, 4)))
    return calls
