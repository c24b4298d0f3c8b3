"""Reverse rating of traffic: each way to take another percentile is found by its name."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.evidence import (
    PortBins,
    TrafficFacts,
)
from app.domain.money import D
from app.domain.terms import RateElementTerms
from app.domain.vocabulary import (
    PriceModel,
)
from tests.rating.facts import contract, element
from tests.rating.reversing import MARCH, explain, names, several


def port(parameters: str = "", price: str = "2.50") -> RateElementTerms:
    return element(price, model=PriceModel.PERCENTILE, parameters=parameters)


def traffic(seed: int, bins: int = 201, gap: int = 0) -> TrafficFacts:
    """Samples of a line whose numbers follow each other without order."""
    values = [
        (300 * (n + 1), (n * 7919 * seed) % 99_991 * 40_000, (n * 6_101 * seed) % 99_989 * 39_000) for n in range(bins)
    ]
    return TrafficFacts(seed, MARCH, 0, 300 * bins, 300, (PortBins("80KXGS1", tuple(values[gap:])),))


TRAFFIC = {n: traffic(n, 200 + n, gap=20) for n in (1, 2, 3)}
PORTS = several()


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("percentile", "percentile=90"),
        ("direction", "direction=sum"),
        ("direction", "direction=larger_per_bin"),
        ("missing", "missing=zero"),
        ("mbps", "mbps=up"),
    ],
)
def test_another_percentile_policy_is_named(name: str, parameters: str) -> None:
    assert name in names(explain(PORTS, contract(port()), contract(port(parameters)), evidence=TRAFFIC))


def test_a_commitment_that_was_left_out_is_named() -> None:
    agreed = contract(port("commit=5000; overage=3.25"))
    assert "commit" in names(explain(PORTS, agreed, contract(port("overage=3.25")), evidence=TRAFFIC))


def sorted_mbps(number: int) -> list[Decimal]:
    """The recorded Mbit/s of each direction ascending, of the direction whose 95th percentile is the larger."""
    bins = TRAFFIC[number].ports[0].bins
    k = (19 * len(bins) + 19) // 20
    ways = [sorted(each[way] for each in bins) for way in (1, 2)]
    return [Decimal(octets) * 8 / 300 / 1_000_000 for octets in max(ways, key=lambda way: way[k - 1])]


@pytest.mark.parametrize(("name", "shift"), [("percentile_off_by_one", 1), ("percentile_off_by_one", -1)])
def test_a_position_that_is_off_by_one_is_named(name: str, shift: int) -> None:
    wrong = []
    for each in PORTS:
        mbps = sorted_mbps(each.id)
        wrong.append(replace(each, quantity=mbps[(19 * len(mbps) + 19) // 20 - 1 + shift].quantize(D("0.0000000001"))))
    causes = explain(PORTS, contract(port()), evidence=TRAFFIC, seen=wrong, counted={})
    assert name in names(causes)


def test_the_average_is_named() -> None:
    wrong = []
    for each in PORTS:
        bins = TRAFFIC[each.id].ports[0].bins
        octets = max(sum(one[way] for one in bins) for way in (1, 2))
        mbps = Decimal(octets) * 8 / len(bins) / 300 / 1_000_000
        wrong.append(replace(each, quantity=mbps.quantize(D("0.0000000001"))))
    assert "average" in names(explain(PORTS, contract(port()), evidence=TRAFFIC, seen=wrong, counted={}))


def test_a_value_between_two_samples_is_named() -> None:
    wrong = []
    for each in PORTS:
        bins = TRAFFIC[each.id].ports[0].bins
        place = Decimal(95 * (len(bins) - 1)) / 100
        low = int(place)
        found = [
            ways[low] + (ways[low + 1] - ways[low]) * (place - low)
            for ways in (sorted(one[way] for one in bins) for way in (1, 2))
        ]
        wrong.append(replace(each, quantity=(max(found) * 8 / 300 / 1_000_000).quantize(D("0.0000000001"))))
    causes = explain(PORTS, contract(port()), evidence=TRAFFIC, seen=wrong, counted={})
    assert "percentile_interpolated" in names(causes)
