"""Traffic samples out of Parquet: bins once each, and every circuit's percentile equal to the one in memory."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.evidence import TrafficFacts
from app.domain.moments import UnknownTimeZone, first_moment, utc_bounds, write_moment
from app.domain.parsed_usage import ParsedSamples
from app.domain.period import Period
from app.errors import BugError
from app.rating.percentile import Direction, MissingBins, PercentilePolicy, find_percentile
from app.usage.percentiles import percentiles_by_circuit
from app.usage.samples import months_of_bins, read_ports
from app.usage.store import UsageStore
from tests.rating.oracle import percentile as oracle

SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1))
START, END = utc_bounds(SEPTEMBER, "UTC")
Sample = tuple[str, int, int, int]  # circuit, end, in, out


def write(folder: Path, *files: list[Sample]) -> list[Path]:
    """Each list of samples as a document of its own."""
    store, paths = UsageStore(folder), []
    for number, rows in enumerate(files):
        circuits, ends, into, out = zip(*rows, strict=True)
        batch = ParsedSamples("Calder Fiber", "1", circuits, ends, into, out, tuple(range(2, len(rows) + 2)))
        paths += [folder / stored.path for stored in store.write_samples(1, f"{number:064x}", [batch])]
    return paths


def bin_end(place: int) -> int:
    return START + place * 300


def test_a_month_is_the_contracts_and_not_utcs() -> None:
    """New York is four hours behind in September, and in November an hour is lived through twice."""
    assert utc_bounds(SEPTEMBER, "America/New_York") == (START + 4 * 3600, END + 4 * 3600)
    start, end = utc_bounds(Period(date(2026, 11, 1), date(2026, 12, 1)), "America/New_York")
    assert end - start == 30 * 86_400 + 3600
    start, end = utc_bounds(Period(date(2026, 3, 1), date(2026, 4, 1)), "Europe/Berlin")
    assert end - start == 31 * 86_400 - 3600


@pytest.mark.parametrize(
    ("day", "zone", "moment"),
    [
        ((2018, 11, 4), "America/Sao_Paulo", "2018-11-04T03:00:00Z"),  # its clocks skipped from midnight to one
        ((2026, 11, 1), "America/Havana", "2026-11-01T04:00:00Z"),  # midnight came twice; the day began at the first
        ((2011, 12, 30), "Pacific/Apia", "2011-12-30T10:00:00Z"),  # a day that never was begins where the next one does
        ((2011, 12, 31), "Pacific/Apia", "2011-12-30T10:00:00Z"),
        ((1919, 3, 31), "America/Toronto", "1919-03-31T04:30:00Z"),  # half an hour before midnight to half past
    ],
)
def test_a_day_begins_when_its_clocks_say_so(day: tuple[int, int, int], zone: str, moment: str) -> None:
    assert write_moment(first_moment(date(*day), zone)) == moment


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc"])
def test_an_unknown_time_zone_is_told(zone: str) -> None:
    with pytest.raises(UnknownTimeZone):
        utc_bounds(SEPTEMBER, zone)


def test_the_first_bin_ends_after_the_period_began_and_the_last_with_it(tmp_path: Path) -> None:
    ends = [START, bin_end(1), END, END + 300]
    paths = write(tmp_path, [("C1", end, end - START, 0) for end in ends])
    assert len(paths) == 2  # the last bin ends in the next month's file
    assert months_of_bins((START, END)) == (date(2026, 9, 1), date(2026, 10, 1))
    assert read_ports(paths, ["C1"], (START, END))["C1"].port.bins == ((bin_end(1), 300, 0), (END, END - START, 0))


def test_a_late_poller_is_put_into_the_bin_that_it_was_late_for(tmp_path: Path) -> None:
    ends = [START + 7, bin_end(1) + 149, bin_end(2) - 150, END + 7]
    paths = write(tmp_path, [("C1", end, 5, 5) for end in ends])
    found = read_ports(paths, ["C1"], (START, END))["C1"]
    assert [end for end, _, _ in found.port.bins] == [bin_end(1), bin_end(2), END]


def test_a_bin_in_two_files_counts_once_and_a_conflict_is_counted(tmp_path: Path) -> None:
    first = [("80/KXGS/1", bin_end(1), 10, 10), ("80/KXGS/1", bin_end(2), 30, 5)]
    again = [("80 kxgs 1", bin_end(1), 10, 10), ("80 kxgs 1", bin_end(2), 20, 7), ("80 kxgs 1", bin_end(3), 1, 1)]
    found = read_ports(write(tmp_path, first, again), ["80KXGS1", "80KXGS2"], (START, END))
    assert list(found) == ["80KXGS1"]
    assert found["80KXGS1"].port.bins == ((bin_end(1), 10, 10), (bin_end(2), 30, 7), (bin_end(3), 1, 1))
    assert (found["80KXGS1"].conflicts, found["80KXGS1"].crowded) == (1, 0)


def test_samples_that_come_quicker_than_bins_crowd_them(tmp_path: Path) -> None:
    paths = write(tmp_path, [("C1", START + 300 + minute * 60, 5, 5) for minute in range(10)])
    assert read_ports(paths, ["C1"], (START, END))["C1"].crowded == 3


def test_many_circuits_with_bins_to_be_made_one_are_all_found(tmp_path: Path) -> None:
    names = [f"C{number:02}" for number in range(45)]
    rows = [(name, bin_end(1), octets, 0) for name in names for octets in (3, 4)]
    found = percentiles_by_circuit(write(tmp_path, rows), [(START, END)], PercentilePolicy())
    assert [(one.circuit_key, one.octets, one.seen, one.conflicts) for one in found] == [
        (name, 4, 1, 1) for name in names
    ]


def test_nothing_is_read_of_no_files_or_no_circuits(tmp_path: Path) -> None:
    assert read_ports([], ["C1"], (START, END)) == {}
    assert read_ports(write(tmp_path, [("C1", END, 1, 1)]), [], (START, END)) == {}
    assert percentiles_by_circuit([], [(START, END)], PercentilePolicy()) == []


def test_the_position_is_exact_for_any_number_of_bins(tmp_path: Path) -> None:
    """The values are the places: circuit N has the bins 1 to N, and its percentile is k."""
    counts = [*range(1, 130), 399, 400, 401, 1999, 2000, 2001, 7661, 8352, 8639, 8640]
    rows = [(f"C{count}", bin_end(place), place, 0) for count in counts for place in range(1, count + 1)]
    found = percentiles_by_circuit(write(tmp_path, rows), [(START, END)], PercentilePolicy(direction=Direction.IN))
    assert {result.seen for result in found} == set(counts)
    for result in found:
        assert result.octets == result.position == (19 * result.seen + 19) // 20 == oracle.position(result.seen, 95)


SAMPLES = st.lists(
    st.tuples(
        st.sampled_from(["C-1", "c1", "C2", "C3"]),
        st.integers(0, 8).map(bin_end),
        st.one_of(st.integers(0, 4), st.integers(0, 2**63 - 1)),
        st.integers(0, 2**63 - 1),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(SAMPLES, min_size=1, max_size=2),
    st.sampled_from([1, 50, 90, 95, 100]),
    st.sampled_from(list(Direction)),
    st.sampled_from(list(MissingBins)),
    st.sampled_from([[(0, 7)], [(0, 3), (3, 7)], [(0, 2), (4, 7)], [(1, 2), (2, 3), (3, 8)]]),
)
def test_out_of_core_every_circuit_has_the_percentile_that_it_has_in_memory(
    files: list[list[Sample]],
    percent: int,
    direction: Direction,
    missing: MissingBins,
    places: list[tuple[int, int]],
) -> None:
    policy = PercentilePolicy(percent, direction, missing)
    periods = [(bin_end(first), bin_end(last)) for first, last in places]
    with tempfile.TemporaryDirectory() as folder:
        paths = write(Path(folder), *files)
        ports = {
            (bounds, key): one.port
            for bounds in periods
            for key, one in read_ports(paths, ["C1", "C2", "C3"], bounds).items()
        }
        found = percentiles_by_circuit(paths, periods, policy)
    assert [(one.start, one.circuit_key) for one in found] == sorted((bounds[0], key) for bounds, key in ports)
    for result, ((bounds, _), port) in zip(found, sorted(ports.items(), key=lambda pair: pair[0]), strict=True):
        one = find_percentile(TrafficFacts(7, SEPTEMBER, *bounds, 300, (port,)), policy)
        assert (result.octets, result.position, result.counted) == (one.octets, one.position, one.counted)
        assert (result.expected, result.seen) == (one.expected, one.seen)
        by_end = {end: (into, out) for end, into, out in port.bins}
        terms = (percent, direction.value, missing.value)
        assert one.bits_per_second == oracle.bits_per_second([by_end], *bounds, 300, *terms)


@pytest.mark.parametrize("places", [[(3, 7), (0, 3)], [(0, 3), (2, 7)], [(0, 0)]])
def test_periods_that_overlap_or_are_empty_are_refused(places: list[tuple[int, int]]) -> None:
    with pytest.raises(BugError):
        percentiles_by_circuit([], [(bin_end(first), bin_end(last)) for first, last in places], PercentilePolicy())
