"""Percentile billing: the traffic of a period's bins in ascending order, the one in position k (domain/rating, 5.2).

k = ceil(p ÷ 100 × N), in whole numbers; for the 95th percentile that discards the floor(N ÷ 20) highest bins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from app.domain.evidence import PortBins, TrafficFacts
from app.domain.moments import write_moment
from app.domain.money import RoundingMode
from app.domain.parameters import Form, Parameter, Settings
from app.domain.proof import ProofStep, written
from app.errors import BugError

MEGABIT = 1_000_000  # bit; powers of two are for memory
Proven = tuple[Fraction, str, tuple[ProofStep, ...]]  # Mbit/s, how the next formula writes them, the steps to them


class Direction(StrEnum):
    """Which traffic of a bin counts."""

    LARGER = "larger"  # the larger of both percentiles, in and out
    LARGER_PER_BIN = "larger_per_bin"  # the percentile of each bin's larger direction
    SUM = "sum"  # the percentile of in + out
    IN = "in"
    OUT = "out"


class MissingBins(StrEnum):
    """What a bin without a sample counts as. Whatever it is, the missing ones are reported."""

    DROP = "drop"  # nothing: N is the smaller
    ZERO = "zero"
    HOLD = "hold"  # the bin before it; 0 before the first


class MbpsRounding(StrEnum):
    """How the percentile's Mbit/s are rounded before they are priced."""

    EXACT = "exact"
    UP = "up"  # to whole Mbit/s
    PLACES = "places"  # half up to the decimal places given


PARAMETERS = (
    Parameter("percentile", Form.WHOLE, "which percentile is billed", "95", least=1, most=100),
    Parameter("direction", Form.WORD, "which traffic counts", "larger", words=Direction),
    Parameter("missing", Form.WORD, "what a bin without a sample counts as", "drop", words=MissingBins),
    Parameter("mbps", Form.WORD, "how the percentile is rounded", "exact", words=MbpsRounding),
    Parameter("circuits", Form.TEXTS, "circuits that share the commitment beside the charge's own", ""),
    Parameter("places", Form.WHOLE, "decimal places of Mbit/s, where they are rounded to places", "2", most=6),
)


@dataclass(frozen=True, slots=True)
class PercentilePolicy:
    """The contract's variant."""

    percent: int = 95
    direction: Direction = Direction.LARGER
    missing: MissingBins = MissingBins.DROP
    rounding: MbpsRounding = MbpsRounding.EXACT
    places: int = 2

    def round(self, mbps: Fraction) -> Fraction:
        """Mbit/s as they are priced."""
        match self.rounding:
            case MbpsRounding.EXACT:
                return mbps
            case MbpsRounding.UP:
                return Fraction(ceil(mbps))
            case MbpsRounding.PLACES:
                scale = 10**self.places
                return Fraction(floor(mbps * scale + Fraction(1, 2)), scale)


@dataclass(frozen=True, slots=True)
class PercentileResult:
    """The percentile and how it came about.

    Of `expected` bins of the period, `counted` (N) were put in order; the one in position `position` (k) has `octets`,
    in the direction `direction`, and ended at `ended` (of equal ones, the last). `missing` says how many bins each port
    lacks. Where no bin counts at all, the percentile is 0 and nothing ended.
    """

    expected: int
    counted: int
    missing: tuple[tuple[str, int], ...]
    position: int
    octets: int
    bin_seconds: int
    direction: Direction
    ended: int | None

    @property
    def discarded(self) -> int:
        return self.counted - self.position

    @property
    def seen(self) -> int:
        """Samples that we have, of `expected` for each port."""
        return self.expected * len(self.missing) - sum(bins for _, bins in self.missing)

    @property
    def bits_per_second(self) -> Fraction:
        return Fraction(8 * self.octets, self.bin_seconds)

    @property
    def mbps(self) -> Fraction:
        """Mbit/s, exactly."""
        return self.bits_per_second / MEGABIT


def read_policy(settings: Settings) -> PercentilePolicy:
    """The policy that a rate element's parameters give; they are to be read with this module's among them."""
    return PercentilePolicy(
        settings.whole("percentile"),
        settings.word("direction", Direction),
        settings.word("missing", MissingBins),
        settings.word("mbps", MbpsRounding),
        settings.whole("places"),
    )


def position_of(bins: int, percent: int) -> int:
    """k of N: ceil(N × percent ÷ 100) in whole numbers; 0 where there is no bin."""
    return (bins * percent + 99) // 100


def expected_bins(start: int, end: int, bin_seconds: int) -> int:
    """How many whole bins lie in [start, end)."""
    return (end - start) // bin_seconds


