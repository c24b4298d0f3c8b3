"""Calls as columns of whole numbers, sorted and written as plain 64-bit integers: there is nothing in them to parse.

A run is one account's calls in the order of the store (month, line, start, row): the columns of COLUMNS one after the
other, each with as many little-endian integers as it has rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.importers.usage.dialled import pack_number, unpack_number

Ints = NDArray[np.int64]
Columns = NDArray[np.int64]  # a row of this matrix for each of COLUMNS
COLUMNS = ("line", "number", "started", "seconds", "billed", "row")
LINE, NUMBER, STARTED, SECONDS, BILLED, ROW = range(len(COLUMNS))
NO_CHARGE = -(2**63)
INTEGER = np.dtype("<i8")
_DAY = 86_400
_TABLE_BITS = 20
_FACTORS = np.array([(0x9E3779B97F4A7C15 * (2 * n + 1)) % 2**64 | 1 for n in range(12)], dtype=np.uint64)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _months() -> Ints:
    days = [_EPOCH + timedelta(days=day) for day in range(84_010)]  # up to 2200
    return np.array([(day.year - 1970) * 12 + day.month - 1 for day in days], dtype=np.int64)


_MONTH_OF_DAY = _months()


def month_numbers(started: Ints) -> Ints:
    """The month (UTC) of each moment, counted from January 1970; raises IndexError beyond 2199."""
    found: Ints = _MONTH_OF_DAY.take(started // _DAY)
    return found


def sort_calls(calls: Columns) -> Columns:
    """`calls` in the order of the store."""
    found = _take(calls, _order(calls[LINE], calls[STARTED]))
    line, started, row = found[LINE], found[STARTED], found[ROW]
    alike = (line[1:] == line[:-1]) & (started[1:] == started[:-1])
    if bool((alike & (row[1:] < row[:-1])).any()):  # as good as never: rows come in their order
        order = np.lexsort((row, started, line, month_numbers(started)))
        return _take(found, order)
    return found


def _take(calls: Columns, order: Ints) -> Columns:
    found = np.empty(calls.shape, dtype=np.int64)
    for column, into in zip(calls, found, strict=True):
        column.take(order, out=into, mode="clip")  # any other mode goes through a buffer; all places are inside
    return found


def _order(line: Ints, started: Ints) -> Ints:
    """The order by month, line and start; alike ones stay as they come."""
    lines = np.unique(line)
    first, beyond = int(started.min()), int(started.max())
    months = month_numbers(np.array([first, beyond]))
    widths = [
        int(months[1] - months[0]).bit_length(),
        len(lines).bit_length(),
        (beyond - first).bit_length(),
        len(line).bit_length(),
    ]
    if sum(widths) > 63:
        found: Ints = np.lexsort((started, line, month_numbers(started)))
        return found
    packed = _ranks(lines, line)
    if widths[0]:
        packed = packed | ((month_numbers(started) - months[0]) << widths[1])
    packed = (packed << widths[2]) | (started - first)
    packed = (packed << widths[3]) | np.arange(len(line))
    packed.sort()
    packed &= (1 << widths[3]) - 1
    return packed


def _ranks(lines: Ints, line: Ints) -> Ints:
    """The place of each of `line` in `lines`, which are sorted and hold all of them.

    A table that a product with an odd number leads into is much faster than searching, once no two lines share a place.
    """
    bits = min(_TABLE_BITS, max(10, 2 * len(lines).bit_length()))
    if len(lines) ** 2 <= 8 << bits:
        shift = np.uint64(64 - bits)
        for factor in _FACTORS:
            places = (lines.view(np.uint64) * factor) >> shift
            if len(np.unique(places)) == len(lines):
                table = np.zeros(1 << bits, dtype=np.int64)
                table[places] = np.arange(len(lines))
                found: Ints = table.take(((line.view(np.uint64) * factor) >> shift).view(np.int64))
                return found
    return np.searchsorted(lines, line)


def write_run(path: Path, calls: Columns) -> None:
    """Write sorted calls as a run."""
    with path.open("xb") as file:
        for column in calls:
            file.write(np.ascontiguousarray(column, dtype=INTEGER).data)


def pack_rows(rows: Sequence[tuple[str, str, int, int, int | None, int]]) -> Columns:
    """Calls given one by one as columns."""
    lines, numbers, started, seconds, billed, places = zip(*rows, strict=True)
    columns = (
        [pack_number(line) for line in lines],
        [pack_number(number) for number in numbers],
        started,
        seconds,
        [NO_CHARGE if charge is None else charge for charge in billed],
        places,
    )
    return np.array(columns, dtype=np.int64)


def unpack_rows(pieces: Sequence[Columns]) -> Iterator[tuple[str, str, int, int, int | None, int]]:
    """The calls in columns one by one."""
    for piece in pieces:
        for line, number, started, seconds, billed, row in zip(*piece.tolist(), strict=True):
            charge = None if billed == NO_CHARGE else billed
            yield unpack_number(line), unpack_number(number), started, seconds, charge, row
