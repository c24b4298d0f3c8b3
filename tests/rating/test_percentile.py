"""The percentile of traffic: domain/rating 5.2, against an oracle that counts the bins out."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.evidence import PortBins, TrafficFacts
from app.errors import BugError
from app.rating.percentile import (
    Direction,
    MbpsRounding,
    MissingBins,
    PercentilePolicy,
    describe_result,
    find_percentile,
    position_of,
)
from tests.rating.facts import period
from tests.rating.oracle import percentile as oracle

START, BIN = 1_800_000_000, 300
Bins = dict[int, tuple[int, int]]


def traffic(*ports: Bins, bins: int, names: str = "ABCDEFGH") -> TrafficFacts:
    """Ports whose bins are given by their place in the period, from 1."""
    return TrafficFacts(
        7,
        period("2026-09-01..2026-10-01"),
        START,
        START + bins * BIN,
        BIN,
        tuple(
            PortBins(name, tuple((START + place * BIN, *octets) for place, octets in sorted(port.items())))
            for name, port in zip(names, ports, strict=False)
        ),
        ("samples.csv",),
    )


@pytest.mark.parametrize(
    ("days", "bins", "position", "discarded"),
    [(28, 8064, 7661, 403), (29, 8352, 7935, 417), (30, 8640, 8208, 432), (31, 8928, 8482, 446)],
)
def test_the_highest_twentieth_of_a_month_is_discarded(days: int, bins: int, position: int, discarded: int) -> None:
    """The values are the places, in any order: the one in position k is k."""
    octets = list(range(1, bins + 1))
    random.Random(days).shuffle(octets)
    result = find_percentile(
        traffic({place: (value, 0) for place, value in enumerate(octets, 1)}, bins=days * 288), PercentilePolicy()
    )
    assert (result.expected, result.counted, result.seen) == (bins, bins, bins)
    assert (result.position, result.discarded, result.octets) == (position, discarded, position)
    assert result.ended == START + (octets.index(position) + 1) * BIN
    assert result.bits_per_second == Fraction(8 * position, 300)


def test_the_position_is_the_ceiling_in_whole_numbers_for_every_number_of_bins() -> None:
    for bins in range(1, 20_001):
        assert position_of(bins, 95) == (19 * bins + 19) // 20 == oracle.position(bins, 95)
        assert bins - position_of(bins, 95) == bins // 20
    for percent in range(1, 101):
        assert all(position_of(bins, percent) == oracle.position(bins, percent) for bins in (1, 7, 100, 8639, 8928))


def test_a_megabit_is_a_million_bits() -> None:
    """287.4 Mbit/s over five minutes are 287,400,000 × 300 ÷ 8 octets."""
    port = dict.fromkeys(range(1, 21), (10777500000, 5))
    assert find_percentile(traffic(port, bins=20), PercentilePolicy()).mbps == Fraction("287.4")


PORT = {1: (10, 90), 2: (80, 20), 3: (30, 30), 4: (40, 10)}


@pytest.mark.parametrize(
    ("direction", "octets", "found", "place"),
    [
        (Direction.IN, 40, Direction.IN, 4),  # 10 30 40 80
        (Direction.OUT, 30, Direction.OUT, 3),  # 10 20 30 90
        (Direction.LARGER, 40, Direction.IN, 4),
        (Direction.SUM, 100, Direction.SUM, 1),  # 50 60 100 100
        (Direction.LARGER_PER_BIN, 80, Direction.LARGER_PER_BIN, 2),  # 30 40 80 90
    ],
)
def test_the_direction_is_the_contracts(direction: Direction, octets: int, found: Direction, place: int) -> None:
    result = find_percentile(traffic(PORT, bins=4), PercentilePolicy(75, direction))
    assert (result.octets, result.direction) == (octets, found)
    assert result.ended == START + place * BIN


def test_ports_are_added_up_bin_by_bin_before_the_percentile() -> None:
    """Two ports that peak in turn burst together no higher than one of them."""
    first = {place: (100 if place % 2 else 0, 0) for place in range(1, 21)}
    second = {place: (0 if place % 2 else 100, 0) for place in range(1, 21)}
    assert find_percentile(traffic(first, second, bins=20), PercentilePolicy()).octets == 100


@pytest.mark.parametrize(
    ("missing", "percent", "counted", "octets"),
    [(MissingBins.DROP, 66, 3, 50), (MissingBins.ZERO, 83, 6, 50), (MissingBins.HOLD, 83, 6, 70)],
)
def test_missing_bins_count_as_the_contract_says_and_are_reported(
    missing: MissingBins, percent: int, counted: int, octets: int
) -> None:
    """Seen are 50 in bin 2, 70 in bin 4 and 20 in bin 6; held they are 0 50 50 70 70 20."""
    policy = PercentilePolicy(percent, Direction.IN, missing)
    result = find_percentile(traffic({2: (50, 0), 4: (70, 0), 6: (20, 0)}, bins=6), policy)
    assert (result.counted, result.octets, result.missing, result.seen) == (counted, octets, (("A", 3),), 3)
    assert "missing A 3 (" in describe_result(result, policy)


def test_a_bin_that_one_port_lacks_is_dropped_for_all() -> None:
    ports = ({1: (10, 0), 2: (10, 0)}, {2: (5, 0)})
    result = find_percentile(traffic(*ports, bins=2), PercentilePolicy(100))
    assert (result.counted, result.octets, result.missing) == (1, 15, (("A", 0), ("B", 1)))


def test_no_bins_at_all_are_a_percentile_of_0_that_says_so() -> None:
    result = find_percentile(traffic({}, bins=288), PercentilePolicy())
    assert (result.counted, result.position, result.octets, result.ended) == (0, 0, 0, None)
    assert "missing A 288 (left out); N = 0" in describe_result(result, PercentilePolicy())


@pytest.mark.parametrize("place", [0, 289])
def test_a_bin_outside_the_period_is_refused(place: int) -> None:
    with pytest.raises(BugError):
        find_percentile(traffic({place: (1, 1)}, bins=288), PercentilePolicy())


OCTETS = st.one_of(st.integers(0, 9), st.integers(0, 2**63 - 1))
PORTS = st.integers(1, 30).flatmap(
    lambda bins: st.tuples(
        st.just(bins),
        st.lists(
            st.dictionaries(st.integers(1, bins), st.tuples(OCTETS, OCTETS), max_size=bins), min_size=1, max_size=3
        ),
    )
)
POLICIES = st.builds(
    PercentilePolicy, st.integers(1, 100), st.sampled_from(list(Direction)), st.sampled_from(list(MissingBins))
)


@given(PORTS, POLICIES)
def test_every_policy_gives_what_counting_out_gives(given: tuple[int, list[Bins]], policy: PercentilePolicy) -> None:
    bins, ports = given
    result = find_percentile(traffic(*ports, bins=bins), policy)
    by_end = [{START + place * BIN: octets for place, octets in port.items()} for port in ports]
    terms = (policy.percent, policy.direction.value, policy.missing.value)
    assert result.bits_per_second == oracle.bits_per_second(by_end, START, START + bins * BIN, BIN, *terms)


@given(PORTS, POLICIES, st.randoms(use_true_random=False))
def test_the_percentile_is_the_same_in_any_order(
    given: tuple[int, list[Bins]], policy: PercentilePolicy, chance: random.Random
) -> None:
    """Where every bin was seen, or missing ones do not depend on their neighbours."""
    bins, ports = given
    if policy.missing is MissingBins.HOLD:
        ports = [{place: port.get(place, (0, 0)) for place in range(1, bins + 1)} for port in ports]
    places = list(range(1, bins + 1))
    chance.shuffle(places)
    moved = [{places[place - 1]: octets for place, octets in port.items()} for port in ports]
    before = find_percentile(traffic(*ports, bins=bins), policy)
    after = find_percentile(traffic(*moved, bins=bins), policy)
    assert (before.octets, before.counted) == (after.octets, after.counted)


@given(PORTS, POLICIES, st.data())
def test_more_traffic_never_lowers_the_percentile(
    given: tuple[int, list[Bins]], policy: PercentilePolicy, data: st.DataObject
) -> None:
    bins, ports = given
    more = [
        {
            place: (into + data.draw(st.integers(0, 99)), out + data.draw(st.integers(0, 99)))
            for place, (into, out) in port.items()
        }
        for port in ports
    ]
    before, after = (find_percentile(traffic(*some, bins=bins), policy) for some in (ports, more))
    assert after.octets >= before.octets


@given(st.fractions(0, 5_000, max_denominator=2_400_000_000), st.sampled_from(list(MbpsRounding)), st.integers(0, 6))
def test_mbps_are_rounded_as_the_contract_says(mbps: Fraction, rounding: MbpsRounding, places: int) -> None:
    policy = PercentilePolicy(rounding=rounding, places=places)
    assert policy.round(mbps) == oracle.megabits(mbps * 1_000_000, rounding.value, places)
