"""Usage as Parquet: one file per document, account and month. Amounts are integers of fixed scale."""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.period import Period, add_months, month_start

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from app.domain.parsed import ParsedSamples, ParsedUsage

_SECONDS_OF_DAY = 86_400
CALLS = "calls"
SAMPLES = "samples"


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A Parquet file that was written: its path below the usage folder, rows and SHA-256."""

    kind: str
    month: date
    path: str
    rows: int
    sha256: str


class UsageStore:
    """The folder `usage/<kind>/account=<id>/month=<yyyy-mm>/<document>.parquet`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write_calls(self, account_id: int, document_sha: str, batches: Iterable[ParsedUsage]) -> list[StoredBatch]:
        """Write one document's calls of one account, a file per month of the call's start (UTC)."""
        import polars as pl

        frames = [
            pl.DataFrame(
                {
                    "tn": batch.tn,
                    "other_party": batch.other_party,
                    "started": batch.started,
                    "seconds": batch.seconds,
                    "billed": batch.billed,
                    "row": batch.rows,
                },
                schema={
                    "tn": pl.String,
                    "other_party": pl.String,
                    "started": pl.Int64,
                    "seconds": pl.Int64,
                    "billed": pl.Int64,
                    "row": pl.Int64,
                },
            )
            for batch in batches
        ]
        return self._write(CALLS, account_id, document_sha, frames, "started", ["tn", "started"])

    def write_samples(self, account_id: int, document_sha: str, batches: Iterable[ParsedSamples]) -> list[StoredBatch]:
        """Write one document's traffic samples of one account, a file per month of the bin's end (UTC)."""
        import polars as pl

        frames = [
            pl.DataFrame(
                {
                    "circuit_id": batch.circuit_id,
                    "ended": batch.ended,
                    "octets_in": batch.octets_in,
                    "octets_out": batch.octets_out,
                    "row": batch.rows,
                },
                schema={
                    "circuit_id": pl.String,
                    "ended": pl.Int64,
                    "octets_in": pl.Int64,
                    "octets_out": pl.Int64,
                    "row": pl.Int64,
                },
            )
            for batch in batches
        ]
        return self._write(SAMPLES, account_id, document_sha, frames, "ended", ["circuit_id", "ended"])

    def durations(self, paths: Iterable[str], tn: str, period: Period) -> tuple[tuple[int, int], ...]:
        """How many calls of number `tn` that began within `period` (UTC days) lasted how many seconds, ascending."""
        import polars as pl

        files = [self.folder / path for path in paths]
        if not files:
            return ()
        counted = (
            pl.scan_parquet(files)
            .filter(
                pl.col("tn") == tn,
                pl.col("started") >= _seconds(period.start),
                pl.col("started") < _seconds(period.end),
            )
            .group_by("seconds")
            .len()
            .sort("seconds")
            .collect()
        )
        return tuple((int(seconds), int(calls)) for seconds, calls in counted.iter_rows())

    def durations_by_number(
        self, paths: Iterable[str], numbers: Iterable[str], period: Period
    ) -> dict[str, tuple[tuple[int, int], ...]]:
        """`durations` of many numbers in one pass; a number without a call has none.

        Calls that several files hold alike (records exported twice, or files that overlap) count once: as often as the
        file that has the most of them says.
        """
        import polars as pl

        found: dict[str, list[tuple[int, int]]] = {tn: [] for tn in numbers}
        files = [self.folder / path for path in paths]
        if files and found:
            calls = pl.scan_parquet(files, include_file_paths="file").filter(
                pl.col("tn").is_in(list(found)),
                pl.col("started") >= _seconds(period.start),
                pl.col("started") < _seconds(period.end),
            )
            if len({file.parent.name for file in files}) < len(files):
                call = ["tn", "other_party", "started", "seconds"]
                each = calls.group_by(*call, "file").len().group_by(*call).agg(pl.col("len").max())
                counted = each.group_by("tn", "seconds").agg(pl.col("len").sum())
            else:
                counted = calls.group_by("tn", "seconds").len()
            for tn, seconds, number in counted.sort("tn", "seconds").collect().iter_rows():
                found[tn].append((int(seconds), int(number)))
        return {tn: tuple(durations) for tn, durations in found.items()}

    def longest_silence(self, paths: Iterable[str], period: Period) -> int:
        """The most days in a row of `period` (UTC days) on which none of the files has a call, of any number."""
        import polars as pl

        files = [self.folder / path for path in paths]
        if not files:
            return period.days
        days = (
            pl.scan_parquet(files)
            .filter(pl.col("started") >= _seconds(period.start), pl.col("started") < _seconds(period.end))
            .select(((pl.col("started") - _seconds(period.start)) // _SECONDS_OF_DAY).unique())
            .collect()
            .to_series()
            .to_list()
        )
        marks = [-1, *sorted(days), period.days]
        return max(int(later) - int(earlier) - 1 for earlier, later in pairwise(marks))

    def count_rows(self, path: str) -> int:
        """How many records a file holds."""
        import polars as pl

        return int(pl.scan_parquet(self.folder / path).select(pl.len()).collect().item())

    def sweep(self, known: set[str], before: float) -> int:
        """Remove files that an interrupted import left: those whose path no batch names, last written before the
        moment `before` (seconds since 1970). Returns how many."""
        removed = 0
        for file in list(self.folder.rglob("*")) if self.folder.is_dir() else []:
            named = file.relative_to(self.folder).as_posix() in known
            if file.is_file() and not named and file.stat().st_mtime < before:
                file.unlink()
                removed += 1
        return removed

    def _write(
        self,
        kind: str,
        account_id: int,
        document_sha: str,
        frames: list[pl.DataFrame],
        moment: str,
        order: list[str],
    ) -> list[StoredBatch]:
        import polars as pl

        if not frames:
            return []
        whole = pl.concat(frames).with_columns(pl.from_epoch(moment, time_unit="s").dt.strftime("%Y-%m").alias("month"))
        stored = []
        for (month,), part in sorted(whole.partition_by("month", as_dict=True).items()):
            path = f"{kind}/account={account_id}/month={month}/{document_sha}.parquet"
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            partial = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}.partial")
            part.drop("month").sort(order).write_parquet(partial, compression="zstd", statistics=True)
            with partial.open("rb+") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                os.fsync(file.fileno())
            partial.replace(target)
            first = date.fromisoformat(f"{month}-01")
            stored.append(StoredBatch(kind, first, path, part.height, sha256))
        return stored


def months_of(period: Period) -> tuple[date, ...]:
    """The first days of all months that `period` touches."""
    months = []
    month = month_start(period.start)
    while month < period.end:
        months.append(month)
        month = add_months(month, 1)
    return tuple(months)


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
