"""The voice engine against the plain one, on any calls, decks, bands, bundles and volume discounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.money import RoundingMode
from app.domain.vocabulary import RoundingScope
from app.rating.voice.bands import band_at, boundaries
from app.rating.voice.call import Call, DeckRow, PlaceRow
from app.rating.voice.cumulative import rate_calls, total
from app.rating.voice.jurisdiction import Places
from app.rating.voice.prices import Deck
from app.rating.voice.proving import prove_rated
from app.rating.voice.terms import (
    HOLIDAY,
    Band,
    BandPolicy,
    Bundle,
    CallTier,
    CallTiers,
    TierMeasure,
    TierMode,
    VoiceTerms,
)
from tests.rating.oracle import voice as oracle

MARCH_8 = 1772928000  # 2026-03-08 00:00 UTC: the clock goes forward in New York at 07:00 UTC
NOVEMBER_1 = 1793491200  # 2026-11-01: and back at 06:00 UTC
ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe")
NAMES = ("day", "night", "weekend")
DAYS = (date(2026, 3, 6), date(2026, 3, 8), date(2026, 3, 9), date(2026, 11, 1))

rates = st.integers(0, 10**6).map(lambda number: Decimal(number).scaleb(-5))
moments = st.one_of(
    st.integers(MARCH_8 - 2 * 86_400, MARCH_8 + 2 * 86_400), st.integers(NOVEMBER_1 - 86_400, NOVEMBER_1 + 2 * 86_400)
)
numbers = st.sampled_from(["", "1212555", "12125550123", "1212", "13105550000", "447700900123", "44770", "1" * 16, "9"])
lines = st.sampled_from(["12125550100", "13105550100", "4420"])
bands = st.builds(
    Band,
    name=st.sampled_from(NAMES),
    days=st.frozensets(st.integers(0, HOLIDAY), min_size=1),
    start=st.integers(0, 1439),
    end=st.integers(0, 1440),
    months=st.sampled_from([frozenset(), frozenset({3}), frozenset({2, 11})]),
    weight=st.integers(0, 2),
)
deck_rows = st.builds(
    DeckRow,
    prefix=st.sampled_from(["", "1", "12", "1212", "1212555", "1310", "44", "447", "4477"]),
    zone=st.sampled_from(["near", "far"]),
    price=rates,
    effective_from=st.sampled_from(DAYS),
    effective_to=st.sampled_from([None, None, *DAYS]),
    jurisdiction=st.sampled_from(["", "", "interstate", "intrastate", "international", "unknown"]),
    band=st.sampled_from(["", "", *NAMES]),
    connect=st.one_of(st.none(), rates),
    initial=st.sampled_from([None, 1, 30]),
    increment=st.sampled_from([None, 6]),
)
calls = st.builds(
    Call,
    line=lines,
    number=numbers,
    started=moments,
    seconds=st.integers(0, 200),
    payphone=st.booleans(),
)
tier_tables = st.lists(st.integers(1, 400), min_size=1, max_size=3, unique=True).flatmap(
    lambda bounds: st.lists(st.integers(0, 130), min_size=len(bounds) + 1, max_size=len(bounds) + 1).map(
        lambda shares: tuple(
            CallTier(bound, share) for bound, share in zip([*sorted(bounds), None], shares, strict=True)
        )
    )
)


@st.composite
def discounts(draw: st.DrawFn) -> CallTiers:
    measure = draw(st.sampled_from(TierMeasure))
    table = draw(tier_tables)
    if measure is TierMeasure.MONEY:
        table = tuple(CallTier(None if each.upto is None else each.upto * 7 * 10**8, each.percent) for each in table)
    return CallTiers(table, measure, draw(st.sampled_from(TierMode)), draw(st.booleans()))


terms_of_calls = st.builds(
    VoiceTerms,
    initial=st.sampled_from([1, 6, 18, 60]),
    increment=st.sampled_from([1, 6, 60]),
    connect=rates,
    deductible=st.booleans(),
    time_zone=st.sampled_from(ZONES),
    band_policy=st.sampled_from(BandPolicy),
    bands=st.lists(bands, max_size=3).map(tuple),
    holidays=st.frozensets(st.sampled_from(DAYS)),
    piu=st.sampled_from([None, Decimal(0), Decimal("0.4"), Decimal("0.375"), Decimal(1)]),
    payphone=rates,
    rate_groups=st.sampled_from([(), ((0, 100), (60, 50)), ((0, 0), (6, 120), (7, 33))]),
    bundle=st.one_of(
        st.none(),
        st.builds(
            Bundle,
            seconds=st.integers(0, 300),
            zones=st.sampled_from([frozenset(), frozenset({"near"})]),
            pooled=st.booleans(),
            waives_connect=st.booleans(),
            carried=st.integers(0, 50),
        ),
    ),
    tiers=st.one_of(st.none(), discounts()),
    rounding=st.sampled_from(RoundingMode),
    places=st.integers(0, 6),
    scope=st.sampled_from(RoundingScope),
)
PLACES = [
    PlaceRow("1212", "1", "NY", "132", "nyc"),
    PlaceRow("1212555", "1", "NY", "132"),
    PlaceRow("1310", "1", "CA", "730"),
    PlaceRow("44", "44"),
    PlaceRow("447700", "44", toll_free=True),
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(calls, min_size=1, max_size=6),
    st.lists(deck_rows, min_size=1, max_size=10),
    st.sampled_from([PLACES, PLACES[:3], []]),
    terms_of_calls,
)
def test_any_calls_cost_what_they_cost_second_by_second(
    made: list[Call], rows: list[DeckRow], places: list[PlaceRow], terms: VoiceTerms
) -> None:
    got, _ = rate_calls(made, Deck(rows), Places(places), terms)
    wanted = oracle.price_calls(made, rows, places, terms)
    for ours, theirs in zip(got, wanted, strict=True):
        assert bool(ours.unpriced) is theirs.unpriced
        assert (ours.band, ours.jurisdiction.value, ours.zone) == (theirs.band, theirs.jurisdiction, theirs.zone)
        assert (ours.seconds, ours.exact) == (len(theirs.seconds), theirs.cost)
        if not ours.unpriced:
            proof = prove_rated(ours, terms)
            assert proof.holds()
            if terms.scope is RoundingScope.CALL:
                assert proof.result == ours.expected
                assert Fraction(proof.result) == oracle.round_to(theirs.cost, terms.places, terms.rounding)
            else:
                assert oracle.round_to(theirs.cost, 10, "half_up") == oracle.round_to(
                    Fraction(proof.result), 10, "half_up"
                )
    assert Fraction(total(got, terms)) == oracle.add_up(wanted, terms)


@settings(max_examples=150, deadline=None)
@given(st.lists(bands, max_size=4).map(tuple), st.sampled_from(ZONES), st.frozensets(st.sampled_from(DAYS)), moments)
def test_boundaries_say_minute_by_minute_what_the_clock_says(
    made: tuple[Band, ...], zone: str, holidays: frozenset[date], start: int
) -> None:
    terms = VoiceTerms(bands=made, time_zone=zone, holidays=holidays)
    start -= start % 60
    end = start + 6 * 3600
    cuts = dict(boundaries(start, end, terms))
    name = ""
    for moment in range(start, end, 60):
        name = cuts.get(moment, name)
        assert name == oracle.band_at(moment, terms) == band_at(moment, terms)
    assert all(moment % 60 == 0 for moment in cuts)