def find_percentile(traffic: TrafficFacts, policy: PercentilePolicy) -> PercentileResult:
    """The percentile of `traffic`; several ports are added up bin by bin first.

    A bin that any port lacks does not count under DROP. Raises BugError for bins that do not end on the period's grid.
    """
    expected = expected_bins(traffic.start, traffic.end, traffic.bin_seconds)
    ports = [_by_place(port, traffic, expected) for port in traffic.ports]
    bins = [
        (end, sum(one[0] for one in of_ports), sum(one[1] for one in of_ports))
        for end, of_ports in _fill(ports, traffic, expected, policy.missing)
    ]
    best: tuple[int, int, Direction] | None = None
    position = position_of(len(bins), policy.percent)
    wanted = (Direction.IN, Direction.OUT) if policy.direction is Direction.LARGER else (policy.direction,)
    for direction in wanted if bins else ():
        octets, ended = sorted((measure_bin(one[1], one[2], direction), one[0]) for one in bins)[position - 1]
        if best is None or octets > best[0]:
            best = octets, ended, direction
    octets, moment, found = best or (0, None, policy.direction)
    missing = tuple((port.circuit_id, expected - len(port.bins)) for port in traffic.ports)
    return PercentileResult(expected, len(bins), missing, position, octets, traffic.bin_seconds, found, moment)


def measure_bin(octets_in: int, octets_out: int, direction: Direction) -> int:
    """The octets of a bin that count; LARGER is not a bin's matter."""
    match direction:
        case Direction.IN:
            return octets_in
        case Direction.OUT:
            return octets_out
        case Direction.SUM:
            return octets_in + octets_out
        case Direction.LARGER_PER_BIN:
            return max(octets_in, octets_out)
        case Direction.LARGER:
            raise BugError("the larger percentile is taken of two percentiles, not of bins")


def _by_place(port: PortBins, traffic: TrafficFacts, expected: int) -> dict[int, tuple[int, int]]:
    """Place in the period, from 1 → octets in and out."""
    places = {}
    for ended, octets_in, octets_out in port.bins:
        place, beside = divmod(ended - traffic.start, traffic.bin_seconds)
        if beside or not 1 <= place <= expected or place in places:
            raise BugError(
                f"the bin of {port.circuit_id} that ended at {ended} is none of the period's, or comes twice"
            )
        places[place] = octets_in, octets_out
    return places


def _fill(
    ports: list[dict[int, tuple[int, int]]],
    traffic: TrafficFacts,
    expected: int,
    missing: MissingBins,
) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """The bins that count, in order: when each ended and what it has of each port."""
    held = [(0, 0)] * len(ports)
    for place in range(1, expected + 1):
        found = [port.get(place) for port in ports]
        if missing is MissingBins.DROP and None in found:
            continue
        values = [one or before for one, before in zip(found, held, strict=True)]
        if missing is MissingBins.HOLD:
            held = values
        yield traffic.start + place * traffic.bin_seconds, values


def prove(traffic: TrafficFacts | None, billed: Decimal, policy: PercentilePolicy) -> Proven:
    """The Mbit/s that are priced: of the recorded traffic, or without it those that the bill states.

    Unrounded they may have no end of decimals: the next formula works them out from the octets.
    """
    if traffic is None:
        basis, formula, shown = "Mbit/s on the bill", written(billed), billed
        exact = Fraction(billed)
    else:
        result = find_percentile(traffic, policy)
        basis = describe_result(result, policy, traffic.batches)
        formula = f"8 × {result.octets} ÷ {result.bin_seconds} ÷ {MEGABIT}"
        exact, shown = result.mbps, Decimal(result.octets)
    if policy.rounding is MbpsRounding.EXACT:
        basis = basis if traffic is None else f"{basis}; its octets"
        return exact, formula, (ProofStep(basis, written(shown), shown),)
    up = policy.rounding is MbpsRounding.UP
    mode, places = (RoundingMode.UP, 0) if up else (RoundingMode.HALF_UP, policy.places)
    rounded = ProofStep(basis, formula, Decimal(0), mode, places).replay()
    return Fraction(rounded), written(rounded), (ProofStep(f"{basis}; Mbit/s", formula, rounded, mode, places),)


def describe_result(result: PercentileResult, policy: PercentilePolicy, files: tuple[str, ...] = ()) -> str:
    """What a reader needs to find the same bin: how many there were, which were missing, the position, the moment."""
    source = f" ({', '.join(files)})" if files else ""
    missing = ", ".join(f"{circuit_id} {bins:,}" for circuit_id, bins in result.missing)
    as_what = {
        MissingBins.DROP: "left out",
        MissingBins.ZERO: "taken as 0",
        MissingBins.HOLD: "taken as the one before",
    }
    lacking = any(bins for _, bins in result.missing)
    moment = "no bin counts" if result.ended is None else f"the bin that ended {write_moment(result.ended)}"
    return (
        f"Percentile {policy.percent} of traffic samples{source}: {result.expected:,} bins of {result.bin_seconds} s, "
        f"missing {missing if lacking else 'none'}{f' ({as_what[policy.missing]})' if lacking else ''}; "
        f"N = {result.counted:,}, position k = {result.position:,}, {result.discarded:,} higher ones discarded; "
        f"{_DIRECTIONS[result.direction]}, {moment}"
    )


_DIRECTIONS = {
    Direction.LARGER: "in or out",
    Direction.LARGER_PER_BIN: "the larger direction of each bin",
    Direction.SUM: "in and out added up",
    Direction.IN: "in",
    Direction.OUT: "out",
}
