"""The first 100 calls of one line in one month, out of 10 million calls in the store: against a clustered SQLite table.

The table is the fastest way that was found (`WITHOUT ROWID`, clustered on line, start and row); it holds the
same calls. Both are asked for a month of Chicago, which lies in two months of UTC, so in two files of the store.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from app.domain.moments import utc_bounds
from app.domain.period import Period, add_months
from app.usage.drill_down import PAGE, CallRow, calls_of
from app.usage.store import UsageStore

CALLS = 10_000_000
LINES = 500
MONTHS = 12
PAIRS = 40
FRAME_MS = 16  # one frame of the window
ZONE = "America/Chicago"
FIRST = date(2026, 1, 1)


def main() -> None:
    """Write the calls, ask for 40 random pages both ways, print p50 and p95 and their ratio."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    chance = random.Random(2026)
    pairs = [(_line(chance.randrange(LINES)), add_months(FIRST, chance.randrange(MONTHS))) for _ in range(PAIRS)]
    with tempfile.TemporaryDirectory() as name:
        store = UsageStore(Path(name) / "usage")
        files = {month: _write_month(store, month, total // MONTHS, seed) for seed, month in enumerate(_months())}
        stored = sum(file.stat().st_size for month in files.values() for file in month)
        print(f"{total:,} calls of {LINES} lines in {MONTHS} months: {stored / 1e6:,.0f} MB of Parquet")
        with closing(_clustered(Path(name) / "calls.sqlite", files)) as table:
            for line, month in pairs:
                if _by_store(files, line, month) != _by_table(table, line, month):
                    raise AssertionError(f"{line} in {month}: the store and the table differ")
            ours = _times(lambda line, month: _by_store(files, line, month), pairs)
            theirs = _times(lambda line, month: _by_table(table, line, month), pairs)
    print(f"  first {PAGE} calls of a line in a month, {PAIRS} random pairs, warm")
    for label, times in (("clustered SQLite table (baseline)", theirs), ("drill_down.calls_of over Parquet", ours)):
        print(f"  {label:<44} p50 {_p50(times):7.2f} ms   p95 {_p95(times):7.2f} ms")
    print(f"  ratio at p95: {_p95(ours) / _p95(theirs):.1f} times the clustered table's time")
    print(f"  p95 is {_p95(ours) / FRAME_MS:.2f} of a frame of {FRAME_MS} ms\n")


def _months() -> list[date]:
    return [add_months(FIRST, number) for number in range(MONTHS)]


def _line(number: int) -> str:
    return str(12175550000 + number)


def _write_month(store: UsageStore, month: date, calls: int, seed: int) -> list[Path]:
    """A month (UTC) of calls in the store's layout, one document."""
    import numpy as np
    import polars as pl

    chance = np.random.default_rng(seed)
    start = int(datetime(month.year, month.month, 1, tzinfo=UTC).timestamp())
    end_day = add_months(month, 1)
    end = int(datetime(end_day.year, end_day.month, 1, tzinfo=UTC).timestamp())
    frame = pl.DataFrame(
        {
            "line": pl.Series(chance.integers(12175550000, 12175550000 + LINES, calls)).cast(pl.String),
            "number": chance.integers(10**14, 10**15, calls) // 10**4 * 10**4,
            "digits": pl.Series([11]).cast(pl.Int8).new_from_index(0, calls),
            "started": chance.integers(start, end, calls),
            "seconds": chance.integers(0, 1_800, calls),
            "billed": chance.integers(0, 2_000_000, calls),
            "row": np.arange(2, calls + 2),
        }
    )
    return store.files(part.path for part in store.write_frames(1, f"{seed:064x}", [frame]))


def _clustered(file: Path, files: dict[date, list[Path]]) -> sqlite3.Connection:
    """The same calls in one clustered table, in its order."""
    table = sqlite3.connect(file)
    table.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;")
    table.execute(
        "CREATE TABLE calls (month INTEGER, line TEXT, number INTEGER, digits INTEGER, started INTEGER, "
        "seconds INTEGER, billed INTEGER, row INTEGER, PRIMARY KEY (month, line, started, row)) WITHOUT ROWID"
    )
    for month, parts in files.items():
        table.executemany("INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _rows(month, parts))
    table.commit()
    return table


def _rows(month: date, parts: list[Path]) -> Iterator[tuple[object, ...]]:
    import polars as pl

    for part in parts:
        for some in pl.read_parquet(part).select(pl.lit(month.month), pl.all()).iter_slices(50_000):
            yield from some.iter_rows()


def _by_store(files: dict[date, list[Path]], line: str, month: date) -> list[tuple[int, int, int]]:
    near = [*files[month], *files.get(add_months(month, 1), [])]
    found: list[CallRow] = calls_of(near, line, *_bounds(month))
    return [(row.started, row.row, row.seconds) for row in found]


def _by_table(table: sqlite3.Connection, line: str, month: date) -> list[tuple[int, int, int]]:
    start, end = _bounds(month)
    rows = table.execute(
        "SELECT line, number, digits, started, seconds, billed, row FROM calls "
        "WHERE month = ? AND line = ? AND started >= ? AND started < ? "
        "ORDER BY started, row LIMIT ?",
        (month.month, line, start, end, PAGE),
    ).fetchall()
    return [(row[3], row[6], row[4]) for row in rows]


def _bounds(month: date) -> tuple[int, int]:
    return utc_bounds(Period(month, add_months(month, 1)), ZONE)


def _times(ask: Callable[[str, date], object], pairs: list[tuple[str, date]]) -> list[float]:
    """Milliseconds of each pair, ascending."""
    found = []
    for line, month in pairs:
        began = time.perf_counter()
        ask(line, month)
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found)


def _p50(times: list[float]) -> float:
    return times[len(times) // 2]


def _p95(times: list[float]) -> float:
    """The nearest rank (domain/rating, 5.2)."""
    return times[(19 * len(times) + 19) // 20 - 1]


if __name__ == "__main__":
    main()
