"""One call priced by the definitions, with vectors of domain/rating 5.1."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.money import D, RoundingMode, round_amount
from app.domain.vocabulary import RoundingScope
from app.errors import BugError
from app.rating.charge_models.measure import to_decimal
from app.rating.voice.call import Call, DeckRow, PlaceRow
from app.rating.voice.cumulative import rate_calls, total
from app.rating.voice.jurisdiction import Places
from app.rating.voice.prices import Deck
from app.rating.voice.rated import DENOMINATOR, RatedCall, round_cost
from app.rating.voice.scalar import prove_call, rate_call
from app.rating.voice.terms import Band, BandPolicy, Jurisdiction, VoiceTerms
from tests.rating.voicefacts import NEW_YORK, at, call, row

SIX = VoiceTerms(initial=6, increment=6)
DAY_AND_NIGHT = (Band("peak", frozenset(range(7)), 8 * 60, 18 * 60, weight=1), Band("off", frozenset(range(7))))


def rate(one: Call, terms: VoiceTerms, *rows: DeckRow, places: Places | None = None) -> RatedCall:
    """The call rated, its proof having been replayed."""
    deck = Deck(rows)
    rated = rate_call(one, deck, places, terms)
    if not rated.unpriced:
        proof = prove_call(one, deck, places, terms)
        assert proof.holds()
        assert terms.scope is RoundingScope.CALL or abs(Fraction(proof.result) - rated.exact) < Fraction(1, 10**10)
    return rated


def cost(one: Call, terms: VoiceTerms, *rows: DeckRow, places: Places | None = None) -> Fraction:
    rated = rate(one, terms, *rows, places=places)
    assert not rated.unpriced
    return rated.exact


@pytest.mark.parametrize(
    ("seconds", "initial", "increment", "billable"),
    [
        (5, 6, 6, 6),
        (10, 30, 6, 30),
        (31, 30, 6, 36),
        (31, 60, 60, 60),
        (61, 30, 6, 66),
        (205, 60, 60, 240),
        (5, 18, 6, 18),
        (0, 60, 60, 0),
    ],
)
def test_a_call_is_billed_in_the_contracts_increments(
    seconds: int, initial: int, increment: int, billable: int
) -> None:
    rated = rate(call(seconds), VoiceTerms(initial=initial, increment=increment), row(price="0.6"))
    assert rated.seconds == billable
    assert rated.exact == Fraction(billable, 100)


def test_a_price_per_six_seconds_of_205_seconds() -> None:
    """35 × 0.00137 = 0.04795: a price per increment is ten times that per minute."""
    assert cost(call(205), SIX, row(price="0.0137")) == Fraction("0.04795")


@pytest.mark.parametrize(
    ("scope", "mode", "amount"),
    [
        (RoundingScope.CHARGE, RoundingMode.HALF_UP, "2.20"),
        (RoundingScope.CALL, RoundingMode.HALF_UP, "0.00"),
        (RoundingScope.CALL, RoundingMode.UP, "10.00"),
        (RoundingScope.ZONE, RoundingMode.UP, "2.20"),
    ],
)
def test_where_a_thousand_short_calls_are_rounded_decides(
    scope: RoundingScope, mode: RoundingMode, amount: str
) -> None:
    terms = VoiceTerms(initial=6, increment=6, scope=scope, rounding=mode)
    rated, _ = rate_calls([call(7)] * 1000, Deck([row()]), None, terms)
    assert rated[0].exact == Fraction("0.0022")
    assert total(rated, terms) == D(amount)


def test_each_zone_is_rounded_by_itself_and_a_bill_keeps_all_places() -> None:
    rows = [row("44", "0.004"), row("33", "0.004", zone="FR")]
    calls = [call(60), call(60, "33123456789")]
    for scope, amount in (
        (RoundingScope.ZONE, "0.00"),
        (RoundingScope.CHARGE, "0.01"),
        (RoundingScope.BILL, "0.008000"),
    ):
        terms = VoiceTerms(scope=scope)
        assert str(total(rate_calls(calls, Deck(rows), None, terms)[0], terms)) == amount


@pytest.mark.parametrize(("seconds", "amount"), [(1, "1.4"), (60, "1.4"), (61, "1.42"), (120, "2.6"), (0, "0")])
def test_a_connect_fee_and_a_first_minute_in_one_step(seconds: int, amount: str) -> None:
    """0.2 to connect, 1.2 for the first minute in one step, then 1.2 a minute by the second."""
    terms = VoiceTerms(initial=60, increment=1, connect=D("0.2"))
    assert cost(call(seconds), terms, row(price="1.2")) == Fraction(amount)


def test_a_deductible_connect_fee_is_a_least_charge() -> None:
    terms = VoiceTerms(initial=1, increment=1, connect=D("0.2"), deductible=True)
    assert cost(call(6), terms, row(price="1.2")) == Fraction("0.2")
    assert cost(call(60), terms, row(price="1.2")) == Fraction("1.2")


def test_a_rows_own_fee_and_increments_go_before_the_contracts() -> None:
    rated = rate(call(31), VoiceTerms(connect=D("0.2")), row(price="0.6", initial=30, increment=6, connect=D("0")))
    assert (rated.seconds, rated.exact) == (36, Fraction("0.36"))


def test_rate_groups_price_seconds_by_their_place_in_the_call() -> None:
    terms = VoiceTerms(initial=1, increment=1, rate_groups=((0, 100), (60, 50), (120, 25)))
    assert cost(call(180), terms, row(price="0.60")) == Fraction("0.60") + Fraction("0.30") + Fraction("0.15")
    assert cost(call(59), terms, row(price="0.60")) == Fraction("0.59")


def test_a_payphone_costs_a_surcharge_for_each_answered_call_after_the_least_charge() -> None:
    terms = VoiceTerms(payphone=D("0.50"), connect=D("1"), deductible=True)
    assert cost(call(60, payphone=True), terms, row(price="0.10")) == Fraction("1.50")
    assert cost(call(60), terms, row(price="0.10")) == 1
    assert cost(call(0, payphone=True), terms, row(price="0.10")) == 0


PEAK, OFF = row(price="0.60", band="peak", connect=D("0.05")), row(price="0.12", band="off", connect=D("9"))


def test_a_call_across_a_boundary_costs_the_band_of_its_start_or_is_cut() -> None:
    one = call(120, started=at("2026-03-04 17:59", NEW_YORK))
    start = VoiceTerms(initial=1, increment=1, time_zone=NEW_YORK, bands=DAY_AND_NIGHT)
    split = VoiceTerms(initial=1, increment=1, time_zone=NEW_YORK, bands=DAY_AND_NIGHT, band_policy=BandPolicy.SPLIT)
    assert cost(one, start, PEAK, OFF) == Fraction("1.25")
    assert cost(one, split, PEAK, OFF) == Fraction("0.05") + Fraction("0.60") + Fraction("0.12")
    rated = rate(one, split, PEAK, OFF)
    assert [(piece.band, piece.seconds) for piece in rated.pieces] == [("peak", 60), ("off", 60)]
    assert (rated.band, rated.price) == ("peak", D("0.60"))


def test_the_billable_seconds_are_cut_and_not_the_answered_ones() -> None:
    one = call(30, started=at("2026-03-04 17:59:30"))
    split = VoiceTerms(bands=DAY_AND_NIGHT, band_policy=BandPolicy.SPLIT)
    assert [piece.seconds for piece in rate(one, split, PEAK, OFF).pieces] == [30, 30]


def test_a_call_that_runs_into_a_band_without_a_price_has_none() -> None:
    one = call(120, started=at("2026-03-04 17:59"))
    split = VoiceTerms(bands=DAY_AND_NIGHT, band_policy=BandPolicy.SPLIT)
    rated = rate(one, split, PEAK)
    assert rated.unpriced == "The deck has no price for 447700900123 on 2026-03-04 (unknown, off)."
    assert (rated.exact, rated.expected) == (0, None)
    assert rate(one, VoiceTerms(bands=DAY_AND_NIGHT), PEAK).price == D("0.60")


def test_the_price_of_the_start_holds_past_midnight_of_a_new_price_list() -> None:
    """The day is the contract's: 23:59 in New York is the next day already in UTC."""
    terms = VoiceTerms(time_zone=NEW_YORK)
    old, new = row(price="0.10", until="2026-03-05"), row(price="0.20", since="2026-03-05")
    assert cost(call(120, started=at("2026-03-04 23:59", NEW_YORK)), terms, old, new) == Fraction("0.20")
    assert cost(call(120, started=at("2026-03-05 00:00", NEW_YORK)), terms, old, new) == Fraction("0.40")


