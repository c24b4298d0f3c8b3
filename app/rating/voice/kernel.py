"""Pricing many calls at once: a pure function from Arrow batch to Arrow batch, on 64-bit integers only.

Only what the terms and the deck use costs time. The scalar engine (`scalar`) prices single calls; both keep the
definitions of `terms`, and a test compares them call by call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.money import RATE_SCALE, to_scaled
from app.domain.vocabulary import RoundingScope
from app.errors import UserError
from app.rating.voice.columns import CallColumns, read_columns
from app.rating.voice.deck import LARGEST
from app.rating.voice.expressions import PER_CENT, add_fees, count_billable, denominator, round_costs, weigh
from app.rating.voice.lookup import find_rows, in_range
from app.rating.voice.placing import JURISDICTIONS, UNKNOWN, judge_calls
from app.rating.voice.slices import band_names, bands_at, price_slices
from app.rating.voice.terms import BandPolicy, Jurisdiction

if TYPE_CHECKING:
    import pyarrow as pa

    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.flatten import Ints
    from app.rating.voice.terms import VoiceTerms

_INT32 = 2**31 - 1


class CallTooLong(UserError):
    """The longest call, {seconds} seconds, costs more at the deck's highest price than can be counted exactly. Check
    the durations of the call records, and the decimal point of the deck."""


class CallOutOfTime(UserError):
    """A call record's start is not a time between the years 1700 and 2500. Check the dates of the file."""


@dataclass(frozen=True, slots=True, eq=False)
class RatedColumns:
    """What `rate_columns` finds, each an array as long as the calls or None where the terms do not use it."""

    row: Ints
    price: Ints
    billable: Ints
    usage: Ints
    connect: Ints | None
    exact: Ints
    expected: Ints | None
    jurisdiction: Ints | None
    band: Ints | None


def rate_batch(calls: pa.RecordBatch, deck: CompiledDeck, terms: VoiceTerms) -> pa.RecordBatch:
    """Price each call of `calls` (store schema); the same rows in the same order.

    Columns: zone (place in deck.zones, -1: no price), price (scale 10 a minute, at the start), billable (seconds),
    exact (numerator over `denominator(terms)`), expected (millionths; only where the contract rounds calls), segment
    (deck row), and, where used: jurisdiction (place in JURISDICTIONS), band (place in `band_names(terms)`), usage and
    connect (for bundles and tiers). Raises UserError where a number could leave 64 bits.
    """
    import numpy as np
    import pyarrow as pa

    rated = rate_columns(read_columns(calls, deck), deck, terms)
    columns = {
        "zone": deck.zone[rated.row],
        "price": rated.price,
        "billable": rated.billable.astype(np.int32),
        "exact": rated.exact,
        "segment": rated.row.astype(np.int32),
    }
    if rated.expected is not None:
        columns["expected"] = rated.expected
    if rated.jurisdiction is not None:
        columns["jurisdiction"] = rated.jurisdiction.astype(np.int8)
    if rated.band is not None:
        columns["band"] = rated.band.astype(np.int8)
    if terms.bundle is not None or terms.tiers is not None:
        columns["usage"] = rated.usage
        columns["connect"] = np.zeros_like(rated.exact) if rated.connect is None else rated.connect
    return pa.RecordBatch.from_pydict({name: pa.array(column) for name, column in columns.items()})


