"""A rate deck compiled once: sorted number ranges without overlap, each with its dated prices, for every class of call.

A class is a jurisdiction with a band, as far as the deck names them (definition 2 of `terms`). Prices, connect fees and
surcharges are 64-bit integers at scale 10.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.domain.money import RATE_SCALE, from_scaled, to_scaled
from app.errors import UserError
from app.rating.voice.flatten import DIGITS, TIME_BITS, Rows, flatten
from app.rating.voice.frames import NONE, Source, read_rows
from app.rating.voice.placing import CompiledPlaces, compile_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    import polars as pl

    from app.rating.voice.call import DeckRow, PlaceRow
    from app.rating.voice.flatten import Ints, Mask
    from app.rating.voice.terms import VoiceTerms

LONGEST_CALL = 31 * 86_400
LARGEST = 2**63 - 1 - 10**16  # with room for half a unit when rounding


class PriceTooLarge(UserError):
    """The rate deck cannot be used: its largest price of a minute, {price}, times a call of {seconds} seconds is more
    than can be counted exactly. Check the deck's decimal point."""


class NotAnIncrement(UserError):
    """The rate deck counts calls in steps of {increment} seconds after the first {initial}: steps are of 1 second or
    more, and the first is not below 0."""


class BlendTooFine(UserError):
    """The PIU factor {piu} has too many decimal places to be counted with exactly: use at most 6."""


@dataclass(frozen=True, slots=True, eq=False)
class CompiledDeck:
    """What the kernel looks up. `bounds` are class × 10^depth + the first `depth` digits of a number, ascending; from
    each on timeline `owner` (-1: no price) holds; `moments` (timeline, UTC second) begin the time in which deck row
    `segments` (-1: none) is in force. By deck row, with one more at the end for -1: price, connect, zone, prefix length
    and `plan`, which is the place of its (initial, increment) in `plans`; the first of these is the contract's."""

    zones: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    bands: tuple[str, ...]
    depth: int
    bounds: Ints
    owner: Ints
    moments: Ints
    segments: Ints
    places: CompiledPlaces | None
    price: Ints
    connect: Ints
    zone: Ints
    length: Ints
    plan: Ints
    plans: tuple[tuple[int, int], ...]
    source: Source
    fingerprint: str = ""

    def class_of(self, jurisdiction: str, band: str) -> int:
        """The class of a call's jurisdiction and band; those that the deck does not name share one."""
        ours = self.jurisdictions.index(jurisdiction) if jurisdiction in self.jurisdictions else 0
        theirs = self.bands.index(band) if band in self.bands else 0
        return ours * len(self.bands) + theirs

    def shortened(self, digits: int) -> CompiledDeck:
        """The deck of only the prefixes of at most `digits` digits: for numbers that have no more than these."""
        return _shorten(self, digits)


@lru_cache(maxsize=32)
def _shorten(deck: CompiledDeck, digits: int) -> CompiledDeck:
    return _compile(deck, deck.source.length <= digits)


def compile_deck(
    rows: Iterable[DeckRow] | pl.DataFrame,
    terms: VoiceTerms,
    overrides: Mapping[str, Decimal] | None = None,
    places: Sequence[PlaceRow] = (),
) -> CompiledDeck:
    """Compile `rows`; a zone in `overrides` costs that price instead; `places` are for jurisdictions.

    A frame has DeckRow's fields as columns; its price and connect are decimals, or integers at scale 10. Raises
    UserError for prefixes that are no digits, and for prices, increments and PIU factors that cannot be counted with.
    """
    return compile_source(read_rows(rows, ZoneInfo(terms.time_zone)), terms, overrides, places)


