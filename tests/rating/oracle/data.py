"""Charges of quantities, data, distance, bandwidth, power and work, written from domain/rating 5.1 to 5.4 alone.

Everything is a Fraction. Units are counted one by one (or by quarters, where half units exist), never divided out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

QUARTER = Fraction(1, 4)
ZERO = Fraction(0)


class Step(NamedTuple):
    """A tier: its upper bound (None: all above), the price of a unit in it, and what reaching it costs."""

    upto: Fraction | None
    price: Fraction
    fee: Fraction = ZERO


def rounded(value: Fraction, mode: str, places: int) -> Decimal:
    """`value` at `places` decimals, by looking at what lies beyond the last of them."""
    sign, size = (-1, -value) if value < 0 else (1, value)
    scaled = size * 10**places
    whole = scaled.numerator // scaled.denominator
    beyond = scaled - whole
    half = Fraction(1, 2)
    more = {
        "truncate": False,
        "up": beyond > 0,
        "half_up": beyond >= half,
        "half_even": beyond > half or (beyond == half and whole % 2 == 1),
    }[mode]
    return Decimal(sign * (whole + more)).scaleb(-places)


def tier_of(steps: Sequence[Step], units: Fraction) -> Step:
    """The first tier whose upper bound is not below `units`."""
    for step in steps:
        if step.upto is None or units <= step.upto:
            return step
    raise AssertionError("the last tier is open")


def started(units: Fraction) -> Fraction:
    """Whole units, a started one counted in full."""
    whole = 0
    while whole < units:
        whole += 1
    return Fraction(whole)


def graduated(steps: Sequence[Step], units: Fraction, whole: bool, months: Fraction) -> Fraction:
    """Each quarter unit at the price of the tier that it falls in; a tier's fee when the first of them falls in it."""
    units = started(units) if whole else units
    total, counted, reached = ZERO, ZERO, set[Step]()
    while counted < units:
        counted += QUARTER
        step = tier_of(steps, counted)
        total += step.price * QUARTER
        if step not in reached:
            reached.add(step)
            total += step.fee
    return total * months


def volume(steps: Sequence[Step], units: Fraction, whole: bool, months: Fraction) -> Fraction:
    """All units at the price of the tier of the total, and its fee; no units are in no tier."""
    units = started(units) if whole else units
    if units <= 0:
        return ZERO
    step = tier_of(steps, units)
    return (units * step.price + step.fee) * months


def blocks(units: Fraction, free: Fraction, size: Fraction) -> int:
    """How many blocks are opened for what lies above the free units."""
    count, left = 0, units - free
    while left > 0:
        count += 1
        left -= size
    return count


def package(units: Fraction, free: Fraction, size: Fraction, price: Fraction, months: Fraction) -> Fraction:
    return blocks(units, free, size) * price * months


def percentage(
    per_cent: Fraction, amounts: Iterable[Fraction], least: Fraction | None, most: Fraction | None
) -> Fraction:
    total = ZERO
    for amount in amounts:
        total += amount * per_cent / 100
    if most is not None and total > most:
        total = most
    if least is not None and total < least:
        total = least
    return total


def gigabytes(bins: Iterable[tuple[int, int]], binary: bool, direction: str) -> Fraction:
    """(octets in, octets out) of all ports and bins, in GB of 2^30 or 10^9; what comes in is what is downloaded."""
    octets = 0
    for came_in, went_out in bins:
        octets += came_in if direction in ("both", "down") else 0
        octets += went_out if direction in ("both", "up") else 0
    return Fraction(octets, 2**30 if binary else 10**9)


def data_cap(gb: Fraction, cap: Fraction, block: Fraction, price: Fraction) -> Fraction:
    if block == 0:  # not in blocks
        return max(ZERO, gb - cap) * price
    return blocks(gb, cap, block) * price


def airline_miles(a: tuple[Fraction, Fraction], z: tuple[Fraction, Fraction]) -> int:
    """sqrt((ΔV² + ΔH²) / 10), a fraction of a mile counted as a mile."""
    squares = (a[0] - z[0]) ** 2 + (a[1] - z[1]) ** 2
    miles = 0
    while miles * miles * 10 < squares:
        miles += 1
    return miles


