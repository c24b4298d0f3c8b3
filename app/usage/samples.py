"""Traffic samples out of the Parquet store: one circuit's bins for a proof, and every circuit's percentile out of core.

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
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from app.domain.evidence import PortBins, TrafficFacts
from app.domain.identifiers import circuit_key
from app.domain.period import Period
from app.errors import BugError
from app.rating.percentile import (
    Direction,
    MissingBins,
    PercentilePolicy,
    expected_bins,
    find_percentile,
    position_of,
)
from app.usage.store import months_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import duckdb

BIN_SECONDS = 300
MEMORY_LIMIT = "512MB"  # of DuckDB; beyond it, it goes to disk
THREADS = 2
_AT_ONCE = 20  # circuits whose bins are in memory together
_ANY_DAYS = Period(date.min, date.max)  # the percentile asks for moments alone
_OCTETS = {  # a percentile of each; of several the larger
    Direction.IN: ("octets_in",),
    Direction.OUT: ("octets_out",),
    Direction.LARGER: ("octets_in", "octets_out"),
    Direction.LARGER_PER_BIN: ("greatest(octets_in, octets_out)",),
    Direction.SUM: ("octets_in::HUGEINT + octets_out",),
}


@dataclass(frozen=True, slots=True)
class PortTraffic:
    """A circuit's bins in [start, end). `conflicts` counts bins whose samples differ, `crowded` those with samples of
    several moments: many of them come of a poller that is quicker than the bins."""

    port: PortBins
    conflicts: int = 0
    crowded: int = 0


@dataclass(frozen=True, slots=True)
class CircuitPercentile:
    """A circuit's percentile in the period that begins at `start`: `octets` of the bin in position `position` of the
    `counted` ones; `seen` of `expected` bins had samples, `conflicts` of them samples that differ."""

    circuit_key: str
    start: int
    expected: int
    seen: int
    counted: int
    position: int
    octets: int
    conflicts: int = 0


def months_of_bins(bounds: tuple[int, int], bin_seconds: int = BIN_SECONDS) -> tuple[date, ...]:
    """The months (UTC) under which the store keeps the samples of a period's bins: those in which one ends."""
    first, beyond = _ends(bounds, bin_seconds)
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
    with _connect() as database:
        written = [name for name in _names(database, paths) if circuit_key(name) in wanted]
        return _read(database, paths, written, bounds, bin_seconds)


def percentiles_by_circuit(
    paths: Sequence[Path],
    periods: Sequence[tuple[int, int]],
    policy: PercentilePolicy,
    bin_seconds: int = BIN_SECONDS,
) -> list[CircuitPercentile]:
    """Every circuit's percentile in each period [start, end), by period and normalised id: what `find_percentile` gives
    for each, out of core and in one pass over the files.

    Position k of the ascending bins is position N − k + 1 of the descending ones, so DuckDB keeps the highest bins
    alone: positions are whole numbers, and bins that count as 0 change none of them. Circuits whose bins have to be
    held or made one of several are put in order by `find_percentile` itself, some at a time.

    The periods ascend, do not overlap, and begin on one grid of bins; else BugError is raised.
    """
    _check(periods, bin_seconds)
    if not paths or not periods:
        return []
    expected = [expected_bins(*bounds, bin_seconds) for bounds in periods]
    with _connect() as database:
        rows = database.execute(_write_query(periods, expected, policy, bin_seconds), {"files": _texts(paths)})
        names: dict[tuple[int, str], list[tuple[str, int, int, int]]] = defaultdict(list)
        for period, name, *found in rows.fetchall():
            names[period, circuit_key(name)].append((name, *found))
        results, odd = [], []
        for (period, key), named in names.items():
            ((name, samples, seen, octets), *others), every = named, expected[period]
            held = policy.missing is MissingBins.HOLD and seen < every
            if samples != seen or held or others:
                odd.append((period, [name, *(other[0] for other in others)]))
                continue
            bins = seen if policy.missing is MissingBins.DROP else every
            position = position_of(bins, policy.percent)
            results.append(CircuitPercentile(key, periods[period][0], every, seen, bins, position, octets))
        for period, of_period in groupby(sorted(odd), key=itemgetter(0)):
            for some in _batched([spellings for _, spellings in of_period]):
                written = [name for spellings in some for name in spellings]
                for key, traffic in _read(database, paths, written, periods[period], bin_seconds).items():
                    results.append(_find(key, traffic, periods[period], policy, bin_seconds))
    return sorted(results, key=lambda result: (result.start, result.circuit_key))