def compile_source(
    source: Source,
    terms: VoiceTerms,
    overrides: Mapping[str, Decimal] | None = None,
    places: Sequence[PlaceRow] = (),
    flat: Mapping[str, Any] | None = None,
) -> CompiledDeck:
    """`compile_deck` of rows that are columns already; with `flat` (depth, bounds, owner, moments and segments, as
    compiled before) nothing is laid flat again."""
    import numpy as np

    price = source.price.copy()
    for zone, override in (overrides or {}).items():
        if zone in source.zones:
            price[source.zone == source.zones.index(zone)] = to_scaled(override, RATE_SCALE)
    connect = np.where(source.connect == NONE, to_scaled(terms.connect, RATE_SCALE), source.connect)
    _check_size(price, connect, terms)
    initial = np.where(source.initial == NONE, terms.initial, source.initial)
    increment = np.where(source.increment == NONE, terms.increment, source.increment)
    if len(increment) and (int(increment.min()) < 1 or int(initial.min()) < 0):
        raise NotAnIncrement(increment=int(increment.min()), initial=int(initial.min()))
    plans, plan = _plans(initial, increment, terms)
    empty = np.zeros(0, dtype=np.int64)
    deck = CompiledDeck(
        zones=source.zones,
        jurisdictions=source.jurisdictions,
        bands=source.bands,
        depth=0,
        bounds=empty,
        owner=empty,
        moments=empty,
        segments=empty,
        places=compile_places(places) if places else None,
        price=np.append(price, 0),
        connect=np.append(connect, 0),
        zone=np.append(source.zone, -1).astype(np.int32),
        length=np.append(source.length, 0),
        plan=np.append(plan, 0).astype(np.int32),
        plans=plans,
        source=source,
    )
    return _compile(deck, source.length >= 0) if flat is None else replace(deck, **flat)


def _plans(initial: Ints, increment: Ints, terms: VoiceTerms) -> tuple[tuple[tuple[int, int], ...], Ints]:
    """The distinct (initial, increment), the contract's own first, and which each row has."""
    import numpy as np

    pairs, codes = np.unique(np.stack((initial, increment), axis=1), axis=0, return_inverse=True)
    own = (terms.initial, terms.increment)
    found = [(int(first), int(step)) for first, step in pairs]
    plans = (own, *(pair for pair in found if pair != own))
    renamed = np.array([plans.index(pair) for pair in found], dtype=np.int64)
    return plans, renamed[codes.reshape(-1)] if len(found) else np.zeros(0, dtype=np.int64)


def _check_size(price: Ints, connect: Ints, terms: VoiceTerms) -> None:
    """Prove that no call of up to a month can leave 64 bits, at the finest denominator that the terms ask for."""
    if not len(price):
        return
    per_cent = max((share for _, share in terms.rate_groups), default=1)
    scale = 100 if terms.rate_groups else 1
    usage = int(price.max()) * LONGEST_CALL * max(per_cent, 1)
    once = 60 * scale * (int(connect.max()) + to_scaled(terms.payphone, RATE_SCALE))
    if terms.piu is not None and 2 * int(price.max() + 1) * terms.piu.as_integer_ratio()[1] > LARGEST:
        raise BlendTooFine(piu=terms.piu)
    if usage + once > LARGEST:
        raise PriceTooLarge(price=from_scaled(int(price.max()), RATE_SCALE), seconds=LONGEST_CALL)


def _compile(deck: CompiledDeck, usable: Mask) -> CompiledDeck:
    """Lay the usable rows of each class flat, one class after another."""
    import numpy as np

    source = deck.source
    chosen = usable & (source.start < source.end)
    depth = int(source.length[chosen].max()) if chosen.any() else 0
    unit, span = 10 ** (DIGITS - depth), 10**depth
    bounds, owner, moments, segments = [], [], [], []
    timelines = 0
    for ours, jurisdiction in enumerate(deck.jurisdictions):
        for theirs, band in enumerate(deck.bands):
            here = chosen & source.named(jurisdiction, band)
            offset = (ours * len(deck.bands) + theirs) * span
            index = np.flatnonzero(here)
            if not len(index):
                bounds.append(np.array([offset], dtype=np.int64))
                owner.append(np.array([-1], dtype=np.int64))
                continue
            rank = 2 * (source.jurisdiction[index] != 0) + (source.band[index] != 0)
            flat = flatten(
                Rows(source.low[index], source.length[index], source.start[index], source.end[index], rank, index)
            )
            inside = flat.bounds < 10**DIGITS
            bounds.append(flat.bounds[inside] // unit + offset)
            owner.append(np.where(flat.owner < 0, -1, flat.owner + timelines)[inside])
            moments.append(flat.moments + (timelines << TIME_BITS))
            segments.append(flat.rows)
            timelines += flat.timelines
    none = np.zeros(0, dtype=np.int64)
    return replace(
        deck,
        depth=depth,
        bounds=np.concatenate(bounds),
        owner=np.concatenate(owner),
        moments=np.concatenate(moments) if moments else none,
        segments=np.concatenate(segments) if segments else none,
    )
