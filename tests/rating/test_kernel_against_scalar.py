"""The columnar kernel and the scalar engine price every call alike, whatever the terms."""

from __future__ import annotations

import random

import pytest

from app.rating.voice.deck import compile_deck
from app.rating.voice.expressions import denominator
from app.rating.voice.jurisdiction import Places
from app.rating.voice.kernel import rate_batch
from app.rating.voice.placing import JURISDICTIONS
from app.rating.voice.prices import Deck
from app.rating.voice.rated import DENOMINATOR
from app.rating.voice.scalar import Rater
from app.rating.voice.slices import band_names
from tests.rating import voice_cases as cases


@pytest.mark.parametrize("seed", range(40))
def test_the_kernel_prices_each_call_as_the_scalar_engine_does(seed: int) -> None:
    chance = random.Random(seed)
    terms = cases.make_terms(chance)
    rows = cases.make_deck(chance, terms, chance.choice((3, 60, 250)), kinds=seed % 2 == 0)
    places = cases.make_places(chance, 40) if seed % 4 < 2 else []
    calls = cases.make_calls(chance, 250)
    deck = compile_deck(rows, terms, places=places)
    found = rate_batch(cases.as_batch(calls), deck, terms).to_pylist()
    rater = Rater(Deck(rows), Places(places), terms)
    names = band_names(terms)
    for call, ours in zip(calls, found, strict=True):
        theirs = rater.rate(call)
        assert (deck.zones[ours["zone"]] if ours["zone"] >= 0 else "") == theirs.zone, call
        assert ours["price"] == (0 if theirs.price is None else theirs.price.scaleb(10)), call
        assert ours["billable"] == theirs.seconds, call
        assert ours["exact"] * (DENOMINATOR // denominator(terms)) == theirs.numerator, call
        assert ("expected" in ours) == (theirs.expected is not None or "expected" in ours)
        if theirs.expected is not None:
            assert ours["expected"] == theirs.expected.scaleb(6), call
        if places:
            assert JURISDICTIONS[ours["jurisdiction"]] == theirs.jurisdiction, call
        if terms.bands:
            assert names[ours["band"]] == theirs.band, call
