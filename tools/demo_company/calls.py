"""The calls of Halyard's numbers: who rang when for how long. Whole numbers only: every machine makes the same."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache

from tools.demo_company.arithmetic import billable_seconds, cents, next_month
from tools.demo_company.estate import SERVICES
from tools.demo_company.prices import price_for
from tools.demo_company.values import USAGE, Price, Service

_CALLS_A_MONTH = {"800-555-0163": 430, "888-555-0164": 270, "877-555-0165": 180}
_CALLS_OTHERWISE = 190
_AREAS = (205, 213, 219, 303, 312, 314, 402, 404, 414, 503, 515, 612, 614, 702, 713, 816, 901, 919)
# (share of calls in percent, shortest, longest answered seconds)
_LENGTHS = ((8, 0, 0), (30, 4, 60), (40, 61, 300), (18, 301, 1200), (4, 1201, 3000))
# calls by hour of the UTC day, from midnight: the company works in American time zones
_HOURS = (3, 2, 1, 1, 0, 0, 0, 0, 0, 0, 1, 2, 8, 22, 34, 38, 36, 34, 38, 40, 36, 24, 12, 6)
_DAYS = (10, 11, 11, 11, 9, 3, 2)  # by weekday, from Monday


@dataclass(frozen=True)
class Call:
    """One call of number `tn`; `billed` is what the carrier's record says that it costs."""

    tn: str
    other: str
    started: datetime
    seconds: int
    billed: Decimal


@cache
def calls_of(month: date) -> tuple[Call, ...]:
    """All calls that began in `month`, by their start."""
    calls: list[Call] = []
    for service in SERVICES:
        if service.usage_code in ("LD-OUT", "TF-IN"):
            calls.extend(_calls_of_number(service, month))
    return tuple(sorted(calls, key=lambda call: (call.started, call.tn, call.other)))


def usage_price(service: Service, day: date) -> Price:
    """The price of a number's minutes."""
    return price_for("HV-2025-0911", service.usage_code, USAGE, service, day)


@cache
def minutes_of(tn: str, month: date) -> Decimal:
    """The billable minutes of a number in `month` by the contract's increments, exactly."""
    service = next(service for service in SERVICES if service.tn == tn)
    price = usage_price(service, month)
    seconds = sum(billable_seconds(call.seconds, *price.steps) for call in calls_of(month) if call.tn == tn)
    return Decimal(seconds) / 60


def _calls_of_number(service: Service, month: date) -> list[Call]:
    chance = random.Random(f"calls {service.tn} {month}")
    price = usage_price(service, month)
    first = max(month, service.installed)
    days = [first + timedelta(days=count) for count in range((next_month(month) - first).days)]
    if not days:
        return []
    usual = _CALLS_A_MONTH.get(service.tn, _CALLS_OTHERWISE)
    count = usual * len(days) * (90 + chance.randrange(21)) // 100 // 30
    calls = []
    for _ in range(count):
        day = days[pick(chance, [_DAYS[day.weekday()] for day in days])]
        moment = datetime(day.year, day.month, day.day, pick(chance, _HOURS), tzinfo=UTC)
        moment += timedelta(seconds=chance.randrange(3600))
        _, shortest, longest = _LENGTHS[pick(chance, [share for share, _, _ in _LENGTHS])]
        seconds = shortest + chance.randrange(longest - shortest + 1)
        other = f"1{_AREAS[chance.randrange(len(_AREAS))]}555{100 + chance.randrange(100):04d}"
        minutes = Decimal(billable_seconds(seconds, *price.steps)) / 60
        calls.append(Call(service.tn, other, moment, seconds, cents(price.amount * minutes, 4)))
    return calls


def pick(chance: random.Random, weights: list[int] | tuple[int, ...]) -> int:
    """The place of a weight, drawn by its size."""
    left = chance.randrange(sum(weights))
    for place, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return place
    raise AssertionError
