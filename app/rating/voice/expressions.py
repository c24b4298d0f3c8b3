"""The arithmetic of a call's cost on columns of 64-bit integers (definitions 1 and 3 to 6 of `terms`).

Costs are numerators over `denominator(terms)`. `deck` and `kernel` have proved that none leaves 64 bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.money import MONEY_SCALE, RATE_SCALE, RoundingMode, to_scaled
from app.errors import UserError

if TYPE_CHECKING:
    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.flatten import Ints, Mask
    from app.rating.voice.terms import VoiceTerms

MINUTE = 60
PER_CENT = 100


class TooManyPlaces(UserError):
    """The contract rounds calls to {places} decimal places: calls can be rounded to at most 6."""


def denominator(terms: VoiceTerms) -> int:
    """What the exact costs of calls are numerators over: prices at scale 10 for 60 seconds, times per cents if used."""
    per_minute: int = MINUTE * 10**RATE_SCALE
    return per_minute * (PER_CENT if terms.rate_groups else 1)


def count_billable(deck: CompiledDeck, rows: Ints, seconds: Ints) -> Ints:
    """Billable seconds; 0 for calls without a price."""
    import numpy as np

    billable = _in_steps(seconds, *deck.plans[0])
    if len(deck.plans) > 1:
        plan = deck.plan[rows]
        for place, (first, step) in enumerate(deck.plans[1:], start=1):
            own = np.flatnonzero(plan == place)
            billable[own] = _in_steps(seconds[own], first, step)
    billable[(seconds <= 0) | (rows < 0)] = 0
    return billable


def _in_steps(seconds: Ints, first: int, step: int) -> Ints:
    import numpy as np

    if (first, step) in ((0, 1), (1, 1)):
        return np.maximum(seconds, 0)
    over = np.maximum(seconds - first, 0)
    over += step - 1
    over //= step
    over *= step
    over += first
    return over


def weigh(terms: VoiceTerms, low: Ints | int, high: Ints) -> Ints:
    """The seconds of a call from its `low`-th up to its `high`-th, each times the per cent of its rate group if there
    are groups."""
    import numpy as np

    if not terms.rate_groups:
        return high - low
    weight = np.zeros_like(high)
    ends = [*(start for start, _ in terms.rate_groups[1:]), None]
    for (start, percent), end in zip(terms.rate_groups, ends, strict=True):
        until = high if end is None else np.minimum(high, end)
        weight += np.maximum(until - np.maximum(low, start), 0) * percent
    return weight


def final_denominator(terms: VoiceTerms) -> int:
    """What exact costs are numerators over when bundles and tiers are used up: a tier leaves a per cent of them."""
    return denominator(terms) * (PER_CENT if terms.tiers is not None else 1)


def add_fees(terms: VoiceTerms, usage: Ints, connect: Ints | None, due: Mask, payphone: Mask | None, over: int) -> Ints:
    """Usage (numerators over `over`) with the connect fee, or the larger of both, and the payphone surcharge; fees
    only where they are `due`."""
    import numpy as np

    unit = over // 10**RATE_SCALE
    cost = usage
    if connect is not None:
        fee = np.where(due, connect, 0) * unit
        cost = np.maximum(fee, usage) if terms.deductible else fee + usage
    if payphone is not None and terms.payphone:
        surcharge = to_scaled(terms.payphone, RATE_SCALE) * unit
        cost = cost + np.where(due & payphone, surcharge, 0)
    return cost


def round_costs(cost: Ints, over: int, places: int, mode: RoundingMode) -> Ints:
    """Costs (numerators over `over`, none negative) rounded to `places` decimals, in millionths of the currency."""
    if places > MONEY_SCALE or places < 0:
        raise TooManyPlaces(places=places)
    unit = over // 10**places
    rounded: Ints
    if mode is RoundingMode.HALF_UP:
        rounded = (cost + unit // 2) // unit
    elif mode is RoundingMode.UP:
        rounded = (cost + (unit - 1)) // unit
    else:
        rounded = cost // unit
        if mode is RoundingMode.HALF_EVEN:
            rest = cost - rounded * unit
            rounded += (rest > unit // 2) | ((rest == unit // 2) & (rounded & 1 == 1))
    rounded *= 10 ** (MONEY_SCALE - places)
    return rounded
