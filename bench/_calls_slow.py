"""The same rating the slow ways: pandas, a loop, fractions, and the scalar engine."""

from __future__ import annotations

import bisect
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet as pq

from app.rating.voice.call import Call, DeckRow
from app.rating.voice.deck import CompiledDeck
from app.rating.voice.kernel import rate_batch
from app.rating.voice.terms import VoiceTerms

Dated = tuple[int, int, int, int, int, int, int]  # from, until, place, price, connect, initial, increment
COLUMNS = ["number", "digits", "started", "seconds", "billed"]


def write_as_text(paths: list[Path], folder: Path) -> list[Path]:
    """The calls as carriers send them, for pandas to read: numbers, moments and amounts as text."""
    written = []
    whole, rest = pl.col("billed") // 10**6, pl.col("billed") % 10**6
    for place, path in enumerate(paths):
        frame = pl.read_parquet(path, columns=COLUMNS).select(
            ("+" + pl.col("number").cast(pl.String).str.zfill(15).str.slice(0, pl.col("digits"))).alias("number"),
            pl.from_epoch("started").dt.strftime("%Y-%m-%dT%H:%M:%SZ").alias("started"),
            pl.col("seconds").cast(pl.String),
            pl.format("{}.{}", whole, rest.cast(pl.String).str.zfill(6)).alias("billed"),
        )
        written.append(folder / f"text-{place}.parquet")
        frame.write_parquet(written[-1])
    return written


def merge_text_in_pandas(paths: list[Path], deck: CompiledDeck, terms: VoiceTerms) -> tuple[int, int]:
    """As `merge_in_pandas`, from the text: every time, for pandas keeps nothing."""
    texts = pd.concat([pd.read_parquet(path) for path in paths], ignore_index=True)
    digits = texts["number"].str.slice(1)
    moments = pd.to_datetime(texts["started"], format="%Y-%m-%dT%H:%M:%SZ", utc=True)
    calls = pd.DataFrame(
        {
            "number": digits.str.ljust(15, "0").astype("int64"),
            "started": moments.dt.as_unit("s").astype("int64"),
            "seconds": texts["seconds"].astype("int64"),
            "billed": texts["billed"].str.replace(".", "", regex=False).astype("int64"),
        }
    )
    return _merge(calls, deck, terms)


def merge_in_pandas(paths: list[Path], deck: CompiledDeck, terms: VoiceTerms) -> tuple[int, int]:
    """Calls and what they cost, by two merge_asof over our ranges: pandas is spared normalising the calls and compiling
    the deck."""
    return _merge(pd.concat([pd.read_parquet(path, columns=COLUMNS) for path in paths], ignore_index=True), deck, terms)


