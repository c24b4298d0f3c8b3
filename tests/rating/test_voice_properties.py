"""What holds for any calls under any deck."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.vocabulary import RoundingScope
from app.rating.voice.call import Call, DeckRow
from app.rating.voice.cumulative import rate_calls, total
from app.rating.voice.jurisdiction import Places
from app.rating.voice.prices import Deck
from app.rating.voice.terms import BandPolicy, Bundle, TierMode, VoiceTerms
from tests.rating.test_voice_against_oracle import PLACES, calls, deck_rows, terms_of_calls

many_calls = st.lists(calls, min_size=1, max_size=8)
decks = st.lists(deck_rows, min_size=1, max_size=6).map(Deck)
plain = terms_of_calls.map(lambda terms: replace(terms, bundle=None, tiers=None))
THERE = Places(PLACES)


def rate(made: list[Call], deck: Deck, terms: VoiceTerms):  # type: ignore[no-untyped-def]
    return rate_calls(made, deck, THERE, terms)[0]


@settings(max_examples=40, deadline=None)
@given(many_calls, many_calls, decks, plain)
def test_where_calls_are_rounded_the_total_of_two_sets_is_the_sum_of_their_totals(
    one: list[Call], other: list[Call], deck: Deck, terms: VoiceTerms
) -> None:
    terms = replace(terms, scope=RoundingScope.CALL)
    whole = total(rate(one + other, deck, terms), terms)
    assert whole == total(rate(one, deck, terms), terms) + total(rate(other, deck, terms), terms)


@settings(max_examples=40, deadline=None)
@given(many_calls, decks, plain, st.randoms(use_true_random=False))
def test_without_bundle_and_discount_the_order_does_not_matter(
    made: list[Call],
    deck: Deck,
    terms: VoiceTerms,
    chance,  # type: ignore[no-untyped-def]
) -> None:
    other = list(made)
    chance.shuffle(other)
    assert total(rate(other, deck, terms), terms) == total(rate(made, deck, terms), terms)


@settings(max_examples=40, deadline=None)
@given(many_calls, decks, terms_of_calls, st.integers(0, 8))
def test_batches_of_a_period_make_no_difference(made: list[Call], deck: Deck, terms: VoiceTerms, cut: int) -> None:
    """With the counters handed on, and in order of time; a discount by the total wants the whole period."""
    terms = replace(terms, tiers=None if terms.tiers is None else replace(terms.tiers, mode=TierMode.GRADUATED))
    made = sorted(made, key=lambda call: call.started)
    first, state = rate_calls(made[:cut], deck, THERE, terms)
    second, _ = rate_calls(made[cut:], deck, THERE, terms, state)
    assert first + second == rate(made, deck, terms)


@settings(max_examples=40, deadline=None)
@given(many_calls, calls, decks, plain, st.one_of(st.none(), st.integers(0, 300)))
def test_one_more_call_never_lowers_a_total(
    made: list[Call], more: Call, deck: Deck, terms: VoiceTerms, free: int | None
) -> None:
    if free is not None:
        # pooled or by zone an early call can take free seconds from a dearer one: the last call cannot
        terms = replace(terms, bundle=Bundle(free))
        more = replace(more, started=max(call.started for call in made) + 1)
    assert total(rate([*made, more], deck, terms), terms) >= total(rate(made, deck, terms), terms)


@settings(max_examples=40, deadline=None)
@given(many_calls, decks, plain)
def test_a_call_within_one_band_costs_the_same_split_or_not(made: list[Call], deck: Deck, terms: VoiceTerms) -> None:
    start = rate(made, deck, replace(terms, band_policy=BandPolicy.START))
    split = rate(made, deck, replace(terms, band_policy=BandPolicy.SPLIT))
    for one, other in zip(start, split, strict=True):
        if len({piece.band for piece in other.pieces}) == 1:
            assert one == other


@settings(max_examples=40, deadline=None)
@given(many_calls, decks, terms_of_calls)
def test_a_bundle_of_nothing_changes_nothing(made: list[Call], deck: Deck, terms: VoiceTerms) -> None:
    without, empty = replace(terms, bundle=None), replace(terms, bundle=Bundle(0))
    assert rate(made, deck, empty) == rate(made, deck, without)


@settings(max_examples=40, deadline=None)
@given(st.lists(deck_rows, min_size=1, max_size=6), many_calls, plain)
def test_a_row_for_nobody_changes_nothing(rows: list[DeckRow], made: list[Call], terms: VoiceTerms) -> None:
    more = [replace(rows[0], prefix="999"), *rows]
    assert rate(made, Deck(more), terms) == rate(made, Deck(rows), terms)