NEAR, FAR = row("1", "0.02", jurisdiction="intrastate"), row("1", "0.01", jurisdiction="interstate", zone="US")
PLACES = Places(
    [PlaceRow("1212", "1", "NY", "132"), PlaceRow("1716", "1", "NY", "140"), PlaceRow("1310", "1", "CA", "730")]
)


def test_the_states_of_both_ends_decide_the_price() -> None:
    near = rate(call(60, "17165550100"), VoiceTerms(), NEAR, FAR, places=PLACES)
    far = rate(call(60, "13105550100"), VoiceTerms(), NEAR, FAR, places=PLACES)
    assert (near.jurisdiction, near.price) == (Jurisdiction.INTRASTATE, D("0.02"))
    assert (far.jurisdiction, far.price) == (Jurisdiction.INTERSTATE, D("0.01"))


def test_an_unknown_jurisdiction_is_priced_by_the_agreed_interstate_share() -> None:
    one = call(60, "19995550100")
    rated = rate(one, VoiceTerms(piu=D("0.4")), NEAR, FAR, places=PLACES)
    assert (rated.jurisdiction, rated.price, rated.zone) == (Jurisdiction.UNKNOWN, D("0.016"), "US")
    assert rate(one, VoiceTerms(piu=D("0")), NEAR, FAR, places=PLACES).price == D("0.02")
    assert rate(one, VoiceTerms(piu=D("1")), FAR, places=PLACES).price == D("0.01")
    assert rate(one, VoiceTerms(piu=D("0.4")), FAR, places=PLACES).unpriced
    assert rate(one, VoiceTerms(), NEAR, FAR, places=PLACES).unpriced
    steps = prove_call(one, Deck([NEAR, FAR]), PLACES, VoiceTerms(piu=D("0.4"))).steps
    assert steps[1].formula == "0.4 × 0.01 + (1 − 0.4) × 0.02"


