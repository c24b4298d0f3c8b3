"""Moments: UTC seconds since 1970. Days are local, and begin when the clocks of their place say so."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.period import Period
from app.errors import UserError


class UnknownTimeZone(UserError):
    """'{zone}' is not a time zone: write one by its place, such as America/New_York, or UTC."""


def utc_bounds(period: Period, zone: str) -> tuple[int, int]:
    """The first moment of `period` in the time zone, and the first after it: a month with a change of the clocks is an
    hour shorter or longer. Raises UnknownTimeZone."""
    return first_moment(period.start, zone), first_moment(period.end, zone)


@lru_cache(maxsize=4096)
def first_moment(day: date, zone: str) -> int:
    """When `day` begins: at its first midnight where there are two, after the gap where the clocks skip midnight."""
    place = _find_zone(zone)
    midnight = datetime.combine(day, time(), place)
    moment = int(midnight.timestamp())
    if _local_day(moment, place) == day and _local_day(moment - 1, place) < day:
        return moment
    before, after = moment - 86_400, moment + 86_400  # clocks that skip midnight: search the first moment of the day
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if _local_day(middle, place) >= day else (middle, after)
    return after


def write_moment(moment: int) -> str:
    """ "2026-09-17T14:35:00Z"."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moment)).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=64)
def _find_zone(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise UnknownTimeZone(zone=zone[:40]) from fault


def _local_day(moment: int, place: ZoneInfo) -> date:
    return datetime.fromtimestamp(moment, place).date()
