"""Rows of a CSV by the strict reader, with the place in the file at which each ends."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain.source import Source
from app.importers.tabular.cells import LONGEST_CELL, Cell, tidy
from app.importers.tabular.delimited import LONGEST_LINE
from app.importers.tabular.sheets import MAX_COLUMNS, GridFault


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as read: its number (that of its first line), its cells, and its text as it stands in the file."""

    number: int
    cells: tuple[Cell, ...]
    text: str

    @property
    def filled(self) -> bool:
        return any(cell != "" for cell in self.cells)


def read_strictly(lines: Iterable[bytes], delimiter: str, first: int) -> Iterator[RawRow]:
    """The rows in UTF-8 `lines`, empty ones too, each as soon as its last line was taken; raises GridFault at a row.

    `first` is the number of the first line.
    """
    taken: list[str] = []

    def texts() -> Iterator[str]:
        for line in lines:
            text = line.decode("utf-8")
            if len(text) > LONGEST_LINE:
                raise _beyond(first, f"the line is longer than {LONGEST_LINE:,} characters")
            taken.append(text)
            yield text

    reader = csv.reader(texts(), delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=True)
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise _beyond(first, f"it has {len(cells):,} columns, and {MAX_COLUMNS:,} are the most")
            if cells and max(map(len, cells)) > LONGEST_CELL:
                raise _beyond(first, f"a cell is longer than {LONGEST_CELL:,} characters")
            tidied = tuple([tidy(cell) for cell in cells])
            number, text = first, "".join(taken).rstrip("\r\n")
            first += len(taken)
            taken.clear()
            yield RawRow(number, tidied, text)
    except csv.Error as fault:
        what = f"The row that begins in line {first} is not CSV: {fault}."
        remedy = 'Look for a quotation mark (") that is opened and not closed there, and save the file again.'
        raise GridFault("broken-csv", what, remedy, Source(row=first)) from fault


def _beyond(row: int, what: str) -> GridFault:
    remedy = "If the file is honest, split it and import the parts; else look where it comes from."
    return GridFault("beyond-limits", f"The table cannot be read: {what}.", remedy, Source(row=row))
