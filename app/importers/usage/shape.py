"""Telling a file without column names by the shape of its rows."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass

from app.importers.tabular.cells import header_key
from app.importers.tabular.definition import TomlTable

_MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Shape:
    """How many cells the rows have, which of them (by number, from 0) are digits, and which are one of some words."""

    cells: frozenset[int]
    digits: tuple[int, ...]
    words: Mapping[int, frozenset[str]]
    delimiter: str

    def fits(self, opening: str) -> bool:
        """Whether all whole rows at the beginning of a text are of this shape."""
        lines = opening.splitlines()
        whole = lines if len(lines) == 1 or opening.endswith(("\n", "\r")) else lines[:-1]
        filled = [line for line in whole if line.strip()][:_MOST_ROWS]
        try:
            rows = list(
                csv.reader(filled, delimiter=self.delimiter, skipinitialspace=self.delimiter != "\t", strict=True)
            )
        except csv.Error:
            return False
        return bool(rows) and all(map(self._fits_row, rows))

    def _fits_row(self, cells: list[str]) -> bool:
        if len(cells) not in self.cells:
            return False
        numbers = (cells[place].strip() for place in self.digits if place < len(cells))
        return all(one.isascii() and one.removeprefix("-").isdigit() for one in numbers) and all(
            place < len(cells) and header_key(cells[place]) in words for place, words in self.words.items()
        )


def read_shape(table: TomlTable, delimiter: str | None) -> Shape | None:
    """The table `shape` of a mapping, None where there is none."""
    if "shape" not in table:
        return None
    shape = table.table("shape")
    cells = shape.raw("cells")
    counts = [cells] if isinstance(cells, int) else cells
    if not isinstance(counts, list) or not counts or not all(isinstance(one, int) and one > 1 for one in counts):
        raise shape.fault("cells", "how many cells a row has: a number above 1, or a list of them")
    words = shape.table("words")
    named = words.keys()
    found = Shape(
        frozenset(counts),
        tuple(_place(shape, "digits", name) for name in shape.texts("digits")),
        {_place(words, one, one): frozenset(map(header_key, words.texts(one))) for one in named},
        delimiter or ",",
    )
    shape.finish()
    return found


def _place(table: TomlTable, key: str, name: str) -> int:
    if not (name.isascii() and name.isdigit() and int(name) > 0):
        raise table.fault(key, "columns are named by their numbers here, from 1")
    return int(name) - 1
