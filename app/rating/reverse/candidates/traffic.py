"""Percentiles taken otherwise than a contract can say: off by one, between two samples, or the average."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import floor

from app.domain.evidence import TrafficFacts
from app.domain.money import RATE_SCALE, RoundingMode
from app.domain.parameters import read_settings
from app.domain.proof import ProofStep, evaluate
from app.domain.vocabulary import PriceModel
from app.rating.charge_models import percentile as model
from app.rating.charge_models.measure import to_decimal
from app.rating.percentile import (
    MEGABIT,
    Direction,
    MissingBins,
    PercentilePolicy,
    expected_bins,
    measure_bin,
    position_of,
    read_policy,
)
from app.rating.reverse.case import Case, Change


def sample_position(case: Case) -> Iterator[Change]:
    """The sample beside the contract's, and the value between two samples that statistics programs give."""
    for series, position, seconds in _series(case):
        agreed = f"sample {position:,} of {len(series[0]):,}"
        for name, says, place in (
            ("percentile_off_by_one", "the sample after the contract's position", position + 1),
            ("percentile_off_by_one", "the sample before the contract's position", position - 1),
        ):
            if 1 <= place <= len(series[0]):
                octets = max(each[place - 1] for each in series)
                yield Change(name, says, agreed, _billed(case, str(octets), seconds, f"{says}, {place:,}"))
        between = [_interpolate(each, _policy(case).percent) for each in series]
        formula = max(between, key=evaluate)
        says = "a value between two samples"
        yield Change("percentile_interpolated", says, agreed, _billed(case, formula, seconds, says))


def average(case: Case) -> Iterator[Change]:
    """The mean of all samples in place of a percentile."""
    for series, position, seconds in _series(case):
        formula = max((f"({sum(each)} ÷ {len(each)})" for each in series), key=evaluate)
        agreed = f"sample {position:,} of {len(series[0]):,}"
        yield Change("average", "the average of all samples", agreed, _billed(case, formula, seconds, "the average"))


def _policy(case: Case) -> PercentilePolicy:
    return read_policy(read_settings(case.element.parameters, model.PARAMETERS))


def _series(case: Case) -> Iterator[tuple[list[list[int]], int, int]]:
    """The octets that count, ascending, for each direction that is ranked by itself; k; and a bin's seconds."""
    traffic = case.evidence
    if case.element.model is not PriceModel.PERCENTILE or not isinstance(traffic, TrafficFacts) or case.stale:
        return
    policy = _policy(case)
    bins = list(_bins(traffic, policy.missing))
    if bins:
        wanted = (Direction.IN, Direction.OUT) if policy.direction is Direction.LARGER else (policy.direction,)
        series = [sorted(measure_bin(*one, direction) for one in bins) for direction in wanted]
        yield series, position_of(len(bins), policy.percent), traffic.bin_seconds


def _bins(traffic: TrafficFacts, missing: MissingBins) -> Iterator[tuple[int, int]]:
    """Octets in and out of all ports together, bin by bin, as the contract treats missing ones."""
    ports = [{ended: (octets_in, octets_out) for ended, octets_in, octets_out in port.bins} for port in traffic.ports]
    held = [(0, 0)] * len(ports)
    for place in range(1, expected_bins(traffic.start, traffic.end, traffic.bin_seconds) + 1):
        found = [port.get(traffic.start + place * traffic.bin_seconds) for port in ports]
        if missing is MissingBins.DROP and None in found:
            continue
        values = [one or before for one, before in zip(found, held, strict=True)]
        held = values if missing is MissingBins.HOLD else held
        yield sum(one[0] for one in values), sum(one[1] for one in values)


def _interpolate(series: list[int], percent: int) -> str:
    """Between the samples around percent ÷ 100 × (N − 1), counted from 0, as a formula."""
    place = Fraction(percent * (len(series) - 1), 100)
    low = floor(place)
    share = place - low
    high = series[min(low + 1, len(series) - 1)]
    return f"({series[low]} + ({high} − {series[low]}) × {share.numerator} ÷ {share.denominator})"


def _billed(case: Case, octets: str, seconds: int, basis: str) -> Case:
    """The case with these Mbit/s as if the bill stated them, at 10 places, and the step to them."""
    formula = f"8 × {octets} ÷ {seconds} ÷ {MEGABIT}"
    draft = ProofStep(f"Mbit/s of {basis}", formula, to_decimal(Fraction(0)), RoundingMode.HALF_UP, RATE_SCALE)
    step = replace(draft, result=draft.replay())
    return replace(case, charge=replace(case.charge, quantity=step.result), evidence=None, lead=(*case.lead, step))
