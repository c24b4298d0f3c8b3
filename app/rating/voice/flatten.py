"""Nested, dated prefixes laid flat: number ranges without overlap, and one timeline for each prefix.

A prefix of n digits is the range of the 15-digit numbers that begin with it, so two of them nest or are apart. Where a
prefix is not in force its timeline holds what is in force of the next shorter one ("withdrawn prefixes fall back").
Everything is arrays of 64-bit integers: 500,000 dated rows are too many for a loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

DIGITS = 15
SPAN = 10**DIGITS
TIME_BITS = 34
TIME_SHIFT = 1 << (TIME_BITS - 1)
ALWAYS = (-TIME_SHIFT, TIME_SHIFT - 1)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one class: the first number of the prefix, its length, in force [start, end), how specific it is, and
    which row of the deck it is."""

    low: Ints
    length: Ints
    start: Ints
    end: Ints
    rank: Ints
    row: Ints


@dataclass(frozen=True, slots=True)
class Flat:
    """`bounds[i]` begins a range of numbers whose prices are timeline `owner[i]` (-1: none); `moments` (timeline and
    time in one key, ascending) begin a piece of a timeline in which `rows` is in force (-1: none)."""

    bounds: Ints
    owner: Ints
    moments: Ints
    rows: Ints
    timelines: int


def moment(timeline: Ints, time: Ints) -> Ints:
    """Timeline and UTC second as one ascending key."""
    return (timeline << TIME_BITS) + (time + TIME_SHIFT)


