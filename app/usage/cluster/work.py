"""What one task does: rate some files of calls, or an account's periods, and add them up. Knows nothing of Spark."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from app.rating.voice.accumulate import accumulate
from app.rating.voice.cumulative import Counters
from app.rating.voice.deck_cache import as_text
from app.rating.voice.kernel import rate_batch
from app.rating.voice.totals import Group, Key, Sums, Totals, add_up, total_batch
from app.usage.cluster.storage import CallFile, join, open_calls, put_whole, read_whole
from app.usage.rerate import read_calls

if TYPE_CHECKING:
    import pyarrow as pa

    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.terms import VoiceTerms

TASK_BYTES = 12_000_000  # a task is about a full file of the store: seconds, so that what is lost is little
_DONE = ".done"
# a file of rated rows is read whole and thrown away: statistics and dictionaries would cost more than they save
_HOW = {"compression": "zstd", "compression_level": 1, "use_dictionary": ["zone"], "write_statistics": False}
Job = tuple[CallFile, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """What every task is told: the sums' keys, where rated rows go, whether finished ones are kept, and the mark of
    deck, terms and keys that they are finished for."""

    by: tuple[Key, ...] = ()
    write_to: str | None = None
    resume: bool = True
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """What a task found: sums, how many files it rated and how many it found rated, and at the end of the last period
    of each account where bundles and tiers stand."""

    totals: Totals
    rated: int = 0
    kept: int = 0
    counters: Mapping[str, Counters] = field(default_factory=dict)


def is_cumulative(terms: VoiceTerms) -> bool:
    """Whether a call's cost depends on the calls before it."""
    return terms.bundle is not None or terms.tiers is not None


def mark_of(deck: CompiledDeck, terms: VoiceTerms, by: tuple[Key, ...], packed: str) -> str:
    """What finished parts are finished for; `packed`, the packed deck's hash, stands for one without a fingerprint."""
    return hashlib.sha256(f"{deck.fingerprint or packed} {as_text(terms)} {by!r}".encode()).hexdigest()


def share_out(files: Sequence[CallFile], cumulative: bool) -> list[Job]:
    """Files put together for a task: TASK_BYTES of them, or, where it is used up in order, all of an account."""
    jobs: list[list[CallFile]] = []
    size, last = 0, ""
    for file in files:
        account = account_of(file)
        fits = account == last if cumulative else size + file.size <= TASK_BYTES
        if jobs and fits:
            jobs[-1].append(file)
            size += file.size
        else:
            jobs.append([file])
            size, last = file.size, account
    return [tuple(job) for job in jobs]


def account_of(file: CallFile) -> str:
    """The folder of a file's account: that above the month's."""
    return PurePosixPath(file.part).parent.parent.as_posix()


def do(job: Job, deck: CompiledDeck, terms: VoiceTerms, order: Order) -> Worked:
    """Rate the files of a job. Raises UserError for calls that cannot be counted with."""
    if is_cumulative(terms):
        return _rate_account(job, deck, terms, order)
    done = [_rate_file(file, deck, terms, order) for file in job]
    fresh = sum(1 for _, rated in done if rated)
    return Worked(add_up(totals for totals, _ in done), fresh, len(done) - fresh)


def _rate_file(file: CallFile, deck: CompiledDeck, terms: VoiceTerms, order: Order) -> tuple[Totals, bool]:
    if order.write_to is None:
        return add_up(total_batch(*pair, deck, terms, order.by) for pair in _rate(file, deck, terms, order)), True
    known = _read_done(file, order) if order.resume else None
    if known is not None:
        return known, False
    sums: list[Totals] = []

    def rated() -> Iterator[pa.RecordBatch]:
        for pair in _rate(file, deck, terms, order):
            sums.append(total_batch(*pair, deck, terms, order.by))
            yield pair[1]

    sha256 = _write_part(rated(), join(order.write_to, file.part))
    totals = add_up(sums)
    if sha256:
        _write_done(file, order, sha256, totals)
    return totals, True


def _rate(
    file: CallFile, deck: CompiledDeck, terms: VoiceTerms, order: Order
) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    with open_calls(file) as source:
        for calls in read_calls(source, order.by, deck):
            yield calls, rate_batch(calls, deck, terms)