def _write_query(
    periods: Sequence[tuple[int, int]], expected: Sequence[int], policy: PercentilePolicy, bin_seconds: int
) -> str:
    """SQL for the period's number, the circuit, its samples, the bins that they are of, the octets in position k."""
    most, percent = max(expected), policy.percent
    counted = "seen" if policy.missing is MissingBins.DROP else f"{list(expected)}[period + 1]"
    highest = most - position_of(most, percent) + 1
    tops = ", ".join(f"max({octets}, {highest})" for octets in _OCTETS[policy.direction])
    whole = (periods[0][0], periods[-1][1])
    # places of one period, modulo the most that a period has, are all different: a short string of bits will do
    place = f"({_place(whole, bin_seconds)}) % {most}"
    cuts: list[tuple[int, int]] = []  # each stretch's number, -1 between the periods, and the moment it ends before
    for number, (first, beyond) in enumerate(_ends(bounds, bin_seconds) for bounds in periods):
        if not cuts or first > cuts[-1][1]:
            cuts.append((-1, first))
        cuts.append((number, beyond))
    return f"""
        SELECT period, circuit_id, samples, seen,
            list_max([coalesce(top[{counted} - ({counted} * {percent} + 99) // 100 + 1], 0) FOR top IN tops])
        FROM (
            SELECT {_choose(cuts)} AS period, circuit_id, count(*) AS samples,
                bit_count(bitstring_agg({place}, 0, {most - 1})) AS seen, [{tops}] AS tops
            FROM read_parquet($files) WHERE {_within(whole, bin_seconds)} GROUP BY ALL
        ) WHERE period >= 0
    """  # noqa: S608  # only numbers and names of this module


def _choose(cuts: Sequence[tuple[int, int]]) -> str:
    """SQL for the number of the stretch that a sample ends in, of stretches each known by the moment that it ends
    before: a tree of comparisons, since a row of them would cost more than the reading."""
    if len(cuts) == 1:
        return f"{cuts[0][0]}::SMALLINT"
    middle = len(cuts) // 2
    return f"CASE WHEN ended < {cuts[middle - 1][1]} THEN {_choose(cuts[:middle])} ELSE {_choose(cuts[middle:])} END"


def _check(periods: Sequence[tuple[int, int]], bin_seconds: int) -> None:
    for (start, end), (following, _) in pairwise([*periods, (periods[-1][1], 0)] if periods else []):
        if end - start < bin_seconds or following < end or (start - periods[0][0]) % bin_seconds:
            raise BugError("periods ascend, are longer than a bin, and begin on one grid of bins")


def _batched(circuits: list[list[str]]) -> Iterator[list[list[str]]]:
    for first in range(0, len(circuits), _AT_ONCE):
        yield circuits[first : first + _AT_ONCE]


def _find(
    key: str, traffic: PortTraffic, bounds: tuple[int, int], policy: PercentilePolicy, bin_seconds: int
) -> CircuitPercentile:
    facts = TrafficFacts(0, _ANY_DAYS, *bounds, bin_seconds, (traffic.port,))
    one = find_percentile(facts, policy)
    return CircuitPercentile(
        key, bounds[0], one.expected, one.seen, one.counted, one.position, one.octets, traffic.conflicts
    )


def _read(
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
    first, beyond = _ends(bounds, bin_seconds)
    return f"ended >= {first} AND ended < {beyond}"


def _ends(bounds: tuple[int, int], bin_seconds: int) -> tuple[int, int]:
    """From when up to when samples end that have a place in the period."""
    half, bins = bin_seconds // 2, expected_bins(*bounds, bin_seconds)
    return bounds[0] + bin_seconds - half, bounds[0] + bin_seconds * (bins + 1) - half


def _texts(paths: Sequence[Path]) -> list[str]:
    return [str(path) for path in paths]


@contextmanager
def _connect() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of its own that keeps to its memory and threads, and spills where the system keeps passing files."""
    import duckdb

    with (
        tempfile.TemporaryDirectory(prefix="tollbook-") as folder,
        duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "threads": THREADS, "temp_directory": folder}) as database,
    ):
        yield database
