"""The columnar kernel: the vectors of domain/rating 5.1, and what it must never do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.domain.money import RoundingMode
from app.domain.vocabulary import RoundingScope
from app.rating.voice.call import Call, DeckRow
from app.rating.voice.deck import compile_deck
from app.rating.voice.expressions import TooManyPlaces, denominator
from app.rating.voice.kernel import CallOutOfTime, CallTooLong, rate_batch
from app.rating.voice.stream import rate_stream
from app.rating.voice.terms import VoiceTerms
from tests.rating import voice_cases as cases

ROW = DeckRow("1", "US", Decimal("0.011"), date(2026, 1, 1))
CALL = Call("12175550001", "13125550000", cases.START, 7)
TERMS = VoiceTerms(6, 6)


def rate(call: Call, terms: VoiceTerms = TERMS, row: DeckRow = ROW) -> dict[str, int]:
    found: dict[str, int] = rate_batch(cases.as_batch([call]), compile_deck([row], terms), terms).to_pylist()[0]
    return found


@pytest.mark.parametrize(
    ("steps", "seconds", "billable"),
    [((6, 6), 5, 6), ((30, 6), 5, 30), ((60, 60), 5, 60), ((6, 6), 31, 36), ((30, 6), 31, 36), ((60, 60), 31, 60),
     ((6, 6), 61, 66), ((30, 6), 61, 66), ((60, 60), 61, 120), ((6, 6), 205, 210), ((30, 6), 205, 210),
     ((60, 60), 205, 240), ((18, 6), 1, 18), ((1, 1), 7, 7), ((60, 60), 0, 0)],
)  # fmt: skip
def test_billable_seconds_are_those_of_the_vectors(steps: tuple[int, int], seconds: int, billable: int) -> None:
    assert rate(replace(CALL, seconds=seconds), VoiceTerms(*steps))["billable"] == billable


@pytest.mark.parametrize(
    ("rounding", "cents"), [(RoundingMode.HALF_UP, 0), (RoundingMode.UP, 1), (RoundingMode.TRUNCATE, 0)]
)
def test_1000_calls_of_7_seconds_cost_what_their_rounding_says(rounding: RoundingMode, cents: int) -> None:
    terms = replace(TERMS, rounding=rounding, scope=RoundingScope.CALL)
    found = rate(CALL, terms)
    assert found["expected"] == cents * 10_000
    assert Decimal(found["exact"] * 1000) / denominator(terms) == Decimal("2.20")


def test_205_seconds_in_6_second_steps_cost_35_steps() -> None:
    found = rate(replace(CALL, seconds=205), row=replace(ROW, price=Decimal("0.0137")))
    assert Decimal(found["exact"]) / denominator(TERMS) == Decimal("0.04795")


def test_a_tie_goes_to_the_even_digit_only_where_the_contract_says_so() -> None:
    row = replace(ROW, price=Decimal("0.005"))
    for seconds, half_up, even in ((60, 10_000, 0), (180, 20_000, 20_000), (300, 30_000, 20_000)):
        for mode, expected in ((RoundingMode.HALF_UP, half_up), (RoundingMode.HALF_EVEN, even)):
            terms = VoiceTerms(60, 60, rounding=mode, scope=RoundingScope.CALL)
            assert rate(replace(CALL, seconds=seconds), terms, row)["expected"] == expected


def test_a_cost_that_64_bits_do_not_hold_is_refused_and_never_wraps() -> None:
    with pytest.raises(CallTooLong, match="2000000000 seconds"):
        rate(replace(CALL, seconds=2_000_000_000), row=replace(ROW, price=Decimal(1)))
    with pytest.raises(CallTooLong):
        rate(replace(CALL, seconds=2**31), row=replace(ROW, price=Decimal(0)))


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(CallOutOfTime):
        rate(replace(CALL, started=10**12))


def test_calls_are_rounded_to_at_most_6_places() -> None:
    with pytest.raises(TooManyPlaces):
        rate(CALL, replace(TERMS, places=7, scope=RoundingScope.CALL))


def test_an_empty_batch_stays_empty() -> None:
    terms = cases.make_terms(cases.random.Random(2))
    deck = compile_deck([ROW], terms, places=[cases.PlaceRow("1", "1")])
    assert rate_batch(cases.as_batch([]), deck, terms).num_rows == 0


def test_only_columns_that_the_terms_use_are_there() -> None:
    plain = {"zone", "price", "billable", "exact", "segment"}
    assert set(rate(CALL)) == plain
    assert set(rate(CALL, replace(TERMS, scope=RoundingScope.CALL))) == plain | {"expected"}


def test_a_stream_keeps_the_order_of_its_batches() -> None:
    deck = compile_deck([ROW], TERMS)
    batches = [cases.as_batch([replace(CALL, seconds=seconds)] * 3) for seconds in range(1, 60)]
    rated = [found.column("billable").to_pylist()[0] for _, found in rate_stream(batches, deck, TERMS)]
    assert rated == [-(-seconds // 6) * 6 for seconds in range(1, 60)]
