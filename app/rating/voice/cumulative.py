"""Bundles and volume discounts: what depends on the calls before, in the order of their starts.

A bundle takes billable seconds from the beginning of a call on; a call that crosses its end is cut there. A volume
discount counts what the bundle leaves to pay: billable seconds, or the cost of seconds before any discount. It changes
the price of seconds, not connect fees or payphone surcharges.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.money import MONEY_SCALE, RATE_SCALE, ZERO
from app.domain.vocabulary import RoundingScope
from app.rating.voice.call import Call
from app.rating.voice.jurisdiction import Places
from app.rating.voice.prices import Deck
from app.rating.voice.rated import USAGE_DENOMINATOR, Piece, RatedCall, round_cost
from app.rating.voice.scalar import Rater
from app.rating.voice.terms import Bundle, CallTiers, TierMeasure, TierMode, VoiceTerms

POOL = ""  # the key of what all lines share
_MONEY_STEP = USAGE_DENOMINATOR // 10**RATE_SCALE


@dataclass(frozen=True, slots=True)
class Counters:
    """Where a period stands, by line, or by POOL where lines share it: free seconds left of the bundle, and units (of
    the tiers' measure: seconds, or 1 ÷ USAGE_DENOMINATOR) counted towards the tiers. A line that is in neither stands
    at the beginning."""

    left: Mapping[str, int] = field(default_factory=dict)
    counted: Mapping[str, int] = field(default_factory=dict)

    def turn(self, terms: VoiceTerms) -> Counters:
        """Where the next period begins: with a new bundle, and what is left of this one where it rolls over. A line
        without calls in any period has no entry, and takes over nothing but the bundle's own `carried`."""
        bundle = terms.bundle
        if bundle is None or not bundle.rolls:
            return Counters()
        return open_period(terms, self.left)


def rate_calls(
    calls: Sequence[Call], deck: Deck, places: Places | None, terms: VoiceTerms, carried: Counters | None = None
) -> tuple[list[RatedCall], Counters]:
    """The calls priced, in the order given, with bundles and tiers used up in the order of their starts (those of one
    moment in the order given), and where the period stands then.

    A period may be given in several batches, one after another in time, with the counters handed on; a VOLUME discount
    wants it in one, since the tier is that of the total.
    """
    rater = Rater(deck, places, terms)
    return accumulate(rater, [rater.rate(call) for call in calls], carried)


def accumulate(
    rater: Rater, rated: Sequence[RatedCall], carried: Counters | None = None
) -> tuple[list[RatedCall], Counters]:
    """Calls that are priced one by one under the terms' bundle and tiers; see `rate_calls`."""
    terms, found = rater.terms, list(rated)
    left, counted = ({}, {}) if carried is None else (dict(carried.left), dict(carried.counted))
    order = sorted(range(len(found)), key=lambda place: found[place].call.started)
    order = [place for place in order if found[place].seconds]
    if terms.bundle is not None:
        for place in order:
            found[place] = _use_bundle(rater, found[place], terms.bundle, left)
    if terms.tiers is not None and terms.tiers.mode is TierMode.VOLUME:
        for place in order:
            _count(found[place], terms.tiers, counted)
        for place in order:
            percent = _percent_of(terms.tiers, counted[_pool(found[place], terms.tiers.pooled)])
            pieces = tuple(piece._replace(share=percent) for piece in found[place].pieces)
            found[place] = rater.rate_again(found[place], pieces, (), found[place].connect)
    elif terms.tiers is not None:
        for place in order:
            before = counted.get(_pool(found[place], terms.tiers.pooled), 0)
            _count(found[place], terms.tiers, counted)
            found[place] = _graduate(rater, found[place], terms.tiers, before)
    return found, Counters(left, counted)


def total(rated: Iterable[RatedCall], terms: VoiceTerms) -> Decimal:
    """What the calls cost together, rounded where the contract rounds: each call, each zone's sum, or the sum of all.
    Where only the bill is rounded the sum keeps all places of money. Calls without a price are left out."""
    if terms.scope is RoundingScope.CALL:
        return sum((each.expected for each in rated if each.expected is not None), ZERO)
    if terms.scope is RoundingScope.ZONE:
        zones: dict[str, int] = {}
        for each in rated:
            zones[each.zone] = zones.get(each.zone, 0) + each.numerator
        return sum((round_cost(cost, terms.places, terms.rounding) for cost in zones.values()), ZERO)
    places = MONEY_SCALE if terms.scope is RoundingScope.BILL else terms.places
    return round_cost(sum(each.numerator for each in rated), places, terms.rounding)


def _pool(rated: RatedCall, pooled: bool) -> str:
    return POOL if pooled else rated.call.line


def _use_bundle(rater: Rater, rated: RatedCall, bundle: Bundle, left: dict[str, int]) -> RatedCall:
    pool = _pool(rated, bundle.pooled)
    available = left.setdefault(pool, bundle.seconds + bundle.carried)
    if bundle.zones and rated.zone not in bundle.zones:
        return rated
    free = min(available, rated.seconds)
    if free <= 0:
        return rated
    left[pool] = available - free
    first, rest = _cut(rated.pieces, free)
    pieces = (*(piece._replace(free=True) for piece in first), *rest)
    connect = 0 if bundle.waives_connect and not rest else rated.connect
    return rater.rate_again(rated, pieces, (), connect)


def _count(rated: RatedCall, tiers: CallTiers, counted: dict[str, int]) -> None:
    pool = _pool(rated, tiers.pooled)
    seconds = rated.seconds - rated.free_seconds
    counted[pool] = counted.get(pool, 0) + (seconds if tiers.measure is TierMeasure.MINUTES else rated.usage)


def _percent_of(tiers: CallTiers, units: int) -> int:
    """The per cent of the tier that a period's total lies in; a total at a bound is still in the tier below it."""
    for bound, percent in _bounds(tiers):
        if bound is None or units <= bound:
            return percent
    return 100


def _bounds(tiers: CallTiers) -> list[tuple[int | None, int]]:
    """The tiers' bounds in counted units, with their per cents; what is above the last bound costs its full price."""
    step = 1 if tiers.measure is TierMeasure.MINUTES else _MONEY_STEP
    return [(None if tier.upto is None else tier.upto * step, tier.percent) for tier in tiers.tiers] + [(None, 100)]


def _share_out(tiers: CallTiers, before: int, units: int) -> list[tuple[int, int]]:
    """How many of `units` units after `before` lie in which tier, as (units, per cent)."""
    found, place, end = [], before, before + units
    for bound, percent in _bounds(tiers):
        until = end if bound is None else min(end, bound)
        if until > place:
            found.append((until - place, percent))
            place = until
    return found


def _graduate(rater: Rater, rated: RatedCall, tiers: CallTiers, before: int) -> RatedCall:
    """The call with each of its seconds, or each part of its cost, at the per cent of the tier that it lies in."""
    if tiers.measure is TierMeasure.MONEY:
        return rater.rate_again(rated, rated.pieces, tuple(_share_out(tiers, before, rated.usage)), rated.connect)
    pieces = [piece for piece in rated.pieces if piece.free]
    rest = tuple(piece for piece in rated.pieces if not piece.free)
    for seconds, percent in _share_out(tiers, before, rated.seconds - rated.free_seconds):
        part, rest = _cut(rest, seconds)
        pieces += [piece._replace(share=percent) for piece in part]
    return rater.rate_again(rated, tuple(pieces), (), rated.connect)


def _cut(pieces: Sequence[Piece], seconds: int) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The pieces of the first `seconds` seconds and those of the rest."""
    first: list[Piece] = []
    for place, piece in enumerate(pieces):
        if piece.seconds > seconds:
            head = [piece._replace(seconds=seconds)] if seconds else []
            return (*first, *head), (piece._replace(seconds=piece.seconds - seconds), *pieces[place + 1 :])
        first.append(piece)
        seconds -= piece.seconds
    return tuple(first), ()


def open_period(terms: VoiceTerms, carried: Mapping[str, int]) -> Counters:
    """Where a period begins with `carried` free seconds, by line or POOL, from the one before."""
    own = 0 if terms.bundle is None else terms.bundle.seconds
    return Counters({line: own + seconds for line, seconds in carried.items()})
