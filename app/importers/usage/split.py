"""A piece of CSV cut into rows and cells without looking at each of its bytes in Python.

Only what a strict CSV reader would cut in the same places is cut here; for anything else (a quotation mark in the
middle of a cell, a lone carriage return, a line that is too long) there is no cut, and the strict reader goes on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.importers.tabular.cells import LONGEST_CELL
from app.importers.usage.words import Flags, Ints, Text

_QUOTE, _NEWLINE, _RETURN, _BLANK = 34, 10, 13, 32


@dataclass(frozen=True, slots=True)
class Cut:
    """Whole rows of a text: where each begins and ends (with its line end), and where its cells end.

    `marks` are the ends of all cells, `first` the place among them of each row's first, `cells` how many it has.
    `lines` is how many lines of the text lie before each row.
    """

    text: Text
    starts: Ints
    ends: Ints
    lines: Ints
    marks: Ints
    first: Ints
    cells: Ints
    even: int  # how many cells each row has, 0 where that differs
    returns: bool
    quoted: bool
    blanks: bool

    def column(self, place: int) -> tuple[Ints, Ints, Flags]:
        """Where the cells of a column begin and end, without their quotation marks and outer blanks, and in which rows
        there is one."""
        if self.even:
            there = np.full(len(self.starts), place < self.even)
            table = self.marks.reshape(-1, self.even)
            end = table[:, min(place, self.even - 1)]
            start = table[:, min(place, self.even - 1) - 1] + 1 if place else self.starts
        else:
            there = self.cells > place
            end = self.marks.take(np.minimum(self.first + place, len(self.marks) - 1))
            before = self.marks.take(np.clip(self.first + place - 1, 0, len(self.marks) - 1))
            start = before + 1 if place else self.starts
        if self.returns:
            end = end - ((self.text.octets_at(end - 1) == _RETURN) & (self.cells == place + 1) & (end > start))
        if self.quoted:
            marked = (self.text.octets_at(start) == _QUOTE) & (end > start + 1)
            start, end = start + marked, end - marked
        if self.blanks:
            blank = self.text.octets_at(start) == _BLANK
            start = start + (blank & (end > start)) if blank.any() else start
            blank = self.text.octets_at(end - 1) == _BLANK
            end = end - (blank & (end > start)) if blank.any() else end
        return start, end, there


def cut_rows(content: bytes, delimiter: str) -> Cut | None:
    """The whole rows at the beginning of `content`; None where that cannot be said for certain."""
    returns, quoted = b"\r" in content, b'"' in content
    if returns and content.count(b"\r\n") != content.count(b"\r"):
        return None
    text = Text(content)
    octets = text.octets
    marks = np.flatnonzero((octets == ord(delimiter)) | (octets == _NEWLINE))
    quotes = np.flatnonzero(octets == _QUOTE) if quoted else np.zeros(0, dtype=np.int64)
    newlines = np.flatnonzero(octets == _NEWLINE) if quoted else None
    if quoted:
        marks = marks[(np.searchsorted(quotes, marks) & 1) == 0]
    last = np.flatnonzero(octets.take(marks) == _NEWLINE)
    if not len(last):
        return None
    ends = marks.take(last) + 1
    marks = marks[: last[-1] + 1]
    if quoted and not _well_placed(text, quotes[quotes < ends[-1]], delimiter):
        return None
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1]))
    if int((ends - starts).max()) > LONGEST_CELL:
        return None
    first = np.concatenate((np.zeros(1, dtype=np.int64), last[:-1] + 1))
    cells = last - first + 1
    even = int(cells[0]) if bool((cells == cells[0]).all()) else 0
    lines = np.arange(len(starts)) if newlines is None else np.searchsorted(newlines, starts)
    blanks = b" " in content
    return Cut(text, starts, ends, lines, marks, first, cells, even, returns, quoted, blanks)


def _well_placed(text: Text, quotes: Ints, delimiter: str) -> bool:
    """Whether each opening quotation mark begins a cell and each closing one ends it, or is followed by another."""
    if len(quotes) % 2:
        return False
    opening, closing = quotes[0::2], quotes[1::2]
    doubled = opening[1:] == closing[:-1] + 1
    before = text.octets_at(opening - 1)
    opens = (before == ord(delimiter)) | (before == _NEWLINE) | (opening == 0)
    opens[1:] |= doubled
    after = text.octets_at(closing + 1)
    closes = (after == ord(delimiter)) | (after == _NEWLINE) | (after == _RETURN)
    closes[:-1] |= doubled
    return bool(opens.all() and closes.all())
