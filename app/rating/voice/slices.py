"""Time bands on columns: the band at each start, and the calls that run from one band into another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.rating.voice.bands import boundaries
from app.rating.voice.columns import take
from app.rating.voice.expressions import weigh

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.rating.voice.columns import CallColumns
    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.flatten import Ints
    from app.rating.voice.terms import VoiceTerms

    FindPrices = Callable[[CallColumns, CompiledDeck, VoiceTerms, Ints | None, Ints | None], tuple[Ints, Ints]]


def band_names(terms: VoiceTerms) -> tuple[str, ...]:
    """The bands of a contract, "" (none) first."""
    return ("", *sorted({band.name for band in terms.bands} - {""}))


def _calendar(start: int, end: int, terms: VoiceTerms) -> tuple[Ints, Ints]:
    """From which UTC second on which band holds, as places in `band_names`."""
    import numpy as np

    names = {name: place for place, name in enumerate(band_names(terms))}
    found = boundaries(start, end, terms)
    moments = np.array([moment for moment, _ in found], dtype=np.int64)
    return moments, np.array([names[name] for _, name in found], dtype=np.int64)


def bands_at(started: Ints, terms: VoiceTerms) -> Ints:
    """The band in which each call starts."""
    import numpy as np

    if not len(started):
        return np.zeros(0, dtype=np.int64)
    moments, bands = _calendar(int(started.min()), int(started.max()) + 1, terms)
    return bands[np.searchsorted(moments, started, side="right") - 1]


def price_slices(
    calls: CallColumns,
    deck: CompiledDeck,
    terms: VoiceTerms,
    jurisdiction: Ints | None,
    billable: Ints,
    window: tuple[Ints | int, Ints],
    usage: Ints,
    find_prices: FindPrices,
) -> Ints:
    """Write into `usage` what the calls cost that run over a band's end, each slice at its own band's price; only
    these are cut. Returns the places of those that run into a band without a price."""
    import numpy as np

    none = np.zeros(0, dtype=np.int64)
    if not len(billable):
        return none
    ends = calls.started + billable
    moments, bands = _calendar(int(calls.started.min()), int(ends.max()) + 1, terms)
    place = np.searchsorted(moments, calls.started, side="right") - 1
    limits = np.append(moments[1:], np.iinfo(np.int64).max)
    cut = np.flatnonzero(ends > limits[place])
    if not len(cut):
        return none
    first, last = (np.broadcast_to(edge, billable.shape) for edge in window)
    place = place[cut]
    usage[cut] = 0
    at = np.zeros(len(cut), dtype=np.int64)
    unpriced = []
    while len(cut):
        until = np.minimum(limits[place], ends[cut]) - calls.started[cut]
        part = take(calls, cut)
        rows, price = find_prices(part, deck, terms, None if jurisdiction is None else jurisdiction[cut], bands[place])
        low, high = np.maximum(first[cut], at), np.minimum(last[cut], until)
        usage[cut] += weigh(terms, np.minimum(low, high), high) * price
        unpriced.append(cut[rows < 0])
        more = until < billable[cut]
        cut, place, at = cut[more], place[more] + 1, until[more]
    return np.concatenate(unpriced)
