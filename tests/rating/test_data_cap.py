"""Data caps: the formula of domain/rating 5.2 on GB of the bill and on recorded octets."""

from __future__ import annotations

import pytest

from app.domain.evidence import PortBins, TrafficFacts
from app.domain.money import D
from app.domain.parameters import BadParameters
from app.domain.proof import Proof
from app.domain.vocabulary import ChargeType, PriceModel
from app.rating.charge_models import data_cap
from app.rating.charge_models.measure import Measure
from tests.rating.facts import contract, element, period
from tests.rating.oracle import proven

GIB = 2**30


def charge_for(
    gigabytes: str, parameters: str, ports: tuple[tuple[tuple[int, int], ...], ...] | None = None, price: str = "10.00"
) -> Proof:
    terms = element(price, charge_type=ChargeType.USAGE, model=PriceModel.DATA_CAP, parameters=parameters)
    traffic = None
    if ports is not None:
        named = tuple(
            PortBins(f"80/KXGS/00012{place}", tuple((300 * end, *octets) for end, octets in enumerate(bins, 1)))
            for place, bins in enumerate(ports)
        )
        traffic = TrafficFacts(7, period("2026-03-01..2026-04-01"), 0, 900, 300, named, ("march.csv",))
    return proven(data_cap, Measure(contract(terms), terms, D(gigabytes), evidence=traffic))


@pytest.mark.parametrize(
    ("gigabytes", "amount"),
    [("999", "0.00"), ("1000", "0.00"), ("1000.01", "10.00"), ("1050", "10.00"), ("1051", "20.00"), ("1234", "50.00")],
)
def test_blocks_above_the_cap_are_paid_when_they_are_begun(gigabytes: str, amount: str) -> None:
    assert charge_for(gigabytes, "cap=1000; block=50").result == D(amount)


def test_without_blocks_each_part_of_a_gigabyte_is_paid_by_itself() -> None:
    proof = charge_for("1000.25", "cap=1000; block=0")
    assert proof.result == D("2.50")
    assert proof.steps[-1].formula == "max(0, 1000.25 − 1000) × 10.00"


@pytest.mark.parametrize(
    ("direction", "amount"),
    [("both", "40.00"), ("down", "30.00"), ("up", "10.00")],
)
def test_recorded_octets_of_all_ports_count_in_the_contract_s_direction(direction: str, amount: str) -> None:
    ports = (((GIB, 0), (GIB, GIB)), ((GIB, 0),))
    proof = charge_for("999", f"cap=0; gigabyte=binary; direction={direction}", ports)
    assert proof.result == D(amount)
    assert proof.steps[0].basis == f"80/KXGS/000120: octets, {direction} (march.csv), 1 of 3 bins missing"
    assert proof.steps[1].basis == f"80/KXGS/000121: octets, {direction} (march.csv), 2 of 3 bins missing"


def test_a_port_that_lacks_nothing_is_not_said_to() -> None:
    proof = charge_for("999", "cap=0; gigabyte=binary", (((GIB, 0), (GIB, GIB), (0, 0)),))
    assert proof.result == D("30.00")
    assert proof.steps[0].basis == "80/KXGS/000120: octets, both (march.csv)"


def test_a_gigabyte_is_what_the_contract_says_it_is() -> None:
    ports = (((10 * GIB, 0),),)
    assert charge_for("0", "cap=10; gigabyte=binary", ports).result == 0
    proof = charge_for("0", "cap=10; gigabyte=decimal", ports)
    assert proof.result == D("10.00")
    assert proof.steps[1].formula == "ceil(max(0, (10737418240) ÷ 1000000000 − 10) ÷ 1)"


def test_no_recorded_traffic_is_no_traffic() -> None:
    assert charge_for("999", "cap=0", ()).result == 0


def test_a_cap_has_to_be_given() -> None:
    with pytest.raises(BadParameters, match="cap is missing"):
        charge_for("1", "block=5")