def _merge(calls: pd.DataFrame, deck: CompiledDeck, terms: VoiceTerms) -> tuple[int, int]:
    ranges = pd.DataFrame({"key": deck.bounds, "timeline": deck.owner})
    pieces = pd.DataFrame({"moment": deck.moments, "segment": deck.segments})
    calls["key"] = calls["number"] // 10 ** (15 - deck.depth)
    found = pd.merge_asof(calls.sort_values("key"), ranges, on="key")
    found["moment"] = found["timeline"] * 2**34 + found["started"] + (1 << 33)
    found = pd.merge_asof(found.sort_values("moment"), pieces, on="moment")
    found = found[(found["timeline"] >= 0) & (found["segment"] >= 0)]
    segment = found["segment"].astype("int64").to_numpy()
    plans = np.array(deck.plans)[deck.plan[segment]]
    seconds = found["seconds"].astype("int64").to_numpy()
    first, step = plans[:, 0], plans[:, 1]
    billable = np.where(seconds <= first, first, first + -(-(seconds - first) // step) * step)
    billable = np.where(seconds > 0, billable, 0)
    cost = deck.price[segment] * billable + np.where(billable > 0, deck.connect[segment] * 60, 0)
    unit = 60 * 10 ** (10 - terms.places)
    expected = (cost + unit // 2) // unit * 10 ** (6 - terms.places)
    found["differs"] = expected != found["billed"].to_numpy()
    return len(calls), int(expected.sum())


def index_rows(rows: pl.DataFrame, terms: VoiceTerms) -> dict[str, list[Dated]]:
    """The deck's rows by prefix, the latest first."""
    found: dict[str, list[Dated]] = {}
    connect = int(terms.connect.scaleb(10))
    for place, row in enumerate(rows.iter_rows(named=True)):
        until = 2**60 if row["effective_to"] is None else _second(row["effective_to"])
        found.setdefault(row["prefix"], []).append(
            (
                _second(row["effective_from"]),
                until,
                place,
                row["price"],
                connect if row["connect"] is None else row["connect"],
                terms.initial if row["initial"] is None else row["initial"],
                terms.increment if row["increment"] is None else row["increment"],
            )
        )
    for dated in found.values():
        dated.sort(key=lambda one: (-one[0], -one[2]))
    return found


def _second(day: object) -> int:
    return int(datetime.fromisoformat(str(day)).replace(tzinfo=UTC).timestamp())


def _find(index: dict[str, list[Dated]], number: str, started: int) -> Dated | None:
    for length in range(len(number), -1, -1):
        for dated in index.get(number[:length], ()):
            if dated[0] <= started < dated[1]:
                return dated
    return None


def _read(path: Path, count: int) -> Iterator[tuple[str, int, int, int]]:
    table = pq.read_table(path, columns=COLUMNS).slice(0, count)
    for number, digits, started, seconds, billed in zip(*(table[name].to_pylist() for name in COLUMNS), strict=True):
        yield str(number).zfill(15)[:digits] if number >= 0 else "", started, seconds, billed


def loop_in_python(path: Path, rows: pl.DataFrame, terms: VoiceTerms, count: int) -> tuple[int, float, Decimal]:
    """Calls, processor seconds of the loop alone, and the sum: the plain way, with a dictionary and decimals."""
    index = {
        prefix: (sorted(dated), [one[0] for one in sorted(dated)]) for prefix, dated in index_rows(rows, terms).items()
    }
    longest = max(map(len, index))
    prices = {one[2]: Decimal(one[3]).scaleb(-10) for dated, _ in index.values() for one in dated}
    calls = list(_read(path, count))
    total, place, differing = Decimal(0), Decimal(10) ** -terms.places, 0
    begin = time.process_time()
    for number, started, seconds, billed in calls:
        for length in range(min(longest, len(number)), -1, -1):
            known = index.get(number[:length])
            if known is None:
                continue
            at = bisect.bisect_right(known[1], started) - 1
            if at < 0 or started >= known[0][at][1]:
                continue
            _, _, row, _, connect, initial, increment = known[0][at]
            if seconds > 0:
                over = max(seconds - initial, 0)
                billable = initial + -(-over // increment) * increment
                cost = prices[row] * billable / 60 + Decimal(connect).scaleb(-10)
                expected = cost.quantize(place, rounding="ROUND_HALF_UP")
                total += expected
                differing += expected != Decimal(billed).scaleb(-6)
            break
    return len(calls), time.process_time() - begin, total


def brute_force(path: Path, rows: pl.DataFrame, deck: CompiledDeck, terms: VoiceTerms, count: int) -> tuple[int, int]:
    """Calls compared and mismatches: every prefix of the number tried on the written rows, and fractions."""
    index = index_rows(rows, terms)
    batch = pq.read_table(path).slice(0, count).combine_chunks().to_batches()[0]
    rated = rate_batch(batch, deck, terms)
    ours = zip(*(rated.column(name).to_pylist() for name in ("segment", "billable", "expected")), strict=True)
    wrong = 0
    for (number, started, seconds, _), found in zip(_read(path, count), ours, strict=True):
        dated = _find(index, number, started)
        row, billable, expected = -1, 0, 0
        if dated is not None:
            _, _, row, price, connect, initial, increment = dated
            while billable < seconds:
                billable += initial if billable == 0 and initial else increment
            if billable:
                exact = Fraction(price, 10**10) * Fraction(billable, 60) + Fraction(connect, 10**10)
                whole = (exact * 10**terms.places + Fraction(1, 2)).__floor__()
                expected = whole * 10 ** (6 - terms.places)
        wrong += (row, billable, expected) != found
    return batch.num_rows, wrong


def rate_with_scalar(
    paths: list[Path], rows: pl.DataFrame, deck: CompiledDeck, terms: VoiceTerms, count: int
) -> tuple[int, int]:
    """Calls compared and mismatches between the kernel and the engine that prices single calls."""
    from app.rating.voice.prices import Deck
    from app.rating.voice.rated import DENOMINATOR
    from app.rating.voice.scalar import Rater

    def money(value: int | None) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-10)

    listed = [
        DeckRow(
            row["prefix"],
            row["zone"],
            Decimal(row["price"]).scaleb(-10),
            row["effective_from"],
            row["effective_to"],
            connect=money(row["connect"]),
            initial=row["initial"],
            increment=row["increment"],
        )
        for row in rows.iter_rows(named=True)
    ]
    rater = Rater(Deck(listed), None, terms)
    checked, wrong = 0, 0
    for path in paths:
        part = min(pq.read_metadata(path).num_rows, count - checked)
        if part <= 0:
            break
        batch = pq.read_table(path).slice(0, part).combine_chunks().to_batches()[0]
        rated = rate_batch(batch, deck, terms)
        ours = zip(*(rated.column(name).to_pylist() for name in ("billable", "exact", "expected")), strict=True)
        for (number, started, seconds, _), (billable, exact, expected) in zip(_read(path, part), ours, strict=True):
            theirs = rater.rate(Call("", number, started, seconds))
            due = Decimal(0) if theirs.expected is None else theirs.expected
            cost = exact * (DENOMINATOR // (60 * 10**10))
            wrong += (billable, cost, Decimal(expected).scaleb(-6)) != (theirs.seconds, theirs.numerator, due)
        checked += part
    return checked, wrong
