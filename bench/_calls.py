"""Invented calls and a rate deck of a carrier's size, the same every time, written once per size."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

YEAR = date(2026, 1, 1)
FIRST = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
SECONDS_OF_YEAR = 365 * 86_400
PART = 1_000_000
FOLDER = Path(tempfile.gettempdir()) / "tollbook-bench-calls"
COUNTRIES = ("1", "44", "49", "33", "39", "34", "61", "52", "55", "81", "86", "91", "27", "351", "353", "358")


def make_deck(prefixes: int, folder: Path = FOLDER) -> Path:
    """A deck of `prefixes` prefixes with about twice as many dated rows, prices changing on 56 weekly days; some
    prefixes are withdrawn for some weeks, some have increments and connect fees of their own."""
    target = folder / f"deck-{prefixes}.parquet"
    if target.exists():
        return target
    rng = np.random.default_rng(prefixes)
    lengths = rng.choice([3, 4, 5, 6, 7, 8, 9], size=prefixes * 2, p=[0.005, 0.02, 0.06, 0.16, 0.42, 0.255, 0.08])
    heads = rng.choice(np.array(COUNTRIES), size=len(lengths), p=[0.4] + [0.04] * 15)
    tails = rng.integers(0, 10**8, size=len(lengths))
    made = [f"{head}{tail:08d}"[:length] for head, tail, length in zip(heads, tails, lengths, strict=True)]
    unique = list(dict.fromkeys([*COUNTRIES, *made]))[:prefixes]
    weeks = [YEAR + timedelta(days=7 * week - 14) for week in range(56)]
    columns: dict[str, list[object]] = {
        name: []
        for name in ("prefix", "zone", "price", "effective_from", "effective_to", "connect", "initial", "increment")
    }
    changes = rng.choice([0, 1, 2, 3], size=len(unique), p=[0.30, 0.46, 0.20, 0.04])
    for prefix, many in zip(unique, changes.tolist(), strict=True):
        days = sorted(set(rng.integers(1, 56, size=many).tolist()))
        starts = [0, *days]
        own = int(rng.integers(0, 20))
        for place, week in enumerate(starts):
            withdrawn = week + int(rng.integers(1, 4)) if rng.random() < 0.05 else None
            columns["prefix"].append(prefix)
            columns["zone"].append(f"zone {int(prefix[:3]) % 240}")
            columns["price"].append(int(rng.integers(2, 4_000)) * 1_000_000)
            columns["effective_from"].append(weeks[week])
            later = weeks[starts[place + 1]] if place + 1 < len(starts) else None
            ends = weeks[min(withdrawn, 55)] if withdrawn is not None and withdrawn < 56 else later
            columns["effective_to"].append(ends)
            columns["connect"].append(int(rng.integers(1, 9)) * 10**8 if own == 0 else None)
            columns["initial"].append((30, 1, 60)[own % 3] if own < 6 else None)
            columns["increment"].append((6, 1, 60)[own % 3] if own < 6 else None)
    folder.mkdir(parents=True, exist_ok=True)
    frame = pl.DataFrame(
        columns,
        schema={
            "prefix": pl.String,
            "zone": pl.String,
            "price": pl.Int64,
            "effective_from": pl.Date,
            "effective_to": pl.Date,
            "connect": pl.Int64,
            "initial": pl.Int64,
            "increment": pl.Int64,
        },
    )
    partial = target.with_suffix(".partial")
    frame.write_parquet(partial, compression="zstd")
    partial.replace(target)
    return target


def make_calls(count: int, prefixes: int, folder: Path = FOLDER) -> list[Path]:
    """`count` calls over 12 months, in files of 1,000,000, each sorted by line and start; most go to numbers that the
    deck knows. 98 per cent are billed what a plain carrier would, the others something else."""
    home = folder / f"calls-{prefixes}"
    home.mkdir(parents=True, exist_ok=True)
    deck = pl.read_parquet(make_deck(prefixes, folder)).get_column("prefix").unique(maintain_order=True)
    padded = deck.str.pad_end(15, "0").cast(pl.Int64).to_numpy()
    length = deck.str.len_bytes().cast(pl.Int64).to_numpy()
    weight = np.random.default_rng(7).pareto(1.2, size=len(padded)) + 0.01
    cumulative = np.cumsum(weight / weight.sum())
    paths = []
    for part in range(-(-count // PART)):
        rows = min(PART, count - part * PART)
        target = home / f"{part:04d}-{rows}.parquet"
        paths.append(target)
        if not target.exists():
            _write_part(target, part, rows, padded, length, cumulative)
    return paths


def _write_part(
    target: Path, part: int, rows: int, padded: np.ndarray, length: np.ndarray, cumulative: np.ndarray
) -> None:
    rng = np.random.default_rng(1_000 + part)
    chosen = np.minimum(np.searchsorted(cumulative, rng.random(rows)), len(padded) - 1)
    digits = np.where(padded[chosen] // 10**14 == 1, 11, rng.integers(10, 13, size=rows))
    digits = np.maximum(digits, length[chosen])
    room = 10 ** (15 - length[chosen])
    number = padded[chosen] + rng.integers(0, 2**62, size=rows) % room
    number = number // 10 ** (15 - digits) * 10 ** (15 - digits)
    strange = rng.random(rows) < 0.005
    number = np.where(strange, rng.integers(7 * 10**14, 8 * 10**14, size=rows) // 10**4 * 10**4, number)
    digits = np.where(strange, 11, digits)
    seconds = np.where(
        rng.random(rows) < 0.08, 0, np.minimum(rng.exponential(170, size=rows).astype(np.int64) + 1, 14_400)
    )
    frame = pl.DataFrame(
        {
            "line": pl.Series(rng.integers(0, 500, size=rows))
            .cast(pl.String)
            .str.pad_start(4, "0")
            .str.replace("^", "1217555"),
            "number": number,
            "digits": digits.astype(np.int8),
            "started": FIRST + (part * 7_919 * 3_600 + rng.integers(0, SECONDS_OF_YEAR, size=rows)) % SECONDS_OF_YEAR,
            "seconds": seconds.astype(np.int32),
            "billed": (seconds * int(rng.integers(90, 110)) + rng.integers(0, 3, size=rows)),
            "row": np.arange(rows) + part * PART,
        }
    ).sort("line", "started")
    partial = target.with_suffix(".partial")
    frame.write_parquet(partial, compression="zstd", row_group_size=250_000)
    partial.replace(target)
