"""Traffic samples out of the Parquet store: the bins of circuits in a period.

A bin is known by its place in the period, 1 to N; a sample belongs to the bin whose end lies nearest to its own, since
pollers are some seconds late. Samples of one bin, in one file or several, count once: the larger octets of each
direction.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from app.domain.evidence import PortBins
from app.domain.identifiers import circuit_key
from app.domain.period import Period
from app.rating.percentile import (
    expected_bins,
)
from app.usage.store import months_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import duckdb

BIN_SECONDS = 300
MEMORY_LIMIT = "512MB"  # of DuckDB; beyond it, it goes to disk
THREADS = 2
ANY_DAYS = Period(date.min, date.max)  # the percentile asks for moments alone


@dataclass(frozen=True, slots=True)
class PortTraffic:
    """A circuit's bins in [start, end). `conflicts` counts bins whose samples differ, `crowded` those with samples of
    several moments: many of them come of a poller that is quicker than the bins."""

    port: PortBins
    conflicts: int = 0
    crowded: int = 0


def months_of_bins(bounds: tuple[int, int], bin_seconds: int = BIN_SECONDS) -> tuple[date, ...]:
    """The months (UTC) under which the store keeps the samples of a period's bins: those in which one ends."""
    first, beyond = bin_ends(bounds, bin_seconds)
    days = [datetime.fromtimestamp(moment, UTC).date() for moment in (first, beyond - 1)]
    return months_of(Period(days[0], days[1] + timedelta(days=1)))


def read_ports(
    paths: Sequence[Path], circuit_keys: Iterable[str], bounds: tuple[int, int], bin_seconds: int = BIN_SECONDS
) -> dict[str, PortTraffic]:
    """The bins of circuits (normalised ids) in the period [start, end) of UTC seconds; one without samples is left
    out. A circuit that the files write in several ways is one."""
    wanted = set(circuit_keys)
    if not paths or not wanted:
        return {}
    with connect() as database:
        written = [name for name in _names(database, paths) if circuit_key(name) in wanted]
        return read_bins(database, paths, written, bounds, bin_seconds)


def read_bins(
    database: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    names: Sequence[str],
    bounds: tuple[int, int],
    bin_seconds: int,
) -> dict[str, PortTraffic]:
    """The bins of circuits, given as the files write them, by normalised id."""
    query = f"""
        SELECT key, {bounds[0]} + place * {bin_seconds}, max(octets_in), max(octets_out),
            max(octets_in) > min(octets_in) OR max(octets_out) > min(octets_out), max(ended) > min(ended)
        FROM (
            SELECT $keys[list_position($names, circuit_id)] AS key, {_place(bounds, bin_seconds)} AS place, *
            FROM read_parquet($files) WHERE list_contains($names, circuit_id) AND {_within(bounds, bin_seconds)}
        ) GROUP BY key, place ORDER BY key, place
    """  # noqa: S608  # only numbers of this module
    if not names:
        return {}
    terms = {"files": _texts(paths), "names": list(names), "keys": [circuit_key(name) for name in names]}
    bins: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    conflicts: dict[str, int] = defaultdict(int)
    crowded: dict[str, int] = defaultdict(int)
    for key, ended, octets_in, octets_out, differ, several in database.execute(query, terms).fetchall():
        bins[key].append((ended, octets_in, octets_out))
        conflicts[key] += differ
        crowded[key] += several
    return {key: PortTraffic(PortBins(key, tuple(bins[key])), conflicts[key], crowded[key]) for key in bins}


def _names(database: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> list[str]:
    query = "SELECT DISTINCT circuit_id FROM read_parquet($files) ORDER BY circuit_id"
    return [name for (name,) in database.execute(query, {"files": _texts(paths)}).fetchall()]


def _place(bounds: tuple[int, int], bin_seconds: int) -> str:
    """SQL for a sample's place: that of the bin end nearest to its own."""
    return f"(ended - {bounds[0] - bin_seconds // 2}) // {bin_seconds}"


def _within(bounds: tuple[int, int], bin_seconds: int) -> str:
    """SQL for samples with a place in the period."""
    first, beyond = bin_ends(bounds, bin_seconds)
    return f"ended >= {first} AND ended < {beyond}"


def bin_ends(bounds: tuple[int, int], bin_seconds: int) -> tuple[int, int]:
    """From when up to when samples end that have a place in the period."""
    half, bins = bin_seconds // 2, expected_bins(*bounds, bin_seconds)
    return bounds[0] + bin_seconds - half, bounds[0] + bin_seconds * (bins + 1) - half


def _texts(paths: Sequence[Path]) -> list[str]:
    return [str(path) for path in paths]


@contextmanager
def connect() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of its own that keeps to its memory and threads, and spills where the system keeps passing files."""
    import duckdb

    with (
        tempfile.TemporaryDirectory(prefix="tollbook-") as folder,
        duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "threads": THREADS, "temp_directory": folder}) as database,
    ):
        yield database
