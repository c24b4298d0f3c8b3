"""Usage as Parquet: a file per document, account and month, or several of a million rows each.

Records of one document and month are sorted; where they fill several files, each goes on where the one before it ends.
Amounts are integers of fixed scale.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.money import RATE_SCALE, to_scaled
from app.domain.period import Period, add_months, month_start
from app.usage.calls import ORDER, frame_of_run, make_frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import polars as pl

    from app.domain.parsed_usage import ParsedReadings, ParsedSamples, ParsedUsage
    from app.usage.merging import Run

PART_ROWS = 1_000_000
# a month's 100 first calls of one line come out of one or two groups: measured, 20,000 is as fast as 5,000 and twice as
# fast as 100,000, and costs 1 % more room
GROUP_ROWS = 20_000
CALLS = "calls"
SAMPLES = "samples"
READINGS = "readings"


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A Parquet file that was written: its path below the usage folder, rows and SHA-256."""

    kind: str
    month: date
    path: str
    rows: int
    sha256: str


class UsageStore:
    """The folder `usage/<kind>/account=<id>/month=<yyyy-mm>/<document>[-<number from 2>].parquet`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write_calls(self, account_id: int, document_sha: str, batches: Iterable[ParsedUsage]) -> list[StoredBatch]:
        """Write one document's calls of one account, by month of the call's start (UTC)."""
        return self.write_frames(account_id, document_sha, [make_frame(batch) for batch in batches])

    def write_frames(self, account_id: int, document_sha: str, frames: list[pl.DataFrame]) -> list[StoredBatch]:
        """`write_calls` of calls that are in the columns of the store already."""
        return self._write(CALLS, account_id, document_sha, frames, "started", ORDER)

    def write_runs(self, account_id: int, document_sha: str, runs: Sequence[Run]) -> Iterator[StoredBatch]:
        """Write one document's calls of one account that lie in sorted runs, about a million at a time, and tell each
        file as soon as it is written; raises BadUsagePart."""
        from app.usage.merging import merge_runs  # numpy, only where there are many calls

        numbers: dict[str, int] = defaultdict(int)
        for number, calls in merge_runs(runs, PART_ROWS * 9 // 10):
            month = f"{1970 + number // 12}-{number % 12 + 1:02}"
            for part in frame_of_run(calls).iter_slices(PART_ROWS):
                numbers[month] += 1
                yield self._put_month(CALLS, account_id, month, document_sha, numbers[month], part)

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

    def write_readings(
        self, account_id: int, document_sha: str, batches: Iterable[ParsedReadings]
    ) -> list[StoredBatch]:
        """Write one document's meter readings of one account, a file per month of the reading (UTC); values at scale
        10."""
        import polars as pl

        frames = [
            pl.DataFrame(
                {
                    "circuit_id": batch.circuit_id,
                    "kind": [batch.kind.value] * len(batch.at),
                    "at": batch.at,
                    "value": [to_scaled(value, RATE_SCALE) for value in batch.value],
                    "row": batch.rows,
                },
                schema={
                    "circuit_id": pl.String,
                    "kind": pl.String,
                    "at": pl.Int64,
                    "value": pl.Int64,
                    "row": pl.Int64,
                },
            )
            for batch in batches
        ]
        return self._write(READINGS, account_id, document_sha, frames, "at", ["circuit_id", "kind", "at", "row"])

    def files(self, paths: Iterable[str]) -> list[Path]:
        """The files that batches name by their paths below this folder."""
        return [self.folder / path for path in paths]

    def count_rows(self, path: str) -> int:
        """How many records a file holds."""
        import polars as pl

        return int(pl.scan_parquet(self.folder / path).select(pl.len()).collect().item())

    def sweep(self, known: set[str], before: float) -> int:
        """Remove files that an interrupted import left: those whose path no batch and no rate deck names, last written
        before the moment `before` (seconds since 1970). Returns how many."""
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
        for (month,), records in sorted(whole.partition_by("month", as_dict=True).items()):
            ordered = records.drop("month").sort(order)
            for number, part in enumerate(ordered.iter_slices(PART_ROWS), start=1):
                stored.append(self._put_month(kind, account_id, month, document_sha, number, part))
        return stored

    def _put_month(
        self, kind: str, account_id: int, month: str, document_sha: str, number: int, part: pl.DataFrame
    ) -> StoredBatch:
        """Write one of the files of a document's records of one account and month."""
        name = document_sha if number == 1 else f"{document_sha}-{number}"
        path = f"{kind}/account={account_id}/month={month}/{name}.parquet"
        return StoredBatch(kind, date.fromisoformat(f"{month}-01"), path, *self._put(path, part))

    def _put(self, path: str, part: pl.DataFrame) -> tuple[int, str]:
        """Write one file whole or not at all; its rows and SHA-256."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}.partial")
        part.write_parquet(partial, compression="zstd", statistics=True, row_group_size=GROUP_ROWS)
        with partial.open("rb+") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        partial.replace(target)
        return part.height, sha256


def months_of(period: Period) -> tuple[date, ...]:
    """The first days of all months that `period` touches."""
    months = []
    month = month_start(period.start)
    while month < period.end:
        months.append(month)
        month = add_months(month, 1)
    return tuple(months)
