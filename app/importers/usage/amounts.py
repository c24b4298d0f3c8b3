"""Durations, charges and traffic of usage rows as whole numbers: seconds, millionths, octets."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

from app.domain.money import EXACT, MONEY_SCALE, RATE_SCALE, fits, to_scaled
from app.domain.vocabulary import ReadingKind
from app.errors import BugError
from app.importers.tabular.cells import Cell, read_amount, read_rate, read_text
from app.importers.values import BadValue, NumberFormat

DURATIONS = ("seconds", "minutes", "h:m:s")
COUNTERS = "octet_counters"
_BITS = {
    "bits_per_second": 1,
    "kbits_per_second": 1_000,
    "mbits_per_second": 1_000_000,
    "bytes_per_second": 8,
    "kbytes_per_second": 8_000,
    "mbytes_per_second": 8_000_000,
}
RATES = ("octets", *_BITS, COUNTERS)
# what a reading is in, and how many kWh or kW one of it is; amps become kW by their volts
UNITS = {
    "kwh": (ReadingKind.ENERGY, Decimal(1)),
    "wh": (ReadingKind.ENERGY, Decimal("0.001")),
    "mwh": (ReadingKind.ENERGY, Decimal(1000)),
    "kw": (ReadingKind.DEMAND, Decimal(1)),
    "w": (ReadingKind.DEMAND, Decimal("0.001")),
    "amps": (ReadingKind.DEMAND, Decimal("0.001")),
}
LONGEST_CALL = 7 * 86_400
MOST_OCTETS = 10**18
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


def read_charge(cell: Cell, number: NumberFormat, currency: str = "") -> int | None:
    """The carrier's charge in millionths of the unit of that `currency`, None where the cell is empty."""
    if cell == "":
        return None
    if isinstance(cell, str):
        return _charge_of_text(cell, number, currency)
    return to_scaled(read_amount(cell, number), MONEY_SCALE)


@lru_cache(maxsize=1 << 14)  # a file of calls repeats its charges
def _charge_of_text(text: str, number: NumberFormat, currency: str) -> int:
    return to_scaled(read_amount(text, number, currency=currency), MONEY_SCALE)


def read_counter(cell: Cell, bits: int) -> int:
    """What an octet counter of so many bits shows; raises BadValue."""
    text = read_text(cell)
    if not (text.isascii() and text.isdigit() and len(text) <= 20) or int(text) >= 1 << bits:
        raise BadValue(text=text[:40], why=f"an octet counter of {bits} bits is wanted")
    return int(text)


def read_reading(cell: Cell, unit: str, factor: Decimal, volts: Decimal | None, number: NumberFormat) -> Decimal:
    """kWh or kW: the reading, by its unit, times `factor`; amps times `volts`. Raises BadValue where it is no exact
    number of up to ten decimals, or below 0."""
    with localcontext(EXACT):
        value = read_rate(cell, number) * UNITS[unit][1] * factor * (volts if volts is not None else 1)
    if value < 0 or not fits(value, RATE_SCALE):
        raise BadValue(
            text=read_text(cell)[:40], why="a reading from 0 on, of up to 8 digits and 10 decimals, is wanted"
        )
    return value


def read_octets(cell: Cell, rate: str, bin_seconds: int, number: NumberFormat) -> int:
    """Octets of a bin. An average rate is taken times the bin's length; a fraction of an octet is rounded down."""
    if rate == COUNTERS:
        raise BugError("counters are no octets of a bin")
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
