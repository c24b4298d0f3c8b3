"""Rating the calls of many Parquet files: bounded memory, sums, rated rows on disk where wanted, and going on where an
interrupted run stopped."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.rating.voice.accumulate import accumulate
from app.rating.voice.cumulative import Counters
from app.rating.voice.deck_cache import as_text
from app.rating.voice.kernel import rate_batch
from app.rating.voice.stream import do_ahead
from app.rating.voice.totals import Key, Sums, Totals, add_up, total_batch

if TYPE_CHECKING:
    import pyarrow as pa

    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.terms import VoiceTerms

CHUNK = 250_000
WORKERS = 2
_NEEDED = ("line", "number", "digits", "started", "seconds", "billed", "payphone")
_DONE = ".done"
_LEVEL = 1


@dataclass(frozen=True, slots=True)
class Rerated:
    """What a run found: sums by the keys that it was asked for, how many files it rated and how many an earlier run
    had rated already, and where bundles and tiers stand at the end."""

    totals: Totals
    rated: int
    kept: int
    counters: Counters


def rate_files(
    paths: Sequence[Path],
    deck: CompiledDeck,
    terms: VoiceTerms,
    by: tuple[Key, ...] = (),
    write_to: Path | None = None,
    resume: bool = True,
) -> Rerated:
    """Rate the calls of `paths` (store schema) and add them up.

    With `write_to` each file's rated rows are written there (zstd Parquet, one row per call in the file's order), with
    a `.done` beside them that holds their SHA-256 and sums; with `resume` a file whose `.done` fits the deck, the terms
    and the part is not rated again. Under bundles or tiers the files of one folder are a period, the folders being in
    order: a period is held in memory as a whole, since it is used up in order of time.
    """
    if terms.bundle is not None or terms.tiers is not None:
        return _rate_periods(paths, deck, terms, by, write_to)
    if write_to is not None:
        write_to.mkdir(parents=True, exist_ok=True)
    mark = _fingerprint(deck, terms, by)

    def rate_one(path: Path) -> tuple[Totals, bool]:
        part = None if write_to is None else write_to / f"{path.parent.name}-{path.stem}.parquet"
        known = _read_done(part, path, mark) if part is not None and resume else None
        if known is not None:
            return known, False
        batches = ((calls, rate_batch(calls, deck, terms)) for calls in read_calls(path, by, deck))
        if part is None:
            return add_up(total_batch(calls, rated, deck, terms, by) for calls, rated in batches), True
        return _write_part(batches, path, part, mark, deck, terms, by), True

    found = list(do_ahead(paths, rate_one, WORKERS))
    rated = sum(1 for _, fresh in found if fresh)
    return Rerated(add_up(totals for totals, _ in found), rated, len(found) - rated, Counters())


def read_calls(path: Path | pa.NativeFile, by: tuple[Key, ...], deck: CompiledDeck) -> Iterator[pa.RecordBatch]:
    """The calls of a file in batches of at most CHUNK rows; lines only where they are needed."""
    import pyarrow.parquet as pq

    lines = deck.places is not None or Key.LINE in by
    with pq.ParquetFile(path, read_dictionary=["line"] if lines else None, memory_map=True) as file:
        wanted = [name for name in file.schema_arrow.names if name in _NEEDED and (lines or name != "line")]
        yield from file.iter_batches(batch_size=CHUNK, columns=wanted, use_threads=False)


def _rate_periods(
    paths: Sequence[Path], deck: CompiledDeck, terms: VoiceTerms, by: tuple[Key, ...], write_to: Path | None
) -> Rerated:
    """Rate period by period, each in one batch, the counters handed on as the terms say."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folders: dict[Path, list[Path]] = {}
    for path in paths:
        folders.setdefault(path.parent, []).append(path)
    counters, parts = Counters(), []
    for place, files in enumerate(folders.values()):
        counters = counters.turn(terms) if place else counters
        tables = [pq.read_table(path, partitioning=None) for path in files]
        calls = pa.concat_tables(
            [table.select([name for name in table.schema.names if name in _NEEDED]) for table in tables]
        ).combine_chunks()
        batch = calls.to_batches()[0] if calls.num_rows else pa.RecordBatch.from_pylist([], schema=calls.schema)
        rated, counters = accumulate(batch, rate_batch(batch, deck, terms), deck, terms, counters)
        parts.append(total_batch(batch, rated, deck, terms, by))
        if write_to is not None:
            write_to.mkdir(parents=True, exist_ok=True)
            start = 0
            for path, table in zip(files, tables, strict=True):
                target = write_to / f"{path.parent.name}-{path.stem}.parquet"
                part = pa.Table.from_batches([rated.slice(start, table.num_rows)])
                pq.write_table(part, target, compression="zstd", compression_level=_LEVEL)
                start += table.num_rows
    return Rerated(add_up(parts), len(paths), 0, counters)


