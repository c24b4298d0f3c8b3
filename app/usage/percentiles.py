"""Every circuit's percentile of many periods, out of core: the store's files are read once, in order of time.

A file is sorted by circuit and end, so a circuit's samples are one stretch of its columns; stretches are kept until
their periods are over, put in order by a partition alone, and let go. What has to be made one first (bins in several
files, samples quicker than bins, bins to be held, circuits written in several ways) goes the way of a single circuit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.evidence import TrafficFacts
from app.domain.identifiers import circuit_key
from app.errors import BugError
from app.rating.percentile import Direction, MissingBins, PercentilePolicy, expected_bins, find_percentile, position_of
from app.usage.samples import ANY_DAYS, BIN_SECONDS, PortTraffic, bin_ends, connect, read_bins

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_AT_ONCE = 20  # circuits that go the way of a single one whose bins are in memory together
_ROWS_AT_ONCE = 5_000_000  # of a file: more of them are read in several ranges of circuits
_MOST_OCTETS = 2**62  # two of them still add up within 64 bits
_COLUMNS = ["circuit_id", "ended", "octets_in", "octets_out"]


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


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Samples of one circuit in one period, in order of their ends."""

    ended: Ints
    octets_in: Ints
    octets_out: Ints


@dataclass(slots=True)
class _Gathered:
    """Stretches by period and circuit as it is written, and what cannot be put in order as it is."""

    stretches: dict[tuple[int, str], list[_Stretch]] = field(default_factory=lambda: defaultdict(list))
    spellings: dict[tuple[int, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    odd: set[tuple[int, str]] = field(default_factory=set)  # period, circuit key
    results: dict[tuple[int, str], CircuitPercentile] = field(default_factory=dict)


def percentiles_by_circuit(
    paths: Sequence[Path],
    periods: Sequence[tuple[int, int]],
    policy: PercentilePolicy,
    bin_seconds: int = BIN_SECONDS,
) -> list[CircuitPercentile]:
    """Every circuit's percentile in each period [start, end), by period and normalised id: what `find_percentile` gives
    for each.

    The periods ascend, do not overlap, and begin on one grid of bins; else BugError is raised.
    """
    _check(periods, bin_seconds)
    if not paths or not periods:
        return []
    gathered = _Gathered()
    files = sorted(_look_into(path) for path in paths)
    for low, high in _ranges(files):
        for (_, path, _), (following, _, _) in pairwise([*files, (periods[-1][1] + bin_seconds, Path(), 0)]):
            for period, name, stretch in _stretches(path, low, high, periods, bin_seconds):
                gathered.stretches[period, name].append(stretch)
                gathered.spellings[period, circuit_key(name)].add(name)
            _finish(gathered, following, periods, policy, bin_seconds)
        _finish(gathered, periods[-1][1] + bin_seconds, periods, policy, bin_seconds)
    _go_one_by_one(gathered, paths, periods, policy, bin_seconds)
    return [gathered.results[each] for each in sorted(gathered.results)]


def _look_into(path: Path) -> tuple[int, Path, int]:
    """The first end in a file, the file, and its rows; both are in the file's own statistics."""
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        place = file.schema_arrow.get_field_index("ended")
        groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
        first = min((group.column(place).statistics.min for group in groups), default=0)
        return first, path, file.metadata.num_rows


def _ranges(files: Sequence[tuple[int, Path, int]]) -> list[tuple[str, str | None]]:
    """Ranges of circuits, as written, so that no file has much more than _ROWS_AT_ONCE rows in one."""
    import polars as pl

    _, largest, rows = max(files, key=itemgetter(2))
    parts = -(-rows // _ROWS_AT_ONCE)
    if parts == 1:
        return [("", None)]
    names = pl.scan_parquet(largest).select(pl.col("circuit_id").unique().sort()).collect().to_series()
    starts = ["", *(names[len(names) * part // parts] for part in range(1, parts))]
    return [(start, end) for start, end in pairwise([*dict.fromkeys(starts), None]) if start is not None]


def _stretches(
    path: Path, low: str, high: str | None, periods: Sequence[tuple[int, int]], bin_seconds: int
) -> Iterator[tuple[int, str, _Stretch]]:
    """Each period's number, a circuit and its samples of the file, of the circuits from `low` up to `high`."""
    import numpy as np

    frame = _read(path, low, high)
    if not frame.height:
        return
    runs = frame["circuit_id"].rle().struct.unnest()
    columns = [frame[name].to_numpy() for name in _COLUMNS[1:]]
    edges = np.array([end for bounds in periods for end in bin_ends(bounds, bin_seconds)])
    first = 0
    for name, length in zip(runs["value"].to_list(), runs["len"].to_list(), strict=True):
        ended, *octets = (column[first : first + length] for column in columns)
        cuts = np.searchsorted(ended, edges).tolist()
        for period in range(len(periods)):
            start, end = cuts[2 * period], cuts[2 * period + 1]
            if start < end:
                yield period, name, _Stretch(ended[start:end], octets[0][start:end], octets[1][start:end])
        first += length


def _read(path: Path, low: str, high: str | None) -> pl.DataFrame:
    import polars as pl

    if high is None and not low:
        return pl.read_parquet(path, columns=_COLUMNS)
    wanted = pl.col("circuit_id") >= low
    if high is not None:
        wanted &= pl.col("circuit_id") < high
    return pl.scan_parquet(path).filter(wanted).select(_COLUMNS).collect()


def _finish(
    gathered: _Gathered, following: int, periods: Sequence[tuple[int, int]], policy: PercentilePolicy, bin_seconds: int
) -> None:
    """Put the periods in order of which no sample can follow, since the next file begins at `following`."""
    over = [each for each in gathered.stretches if bin_ends(periods[each[0]], bin_seconds)[1] <= following]
    for period, name in over:
        stretches = gathered.stretches.pop((period, name))
        key = period, circuit_key(name)
        found = None
        if len(gathered.spellings[key]) == 1 and key not in gathered.results:
            found = _put_in_order(stretches, key, periods[period], policy, bin_seconds)
        if found is None:
            gathered.odd.add(key)
        else:
            gathered.results[key] = found


def _put_in_order(
    stretches: list[_Stretch], key: tuple[int, str], bounds: tuple[int, int], policy: PercentilePolicy, bin_seconds: int
) -> CircuitPercentile | None:
    """The percentile of stretches that hold each bin once; None where they do not, or bins have to be held."""
    import numpy as np

    ordered = sorted(stretches, key=lambda stretch: int(stretch.ended[0]))
    ended = np.concatenate([stretch.ended for stretch in ordered]) if len(ordered) > 1 else ordered[0].ended
    steps = np.diff(ended)
    if len(steps) and int(steps.min()) < bin_seconds:
        places = (ended - (bounds[0] - bin_seconds // 2)) // bin_seconds
        if int(np.diff(places).min()) < 1:
            return None
    every, seen = expected_bins(*bounds, bin_seconds), len(ended)
    if policy.missing is MissingBins.HOLD and seen < every:
        return None
    bins = seen if policy.missing is MissingBins.DROP else every
    position = position_of(bins, policy.percent)
    octets = 0
    for values in _values(ordered, policy.direction):
        if values is None:
            return None
        place = position - (bins - seen) - 1  # bins that count as 0 are the lowest
        if place >= 0:
            octets = max(octets, int(np.partition(values, place)[place]))
    return CircuitPercentile(key[1], bounds[0], every, seen, bins, position, octets)


def _values(stretches: list[_Stretch], direction: Direction) -> Iterator[Ints | None]:
    """The octets of which a percentile is taken; of several the larger one counts. None where they pass 64 bits."""
    import numpy as np

    into = np.concatenate([stretch.octets_in for stretch in stretches])
    out = np.concatenate([stretch.octets_out for stretch in stretches])
    match direction:
        case Direction.IN:
            yield into
        case Direction.OUT:
            yield out
        case Direction.LARGER:
            yield from (into, out)
        case Direction.LARGER_PER_BIN:
            yield np.maximum(into, out)
        case Direction.SUM:
            yield into + out if max(int(into.max()), int(out.max())) < _MOST_OCTETS else None


def _go_one_by_one(
    gathered: _Gathered,
    paths: Sequence[Path],
    periods: Sequence[tuple[int, int]],
    policy: PercentilePolicy,
    bin_seconds: int,
) -> None:
    with connect() as database:
        for period, keys in groupby(sorted(gathered.odd), key=itemgetter(0)):
            circuits = list(keys)
            for first in range(0, len(circuits), _AT_ONCE):
                names = sorted(
                    name for circuit in circuits[first : first + _AT_ONCE] for name in gathered.spellings[circuit]
                )
                for key, traffic in read_bins(database, paths, names, periods[period], bin_seconds).items():
                    found = _find(key, traffic, periods[period], policy, bin_seconds)
                    gathered.results[period, key] = found


def _find(
    key: str, traffic: PortTraffic, bounds: tuple[int, int], policy: PercentilePolicy, bin_seconds: int
) -> CircuitPercentile:
    one = find_percentile(TrafficFacts(0, ANY_DAYS, *bounds, bin_seconds, (traffic.port,)), policy)
    return CircuitPercentile(
        key, bounds[0], one.expected, one.seen, one.counted, one.position, one.octets, traffic.conflicts
    )


def _check(periods: Sequence[tuple[int, int]], bin_seconds: int) -> None:
    for (start, end), (following, _) in pairwise([*periods, (periods[-1][1], 0)] if periods else []):
        if end - start < bin_seconds or following < end or (start - periods[0][0]) % bin_seconds:
            raise BugError("periods ascend, are longer than a bin, and begin on one grid of bins")
