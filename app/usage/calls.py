"""Calls as the store keeps them, and what is counted of them. Nothing here makes a Python value of a single call.

Columns (each row a call; sorted by line, started and row):

    line     our number, normalised
    number   the other party's digits of E.164, filled up with 0 on the right to 15 digits; -1 where there are none
    digits   how many digits of `number` are its own: with them its text is written again
    started  UTC seconds since 1970
    seconds  answered
    billed   what the carrier charges, in millionths of the currency unit; null where it does not say
    row      in the document
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Any

    import polars as pl
    import pyarrow as pa

    from app.domain.parsed_usage import ParsedUsage
    from app.importers.usage.runs import Columns

ORDER = ["line", "started", "row"]
UNKNOWN = -1
DIGITS = 15
BATCH_ROWS = 500_000
_DAY = 86_400  # seconds
_ALIKE = ["line", "number", "digits", "started", "seconds"]  # calls that agree in these are one call, in two documents


def number_text(number: int, digits: int) -> str:
    """The other party's number as it was before it became an integer: its digits, "" where it is not known."""
    return "" if number < 0 else f"{number:0{DIGITS}d}"[:digits]


def number_key(text: str) -> tuple[int, int]:
    """`number` and `digits` of a number's text: the opposite of `number_text`."""
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
        return UNKNOWN, 0
    return int(text.ljust(DIGITS, "0")), len(text)


def make_frame(batch: ParsedUsage) -> pl.DataFrame:
    """A batch of read calls in the columns of the store."""
    import polars as pl

    other = pl.col("other_party")
    known = other.str.contains(rf"^[0-9]{{1,{DIGITS}}}$")
    return pl.DataFrame(
        {
            "line": batch.tn,
            "other_party": batch.other_party,
            "started": batch.started,
            "seconds": batch.seconds,
            "billed": batch.billed,
            "row": batch.rows,
        },
        schema={
            "line": pl.String,
            "other_party": pl.String,
            "started": pl.Int64,
            "seconds": pl.Int64,
            "billed": pl.Int64,
            "row": pl.Int64,
        },
    ).select(
        "line",
        pl.when(known).then(other.str.pad_end(DIGITS, "0")).cast(pl.Int64).fill_null(UNKNOWN).alias("number"),
        pl.when(known).then(other.str.len_bytes()).otherwise(0).cast(pl.Int8).alias("digits"),
        "started",
        "seconds",
        "billed",
        "row",
    )


def frame_of_run(calls: Columns) -> pl.DataFrame:
    """Sorted calls of a run (importers.usage.runs) in the columns of the store."""
    import numpy as np
    import polars as pl

    from app.importers.usage.dialled import unpack_number
    from app.importers.usage.runs import BILLED, LINE, NO_CHARGE, NUMBER, ROW, SECONDS, STARTED

    lines, numbers = calls[LINE], calls[NUMBER]
    changes = np.concatenate(([True], lines[1:] != lines[:-1]))  # sorted: each line once
    texts = pl.Series("line", [unpack_number(int(key)) for key in lines[changes]], dtype=pl.String)
    known = numbers >= 0
    billed = pl.Series("billed", calls[BILLED])
    return pl.DataFrame(
        {
            "line": texts.gather(np.cumsum(changes) - 1),
            "number": np.where(known, numbers >> 4, UNKNOWN),
            "digits": np.where(known, numbers & 15, 0).astype(np.int8),
            "started": calls[STARTED],
            "seconds": calls[SECONDS],
            "billed": billed.set(billed == NO_CHARGE, None) if bool((calls[BILLED] == NO_CHARGE).any()) else billed,
            "row": calls[ROW],
        }
    )


def one_batch(line: str, number: str, started: int, seconds: int) -> pa.RecordBatch:
    """A batch of one call."""
    import pyarrow as pa

    key, digits = number_key(number)
    columns = {"line": line, "number": key, "digits": digits, "started": started, "seconds": seconds}
    return pa.RecordBatch.from_pydict({name: [value] for name, value in columns.items()})


def document_of(file: Path) -> str:
    """The SHA-256 of the document whose calls a file holds: several files may hold one document's."""
    return file.stem.partition("-")[0]


def scan_calls(files: Sequence[Path], lines: Iterable[str] | None, start: int, end: int) -> pl.LazyFrame:
    """The calls of `lines` (None: all) that began in [start, end) (UTC seconds) as they lie in `files`, with their
    `document`.

    There is at least one file. A call that several documents hold is there several times: `drop_copies`.
    """
    import polars as pl

    wanted = (pl.col("started") >= start) & (pl.col("started") < end)
    if lines is not None:
        named = sorted(set(lines))
        # bounds let whole row groups be left out
        wanted &= pl.col("line").is_between(pl.lit(named[0]), pl.lit(named[-1]))
        if len(named) > 1:
            wanted &= pl.col("line").is_in(named)
    return pl.concat(
        pl.scan_parquet(file).filter(wanted).with_columns(pl.lit(document_of(file)).alias("document")) for file in files
    )