def _rate_account(job: Job, deck: CompiledDeck, terms: VoiceTerms, order: Order) -> Worked:
    """An account's periods in order, each in one batch, since it is used up in order of time."""
    import pyarrow as pa

    periods: dict[str, list[CallFile]] = {}
    for file in job:
        periods.setdefault(PurePosixPath(file.part).parent.as_posix(), []).append(file)
    by = (*order.by, Key.LINE)  # bundles and tiers are kept by line
    counters, parts = Counters(), []
    for place, files in enumerate(periods.values()):
        counters = counters.turn(terms) if place else counters
        read = []
        for file in files:
            with open_calls(file) as source:
                read.append([_plain(batch) for batch in read_calls(source, by, deck)])
        found = [batch for batches in read for batch in batches]
        if not found:
            continue
        calls = pa.Table.from_batches(found).combine_chunks().to_batches()[0]
        rated, counters = accumulate(calls, rate_batch(calls, deck, terms), deck, terms, counters)
        parts.append(total_batch(calls, rated, deck, terms, order.by))
        start = 0
        for file, batches in zip(files, read, strict=True):
            rows = sum(batch.num_rows for batch in batches)
            if order.write_to is not None and rows:
                _write_part(iter([rated.slice(start, rows)]), join(order.write_to, file.part))
            start += rows
    return Worked(add_up(parts), len(job), 0, {account_of(job[0]): counters})


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """With the lines as text: dictionaries of several files do not go into one batch."""
    import pyarrow as pa

    place = batch.schema.get_field_index("line")
    return batch.set_column(place, "line", batch.column(place).cast(pa.string()))


def _write_part(batches: Iterator[pa.RecordBatch], address: str) -> str:
    """Write rated rows, and return their SHA-256; nothing is written, and "" returned, for no rows."""
    import pyarrow.parquet as pq

    first = next(batches, None)
    if first is None:
        return ""
    left_out = [name for name in ("price", "exact") if name == "price" or "expected" in first.schema.names]
    with put_whole(address) as file:
        with pq.ParquetWriter(file, first.drop_columns(left_out).schema, **_HOW) as writer:
            writer.write_batch(first.drop_columns(left_out))
            for batch in batches:
                writer.write_batch(batch.drop_columns(left_out))
        return file.hexdigest()


def _write_done(file: CallFile, order: Order, sha256: str, totals: Totals) -> None:
    """Say beside a part that it is whole, with its SHA-256 and its sums."""
    done = {"mark": order.mark, "source": [file.size, file.modified], "sha256": sha256, "totals": to_rows(totals)}
    with put_whole(_done_of(file, order)) as target:
        target.write(json.dumps(done).encode())


def _read_done(file: CallFile, order: Order) -> Totals | None:
    """The sums of a part that an earlier run finished, if it is for this deck, terms and file, and whole."""
    written = read_whole(_done_of(file, order))
    try:
        done = json.loads(written or b"{}")
    except ValueError:
        return None
    if done.get("mark") != order.mark or done.get("source") != [file.size, file.modified]:
        return None
    part = read_whole(join(order.write_to or "", file.part))
    if part is None or hashlib.sha256(part).hexdigest() != done.get("sha256"):
        return None
    return from_rows(done["totals"], order.by)


def _done_of(file: CallFile, order: Order) -> str:
    return join(order.write_to or "", file.part.removesuffix(".parquet") + _DONE)


def to_rows(totals: Totals) -> list[list[str]]:
    """Sums as text, the keys first: numbers too, since some readers of JSON know no integers beyond 53 bits."""
    return [
        [*(part.isoformat() if isinstance(part, date) else part for part in group), *map(str, astuple(sums))]
        for group, sums in totals.items()
    ]


def from_rows(rows: Sequence[Sequence[str]], by: tuple[Key, ...]) -> Totals:
    """The opposite of `to_rows`."""
    return {group_of(row[: len(by)], by): Sums(*map(int, row[len(by) :])) for row in rows}


def group_of(parts: Sequence[str], by: tuple[Key, ...]) -> Group:
    """The keys of a sum from text."""
    return tuple(date.fromisoformat(part) if key is Key.DAY else part for key, part in zip(by, parts, strict=True))