def _write_part(
    batches: Iterator[tuple[pa.RecordBatch, pa.RecordBatch]],
    source: Path,
    part: Path,
    mark: str,
    deck: CompiledDeck,
    terms: VoiceTerms,
    by: tuple[Key, ...],
) -> Totals:
    """Write a file's rated rows, and when they are whole its `.done`."""
    import pyarrow.parquet as pq

    partial = part.with_suffix(f".{os.getpid()}-{threading.get_ident()}.partial")
    sums: list[Totals] = []
    writer: pq.ParquetWriter | None = None
    try:
        for calls, rated in batches:
            kept = rated.drop_columns(["price", "exact"] if "expected" in rated.schema.names else ["price"])
            if writer is None:
                writer = pq.ParquetWriter(partial, kept.schema, **_HOW)
            writer.write_batch(kept)
            sums.append(total_batch(calls, rated, deck, terms, by))
    finally:
        if writer is not None:
            writer.close()
    totals = add_up(sums)
    if writer is None:
        return totals
    partial.replace(part)
    done = {"mark": mark, "source": _identity(source), "sha256": _sha_of(part), "totals": _as_text(totals)}
    part.with_suffix(_DONE).write_text(json.dumps(done), encoding="utf-8")
    return totals


# a file of rated rows is read whole and thrown away: statistics and dictionaries would cost more than they save
_HOW = {"compression": "zstd", "compression_level": _LEVEL, "use_dictionary": ["zone"], "write_statistics": False}


def _read_done(part: Path, source: Path, mark: str) -> Totals | None:
    """The sums of a part that an earlier run finished, if it is for this very deck, terms and file, and whole."""
    try:
        done = json.loads(part.with_suffix(_DONE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if done.get("mark") != mark or done.get("source") != _identity(source) or not part.exists():
        return None
    return _as_totals(done["totals"]) if done.get("sha256") == _sha_of(part) else None


def _fingerprint(deck: CompiledDeck, terms: VoiceTerms, by: tuple[Key, ...]) -> str:
    return hashlib.sha256(f"{deck.fingerprint} {as_text(terms)} {by!r}".encode()).hexdigest()


def _identity(source: Path) -> list[object]:
    found = source.stat()
    return [source.name, found.st_size, found.st_mtime_ns]


def _sha_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _as_text(totals: Totals) -> list[list[object]]:
    """Sums as JSON: numbers as text, since some readers know no integers beyond 53 bits."""
    return [
        [[["date", part.isoformat()] if isinstance(part, date) else ["text", part] for part in group],
         [str(number) for number in astuple(sums)]]
        for group, sums in totals.items()
    ]  # fmt: skip


def _as_totals(written: list[list[list[list[str]]]]) -> Totals:
    return {
        tuple(date.fromisoformat(text) if kind == "date" else text for kind, text in group): Sums(
            *(int(str(number)) for number in numbers)
        )
        for group, numbers in written
    }
