"""Where read samples and readings go: a series of whole numbers for each port or meter, then into the answer, or into
files beside it where there are many."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.domain.parsed import ParsedPart

ROWS_IN_ANSWER = 200_000
Owner = tuple[str, str]  # carrier, ban


@dataclass(frozen=True, slots=True)
class Series:
    """What was read of one port or meter: rows of `width` whole numbers, one after the other; the last is the row."""

    owner: Owner
    name: str
    width: int
    numbers: array[int]

    def __len__(self) -> int:
        return len(self.numbers) // self.width

    def rows(self) -> list[tuple[int, ...]]:
        """Its rows by moment, which is their first number, then by row."""
        numbers, width = self.numbers, self.width
        return sorted(zip(*(numbers[at::width] for at in range(width)), strict=True), key=lambda row: (row[0], row[-1]))

    def replace(self, rows: list[tuple[int, ...]]) -> Series:
        """The same port with other rows."""
        return Series(
            self.owner, self.name, len(rows[0]) if rows else self.width, array("q", [n for row in rows for n in row])
        )


class SeriesSink:
    """Takes rows of numbers by owner and name."""

    def __init__(self) -> None:
        self._series: dict[tuple[Owner, str], Series] = {}

    def add(self, owner: Owner, name: str, numbers: tuple[int, ...]) -> None:
        """Take one row."""
        key = owner, name
        if key not in self._series:
            self._series[key] = Series(owner, name, len(numbers), array("q"))
        self._series[key].numbers.extend(numbers)

    def __iter__(self) -> Iterator[Series]:
        return iter(self._series.values())


def write_parts(
    series: list[Series], kind: str, folder: Path, name_of: Callable[[Series], str]
) -> tuple[ParsedPart, ...]:
    """Each series as a file of little-endian 64-bit integers, row by row."""
    parts = []
    for number, one in enumerate(series, start=1):
        file = f"{kind}-{number}.i64"
        numbers = one.numbers
        if sys.byteorder == "big":
            numbers = array("q", numbers)
            numbers.byteswap()
        (folder / file).write_bytes(numbers.tobytes())
        carrier, ban = one.owner
        parts.append(ParsedPart(kind, file, name=name_of(one), carrier=carrier, ban=ban, rows=len(one)))
    return tuple(parts)