def test_a_number_without_a_price_costs_nothing_and_says_so() -> None:
    rated = rate(call(60, "33123456789"), VoiceTerms(), row("44"))
    assert rated.unpriced == "The deck has no price for 33123456789 on 2026-03-04 (unknown)."
    assert "an unknown number" in rate(call(60, ""), VoiceTerms(), row("44")).unpriced
    assert "an unknown number" in rate(call(60, "4" * 16), VoiceTerms(), row("44")).unpriced
    with pytest.raises(BugError):
        prove_call(call(60, "33123456789"), Deck([row("44")]), None, VoiceTerms())


def test_the_proof_is_what_a_person_would_write() -> None:
    terms = VoiceTerms(initial=18, increment=6, connect=D("0.05"), scope=RoundingScope.CALL)
    steps = prove_call(call(31), Deck([row()]), None, terms).steps
    assert [step.formula for step in steps] == ["18 + ceil((31 − 18) ÷ 6) × 6", "0.011", "0.05 + 0.011 × 36 ÷ 60"]
    assert [step.result for step in steps] == [36, D("0.011"), D("0.06")]
    assert steps[1].basis == "Price of a minute to 44 (UK) from 2026-01-01"


def test_a_cost_that_no_decimal_writes_is_shown_to_ten_places_and_kept_exactly() -> None:
    terms = VoiceTerms(initial=1, increment=1)
    proof = prove_call(call(1), Deck([row(price="0.01")]), None, terms)
    assert proof.result == D("0.0001666667")
    assert proof.holds()
    assert cost(call(1), terms, row(price="0.01")) == Fraction(1, 6000)


@given(st.integers(-(10**6), 10**6), st.integers(0, 8), st.sampled_from(RoundingMode), st.sampled_from([-1, 0, 0, 1]))
@example(1, 2, RoundingMode.HALF_UP, 0)
@example(1, 2, RoundingMode.HALF_EVEN, 0)
@example(-3, 2, RoundingMode.HALF_EVEN, 0)
def test_costs_are_rounded_as_amounts_are(halves: int, places: int, mode: RoundingMode, aside: int) -> None:
    """At every half of the last place, and right beside it."""
    number = halves * (DENOMINATOR // 10**places // 2) + aside
    wanted = round_amount(to_decimal(Fraction(number, DENOMINATOR)), places, mode)
    assert round_cost(number, places, mode) == wanted
    assert isinstance(wanted, Decimal)
