"""Bundles and volume discounts on columns: call by call what the scalar engine says, however a period is cut."""

from __future__ import annotations

import random
from dataclasses import replace

import pyarrow as pa
import pytest

from app.rating.voice.accumulate import accumulate
from app.rating.voice.call import Call
from app.rating.voice.cumulative import Counters, rate_calls
from app.rating.voice.deck import CompiledDeck, compile_deck
from app.rating.voice.expressions import final_denominator
from app.rating.voice.jurisdiction import Places
from app.rating.voice.kernel import rate_batch
from app.rating.voice.prices import Deck
from app.rating.voice.rated import DENOMINATOR
from app.rating.voice.terms import Bundle, CallTier, CallTiers, TierMeasure, TierMode, VoiceTerms
from tests.rating import voice_cases as cases


def make_case(seed: int) -> tuple[random.Random, VoiceTerms]:
    """Random terms with a bundle, tiers or both."""
    chance = random.Random(seed)
    terms = cases.make_terms(chance)
    if seed % 3 != 0:
        zones = frozenset({"zone 1", "zone 2"}) if chance.random() < 0.5 else frozenset()
        bundle = Bundle(
            chance.choice((600, 40_000)), zones, chance.random() < 0.5, waives_connect=chance.random() < 0.5, carried=7
        )
        terms = replace(terms, bundle=bundle)
    if seed % 3 != 1:
        measure = chance.choice(list(TierMeasure))
        upto = (1_000, 90_000) if measure is TierMeasure.MINUTES else (10**11, 7 * 10**12)
        tiers = (
            CallTier(upto[0], 100),
            CallTier(upto[1], 45),
            *([CallTier(None, 10)] if chance.random() < 0.5 else []),
        )
        terms = replace(terms, tiers=CallTiers(tiers, measure, chance.choice(list(TierMode)), chance.random() < 0.5))
    return chance, terms


def run(
    calls: list[Call], deck: CompiledDeck, terms: VoiceTerms, carried: Counters | None
) -> tuple[pa.RecordBatch, Counters]:
    batch = cases.as_batch(calls)
    return accumulate(batch, rate_batch(batch, deck, terms), deck, terms, carried)


@pytest.mark.parametrize("seed", range(60))
def test_bundles_and_tiers_give_each_call_what_the_scalar_engine_gives(seed: int) -> None:
    chance, terms = make_case(seed)
    rows = cases.make_deck(chance, terms, 60, kinds=seed % 2 == 0)
    places = cases.make_places(chance, 20) if seed % 4 < 2 else []
    calls = cases.make_calls(chance, 200)
    deck = compile_deck(rows, terms, places=places)
    carried = Counters({"": 5_000, cases.LINES[0]: 99}, {"": 4_000, cases.LINES[0]: 77_700}) if seed % 5 == 0 else None
    found, after = run(calls, deck, terms, carried)
    expected, stands = rate_calls(calls, Deck(rows), Places(places), terms, carried)
    for ours, theirs in zip(found.to_pylist(), expected, strict=True):
        assert ours["exact"] * (DENOMINATOR // final_denominator(terms)) == theirs.numerator, theirs
        assert ours["free"] == theirs.free_seconds, theirs
        if theirs.expected is not None:
            assert ours["expected"] == theirs.expected.scaleb(6), theirs
    assert after == stands


@pytest.mark.parametrize("seed", range(3, 23))
def test_a_period_in_batches_costs_what_it_costs_at_once(seed: int) -> None:
    chance, terms = make_case(seed)
    if terms.tiers is not None:
        terms = replace(terms, tiers=replace(terms.tiers, mode=TierMode.GRADUATED))
    deck = compile_deck(cases.make_deck(chance, terms, 60, kinds=False), terms)
    calls = sorted(cases.make_calls(chance, 300), key=lambda call: call.started)
    whole, at_once = run(calls, deck, terms, None)
    parts, stands = [], Counters()
    for start in range(0, len(calls), 37):
        part, stands = run(calls[start : start + 37], deck, terms, stands)
        parts.append(part)
    assert pa.Table.from_batches(parts).to_pylist() == whole.to_pylist()
    assert stands == at_once


def test_money_beyond_64_bits_is_counted_exactly() -> None:
    tiers = CallTiers((CallTier(3 * 10**17, 100), CallTier(None, 50)), TierMeasure.MONEY)
    terms = VoiceTerms(1, 1, tiers=tiers)
    row = cases.make_deck(random.Random(1), terms, 1, kinds=False)[0]
    rows = [replace(row, prefix="1", price=cases.Decimal(9), effective_from=cases.FIRST, effective_to=None, band="")]
    call = Call(cases.LINES[0], "12", cases.START + 86_400, 40_000)
    calls = [replace(call, started=call.started + place) for place in range(3_000)]
    found, after = run(calls, compile_deck(rows, terms), terms, None)
    expected, stands = rate_calls(calls, Deck(rows), None, terms)
    assert sum(found.column("exact").to_pylist()) > 2**63
    assert [one * (DENOMINATOR // final_denominator(terms)) for one in found.column("exact").to_pylist()] == [
        one.numerator for one in expected
    ]
    assert after == stands
