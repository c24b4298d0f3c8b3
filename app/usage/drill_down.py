"""The calls behind a charge, page by page: those of one line in one period, in the order of their starts.

A page is read out of the Parquet files as they lie: they are sorted by line and start, and the bounds of their row
groups leave out all but one or two of them. bench/drill_down.py measures it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.usage.calls import drop_copies, number_text, overlap, scan_calls

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

PAGE = 100


@dataclass(frozen=True, slots=True)
class CallRow:
    """One stored call. `number` is the other party's, "" where it is not known; `billed` is in millionths of the
    currency unit; `document` is the SHA-256 of the file that it came in, and `row` its row there."""

    line: str
    number: str
    started: int
    seconds: int
    billed: int | None
    row: int
    document: str

    @property
    def key(self) -> Key:
        """Where it stands among the calls of its line: the next page goes on after it."""
        return self.started, self.row, self.document


Key = tuple[int, int, str]


def calls_of(
    files: Sequence[Path], line: str, start: int, end: int, limit: int = PAGE, after: Key | None = None
) -> list[CallRow]:
    """The first `limit` calls of `line` that began in [start, end) (UTC seconds), after the one with the key `after`,
    by start, row and document. Calls that several documents hold alike are there once."""
    import polars as pl

    if not files:
        return []
    first = start if after is None else max(start, after[0])  # all of its second: copies are counted within one
    twice = overlap(files)
    pages: list[pl.LazyFrame] = []
    for file in files:
        calls = scan_calls([file], [line], first, end)
        if not twice:
            pages.append(_beyond(calls, after).head(limit))
        elif after is None:
            pages.append(calls.head(limit))
        else:
            pages.append(calls.filter(pl.col("started") == first))
            pages.append(calls.filter(pl.col("started") > first).head(limit))
    found = pl.concat(pages)
    if twice:
        found = _beyond(drop_copies(found), after)
    rows = found.sort("started", "row", "document").head(limit).collect()
    return [
        CallRow(
            line=row["line"],
            number=number_text(row["number"], row["digits"]),
            started=row["started"],
            seconds=row["seconds"],
            billed=row["billed"],
            row=row["row"],
            document=row["document"],
        )
        for row in rows.iter_rows(named=True)
    ]


def _beyond(calls: pl.LazyFrame, after: Key | None) -> pl.LazyFrame:
    """`calls` after the one with that key."""
    import polars as pl

    if after is None:
        return calls
    started, row, document = after
    return calls.filter(
        (pl.col("started") > started)
        | (pl.col("started") == started)
        & ((pl.col("row") > row) | (pl.col("row") == row) & (pl.col("document") > document))
    )