def mileage(miles: Fraction, fixed: Fraction, price: Fraction, months: Fraction) -> Fraction:
    return (fixed + miles * price) * months


def banded_mileage(miles: Fraction, steps: Sequence[Step], fixed: Fraction, months: Fraction) -> Fraction:
    """All miles at the price of their band, with its fixed amount; no miles pay what the nearest band's line costs."""
    step = tier_of(steps, miles)
    return (fixed + step.fee + miles * step.price) * months


def per_class(
    mbps: Mapping[str, Fraction],
    rates: Mapping[str, Fraction],
    surcharges: Mapping[str, Fraction],
    port: Fraction,
    with_port: bool,
    ports: Fraction,
    months: Fraction,
) -> Fraction:
    total = port if with_port else ZERO
    for name, bandwidth in mbps.items():
        total += bandwidth * rates[name]
    for per_cent in surcharges.values():
        total += port * per_cent / 100
    return total * ports * months


def committed_excess(
    cir: Fraction, price: Fraction, eir: Fraction, eir_price: Fraction, circuits: Fraction, months: Fraction
) -> Fraction:
    return (cir * price + eir * eir_price) * circuits * months


def demand(samples: Sequence[Fraction], method: str) -> Fraction:
    """The highest, the average, or the highest that is left when a twentieth of the samples is thrown away."""
    if method == "average":
        return sum(samples, ZERO) / len(samples)
    left = sorted(samples)
    if method == "p95":
        for _ in range(len(samples) // 20):
            left.pop()
    return left[-1]


def committed_power(
    used: Fraction, commit: Fraction, rate: Fraction, premium: Fraction, floor: Fraction, months: Fraction
) -> Fraction:
    """commit × rate + kW above it × rate × (1 + premium per cent); at least `floor` kW are counted as used."""
    used = max(used, floor)
    total = commit * rate
    if used > commit:
        total += (used - commit) * rate * (100 + premium) / 100
    return total * months


def power_excess_by_unit(
    used: Fraction, commit: Fraction, rate: Fraction, excess_units: Fraction, overage: Fraction, months: Fraction
) -> Fraction:
    """commit × rate + what lies above it, already counted in the unit that the contract prices it by."""
    return commit * rate * months + (excess_units * overage if used > commit else ZERO)


def energy(readings: Sequence[Fraction], register: Fraction | None) -> Fraction:
    """What the register advanced by; where it reads less than before, it went through its highest reading."""
    total = ZERO
    for before, after in pairwise(readings):
        if after < before:
            assert register is not None
            total += register - before + after
        else:
            total += after - before
    return total


def metered_energy(kwh: Fraction, multiplier: Fraction, price: Fraction, loss: Fraction) -> Fraction:
    return kwh * multiplier * price * loss


def clamp_energy(amps: Iterable[Fraction], volts: Fraction, phase: Fraction, hours: Fraction) -> Fraction:
    """kWh of amps measured at one moment, taken for all hours."""
    kw = ZERO
    for each in amps:
        kw += each * volts * phase / 1000
    return kw * hours


def breaker(
    circuits: Fraction, a: Fraction, b: Fraction, fraction: Fraction, price: Fraction, months: Fraction
) -> Fraction:
    total = a * price
    total += b * price * fraction
    return total * circuits * months


class Job(NamedTuple):
    """Minutes of work, whether after hours, whether expedited."""

    minutes: Fraction
    late: bool
    fast: bool


class WorkTerms(NamedTuple):
    rate: Fraction
    late_rate: Fraction
    least: int
    increment: int
    included: Fraction  # hours
    expedite: Fraction
    free_below: int
    included_late: bool


def remote_hands(jobs: Iterable[Job], terms: WorkTerms) -> Fraction:
    """Job by job: minutes in started increments, quarter minutes taken from the included ones while any are left."""
    total, included = ZERO, terms.included * 60
    for job in jobs:
        if job.minutes <= 0 or job.minutes < terms.free_below:
            continue
        billed = ZERO
        while billed < max(Fraction(terms.least), job.minutes):
            billed += terms.increment
        while billed > 0 and included > 0 and (terms.included_late or not job.late):
            part = min(QUARTER, billed, included)
            billed -= part
            included -= part
        total += billed / 60 * (terms.late_rate if job.late else terms.rate)
        total += terms.expedite if job.fast else ZERO
    return total
