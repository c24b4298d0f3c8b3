"""Percentile charges: domain/rating 5.2, against the oracle."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.evidence import TrafficFacts
from app.domain.money import D, RoundingMode, round_amount
from app.domain.parameters import BadParameters
from app.domain.proof import Proof, write_proof
from app.domain.vocabulary import PriceModel, ProrationMethod
from app.rating.charge_models import percentile
from app.rating.charge_models.measure import Measure, to_decimal
from app.rating.proration import ONE_MONTH, Proration, prorate
from tests.rating.facts import contract, element, period
from tests.rating.oracle import percentile as oracle
from tests.rating.test_percentile import BIN, START, Bins, traffic


def price(
    parameters: str,
    traffic: TrafficFacts | None = None,
    price: str = "2.50",
    quantity: str = "1",
    months: Proration = ONE_MONTH,
    **fields: object,
) -> tuple[Decimal, Proof]:
    priced = element(price, model=PriceModel.PERCENTILE, parameters=parameters)
    measure = Measure(contract(priced, **fields), priced, D(quantity), months, traffic)
    return percentile.compute(measure), Proof(percentile.explain(measure))


def steady(octets: int, bins: int = 8640) -> TrafficFacts:
    """A month of one value, but for the highest twentieth, which is wild."""
    wild = bins // 20
    return traffic({place: (octets if place > wild else octets * 3, 1) for place in range(1, bins + 1)}, bins=bins)


TERMS = "commit=200; overage=3.25"


def test_what_is_above_the_commitment_costs_the_price_above_it() -> None:
    """200 Mbit/s at 2.50 and 87.4 at 3.25."""
    amount, proof = price(TERMS, steady(10_777_500_000))
    assert amount == D("784.05") == proof.result
    assert proof.holds()
    assert proof.steps[-1].formula == "200 × 2.50 + max(0, 8 × 10777500000 ÷ 300 ÷ 1000000 − 200) × 3.25"
    assert proof.steps[0].basis == (
        "Percentile 95 of traffic samples (samples.csv): 8,640 bins of 300 s, missing none; N = 8,640, "
        "position k = 8,208, 432 higher ones discarded; in, the bin that ended 2027-02-14T08:00:00Z; its octets"
    )


def test_the_mbps_of_the_bill_are_taken_without_samples() -> None:
    amount, proof = price(TERMS, quantity="287.4")
    assert amount == D("784.05")
    assert proof.holds()
    assert proof.steps[0].basis == "Mbit/s on the bill"


@pytest.mark.parametrize("quantity", ["0", "17", "200"])
def test_below_the_commitment_the_commitment_is_paid(quantity: str) -> None:
    assert price(TERMS, quantity=quantity)[0] == D("500.00")


def test_without_a_price_above_the_commitment_the_price_holds_for_all() -> None:
    assert price("commit=200", quantity="287.4")[0] == D("718.50")
    assert price("percentile=90", quantity="100")[0] == D("250.00")


def test_what_is_above_the_commitment_can_be_charged_alone() -> None:
    assert price(TERMS, price="0", quantity="287.4")[0] == D("284.05")


@pytest.mark.parametrize(
    ("quantity", "amount"), [("100", "300.00"), ("100.5", "201.00"), ("50", "300.00"), ("900", "910.00")]
)
def test_with_tiers_all_mbps_cost_the_price_of_their_total(quantity: str, amount: str) -> None:
    """A commitment of 100: 100 at 3.00, above 100 at 2.00, above 500 at 1.00 and 10.00."""
    assert price("commit=100; tiers=100:3.00, 500:2.00, above:1.00+10", quantity=quantity)[0] == D(amount)


@pytest.mark.parametrize(
    ("rounding", "amount"), [("exact", "784.05"), ("up", "786.00"), ("places; places=0", "782.75")]
)
def test_mbps_can_be_rounded_before_they_are_priced(rounding: str, amount: str) -> None:
    for evidence in (None, steady(10_777_500_000)):
        result, proof = price(f"{TERMS}; mbps={rounding}", evidence, quantity="287.4")
        assert result == D(amount) == proof.result
        assert proof.holds()


def test_one_commitment_holds_for_all_ports_together() -> None:
    """Two ports of 143.7 Mbit/s each."""
    port = dict.fromkeys(range(1, 289), (5388750000, 0))
    assert price(TERMS, traffic(port, port, bins=288))[0] == D("784.05")


def test_only_the_commitment_is_prorated() -> None:
    """16 of 31 days: 500.00 × 16 ÷ 31 + 284.05."""
    months = prorate(period("2026-01-16..2026-02-01"), ProrationMethod.ACTUAL)
    amount, proof = price(TERMS, quantity="287.4", months=months)
    assert amount == D("542.11")
    assert proof.holds()
    assert "200 × 2.50 × (16 ÷ 31) + max(" in proof.steps[-1].formula


def test_missing_bins_are_named_in_the_proof() -> None:
    _, proof = price(f"{TERMS}; missing=zero", traffic({3: (5, 5), 4: (5, 5)}, bins=288))
    assert "288 bins of 300 s, missing A 286 (taken as 0); N = 288" in write_proof(proof)


@pytest.mark.parametrize("parameters", ["percentile=101", "percentile=0", "direction=upwards", "missing=guess"])
def test_what_is_no_policy_is_refused(parameters: str) -> None:
    with pytest.raises(BadParameters):
        price(parameters)


MONEY = st.integers(0, 99_999).map(lambda cents: Decimal(cents) / 100)


@given(
    st.dictionaries(st.integers(1, 24), st.tuples(st.integers(0, 10**11), st.integers(0, 10**11)), min_size=1),
    st.tuples(MONEY, MONEY, MONEY),
    st.sampled_from(["larger", "larger_per_bin", "sum", "in", "out"]),
    st.sampled_from(["drop", "zero", "hold"]),
    st.sampled_from(["exact", "up", "places"]),
    st.sampled_from([90, 95]),
    st.sampled_from(list(RoundingMode)),
)
def test_every_variant_costs_what_the_oracle_says_and_is_proved(
    port: Bins,
    terms: tuple[Decimal, Decimal, Decimal],
    direction: str,
    missing: str,
    mbps: str,
    percent: int,
    mode: RoundingMode,
) -> None:
    commit, unit, overage = terms
    parameters = (
        f"commit={commit}; overage={overage}; direction={direction}; missing={missing}; mbps={mbps}; places=1; "
        f"percentile={percent}"
    )
    amount, proof = price(parameters, traffic(port, bins=24), price=f"{unit}", rounding=mode)
    by_end = {START + place * BIN: octets for place, octets in port.items()}
    rate = oracle.bits_per_second([by_end], START, START + 24 * BIN, BIN, percent, direction, missing)
    exact = oracle.charge(oracle.megabits(rate, mbps, 1), Fraction(commit), Fraction(unit), Fraction(overage))
    assert amount == round_amount(to_decimal(exact), 2, mode) == proof.result
    assert proof.holds()