def flatten(rows: Rows) -> Flat:
    """Lay `rows` flat (domain/rating, 5.1: longest prefix in force at the call's start; tie: later effective date)."""
    import numpy as np

    order = np.lexsort((rows.row, rows.rank, rows.start, rows.length, rows.low))
    low, length = rows.low[order], rows.length[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (low[1:] != low[:-1]) | (length[1:] != length[:-1])
    prefix = np.cumsum(first) - 1
    lows, lengths = low[first], length[first]
    parent = _parents(lows, lengths)
    bounds, owner = _ranges(lows, lengths, parent)
    pieces = _own_pieces(prefix, rows.start[order], rows.end[order], rows.rank[order], rows.row[order])
    moments, in_force = _fill_gaps(*pieces, parent)
    return Flat(bounds, owner, moments, in_force, len(lows))


def _parents(low: Ints, length: Ints) -> Ints:
    """For each prefix the longest other one that it begins with; -1: none."""
    import numpy as np

    parent = np.full(len(low), -1, dtype=np.int64)
    lengths = sorted({int(one) for one in np.unique(length)})
    of_length = {one: np.flatnonzero(length == one) for one in lengths}
    for position, one in enumerate(lengths):
        waiting = of_length[one]
        for shorter in reversed(lengths[:position]):
            candidates = of_length[shorter]
            width = 10 ** (DIGITS - shorter)
            wanted = low[waiting] // width * width
            place = np.minimum(np.searchsorted(low[candidates], wanted), len(candidates) - 1)
            hit = low[candidates][place] == wanted
            parent[waiting[hit]] = candidates[place[hit]]
            waiting = waiting[~hit]
            if not len(waiting):
                break
    return parent


def _ranges(low: Ints, length: Ints, parent: Ints) -> tuple[Ints, Ints]:
    """Where another prefix becomes the longest, and which: at its first number the deepest that begins there, at its
    end the parent of the outermost that ends there."""
    import numpy as np

    high = low + 10 ** (DIGITS - length)
    bounds = np.unique(np.concatenate((np.zeros(1, dtype=np.int64), low, high)))
    deepest = np.searchsorted(low, bounds, side="right") - 1
    begins = (deepest >= 0) & (low[deepest] == bounds)
    by_end = np.lexsort((length, high))
    outermost = by_end[np.minimum(np.searchsorted(high[by_end], bounds), len(low) - 1)]
    ends = high[outermost] == bounds
    return bounds, np.where(begins, deepest, np.where(ends, parent[outermost], -1))


def _own_pieces(prefix: Ints, start: Ints, end: Ints, rank: Ints, row: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """(prefix, start, end, row) of the times in which a row of the prefix itself is in force, ascending."""
    import numpy as np

    same = prefix[1:] == prefix[:-1]
    # a row simply ends the one before it, unless both begin at once, differ in rank, or the earlier one comes back
    hard = same & ((start[1:] == start[:-1]) | (rank[1:] != rank[:-1]) | (end[:-1] > end[1:]))
    until = end.copy()
    until[:-1] = np.where(same, np.minimum(end[:-1], start[1:]), end[:-1])
    if hard.any():
        mixed = np.zeros(int(prefix[-1]) + 1, dtype=bool)
        mixed[prefix[1:][hard]] = True
        slow = mixed[prefix]
        swept = _sweep(prefix[slow], start[slow], end[slow], rank[slow], row[slow])
        columns = [
            np.concatenate((easy[~slow], np.array(hard_part, dtype=np.int64)))
            for easy, hard_part in zip((prefix, start, until, row), swept, strict=True)
        ]
        order = np.lexsort((columns[1], columns[0]))
        prefix, start, until, row = (column[order] for column in columns)
    kept = start < until
    return prefix[kept], start[kept], until[kept], row[kept]


def _sweep(prefix: Ints, start: Ints, end: Ints, rank: Ints, row: Ints) -> tuple[list[int], ...]:
    """The pieces of prefixes whose rows overlap: at each moment the most specific wins, then the latest, then the
    last of the deck."""
    import numpy as np

    out: tuple[list[int], ...] = ([], [], [], [])
    edges = np.flatnonzero(np.diff(prefix)) + 1
    for group in np.split(np.arange(len(prefix)), edges):
        rows = [(int(rank[i]), int(start[i]), int(row[i]), int(end[i])) for i in group]
        moments = sorted({one[1] for one in rows} | {one[3] for one in rows})
        for begin, finish in pairwise(moments):
            live = [one for one in rows if one[1] <= begin < one[3]]
            if live:
                for column, value in zip(out, (int(prefix[group[0]]), begin, finish, max(live)[2]), strict=True):
                    column.append(value)
    return out


def _fill_gaps(prefix: Ints, start: Ints, end: Ints, row: Ints, parent: Ints) -> tuple[Ints, Ints]:
    """Whole timelines: where no row of a prefix is in force, its parent's, and so on upwards."""
    import numpy as np

    begin, finish = ALWAYS
    count = len(parent)
    edge_low = np.concatenate((prefix, np.arange(count)))
    from_ = np.concatenate((end, np.full(count, begin, dtype=np.int64)))
    order = np.argsort(moment(edge_low, from_), kind="stable")
    edge_low, from_ = edge_low[order], from_[order]
    own_keys = moment(prefix, start)
    # the gap that begins at an edge ends where the prefix's next piece begins
    after = np.searchsorted(own_keys, moment(edge_low, from_))
    inside = after < len(prefix)
    after = np.minimum(after, len(prefix) - 1)
    until = np.where(inside & (prefix[after] == edge_low), start[after], finish)
    gap = from_ < until
    target, low, high = edge_low[gap], from_[gap], until[gap]

    all_prefix = np.concatenate((prefix, target))
    all_start = np.concatenate((start, low))
    all_end = np.concatenate((end, high))
    all_row = np.concatenate((row, np.full(len(target), -1, dtype=np.int64)))
    order = np.argsort(moment(all_prefix, all_start), kind="stable")
    all_key = moment(all_prefix, all_start)[order]
    all_start, all_end, all_row = all_start[order], all_end[order], all_row[order]

    keys, found = [own_keys], [row]
    ancestor = parent[target]
    while len(target):
        orphan = ancestor < 0
        keys.append(moment(target[orphan], low[orphan]))
        found.append(np.full(int(orphan.sum()), -1, dtype=np.int64))
        target, low, high, ancestor = target[~orphan], low[~orphan], high[~orphan], ancestor[~orphan]
        left = np.searchsorted(all_key, moment(ancestor, low), side="right") - 1
        many = np.searchsorted(all_key, moment(ancestor, high)) - left
        item = np.repeat(np.arange(len(target)), many)
        piece = np.arange(len(item)) - np.repeat(np.cumsum(many) - many, many) + left[item]
        target, ancestor = target[item], ancestor[item]
        low, high = np.maximum(low[item], all_start[piece]), np.minimum(high[item], all_end[piece])
        priced = all_row[piece] >= 0
        keys.append(moment(target[priced], low[priced]))
        found.append(all_row[piece][priced])
        target, low, high = target[~priced], low[~priced], high[~priced]
        ancestor = parent[ancestor[~priced]]
    key, in_force = np.concatenate(keys), np.concatenate(found)
    order = np.argsort(key, kind="stable")
    key, in_force = key[order], in_force[order]
    # neighbours with the same row are one piece
    changed = np.ones(len(key), dtype=bool)
    changed[1:] = (in_force[1:] != in_force[:-1]) | ((key[1:] >> TIME_BITS) != (key[:-1] >> TIME_BITS))
    return key[changed], in_force[changed]
