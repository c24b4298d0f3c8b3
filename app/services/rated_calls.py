"""Recorded calls priced call by call under the rate deck of a contract: their sums for rating, and one call's proof."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.evidence import CallLine, CallTotals
from app.domain.money import MONEY_SCALE, RATE_SCALE, from_scaled
from app.domain.vocabulary import RoundingScope
from app.rating.voice.accumulate import accumulate
from app.rating.voice.expressions import final_denominator
from app.rating.voice.placing import JURISDICTIONS
from app.rating.voice.slices import band_names
from app.rating.voice.stream import rate_stream
from app.services.call_periods import is_pooled, opening_counters, pool_lines, read_period
from app.services.decks import DeckMissing
from app.services.recorded_calls import Billed, billed_numbers, find_records
from app.services.voice_prices import load_voice_price, zone_prices

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    import pyarrow as pa
    from sqlalchemy.orm import Session

    from app.domain.history import InvoiceFacts, ServiceFacts
    from app.rating.ratebook import Price
    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.terms import VoiceTerms
    from app.usage.store import UsageStore

_Key = tuple[str, str, str, int]  # zone, band, jurisdiction, price
_Sums = dict[_Key, tuple[int, int, int]]  # → calls, billable seconds, exact
_Overrides = tuple[tuple[str, "Decimal"], ...]


def load_rated_calls(
    session: Session,
    store: UsageStore,
    invoice: InvoiceFacts,
    services: Mapping[int, ServiceFacts],
    prices: Mapping[int, Price],
    notes: dict[int, str],
) -> dict[int, CallTotals]:
    """The rated calls of the charges in `prices` (charge → the CALLS element that prices it), by charge id; `notes`
    gets the reason of those for which there is no rate deck.

    They are there where our records cover the charge in full, as `load_usage` says, and its rate deck is here. Prices
    of zones in the contract go before the deck's; those in force on the charge's first day hold for all of it.
    """
    charges = {charge.id: charge for charge in invoice.charges}
    found: dict[int, CallTotals] = {}
    for billed in billed_numbers(invoice, services):
        alike: dict[tuple[int, _Overrides], dict[str, int]] = defaultdict(dict)
        for number, charge_id in billed.charge_of.items():
            if charge_id in prices:
                price, service = prices[charge_id], services[billed.services[charge_id]]
                zones = zone_prices(price, charges[charge_id], invoice, service)
                alike[price.element.id, tuple(sorted(zones.items()))][number] = charge_id
        for (_, overrides), charge_of in alike.items():
            price = prices[next(iter(charge_of.values()))]
            group = replace(billed, charge_of=charge_of)
            found |= _rate_group(session, store, group, services, price, dict(overrides), notes)
    return found


def _rate_group(
    session: Session,
    store: UsageStore,
    billed: Billed,
    services: Mapping[int, ServiceFacts],
    price: Price,
    overrides: dict[str, Decimal],
    notes: dict[int, str],
) -> dict[int, CallTotals]:
    """The calls of numbers that one price and the same prices of zones are for."""
    (records,) = find_records(session, store, [billed], price.contract.time_zone)
    if records is None:
        return {}
    try:
        voice = load_voice_price(session, store, price, overrides)
    except DeckMissing as fault:
        notes.update(dict.fromkeys(billed.charge_of.values(), str(fault)))
        return {}
    terms, deck = voice.terms, voice.compile_once(store)
    lines = pool_lines(price, services, billed.accounts) if is_pooled(terms) else list(billed.charge_of)
    sums: dict[str, _Sums] = {number: {} for number in billed.charge_of}
    unpriced: dict[str, int] = dict.fromkeys(billed.charge_of, 0)
    counters = opening_counters(session, store, billed, lines, price, voice)
    for calls, priced in rate_stream(read_period(store, records, lines, terms), deck, terms):
        rated, counters = accumulate(calls, priced, deck, terms, counters)
        _add_up(calls, rated, deck, terms, sums, unpriced)
    return {
        charge_id: CallTotals(
            service_id=billed.services[charge_id],
            period=billed.period,
            lines=tuple(
                CallLine(zone, band, jurisdiction, from_scaled(scaled, RATE_SCALE), count, seconds, exact)
                for (zone, band, jurisdiction, scaled), (count, seconds, exact) in sorted(sums[number].items())
            ),
            unpriced_calls=unpriced[number],
            batches=records.names,
            denominator=final_denominator(terms),
        )
        for number, charge_id in billed.charge_of.items()
    }


def _add_up(
    calls: pa.RecordBatch,
    rated: pa.RecordBatch,
    deck: CompiledDeck,
    terms: VoiceTerms,
    sums: dict[str, _Sums],
    unpriced: dict[str, int],
) -> None:
    """Add a rated batch to the sums of the numbers that are billed. Answered calls without a price are counted."""
    import polars as pl

    by_call = terms.scope is RoundingScope.CALL
    amount = "expected" if by_call else "exact"
    unit = final_denominator(terms) // 10**MONEY_SCALE if by_call else 1
    frame = pl.DataFrame(pl.from_arrow(rated)).with_columns(
        pl.Series("line", pl.from_arrow(calls.column("line"))),
        pl.Series("seconds", pl.from_arrow(calls.column("seconds"))),
    )
    for name in {"band", "jurisdiction"} - set(frame.columns):
        frame = frame.with_columns(pl.lit(-1).alias(name))
    frame = frame.filter(pl.col("line").is_in(list(sums)))
    bands = band_names(terms)
    keys = ["line", "zone", "band", "jurisdiction", "price"]
    grouped = frame.filter(pl.col("zone") >= 0).group_by(keys)
    columns = (pl.len(), pl.col("billable").cast(pl.Int64).sum(), pl.col(amount).cast(pl.Int128).sum())
    for line, zone, band, jurisdiction, price, count, seconds, exact in grouped.agg(*columns).iter_rows():
        key = (
            deck.zones[zone],
            bands[band] if band >= 0 else "",
            JURISDICTIONS[jurisdiction].value if jurisdiction >= 0 else "",
            price,
        )
        before = sums[line].get(key, (0, 0, 0))
        sums[line][key] = (before[0] + count, before[1] + seconds, before[2] + exact * unit)
    left = frame.filter(pl.col("zone") < 0, pl.col("seconds") > 0).group_by("line").len()
    for line, count in left.iter_rows():
        unpriced[line] += count
