"""Moments of usage: what a file prints, in the zone that its mapping names, as UTC seconds since 1970.

A local time that a clock shows twice, when summer time ends, is taken as the mapping says (the first one by default);
one that no clock shows, when it begins, is a fault of the row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.importers.tabular.cells import Cell, read_text
from app.importers.tabular.definition import TomlTable
from app.importers.values import BadValue

EPOCH, EPOCH_MS = "epoch", "epoch_ms"
EARLIEST, LATEST = 0, 7_258_118_400  # 1970 to 2200
_PARTS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<short>[0-9]{2})",
    "MM": r"(?P<month>[0-9]{2})",
    "M": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{2})",
    "D": r"(?P<day>[0-9]{1,2})",
    "hh": r"(?P<hour>[0-9]{2})",
    "h": r"(?P<hour>[0-9]{1,2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "ss": r"(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?",
    "AM": r"(?P<half>[AaPp])\.?[Mm]\.?",
    "ZZ": r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})",
}
_GROUP = re.compile(r"<(\w+)>")
_TOKEN = re.compile("|".join(sorted(_PARTS, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class MomentFormat:
    """How a mapping's moments are written, and on which clock."""

    forms: tuple[str, ...]
    zone: str
    second_of_two: bool

    def read(self, cell: Cell) -> int:
        """UTC seconds since 1970 of the moment in `cell`; raises BadValue."""
        if isinstance(cell, datetime):
            return self._in_zone(cell, cell.isoformat(" "))
        if isinstance(cell, date):
            return self._in_zone(datetime(cell.year, cell.month, cell.day), cell.isoformat())  # noqa: DTZ001
        text = read_text(cell)
        if self.forms[0] in (EPOCH, EPOCH_MS):
            return _read_epoch(text, 1000 if self.forms[0] == EPOCH_MS else 1)
        return self._read_text(text)

    def _read_text(self, text: str) -> int:
        """The moment that all formats mean which fit; raises BadValue where they mean different ones."""
        readings: dict[int, str] = {}
        faults = []
        for form in self.forms:
            found = pattern_of(form).fullmatch(text)
            if found is not None:
                try:
                    readings.setdefault(self._read_parts(found.groupdict(), text), form)
                except BadValue as fault:
                    faults.append(fault)
        if len(readings) == 1:
            return next(iter(readings))
        if readings:
            meant = (
                f"{datetime.fromtimestamp(one, UTC):%Y-%m-%d %H:%M} UTC ({form})" for one, form in readings.items()
            )
            raise BadValue(text=text[:40], why=f"it can be read as {' or as '.join(meant)}")
        if faults:
            raise faults[0]
        raise BadValue(text=text[:40], why=f"a moment written as {' or '.join(self.forms)} is wanted")

    def _read_parts(self, parts: dict[str, str | None], text: str) -> int:
        year = int(parts.get("year") or 0) or 2000 + int(parts.get("short") or 0)
        hour = int(parts.get("hour") or 0)
        half = parts.get("half")
        if half:
            if not 1 <= hour <= 12:
                raise BadValue(text=text[:40], why="an hour from 1 to 12 belongs to AM and PM")
            hour = hour % 12 + (12 if half in "Pp" else 0)
        try:
            moment = datetime(  # noqa: DTZ001 - its zone follows
                year,
                int(parts.get("month") or 0),
                int(parts.get("day") or 0),
                hour,
                int(parts.get("minute") or 0),
                int(parts.get("second") or 0),
            )
        except ValueError as fault:
            raise BadValue(text=text[:40], why=str(fault)) from fault
        offset = parts.get("offset")
        if offset:
            sign = -1 if offset.startswith("-") else 1
            digits = offset.strip("+-").replace(":", "")
            shift = timedelta() if offset == "Z" else sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
            return _check(_seconds(moment.replace(tzinfo=UTC)) - int(shift.total_seconds()), text)
        return self._in_zone(moment, text)

    def _in_zone(self, moment: datetime, text: str) -> int:
        zone = _zone(self.zone)
        aware = moment.replace(tzinfo=zone, fold=1 if self.second_of_two else 0)
        seconds = _seconds(aware)
        # a time that the clock skips does not come back from UTC as it went there
        if zone is not UTC and datetime.fromtimestamp(seconds, zone).replace(tzinfo=None) != moment.replace(
            microsecond=0
        ):
            raise BadValue(text=text[:40], why=f"no clock in {self.zone} showed this time: summer time began")
        return _check(seconds, text)


def _check(seconds: int, text: str) -> int:
    if not EARLIEST <= seconds < LATEST:
        raise BadValue(text=text[:40], why="it is not between 1970 and 2200")
    return seconds


def _seconds(moment: datetime) -> int:
    elapsed = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return elapsed.days * 86_400 + elapsed.seconds


def _read_epoch(text: str, divisor: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 14):
        raise BadValue(text=text[:40], why="whole seconds (or milliseconds) since 1970 are wanted")
    return _check(int(Decimal(text) // divisor), text)


@lru_cache(maxsize=64)
def pattern_of(form: str) -> re.Pattern[str]:
    """The pattern that a moment in the format `form` fits."""
    pattern, last = "", 0
    for token in _TOKEN.finditer(form):
        pattern += re.escape(form[last : token.start()]) + _PARTS[token[0]]
        last = token.end()
    return re.compile((pattern + re.escape(form[last:])).replace(r"\ ", r"\s+"), re.ASCII)


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


def read_moment_format(table: TomlTable) -> MomentFormat:
    """The table `time` of a mapping."""
    time = table.table("time")
    forms = time.texts("format") or ("YYYY-MM-DD hh:mm:ss",)
    zone = time.text("zone", "")
    second = time.choice("ambiguous", ("first", "second"), "first") == "second"
    time.finish()
    for form in forms:
        if form in (EPOCH, EPOCH_MS):
            continue
        tokens = _TOKEN.findall(form)
        if not {"h", "hh"} & set(tokens) or not {"D", "DD"} & set(tokens) or not {"M", "MM"} & set(tokens):
            raise time.fault("format", f"'{form}' is no format of a moment, such as YYYY-MM-DD hh:mm:ss")
        parts = [_GROUP.findall(_PARTS[token])[0] for token in tokens]
        if len(set(parts)) != len(parts):
            raise time.fault("format", f"'{form}' names a part twice")
    if not zone and not all(form in (EPOCH, EPOCH_MS) or "ZZ" in form for form in forms):
        raise time.fault("zone", "a zone such as America/New_York is wanted, or UTC")
    try:
        _zone(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise time.fault("zone", f"'{zone}' is no time zone that is known here") from fault
    return MomentFormat(forms, zone or "UTC", second)
