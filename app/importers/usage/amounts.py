"""Durations, charges and traffic of usage rows as whole numbers: seconds, millionths, octets."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from app.domain.money import MONEY_SCALE, to_scaled
from app.importers.tabular.cells import Cell, read_amount, read_rate, read_text
from app.importers.values import BadValue, NumberFormat

DURATIONS = ("seconds", "minutes", "h:m:s")
RATES = ("octets", "bits_per_second", "kbits_per_second", "mbits_per_second")
LONGEST_CALL = 7 * 86_400
MOST_OCTETS = 10**18
_BITS = {"bits_per_second": 1, "kbits_per_second": 1_000, "mbits_per_second": 1_000_000}
_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,2}):([0-5][0-9])", re.ASCII)


def read_duration(cell: Cell, form: str, number: NumberFormat) -> int:
    """Answered seconds, at most a week; raises BadValue, also where minutes are no whole number of seconds."""
    if form == "h:m:s":
        clock = _CLOCK.fullmatch(read_text(cell))
        if clock is None:
            raise BadValue(text=read_text(cell)[:40], why="a duration such as 1:02:03 is wanted")
        seconds = int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
    elif isinstance(cell, str) and cell.isascii() and cell.isdigit() and len(cell) < 9:
        seconds = int(cell) * (60 if form == "minutes" else 1)
    else:
        exact = read_rate(cell, number) * (60 if form == "minutes" else 1)
        if exact != int(exact):
            raise BadValue(text=read_text(cell)[:40], why="it is no whole number of seconds")
        seconds = int(exact)
    if not 0 <= seconds <= LONGEST_CALL:
        raise BadValue(text=read_text(cell)[:40], why="a call lasts from 0 seconds to a week")
    return seconds


def read_charge(cell: Cell, number: NumberFormat) -> int | None:
    """The carrier's charge in millionths of the currency unit, None where the cell is empty."""
    if cell == "":
        return None
    return _charge_of_text(cell, number) if isinstance(cell, str) else to_scaled(read_amount(cell, number), MONEY_SCALE)


@lru_cache(maxsize=1 << 14)  # a file of calls repeats its charges
def _charge_of_text(text: str, number: NumberFormat) -> int:
    return to_scaled(read_amount(text, number), MONEY_SCALE)


def read_octets(cell: Cell, rate: str, bin_seconds: int, number: NumberFormat) -> int:
    """Octets of a bin. An average rate is taken times the bin's length; a fraction of an octet is rounded down."""
    if isinstance(cell, str) and cell.isascii() and cell.isdigit() and len(cell) < 19:
        value: Decimal | int = int(cell)
    else:
        value = read_rate(cell, number)
    if rate == "octets":
        octets = int(value)
        if octets != value:
            raise BadValue(text=read_text(cell)[:40], why="octets are whole")
    else:
        octets = int(Fraction(value) * _BITS[rate] * bin_seconds / 8)
    if not 0 <= octets <= MOST_OCTETS:
        raise BadValue(text=read_text(cell)[:40], why="it is not between 0 and 10^18 octets")
    return octets
