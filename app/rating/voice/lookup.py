"""Which row of a compiled deck prices a call: the range of its number, then the piece of that range's timeline.

The calls are sorted by number first: a search through ascending keys stays in the processor's cache, a search through
keys in any order does not (domain/performance, 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.rating.voice.flatten import DIGITS, TIME_SHIFT, moment

if TYPE_CHECKING:
    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.flatten import Ints

_KEY_BITS = 63


def find_rows(deck: CompiledDeck, classes: Ints | int, number: Ints, digits: Ints, started: Ints) -> Ints:
    """The deck row for each call by its class, its number padded to 15 digits and its start; -1: no price.

    A number that is not known is -1 and has no digits: only the prefix "" fits it. One that is shorter than the prefix
    that its padding falls into is looked up again among the prefixes that are short enough.
    """
    import numpy as np

    if not len(number) or not len(deck.moments):
        return np.full(len(number), -1, dtype=np.int64)
    known = number >= 0
    if not known.all():
        number, digits = np.where(known, number, 0), np.where(known, digits, 0)
    rows = _search(deck, classes, number, started)
    if int(digits.min()) < deck.depth:
        fits = deck.length[rows] <= digits
        for few in np.unique(digits[~fits]).tolist() if not fits.all() else ():
            again = np.flatnonzero(~fits & (digits == few))
            theirs = np.broadcast_to(classes, len(number))[again]
            rows[again] = _search(deck.shortened(few), theirs, number[again], started[again])
    return rows


def _search(deck: CompiledDeck, classes: Ints | int, number: Ints, started: Ints) -> Ints:
    import numpy as np

    if not len(deck.moments):
        return np.full(len(number), -1, dtype=np.int64)
    key = number // 10 ** (DIGITS - deck.depth)
    key += np.multiply(classes, 10**deck.depth)
    key, order = _sort(key, int(deck.bounds[-1]) + 10**deck.depth)
    timeline = deck.owner[np.searchsorted(deck.bounds, key, side="right") - 1]
    wanted = moment(timeline, started[order])
    found = deck.segments[np.searchsorted(deck.moments, wanted, side="right") - 1]
    found[timeline < 0] = -1
    rows = np.empty_like(found)
    rows[order] = found
    return rows


def _sort(key: Ints, limit: int) -> tuple[Ints, Ints]:
    """The keys in order, and where each was. Key and place are sorted as one integer where both fit into it."""
    import numpy as np

    bits = len(key).bit_length()
    if limit.bit_length() + bits > _KEY_BITS:
        order = np.argsort(key, kind="stable")
        return key[order], order
    packed = key << bits
    packed |= np.arange(len(key))
    packed.sort()
    return packed >> bits, packed & ((1 << bits) - 1)


def in_range(started: Ints) -> bool:
    """Whether all starts fit into the keys of timelines: years 1700 to 2500."""
    return not len(started) or (int(started.min()) >= -TIME_SHIFT and int(started.max()) < TIME_SHIFT)
