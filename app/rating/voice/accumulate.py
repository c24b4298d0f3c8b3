"""Bundles and volume discounts over rated batches: a second pure stage, in the order of call starts within a pool.

Everything is a running sum F of billable seconds or money: a call gets F(after) − F(before), so that it does not matter
how a period is cut into batches (of VOLUME discounts only, a period is one batch). `cumulative` does the same call by
call; both share its Counters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.money import RATE_SCALE, to_scaled
from app.domain.vocabulary import RoundingScope
from app.errors import BugError
from app.rating.voice.columns import read_columns, take
from app.rating.voice.cumulative import POOL, Counters
from app.rating.voice.deck import LARGEST
from app.rating.voice.expressions import PER_CENT, add_fees, denominator, final_denominator, round_costs
from app.rating.voice.kernel import CallTooLong, rate_columns
from app.rating.voice.rated import USAGE_DENOMINATOR
from app.rating.voice.terms import TierMeasure, TierMode

if TYPE_CHECKING:
    import pyarrow as pa

    from app.rating.voice.columns import CallColumns
    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.flatten import Ints
    from app.rating.voice.terms import Bundle, CallTiers, VoiceTerms


@dataclass(frozen=True, slots=True, eq=False)
class _Pools:
    """The calls of more than 0 billable seconds in the order in which they use things up, pool by pool: `order` are
    their rows, `first` where in it each pool begins, `of` each one's pool."""

    order: Ints
    first: Ints
    of: Ints
    names: tuple[str, ...]

    def before(self, amounts: Ints) -> Ints:
        """The running sum of `amounts` (in order) in each pool before each call."""
        whole = amounts.cumsum() - amounts
        return whole - whole[self.first][self.of]

    def totals(self, amounts: Ints) -> Ints:
        """The sum of `amounts` of each pool."""
        import numpy as np

        return np.add.reduceat(amounts, self.first) if len(self.first) else amounts[:0]


def accumulate(
    calls: pa.RecordBatch, rated: pa.RecordBatch, deck: CompiledDeck, terms: VoiceTerms, carried: Counters | None = None
) -> tuple[pa.RecordBatch, Counters]:
    """`rated` (of `calls`, from `rate_batch`) under the terms' bundle and tiers, and where the period stands then.

    `exact` becomes a numerator over `final_denominator(terms)`; a column `free` says how many seconds a bundle paid.
    Batches of one period come one after another in time. Raises CallTooLong where a cost could leave 64 bits.
    """
    import numpy as np
    import pyarrow as pa

    left, counted = ({}, {}) if carried is None else (dict(carried.left), dict(carried.counted))
    if terms.bundle is None and terms.tiers is None:
        return rated, Counters(left, counted)
    columns = read_columns(calls, deck)
    billable = rated.column("billable").to_numpy().astype(np.int64)
    usage = rated.column("usage").to_numpy().copy()
    connect = rated.column("connect").to_numpy().copy()
    free = np.zeros_like(billable)
    if terms.bundle is not None:
        pools = _make_pools(calls, billable, terms.bundle.pooled)
        free = _use_bundle(rated, pools, terms.bundle, deck, billable, left)
        part = np.flatnonzero((free > 0) & (free < billable))
        usage[part] = _usage_between(columns, deck, terms, part, free[part], billable[part])
        whole = (free > 0) & (free == billable)
        usage[whole] = 0
        if terms.bundle.waives_connect:
            connect[whole] = 0
    if terms.tiers is not None:
        most = int(usage.max()) if len(usage) else 0
        fees = (int(connect.max()) if len(connect) else 0) + to_scaled(terms.payphone, RATE_SCALE)
        per_cent = max([PER_CENT, *(tier.percent for tier in terms.tiers.tiers)])
        if most * per_cent + fees * (final_denominator(terms) // 10**RATE_SCALE) > LARGEST:
            raise CallTooLong(seconds=int(billable.max()))
        pools = _make_pools(calls, billable, terms.tiers.pooled)
        usage = _discount(columns, deck, terms, terms.tiers, pools, billable, free, usage, counted)
    over = final_denominator(terms)
    exact = add_fees(terms, usage, connect, billable > 0, columns.payphone, over)
    changed = {"exact": exact, "connect": connect, "usage": usage, "free": free.astype(np.int32)}
    if terms.scope is RoundingScope.CALL:
        changed["expected"] = round_costs(exact, over, terms.places, terms.rounding)
    result = {name: rated.column(name) for name in rated.schema.names}
    result.update({name: pa.array(column) for name, column in changed.items()})
    return pa.RecordBatch.from_pydict(result), Counters(left, counted)


def _make_pools(calls: pa.RecordBatch, billable: Ints, pooled: bool) -> _Pools:
    import numpy as np
    import pyarrow as pa

    used = np.flatnonzero(billable > 0)
    started = calls.column("started").to_numpy()[used]
    if pooled:
        order = used[np.argsort(started, kind="stable")]
        return _Pools(
            order, np.zeros(min(len(order), 1), dtype=np.int64), np.zeros(len(order), dtype=np.int64), (POOL,)
        )
    coded = calls.column("line")
    coded = coded if pa.types.is_dictionary(coded.type) else coded.dictionary_encode()
    line = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)[used]
    sorted_ = np.lexsort((started, line))
    lines, first, of = np.unique(line[sorted_], return_index=True, return_inverse=True)
    texts = coded.dictionary.to_pylist()
    return _Pools(used[sorted_], first, of, tuple(texts[place] for place in lines.tolist()))


