"""Octet counters made octets of bins: exact where the counter turned once, and nothing where it cannot be known.

A counter counts up from 0 to its end and begins again; a device that restarts begins at 0 as well. A fall is taken as a
turn where the octets that this makes could have passed the port in the time, else as a restart, whose bin is left out.
Values of 64 bits may come as the signed numbers of the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_DEFAULT_MBITS = 1_000_000  # faster than any port: below it a fall of a counter of 64 bits is a turn


@dataclass(slots=True)
class CounterNotes:
    """What is to be told of a series: rows at which a counter began anew, and bins that are missing."""

    restarts: list[int] = field(default_factory=list)
    turns: int = 0
    gaps: list[tuple[int, int]] = field(default_factory=list)  # moments between which bins are missing
    passed_over: int = 0  # counter values that come within half a bin of the one before


def count_bins(
    rows: Sequence[tuple[int, ...]], bits: int, bin_seconds: int, port_mbits: int
) -> tuple[list[tuple[int, ...]], CounterNotes]:
    """(end, octets in, octets out, row) of each bin of `rows`: (moment, counter in, counter out, up time, row) by
    moment; an up time of -1 is not known.

    What passed between two rows is their difference, so that what is passed over is in the next bin. Where more than
    one and a half bins lie between two rows, it is not known when the octets passed: that is a gap.
    """
    bins: list[tuple[int, ...]] = []
    notes = CounterNotes()
    before: tuple[int, ...] | None = None
    most = (port_mbits or _DEFAULT_MBITS) * 125_000
    for row in rows:
        if before is None:
            before = row
            continue
        elapsed = row[0] - before[0]
        restarted = 0 <= row[3] < before[3]
        if not restarted and 2 * elapsed < bin_seconds:
            notes.passed_over += 1
            continue
        octets = [(row[place] - before[place]) % (1 << bits) for place in (1, 2)]
        turned = any(row[place] % (1 << bits) < before[place] % (1 << bits) for place in (1, 2))
        if restarted or max(octets) > most * elapsed:
            notes.restarts.append(row[-1])
        elif 2 * elapsed > 3 * bin_seconds:
            notes.gaps.append((before[0], row[0]))
        else:
            notes.turns += turned
            bins.append((row[0], *octets, row[-1]))
        before = row
    return bins, notes


def find_gaps(ends: Sequence[int], bin_seconds: int) -> list[tuple[int, int]]:
    """Between which ends of bins, ascending, others are missing."""
    return [(earlier, later) for earlier, later in pairwise(ends) if 2 * (later - earlier) > 3 * bin_seconds]
