"""Samples and readings in files that a process left which is not trusted: plain 64-bit integers, row by row, each held
against what it may be."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import TYPE_CHECKING

from app.domain.money import RATE_SCALE, from_scaled
from app.domain.parsed_usage import ParsedReadings, ParsedSamples
from app.domain.vocabulary import ReadingKind
from app.usage.merging import BadUsagePart, open_plain

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.parsed import ParsedPart

_LATEST = 7_258_118_400  # 2200
_MOST = 10**18


def read_samples_part(folder: Path, part: ParsedPart) -> ParsedSamples:
    """The samples of one port; raises BadUsagePart."""
    ended, octets_in, octets_out, rows = _columns(folder, part, 4)
    return ParsedSamples(part.carrier, part.ban, (part.name,) * len(rows), ended, octets_in, octets_out, rows)


def read_readings_part(folder: Path, part: ParsedPart) -> ParsedReadings:
    """The readings of one meter, whose kind stands before its name; raises BadUsagePart."""
    kind, mark, name = part.name.partition(":")
    if not mark or kind not in set(ReadingKind):
        raise BadUsagePart(name=part.file[:80], why="it is not said what is in it")
    at, values, rows = _columns(folder, part, 3)
    decimals: tuple[Decimal, ...] = tuple(from_scaled(value, RATE_SCALE) for value in values)
    return ParsedReadings(part.carrier, part.ban, ReadingKind(kind), (name,) * len(rows), at, decimals, rows)


def _columns(folder: Path, part: ParsedPart, width: int) -> list[tuple[int, ...]]:
    """The columns of a part of rows of `width` numbers: a moment, values from 0 to 10^18, the row."""
    import numpy as np

    handle = open_plain(folder, part.file, part.rows * width * 8)
    try:
        content = bytearray()
        while piece := os.read(handle, 1 << 20):
            content += piece
    finally:
        os.close(handle)
    if len(content) != part.rows * width * 8 or not part.name:
        raise BadUsagePart(name=part.file[:80], why="it is not what was said to be in it")
    numbers = np.frombuffer(bytes(content), dtype="<i8").reshape(-1, width)
    if bool(
        (numbers < 0).any() | (numbers > _MOST).any() | (numbers[:, 0] >= _LATEST).any() | (numbers[:, -1] < 1).any()
    ):
        raise BadUsagePart(name=part.file[:80], why="it holds numbers that cannot be")
    return [tuple(column.tolist()) for column in numbers.T]
