"""Calls read a column at a time: those rows of which it is certain that the strict reader would say the same.

The others are left to it. Certain are plain digits, one format of moments, money with the mapping's decimal sign; a
plain text that says whose call it is, or whether it counts, is read once for all rows that have it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.importers.usage.amounts import LONGEST_CALL
from app.importers.usage.clocks import Clock, make_clock
from app.importers.usage.dialled import UNKNOWN, read_numbers
from app.importers.usage.layouts import CLOCK_SHAPES, read_shapes
from app.importers.usage.mapping import UsageMapping
from app.importers.usage.runs import NO_CHARGE, Columns
from app.importers.usage.split import Cut, cut_rows
from app.importers.usage.words import Flags, Ints, distinct, read_decimals, read_digits

MOST_DISTINCT = 4096
Owner = tuple[str, str]
Judge = Callable[[Sequence[bytes]], Owner | bool | None]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was read of a piece: calls by owner, their rows counted from 0; how many rows were passed over; and those
    left to the strict reader, each with its line and its text. `lines` is how many the piece has."""

    calls: dict[Owner, Columns]
    passed: int
    left: list[tuple[int, bytes]]
    lines: int
    end: int


class CallColumns:
    """Reads pieces of a file of calls. `judge` says of the raw cells in the columns `judged` whose call it is, True
    where such a row is passed over, None where it has to be read by the strict reader."""

    def __init__(
        self, mapping: UsageMapping, places: Mapping[str, list[int]], clock: Clock, judged: list[int], judge: Judge
    ) -> None:
        self._mapping, self._places, self._clock, self._judged, self._judge = mapping, places, clock, judged, judge

    def read(self, piece: bytes, delimiter: str) -> Judged | None:
        """The calls in the whole rows at the beginning of `piece`; None where nothing can be said for certain."""
        cut = cut_rows(piece, delimiter)
        return None if cut is None else self._read(cut, piece)

    def _read(self, cut: Cut, piece: bytes) -> Judged:
        mapping = self._mapping
        fine = np.ones(len(cut.starts), dtype=bool)
        spans: dict[int, tuple[Ints, Ints]] = {}

        def span(place: int) -> tuple[Ints, Ints]:
            if place not in spans:
                starts, ends, there = cut.column(place)
                np.logical_and(fine, there, out=fine)
                spans[place] = starts, ends
            return spans[place]

        line, certain = read_numbers(cut.text, *span(self._places["tn"][0]), mapping.numbers)
        fine &= certain
        number = np.full(len(fine), UNKNOWN, dtype=np.int64)
        if place := self._places.get("other_party"):
            starts, ends = span(place[0])
            number, certain = read_numbers(cut.text, starts, ends, mapping.numbers)
            fine &= certain | (starts == ends)
        started, certain = self._clock.read(cut.text, [span(place) for place in self._places["start"]])
        fine &= certain
        seconds, certain = self._read_seconds(cut, span(self._places["seconds"][0]))
        silent = certain & (seconds == 0) & (cut.cells > self._places["seconds"][0])
        fine &= certain & (seconds >= 0) & (seconds <= LONGEST_CALL)
        billed = np.full(len(fine), NO_CHARGE, dtype=np.int64)
        if place := self._places.get("billed"):
            starts, ends = span(place[0])
            values, certain = read_decimals(cut.text, starts, ends, mapping.form.number.decimal)
            fine &= certain | (starts == ends)
            billed = np.where(starts == ends, NO_CHARGE, values)
        codes, owners, there = self._owners(cut)
        calls: dict[Owner, Columns] = {}
        passed = 0
        kept = np.zeros(len(fine), dtype=bool)
        for code, owner in enumerate(owners):
            if owner is None:
                continue
            chosen = there & (codes == code)
            over = chosen if isinstance(owner, bool) else chosen & silent & mapping.rows.pass_unanswered
            passed += int(over.sum())
            kept |= over
            if isinstance(owner, bool):
                continue
            chosen &= fine & ~over
            kept |= chosen
            where = np.flatnonzero(chosen)
            if len(where):
                columns = (line, number, started, seconds, billed, cut.lines)
                calls[owner] = np.stack(columns if len(where) == len(fine) else [one.take(where) for one in columns])
        end = int(cut.ends[-1])
        lines = piece.count(b"\n", 0, end) if cut.quoted else len(cut.starts)
        left = [(int(cut.lines[row]), piece[cut.starts[row] : cut.ends[row]]) for row in np.flatnonzero(~kept)]
        return Judged(calls, passed, left, lines, end)

    def _read_seconds(self, cut: Cut, span: tuple[Ints, Ints]) -> tuple[Ints, Flags]:
        form = self._mapping.duration
        if form == "seconds":
            return read_digits(cut.text, *span, most=8)
        if form == "minutes":
            millionths, fine = read_decimals(cut.text, *span, self._mapping.form.number.decimal)
            return millionths * 60 // 1_000_000, fine & (millionths * 60 % 1_000_000 == 0)
        parts, fine = read_shapes(cut.text, *span, CLOCK_SHAPES)
        if not parts:
            return np.zeros(len(fine), dtype=np.int64), fine & False
        hours = parts.get("hour", np.int64(0))
        return hours * 3600 + parts["minute"] * 60 + parts["second"], fine & (parts["second"] < 60)

    def _owners(self, cut: Cut) -> tuple[Ints, list[Owner | bool | None], Flags]:
        """By row the number of its judgement, the judgements, and whether the row has the columns judged."""
        codes = np.zeros(len(cut.starts), dtype=np.int64)
        present = np.ones(len(cut.starts), dtype=bool)
        texts: list[tuple[bytes, ...]] = [()]
        for place in self._judged:
            starts, ends, there = cut.column(place)
            present &= there
            own, found = distinct(cut.text, starts, ends)
            if len(found) * len(texts) > MOST_DISTINCT:
                return codes * 0, [None], present
            texts = [(*before, one) for before in texts for one in found]
            codes = codes * len(found) + own
        return codes, [self._judge(cells) for cells in texts], present


def plan_columns(
    mapping: UsageMapping, places: Mapping[str, list[int]], judged: list[int], judge: Judge
) -> CallColumns | None:
    """A reader of columns for a mapping whose columns stand at `places`; None where its forms allow none."""
    single = all(len(places.get(name, [])) <= 1 for name in ("other_party", "billed"))
    if not single or len(places["tn"]) != 1 or len(places["seconds"]) != 1 or not places["start"]:
        return None
    clock = make_clock(mapping.moment, len(places["start"]))
    return None if clock is None else CallColumns(mapping, places, clock, judged, judge)