def _use_bundle(
    rated: pa.RecordBatch, pools: _Pools, bundle: Bundle, deck: CompiledDeck, billable: Ints, left: dict[str, int]
) -> Ints:
    """How many seconds of each call the bundle pays; `left` is what it has left, by pool."""
    import numpy as np

    available = [left.get(name, bundle.seconds + bundle.carried) for name in pools.names][: len(pools.first)]
    amounts = billable[pools.order]
    if bundle.zones:
        meant = np.array([*(zone in bundle.zones for zone in deck.zones), False])
        amounts = np.where(meant[rated.column("zone").to_numpy()[pools.order]], amounts, 0)
    had = np.array(available, dtype=np.int64)[pools.of]
    free = np.zeros_like(billable)
    free[pools.order] = np.clip(had - pools.before(amounts), 0, amounts)
    for name, had_before, used in zip(pools.names, available, pools.totals(amounts).tolist(), strict=False):
        left[name] = max(had_before - used, 0)
    return free


def _usage_between(
    calls: CallColumns, deck: CompiledDeck, terms: VoiceTerms, places: Ints, low: Ints, high: Ints
) -> Ints:
    """What the billable seconds from `low` up to `high` of some calls cost."""
    return rate_columns(take(calls, places), deck, terms, (low, high)).usage


def _discount(
    calls: CallColumns,
    deck: CompiledDeck,
    terms: VoiceTerms,
    tiers: CallTiers,
    pools: _Pools,
    billable: Ints,
    free: Ints,
    usage: Ints,
    counted: dict[str, int],
) -> Ints:
    """The usage costs times the per cents of the tiers that they lie in; `counted` goes on."""
    import numpy as np

    money = tiers.measure is TierMeasure.MONEY
    step = denominator(terms) // 10**RATE_SCALE if money else 1
    unit = USAGE_DENOMINATOR // denominator(terms) if money else 1  # Counters count money over USAGE_DENOMINATOR
    bounds = [(None if tier.upto is None else tier.upto * step, tier.percent) for tier in tiers.tiers] + [(None, 100)]
    amounts = (usage if money else billable - free)[pools.order]
    if any(counted.get(name, 0) % unit for name in pools.names):
        raise BugError("a period's counters do not fit its terms: they were counted under rate groups")
    old = [counted.get(name, 0) // unit for name in pools.names][: len(pools.first)]
    if max(old, default=0) + int(amounts.astype(object).sum()) > LARGEST // 2:
        amounts = amounts.astype(object)  # sums that 64 bits do not hold: exact, and slower
    for name, before, used in zip(pools.names, old, pools.totals(amounts).tolist(), strict=False):
        counted[name] = (before + used) * unit
    if tiers.mode is TierMode.VOLUME:
        shares = [_percent_of(bounds, counted[name] // unit) for name in pools.names[: len(pools.first)]]
        discounted = usage * PER_CENT
        discounted[pools.order] = usage[pools.order] * np.array(shares, dtype=np.int64)[pools.of]
        return discounted
    begun = pools.before(amounts) + np.array(old, dtype=amounts.dtype)[pools.of]
    after = begun + amounts
    discounted = usage * 0
    low: int = 0
    for bound, percent in bounds:
        begin = np.maximum(begun, low)
        end = after if bound is None else np.minimum(after, bound)
        inside = np.maximum(end - begin, 0)
        if money:
            discounted[pools.order] += (inside * percent).astype(np.int64)
        else:
            whole = inside == amounts
            rows = pools.order[whole]
            discounted[rows] += np.where(amounts[whole] > 0, usage[rows] * percent, 0)
            cut = np.flatnonzero(~whole & (inside > 0))
            rows = pools.order[cut]
            start = free[rows] + (begin - begun)[cut]
            part = _usage_between(calls, deck, terms, rows, start, start + inside[cut])
            discounted[rows] += part * percent
        if bound is None:
            break
        low = max(low, bound)
    return discounted


def _percent_of(bounds: list[tuple[int | None, int]], units: int) -> int:
    return next(percent for bound, percent in bounds if bound is None or units <= bound)
