"""Counting one number's calls by length: the Parquet store against csv and a dictionary."""

from __future__ import annotations

import csv
import random
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from app.domain.parsed_usage import ParsedUsage
from app.usage.calls import durations_by_number
from app.usage.store import UsageStore
from bench._timing import compare

CALLS = 300_000
NUMBERS = 40
DAYS = 30


def main() -> None:
    """Make a month of calls, write them both ways, ask both the same question."""
    chance = random.Random(2026)
    first = int(datetime(2026, 9, 1, tzinfo=UTC).timestamp())
    tns = [f"1217555{number:04d}" for number in range(NUMBERS)]
    rows = [
        (chance.choice(tns), "12175559999", first + chance.randrange(DAYS * 86_400), chance.randrange(1, 1_800))
        for _ in range(CALLS)
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "calls.csv"
        with file.open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows(rows)
        store = UsageStore(folder / "usage")
        batch = ParsedUsage(
            carrier="Halyard Voice",
            ban="1",
            currency="USD",
            tn=tuple(row[0] for row in rows),
            other_party=tuple(row[1] for row in rows),
            started=tuple(row[2] for row in rows),
            seconds=tuple(row[3] for row in rows),
            billed=(None,) * CALLS,
            rows=tuple(range(CALLS)),
        )
        files = store.files(stored.path for stored in store.write_calls(1, "0" * 64, [batch]))

        def by_csv() -> tuple[tuple[int, int], ...]:
            counted: Counter[int] = Counter()
            with file.open(newline="", encoding="utf-8") as handle:
                for tn, _, _, seconds in csv.reader(handle):
                    if tn == tns[0]:
                        counted[int(seconds)] += 1
            return tuple(sorted(counted.items()))

        def by_store() -> tuple[tuple[int, int], ...]:
            return durations_by_number(files, [tns[0]], first, first + DAYS * 86_400)[tns[0]]

        compare(
            f"calls of one of {NUMBERS} numbers in a month of {CALLS:,} calls",
            ("csv.reader and a Counter", by_csv),
            ("durations_by_number", by_store),
        )


if __name__ == "__main__":
    main()