def drop_copies(calls: pl.LazyFrame) -> pl.LazyFrame:
    """`calls` with what several documents hold alike (records exported twice, or files that overlap) only once: as
    often as the document that has the most of them says. Sorted by line, started, row and document."""
    import polars as pl

    copy = pl.int_range(pl.len()).over(*_ALIKE, "document").alias("copy")
    ordered = calls.sort(*ORDER, "document").with_columns(copy)
    return ordered.unique([*_ALIKE, "copy"], keep="first", maintain_order=True).drop("copy")


def overlap(files: Sequence[Path]) -> bool:
    """Whether `files` may hold a call twice: where documents share a month of the store."""
    documents = {(file.parent.name, document_of(file)) for file in files}
    return len(documents) > len({month for month, _ in documents})


def read_batches(
    files: Sequence[Path],
    lines: Iterable[str] | None,
    start: int,
    end: int,
    *,
    by_time: bool = False,
    most: int = BATCH_ROWS,
) -> Iterator[pa.RecordBatch]:
    """The calls of `lines` (None: all) that began in [start, end), each once, in batches of about `most` calls.

    They are sorted by line and start, and a line is whole in one batch, however many calls it has; or, `by_time`, by
    start alone, and a day is whole. No more than one batch is in memory. `document` says where each call is from.
    """
    import polars as pl

    if not files:
        return
    named = None if lines is None else sorted(set(lines))
    if named == []:
        return
    unit = (pl.col("started") - start) // _DAY if by_time else pl.col("line")
    sizes = scan_calls(files, named, start, end).group_by(unit.alias("unit")).len().sort("unit")
    order = ["started", "line", "row", "document"] if by_time else [*ORDER, "document"]
    copies = overlap(files)
    for units in _pack(sizes.collect(engine="streaming").iter_rows(), most):
        if by_time:
            first, last = start + units[0] * _DAY, min(end, start + (units[-1] + 1) * _DAY)
            calls = scan_calls(files, named, first, last)
        else:
            calls = scan_calls(files, units, start, end)
        each = drop_copies(calls) if copies else calls
        table = each.sort(order).with_columns(pl.col("document").cast(pl.Categorical)).collect()
        yield table.to_arrow(compat_level=pl.CompatLevel.oldest()).combine_chunks().to_batches()[0]


def _pack(sizes: Iterable[tuple[Any, int]], most: int) -> Iterator[list[Any]]:
    """Neighbouring units together while they have at most `most` rows, a larger one by itself."""
    packed: list[Any] = []
    rows = 0
    for unit, size in sizes:
        if packed and rows + size > most:
            yield packed
            packed, rows = [], 0
        packed.append(unit)
        rows += size
    if packed:
        yield packed


def durations_by_number(
    files: Sequence[Path], numbers: Iterable[str], start: int, end: int
) -> dict[str, tuple[tuple[int, int], ...]]:
    """How many calls of each number that began in [start, end) lasted how many seconds, ascending; each call once.

    A number without a call has none.
    """
    import polars as pl

    found: dict[str, list[tuple[int, int]]] = {number: [] for number in numbers}
    if files and found:
        calls = scan_calls(files, found, start, end)
        if overlap(files):
            each = calls.group_by(*_ALIKE, "document").len().group_by(*_ALIKE).agg(pl.col("len").max())
            counted = each.group_by("line", "seconds").agg(pl.col("len").sum())
        else:
            counted = calls.group_by("line", "seconds").len()
        for line, seconds, number in counted.sort("line", "seconds").collect(engine="streaming").iter_rows():
            found[line].append((int(seconds), int(number)))
    return {number: tuple(durations) for number, durations in found.items()}


def longest_silence(files: Sequence[Path], start: int, end: int) -> int:
    """The most days in a row of [start, end) on which none of the files has a call, of any number.

    Days are of 24 hours from `start`; where a clock was changed, the last one is an hour longer or shorter.
    """
    import polars as pl

    days = max(1, (end - start + _DAY // 2) // _DAY)
    if not files:
        return days
    started = pl.col("started")
    seen = (
        pl.scan_parquet(list(files))
        .filter(started >= start, started < end)
        .select(((started - start) // _DAY).clip(upper_bound=days - 1).unique())
        .collect(engine="streaming")
        .to_series()
        .to_list()
    )
    marks = [-1, *sorted(seen), days]
    return max(int(later) - int(earlier) - 1 for earlier, later in pairwise(marks))


def holds_calls(file: Path, start: int, end: int) -> bool:
    """Whether any call of a file, of any number, began in [start, end)."""
    import polars as pl

    started = pl.col("started")
    found = pl.scan_parquet(file).filter(started >= start, started < end).select("started").head(1).collect()
    return found.height > 0