def rate_columns(
    calls: CallColumns, deck: CompiledDeck, terms: VoiceTerms, window: tuple[Ints, Ints] | None = None
) -> RatedColumns:
    """Price calls. With `window` only the billable seconds from its first up to its second are charged."""
    import numpy as np

    if not in_range(calls.started):
        raise CallOutOfTime
    _prove_sizes(calls, deck, terms)
    jurisdiction = None
    if deck.places is not None and calls.line is not None:
        jurisdiction = judge_calls(deck.places, calls.lines, calls.line, calls.number, calls.digits)
    band = bands_at(calls.started, terms) if terms.bands else None
    row, price = find_prices(calls, deck, terms, jurisdiction, band)
    billable = count_billable(deck, row, calls.seconds)
    low, high = (0, billable) if window is None else (np.minimum(window[0], billable), np.minimum(window[1], billable))
    usage = weigh(terms, low, high) * price
    if terms.bands and terms.band_policy is BandPolicy.SPLIT:
        unpriced = price_slices(calls, deck, terms, jurisdiction, billable, (low, high), usage, find_prices)
        row[unpriced], price[unpriced], billable[unpriced], usage[unpriced] = -1, 0, 0, 0
    connect = np.where(billable > 0, deck.connect[row], 0) if deck.connect.any() else None
    exact = add_fees(terms, usage, connect, billable > 0, calls.payphone, denominator(terms))
    expected = None
    if terms.scope is RoundingScope.CALL:
        expected = round_costs(exact, denominator(terms), terms.places, terms.rounding)
    return RatedColumns(row, price, billable, usage, connect, exact, expected, jurisdiction, band)


def find_prices(
    calls: CallColumns, deck: CompiledDeck, terms: VoiceTerms, jurisdiction: Ints | None, band: Ints | None
) -> tuple[Ints, Ints]:
    """The deck row and the price of a minute for each call: blended by the PIU factor where the jurisdiction is not
    known, the row then being the interstate one unless nothing counts as interstate."""
    import numpy as np

    kinds = UNKNOWN if jurisdiction is None else jurisdiction
    bands = 0 if band is None else band
    table = _classes(deck, terms)
    classes = table[kinds, bands] if len(deck.bands) + len(deck.jurisdictions) > 2 else 0
    row = find_rows(deck, classes, calls.number, calls.digits, calls.started)
    price = deck.price[row]
    if terms.piu is None:
        return row, price
    unknown = np.arange(len(row)) if jurisdiction is None else np.flatnonzero(jurisdiction == UNKNOWN)
    bands = 0 if band is None else band[unknown]
    part, whole = terms.piu.as_integer_ratio()
    kept, total = np.full(len(unknown), -1, dtype=np.int64), np.zeros(len(unknown), dtype=np.int64)
    missing = np.zeros(len(unknown), dtype=bool)
    for kind, share in ((Jurisdiction.INTRASTATE, whole - part), (Jurisdiction.INTERSTATE, part)):
        if share:
            of_kind = np.broadcast_to(table[JURISDICTIONS.index(kind), bands], len(unknown))
            found = find_rows(deck, of_kind, calls.number[unknown], calls.digits[unknown], calls.started[unknown])
            total += deck.price[found] * share
            missing |= found < 0
            kept = found
    row[unknown] = np.where(missing, -1, kept)
    price[unknown] = np.where(missing, 0, (2 * total + whole) // (2 * whole))
    return row, price


def _classes(deck: CompiledDeck, terms: VoiceTerms) -> Ints:
    """The deck's class by place in JURISDICTIONS and place in `band_names`."""
    import numpy as np

    names = band_names(terms)
    return np.array([[deck.class_of(kind, name) for name in names] for kind in JURISDICTIONS], dtype=np.int64)


def _prove_sizes(calls: CallColumns, deck: CompiledDeck, terms: VoiceTerms) -> None:
    """No cost of these calls can leave 64 bits: the longest of them at the largest price, with all fees."""
    if not len(calls.seconds):
        return
    seconds = int(calls.seconds.max())
    most = seconds + max(first + step for first, step in deck.plans)
    shares = [share for _, share in terms.rate_groups]
    scale = PER_CENT if shares else 1
    fees = int(deck.connect.max()) + to_scaled(terms.payphone, RATE_SCALE)
    cost = most * int(deck.price.max()) * max(shares, default=1) + 60 * scale * fees
    if cost > LARGEST or most > _INT32:
        raise CallTooLong(seconds=seconds)
