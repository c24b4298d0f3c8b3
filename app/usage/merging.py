"""Sorted runs of calls, written by a process that is not trusted, merged into the order of the store.

A run is what `importers.usage.runs` says: columns of 64-bit integers, so there is nothing to parse; each number is held
against what it may be. However many rows there are, only those of one file of the store are in memory.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

import numpy as np

from app.errors import UserError
from app.importers.usage.amounts import LONGEST_CALL
from app.importers.usage.runs import (
    BILLED,
    COLUMNS,
    INTEGER,
    LINE,
    NO_CHARGE,
    NUMBER,
    ROW,
    SECONDS,
    STARTED,
    Columns,
    Ints,
    month_numbers,
    sort_calls,
)

_MOST_CHARGE = 10**18
_LATEST = 7_258_118_400  # 2200
_DIGITS = 15
_TENS = np.array([10**power for power in range(_DIGITS + 1)], dtype=np.int64)
_SAMPLE_ROWS = 4096  # of a run, between which it is cut
_WIDTH = INTEGER.itemsize
Key = tuple[int, int, int, int]  # month, line, start, row


class BadUsagePart(UserError):
    """The reader's file {name} is not of the agreed form: {why}. Import the document again; if it fails, report it."""


@dataclass(slots=True)
class Run:
    """A run in a file that is open."""

    name: str
    rows: int
    handle: int

    def column(self, column: int, first: int, beyond: int) -> Ints:
        """The numbers of a column in the rows [first, beyond)."""
        os.lseek(self.handle, (column * self.rows + first) * _WIDTH, os.SEEK_SET)
        content = os.read(self.handle, (beyond - first) * _WIDTH)
        if len(content) != (beyond - first) * _WIDTH:
            raise BadUsagePart(name=self.name, why="it became shorter")
        return np.frombuffer(content, dtype=INTEGER).astype(np.int64, copy=False)

    def read(self, first: int, beyond: int) -> Columns:
        """The rows [first, beyond), all checked."""
        calls = np.stack([self.column(column, first, beyond) for column in range(len(COLUMNS))])
        _check(self.name, calls)
        return calls

    def key(self, row: int) -> Key:
        """What the run is sorted by, of one row."""
        line, started, number = (int(self.column(column, row, row + 1)[0]) for column in (LINE, STARTED, ROW))
        if not 0 <= started < _LATEST:
            raise BadUsagePart(name=self.name, why="a call began at no possible time")
        day = time.gmtime(started)
        return (day.tm_year - 1970) * 12 + day.tm_mon - 1, line, started, number

    def find(self, key: Key, first: int, beyond: int) -> int:
        """The first row of [first, beyond) whose key is not below `key`."""
        while first < beyond:
            middle = (first + beyond) // 2
            if self.key(middle) < key:
                first = middle + 1
            else:
                beyond = middle
        return first


def open_run(folder: Path, name: str, rows: int) -> Run:
    """The run of so many rows in the file `name` of `folder`; its handle is to be closed. Raises BadUsagePart."""
    return Run(name, rows, open_plain(folder, name, rows * len(COLUMNS) * _WIDTH))


def open_plain(folder: Path, name: str, size: int) -> int:
    """A handle of a file, which must be a plain one of that size (not 0) in `folder` itself; raises BadUsagePart."""
    if not name or name != Path(name).name or name in {".", ".."}:
        raise BadUsagePart(name=name[:80], why="it is no name of a file in its folder")
    try:
        handle = os.open(
            folder / name,
            os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0),
        )
    except (OSError, ValueError) as fault:
        raise BadUsagePart(name=name[:80], why=f"it cannot be opened ({fault})") from fault
    facts = os.fstat(handle)
    if not S_ISREG(facts.st_mode) or facts.st_nlink != 1 or size < 1 or facts.st_size != size:
        os.close(handle)
        raise BadUsagePart(name=name, why="it is no plain file of the size that was said")
    return handle


def merge_runs(runs: Sequence[Run], most: int) -> Iterator[tuple[int, Columns]]:
    """The calls of all runs in the order of the store: a month (counted from January 1970) and about `most` calls of
    it at a time. Raises BadUsagePart where a run holds what cannot be, or is not sorted."""
    spans = [dict(_months_of(run)) for run in runs]
    last: Key = (-1, -1, -1, -1)
    for month in sorted({month for of_run in spans for month in of_run}):
        bounds = [of_run.get(month, (0, 0)) for of_run in spans]
        places = [first for first, _ in bounds]
        for cut in _cuts(runs, bounds, most):
            beyond = [
                end if cut is None else run.find(cut, place, end)
                for run, place, (_, end) in zip(runs, places, bounds, strict=True)
            ]
            pieces = [run.read(*of) for run, *of in zip(runs, places, beyond, strict=True) if of[0] < of[1]]
            places = beyond
            if not pieces:
                continue
            calls = sort_calls(np.concatenate(pieces, axis=1))
            months = month_numbers(calls[STARTED, [0, -1]])
            first = _key(month, calls, 0)
            if months[0] != month or months[1] != month or first < last:
                raise BadUsagePart(name=runs[0].name, why="its calls are not in order")
            last = _key(month, calls, -1)
            yield month, calls


def _key(month: int, calls: Columns, place: int) -> Key:
    return month, int(calls[LINE, place]), int(calls[STARTED, place]), int(calls[ROW, place])


def _months_of(run: Run) -> Iterator[tuple[int, tuple[int, int]]]:
    """The months of a run, each with its rows [first, beyond); they follow each other, so that no row is left out."""
    row, before = 0, -1
    while row < run.rows:
        month = run.key(row)[0]
        if month <= before:
            raise BadUsagePart(name=run.name, why="its calls are not in order")
        beyond = max(row + 1, run.find((month + 1, -1, -1, -1), row, run.rows))
        yield month, (row, beyond)
        row, before = beyond, month


def _cuts(runs: Sequence[Run], bounds: Sequence[tuple[int, int]], most: int) -> Iterator[Key | None]:
    """Keys before which pieces of a month end that have about `most` rows each; None: at the month's end."""
    pieces = -(-sum(beyond - first for first, beyond in bounds) // most)
    if pieces > 1:
        samples = sorted(run.key(row) for run, of in zip(runs, bounds, strict=True) for row in range(*of, _SAMPLE_ROWS))
        step = -(-len(samples) // pieces)
        yield from samples[step::step]
    yield None


def _check(name: str, calls: Columns) -> None:
    """Raise BadUsagePart where a number is none that a reader may give."""
    for what, keys, fewest in (("line", calls[LINE], 3), ("number", calls[NUMBER][calls[NUMBER] != -1], 1)):
        digits = keys & 15
        whole = keys >> 4
        fine = (keys >= 0) & (digits >= fewest) & (digits <= _DIGITS) & (whole < 10**_DIGITS)
        if not bool(fine.all()) or bool((whole % _TENS.take(_DIGITS - digits)).any()):
            raise BadUsagePart(name=name, why=f"a {what} is no telephone number")
    billed = calls[BILLED]
    possible = {
        "a call began at no possible time": (calls[STARTED] >= 0) & (calls[STARTED] < _LATEST),
        "a call lasted impossibly long": (calls[SECONDS] >= 0) & (calls[SECONDS] <= LONGEST_CALL),
        "a charge is impossible": (billed == NO_CHARGE) | ((billed <= _MOST_CHARGE) & (billed >= -_MOST_CHARGE)),
        "a row has no number": calls[ROW] > 0,
    }
    for why, fine in possible.items():
        if not bool(fine.all()):
            raise BadUsagePart(name=name, why=why)
