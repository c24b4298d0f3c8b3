"""The calls of a period in the order in which bundles and volume discounts are used up, and where a period begins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.period import Period, add_months, whole_months
from app.rating.ratebook import Scope, subject_of
from app.rating.voice.accumulate import accumulate
from app.rating.voice.cumulative import Counters
from app.rating.voice.stream import rate_stream
from app.rating.voice.terms import TierMode
from app.services.recorded_calls import Billed, Records, find_records
from app.services.voice_prices import VoicePrice, subjects_of
from app.usage.calls import BATCH_ROWS, read_batches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import pyarrow as pa
    from sqlalchemy.orm import Session

    from app.domain.history import ServiceFacts
    from app.rating.ratebook import Price
    from app.rating.voice.terms import VoiceTerms
    from app.usage.store import UsageStore

LONGEST_CARRY = 12  # periods through which free minutes that roll over are followed back
_WHOLE = 2**62


def pool_lines(price: Price, services: Mapping[int, ServiceFacts], accounts: Collection[int]) -> list[str] | None:
    """The numbers that share free minutes or a volume discount: those that the price is for; None: all."""
    subject = subject_of(price.element)
    if subject[0] is Scope.ANY:
        return None
    return [
        service.tn
        for service in services.values()
        if service.tn
        and subject in subjects_of(service)
        and (service.account_id is None or service.account_id in accounts)
    ]


def is_pooled(terms: VoiceTerms) -> bool:
    """Whether what a call costs depends on calls of other numbers."""
    return bool((terms.bundle and terms.bundle.pooled) or (terms.tiers and terms.tiers.pooled))


def read_period(
    store: UsageStore, records: Records, lines: list[str] | None, terms: VoiceTerms
) -> Iterator[pa.RecordBatch]:
    """The calls of a period in batches that bundles and tiers can be used up in."""
    by_time = is_pooled(terms)
    whole = by_time and terms.tiers is not None and terms.tiers.mode is TierMode.VOLUME
    most = _WHOLE if whole else BATCH_ROWS
    files = store.files(records.paths)
    return read_batches(files, lines, records.start, records.end, by_time=by_time, most=most)


def opening_counters(
    session: Session, store: UsageStore, billed: Billed, lines: list[str] | None, price: Price, voice: VoicePrice
) -> Counters | None:
    """Where a period begins whose free minutes roll over: after the periods before it that our records cover without a
    gap, back to the first on which the price was in force, LONGEST_CARRY at most; None where nothing rolls over."""
    if voice.terms.bundle is None or not voice.terms.bundle.rolls:
        return None
    earlier: list[Records] = []
    period = billed.period
    for _ in range(LONGEST_CARRY):
        months = whole_months(period)
        if not months or add_months(period.start, -months) < price.element.effective_from:
            break
        period = Period(add_months(period.start, -months), period.start)
        (records,) = find_records(session, store, [replace(billed, period=period)], voice.terms.time_zone)
        if records is None:
            break
        earlier.append(records)
    counters: Counters | None = None
    deck = voice.compile_once(store)
    for records in reversed(earlier):
        used = counters
        batches = read_period(store, records, lines, voice.terms)
        for calls, rated in rate_stream(batches, deck, voice.terms):
            _, used = accumulate(calls, rated, deck, voice.terms, used)
        counters = (used or Counters()).turn(voice.terms)
    return counters
