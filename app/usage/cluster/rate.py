"""Calls of many files rated on a Spark cluster: the embedded engine's kernel in `mapInArrow`, the same sums.

What is mapped is the list of files: a worker reads its files itself, as the embedded engine does. Calls never pass
through the JVM, nor, under bundles and tiers, through a shuffle; only sums do.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pyspark import SparkFiles
from pyspark.sql import functions

from app.errors import UserError
from app.rating.voice.cumulative import Counters
from app.rating.voice.totals import Key, Sums, Totals
from app.usage.cluster.shipping import pack_deck, unpack_deck
from app.usage.cluster.storage import find_calls
from app.usage.cluster.work import Job, Order, Worked, do, group_of, is_cumulative, mark_of, share_out, to_rows

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark import Broadcast
    from pyspark.sql import Row, SparkSession

    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.terms import VoiceTerms

SUMS = ("calls", "seconds", "exact", "expected", "billed", "differing", "unpriced")
FILES = ("rated", "kept")
WIDE = "decimal(38,0)"  # a sum of 10^18 calls' 64-bit costs is below 10^38; beyond that Spark fails instead of wrapping


class CallsRefused(UserError):
    """Nothing was added up, since calls in {files} could not be rated. {why}"""


@dataclass(frozen=True, slots=True)
class RatedOnCluster:
    """What a run found: sums by the keys that it was asked for, how many files it rated and how many an earlier run
    had rated already, and by account (its folder) where bundles and tiers stand at the end."""

    totals: Totals
    rated: int
    kept: int
    counters: Mapping[str, Counters] = field(default_factory=dict)


def rate_on_cluster(
    spark: SparkSession,
    calls: Sequence[str],
    deck: CompiledDeck,
    terms: VoiceTerms,
    by: tuple[Key, ...] = (),
    write_to: str | None = None,
    resume: bool = True,
    months: Sequence[str] = (),
) -> RatedOnCluster:
    """Rate the calls at `calls` (files of the store's schema, or folders of them; paths or URIs that every worker can
    open), of `months` (yyyy-mm) or of all, and add them up: `rerate.rate_files` on many machines.

    With `write_to` each file's rated rows go there under the same account and month, with a `.done` beside them that
    holds their SHA-256 and sums; with `resume` what is done for this deck and these terms is not rated again. Under
    bundles or tiers an account is one task, its months in order, and is always rated anew. Raises NoCalls, GivenTwice
    and CallsRefused.
    """
    jobs = share_out(find_calls(calls, months), is_cumulative(terms))
    packed = pack_deck(deck, terms, Path(SparkFiles.getRootDirectory()))
    spark.sparkContext.addFile(str(packed))
    order = Order(by, write_to, resume, mark_of(deck, terms, by, packed.stem))
    sent = spark.sparkContext.broadcast(jobs)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # about pandas, which is not used here
            mapped = spark.range(0, len(jobs), 1, len(jobs)).mapInArrow(
                partial(run_jobs, sent, packed.name, order), schema_of(by)
            )
        groups = mapped.groupBy(*(key.value for key in by), "counters", "fault")
        rows = groups.agg(*(functions.sum(name).alias(name) for name in (*SUMS, *FILES))).collect()
    finally:
        sent.unpersist()
    return read_result(rows, by)


def schema_of(by: tuple[Key, ...]) -> str:
    """The columns of what a task gives back."""
    keys = [f"{key.value} string" for key in by]
    wide = [f"{name} {WIDE}" for name in SUMS]
    return ", ".join([*keys, "counters string", "fault string", *wide, *(f"{name} long" for name in FILES)])


def run_jobs(
    sent: Broadcast[list[Job]], packed: str, order: Order, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """On a worker: do the jobs whose places are in `batches`; a few rows of sums for each."""
    deck, terms = unpack_deck(SparkFiles.get(packed))
    for batch in batches:
        for place in batch.column(0).to_pylist():
            job = sent.value[place]
            try:
                yield write_result(do(job, deck, terms, order), order.by)
            except UserError as fault:  # what the user is to be told, not a reason to try again
                why = json.dumps({"files": f"{job[0].part} and {len(job) - 1} more", "why": fault.message})
                yield write_result(Worked({}), order.by, why)


def write_result(worked: Worked, by: tuple[Key, ...], fault: str | None = None) -> pa.RecordBatch:
    """A job's sums as rows, and one row more of what is said of the job as a whole."""
    import pyarrow as pa

    whole = {
        account: {"left": dict(counters.left), "counted": dict(counters.counted)}
        for account, counters in worked.counters.items()
    }
    counters = json.dumps(whole) if whole else None
    rows = to_rows(worked.totals)
    width = len(by)
    columns: dict[str, pa.Array] = {
        key.value: pa.array([*(row[place] for row in rows), None], pa.string()) for place, key in enumerate(by)
    }
    columns["counters"] = pa.array([*(None for _ in rows), counters], pa.string())
    columns["fault"] = pa.array([*(None for _ in rows), fault], pa.string())
    for place, name in enumerate(SUMS):
        numbers = [*(Decimal(row[width + place]) for row in rows), Decimal(0)]
        columns[name] = pa.array(numbers, pa.decimal128(38, 0))
    for name, count in zip(FILES, (worked.rated, worked.kept), strict=True):
        columns[name] = pa.array([*(0 for _ in rows), count], pa.int64())
    return pa.RecordBatch.from_pydict(columns)


def read_result(rows: Sequence[Row], by: tuple[Key, ...]) -> RatedOnCluster:
    """The summed rows as Python's own integers. Raises CallsRefused where a job had a fault."""
    totals: Totals = {}
    counters: dict[str, Counters] = {}
    for row in rows:
        if row["fault"] is not None:
            raise CallsRefused(**json.loads(row["fault"]))
        for account, stands in json.loads(row["counters"] or "{}").items():
            counters[account] = Counters(**stands)
        if row["calls"]:
            totals[group_of([row[key.value] for key in by], by)] = Sums(*(int(row[name]) for name in SUMS))
    return RatedOnCluster(totals, sum(row["rated"] for row in rows), sum(row["kept"] for row in rows), counters)
