"""Free minutes and volume discounts over the calls of a period."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.money import D
from app.domain.vocabulary import RoundingScope
from app.rating.voice.call import Call
from app.rating.voice.cumulative import POOL, Counters, open_period, rate_calls, total
from app.rating.voice.prices import Deck
from app.rating.voice.proving import prove_rated
from app.rating.voice.rated import RatedCall
from app.rating.voice.terms import Bundle, CallTier, CallTiers, TierMeasure, TierMode, VoiceTerms
from tests.rating.voicefacts import call, row

DECK = Deck([row("44", "0.60"), row("33", "0.60", zone="FR")])
OTHER = "12125550199"


def rate(calls: list[Call], terms: VoiceTerms, carried: Counters | None = None) -> tuple[list[RatedCall], Counters]:
    found, state = rate_calls(calls, DECK, None, terms, carried)
    for each in found:
        assert each.unpriced or prove_rated(each, terms).holds()
    return found, state


def costs(calls: list[Call], terms: VoiceTerms, carried: Counters | None = None) -> list[Fraction]:
    return [each.exact for each in rate(calls, terms, carried)[0]]


def free(seconds: int, **fields: object) -> VoiceTerms:
    return VoiceTerms(initial=1, increment=1, bundle=Bundle(seconds, **fields))  # type: ignore[arg-type]


def test_free_seconds_go_first_and_a_call_across_the_end_is_cut() -> None:
    found, state = rate([call(60), call(60), call(60)], free(90))
    assert [each.exact for each in found] == [0, Fraction("0.30"), Fraction("0.60")]
    assert [each.free_seconds for each in found] == [60, 30, 0]
    assert state.left == {"12125550100": 0}
    assert [step.formula for step in prove_rated(found[1], free(90)).steps] == [
        "1 + ceil((60 − 1) ÷ 1) × 1",
        "60 − 30",
        "0.60",
        "0.60 × 30 ÷ 60",
    ]


def test_the_bundle_counts_billable_seconds() -> None:
    terms = VoiceTerms(bundle=Bundle(90))
    assert costs([call(5), call(5)], terms) == [0, Fraction("0.30")]


def test_the_start_decides_who_is_free_and_the_answer_keeps_the_given_order() -> None:
    calls = [call(60, started="2026-03-04 13:00"), call(60, started="2026-03-04 12:00")]
    assert costs(calls, free(60)) == [Fraction("0.60"), 0]


def test_of_two_calls_at_one_moment_the_first_given_is_free() -> None:
    assert costs([call(60), call(60)], free(60)) == [0, Fraction("0.60")]


def test_each_number_has_its_own_bundle_unless_it_is_pooled() -> None:
    calls = [call(60), call(60, line=OTHER)]
    assert costs(calls, free(60)) == [0, 0]
    assert costs(calls, free(60, pooled=True)) == [0, Fraction("0.60")]
    assert rate(calls, free(100, pooled=True))[1].left == {POOL: 0}


def test_only_the_bundles_zones_are_free() -> None:
    calls = [call(60, "33123456789"), call(60)]
    assert costs(calls, free(60, zones=frozenset({"UK"}))) == [Fraction("0.60"), 0]


@pytest.mark.parametrize(("waives", "amounts"), [(True, ["0", "0.40", "0.70"]), (False, ["0.10", "0.40", "0.70"])])
def test_a_wholly_free_call_may_cost_its_connect_fee(waives: bool, amounts: list[str]) -> None:
    terms = VoiceTerms(initial=1, increment=1, connect=D("0.10"), bundle=Bundle(90, waives_connect=waives))
    assert costs([call(60)] * 3, terms) == [Fraction(amount) for amount in amounts]


def test_a_payphone_is_paid_for_in_a_free_call_too() -> None:
    terms = VoiceTerms(payphone=D("0.50"), bundle=Bundle(60))
    assert costs([call(60, payphone=True)], terms) == [Fraction("0.50")]


def test_unused_seconds_roll_over_or_expire() -> None:
    _, rolling = rate([call(40)], free(60, rolls=True))
    assert rolling.left == {"12125550100": 20}
    march = rolling.turn(free(60, rolls=True))
    assert march.left == {"12125550100": 80} == dict(open_period(free(60), {"12125550100": 20}).left)
    assert costs([call(100)], free(60, rolls=True), march) == [Fraction("0.20")]
    _, expiring = rate([call(40)], free(60))
    assert expiring.turn(free(60)) == Counters()


def test_carried_seconds_are_free_too() -> None:
    assert costs([call(100)], free(60, carried=30)) == [Fraction("0.10")]


def test_a_period_may_come_in_batches() -> None:
    terms = VoiceTerms(initial=1, increment=1, bundle=Bundle(90), tiers=tiers((60, 100), (None, 50)))
    calls = [call(50, started=1772625600 + place) for place in range(5)]
    first, state = rate(calls[:2], terms)
    second, _ = rate(calls[2:], terms, state)
    assert [each.exact for each in first + second] == costs(calls, terms)


def tiers(*pairs: tuple[int | None, int], **fields: object) -> CallTiers:
    return CallTiers(tuple(CallTier(*pair) for pair in pairs), **fields)  # type: ignore[arg-type]


def discounted(found: CallTiers, **fields: object) -> VoiceTerms:
    return VoiceTerms(initial=1, increment=1, tiers=found, **fields)  # type: ignore[arg-type]


def test_each_second_costs_the_tier_that_it_lies_in() -> None:
    """100 minutes at 1, 100 at a half, the rest at a tenth: 250 minutes cost 155 at a price of 1."""
    table = tiers((6000, 100), (12000, 50), (None, 10))
    deck = Deck([row(price="1")])
    for calls in ([call(15000)], [call(9000), call(6000)], [call(1)] * 15000):
        found, _ = rate_calls(calls, deck, None, discounted(table))
        assert sum(each.exact for each in found) == 155


def test_a_volume_discount_is_that_of_the_total() -> None:
    """The same table on all units: 250 at a tenth are 25."""
    table = tiers((6000, 100), (12000, 50), (None, 10), mode=TierMode.VOLUME)
    deck = Deck([row(price="1")])
    found, _ = rate_calls([call(9000), call(6000)], deck, None, discounted(table))
    assert [each.exact for each in found] == [15, 10]
    assert sum(each.exact for each in rate_calls([call(12000)], deck, None, discounted(table))[0]) == 100


def test_tiers_may_count_money_and_split_a_call_within() -> None:
    table = tiers((10**10, 100), (None, 50), measure=TierMeasure.MONEY)  # up to 1.00 in full
    assert costs([call(60), call(60), call(60)], discounted(table)) == [
        Fraction("0.60"),
        Fraction("0.50"),
        Fraction("0.30"),
    ]
    volume = tiers((10**10, 100), (None, 50), measure=TierMeasure.MONEY, mode=TierMode.VOLUME)
    assert costs([call(60), call(60)], discounted(volume)) == [Fraction("0.30"), Fraction("0.30")]


def test_the_proof_of_a_tier_in_money_shows_the_parts() -> None:
    terms = discounted(tiers((10**10, 100), (None, 50), measure=TierMeasure.MONEY))
    found, _ = rate([call(60), call(60)], terms)
    assert prove_rated(found[1], terms).steps[-1].formula == "0.40 × 100 ÷ 100 + 0.20 × 50 ÷ 100"


def test_what_is_free_does_not_count_towards_a_tier() -> None:
    terms = discounted(tiers((60, 100), (None, 50)), bundle=Bundle(60))
    assert costs([call(60), call(60), call(60)], terms) == [0, Fraction("0.60"), Fraction("0.30")]


def test_a_discount_is_of_seconds_and_not_of_fees() -> None:
    terms = discounted(tiers((None, 50)), connect=D("0.10"), payphone=D("0.20"))
    assert costs([call(60, payphone=True)], terms) == [Fraction("0.60")]


def test_numbers_count_by_themselves_or_together() -> None:
    calls = [call(60), call(60, line=OTHER)]
    assert costs(calls, discounted(tiers((60, 100), (None, 50)))) == [Fraction("0.60"), Fraction("0.60")]
    assert costs(calls, discounted(tiers((60, 100), (None, 50), pooled=True))) == [Fraction("0.60"), Fraction("0.30")]


def test_calls_are_rounded_after_bundle_and_discount() -> None:
    terms = discounted(tiers((None, 50)), bundle=Bundle(1), scope=RoundingScope.CALL, places=1)
    found, _ = rate([call(60), call(60), call(60, "49")], terms)
    assert [each.expected for each in found] == [D("0.3"), D("0.3"), None]
    assert total(found, terms) == D("0.6")
