"""Calls of a charge are priced one by one under the contract's deck, and each of them can be proved."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.evidence import CallTotals
from app.domain.money import D
from app.domain.period import Period, add_months
from app.domain.vocabulary import ChargeType, PriceModel, RatingOutcome, RoundingScope
from app.errors import BugError
from app.models.contracts import RateElement
from app.models.invoices import ChargeMatch
from app.rating.voice.call import Call
from app.rating.voice.cumulative import Counters, total
from app.rating.voice.deck import CompiledDeck
from app.rating.voice.deck_cache import open_deck
from app.rating.voice.rated import RatedCall
from app.rating.voice.read_terms import read_voice_terms
from app.services import call_proofs, voice_prices
from app.services.call_proofs import CallWithoutPrice, NotPricedByCalls, prove_one_call
from app.services.facts import load_services
from app.services.rerating import compute
from app.services.workspace import Workspace
from tests.services.office import APRIL, MAY
from tests.services.voice_office import LINES, NUMBERS, Voice, month_of_calls


def amount(totals: CallTotals) -> Fraction:
    return Fraction(sum(line.exact for line in totals.lines), totals.denominator)


VARIANTS = {
    "plain": "deck=voice; initial=6; increment=6",
    "bands": "deck=voice; initial=6; increment=6; bands=night all 22:00-06:00; band_policy=split",
    "places": "deck=voice; places=voice; piu=37",
    "groups": "deck=voice; initial=1; increment=1; connect=0.0031; rate_groups=0:100, 60:50",
    "bundle": "deck=voice; initial=6; increment=6; bundle_minutes=20",
    "pooled bundle": "deck=voice; initial=6; increment=6; bundle_minutes=55.5; bundle_pooled=yes; bundle_zones=US, UK",
    "graduated": "deck=voice; initial=1; increment=1; tiers=30:100, 60:90, above:75",
    "volume": "deck=voice; tiers=30:100, above:75; tier_mode=volume",
    "volume of money": "deck=voice; tiers=1.5:100, above:75; tier_mode=volume; tier_measure=money; bundle_minutes=10",
    "pooled volume": "deck=voice; tiers=30:100, above:75; tier_mode=volume; tier_pooled=yes; bundle_minutes=10",
    "pooled tiers of money": "deck=voice; tiers=3:100, 6:85, above:70; tier_measure=money; tier_pooled=yes",
}


@pytest.mark.parametrize("scope", [RoundingScope.CHARGE, RoundingScope.CALL])
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_charge_costs_what_its_calls_cost_one_by_one(
    sqlite_workspace: Workspace, variant: str, scope: RoundingScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.call_periods.BATCH_ROWS", 9)
    voice = Voice(sqlite_workspace, VARIANTS[variant], scope)
    each = month_of_calls(APRIL)
    each.append(Call(LINES[0], "886912345678", each[0].started + 1, 0))  # has no price, and nobody answered: no loss
    voice.store(APRIL.start, each, "april.csv")
    invoice_id, charge_ids = voice.post(*LINES[:2])
    found = voice.load(invoice_id)
    rated, _ = voice.scalar(each)
    assert sorted(found) == charge_ids
    for line, charge_id in zip(LINES, charge_ids, strict=False):
        totals, ours = found[charge_id], [one for one in rated if one.call.line == line]
        priced = [one for one in ours if not one.unpriced]
        by_call = scope is RoundingScope.CALL
        assert amount(totals) == sum((Fraction(one.expected or 0) if by_call else one.exact) for one in priced)
        assert totals.unpriced_calls == sum(bool(one.unpriced) and one.call.seconds > 0 for one in ours) > 0
        assert sum(part.calls for part in totals.lines) == len(priced)
        assert sum(part.seconds for part in totals.lines) == sum(one.seconds for one in priced)
        by_zone = {part.zone: 0 for part in totals.lines}
        for one in priced:
            by_zone[one.zone] += 1
        assert {zone: sum(part.calls for part in totals.lines if part.zone == zone) for zone in by_zone} == by_zone
        assert totals.batches == ("april.csv",)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_call_can_be_proved_in_its_place(
    sqlite_workspace: Workspace, variant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.call_periods.BATCH_ROWS", 40)
    voice = Voice(sqlite_workspace, VARIANTS[variant], RoundingScope.CALL)
    each = month_of_calls(APRIL, step=11)
    voice.store(APRIL.start, each, "april.csv")
    _, (charge_id,) = voice.post(LINES[0])
    rated, _ = voice.scalar(each)
    ours = [one for one in rated if one.call.line == LINES[0] and not one.unpriced]
    for one in ours[:2] + ours[len(ours) // 2 :: 3] + ours[-1:]:
        assert voice.prove(charge_id, one.call) == one.expected


def test_a_bill_is_rated_by_its_calls(sqlite_workspace: Workspace) -> None:
    voice = Voice(sqlite_workspace, VARIANTS["bundle"])
    each = [one.call for one in voice.scalar(month_of_calls(APRIL))[0] if not one.unpriced]
    voice.store(APRIL.start, each, "april.csv")
    invoice_id, (charge_id,) = voice.post(LINES[0])
    rated, _ = voice.scalar(each)
    ours = [one for one in rated if one.call.line == LINES[0]]
    with sqlite_workspace.database.reading() as session:
        result = compute(session, sqlite_workspace, invoice_id).rated[charge_id]
    assert result.outcome is RatingOutcome.RATED
    assert result.expected == total(ours, read_voice_terms(voice.terms().elements[0], voice.terms()))
    assert result.proof is not None
    assert result.proof.holds()


def test_a_deck_is_compiled_once_and_only_the_latest_are_kept(
    sqlite_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice_prices, "MOST_FILES", 2)
    voice = Voice(sqlite_workspace)
    voice.store(APRIL.start, month_of_calls(APRIL), "april.csv")
    invoice_id, _ = voice.post(LINES[0])
    made: list[int] = []

    def count(*args: Any, **named: Any) -> CompiledDeck:
        made.append(1)
        return open_deck(*args, **named)

    monkeypatch.setattr(voice_prices, "_compiled_decks", OrderedDict())
    monkeypatch.setattr(voice_prices, "open_deck", count)
    costs = []
    for increment in (6, 6, 1, 30, 60):
        with sqlite_workspace.database.writing() as session:
            session.get_one(RateElement, voice.element).parameters = f"deck=voice; increment={increment}"
        costs.append([amount(totals) for totals in voice.load(invoice_id).values()])
    assert costs[0] == costs[1] != costs[2]
    assert len(made) == 4
    assert len(list((sqlite_workspace.folder / voice_prices.COMPILED).glob("*.npz"))) == 2


def test_two_engines_that_differ_are_a_bug_and_not_a_proof(
    sqlite_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = Voice(sqlite_workspace)
    each = month_of_calls(APRIL)
    voice.store(APRIL.start, each, "april.csv")
    _, (charge_id,) = voice.post(LINES[0])
    call = next(one for one in each if one.line == LINES[0] and one.number == NUMBERS[0] and one.seconds)
    voice.prove(charge_id, call)
    honest = call_proofs._rate_alone

    def cheat(*args: object) -> RatedCall:
        rated = honest(*args)  # type: ignore[arg-type]
        return replace(rated, numerator=rated.numerator + 1)

    monkeypatch.setattr(call_proofs, "_rate_alone", cheat)
    with pytest.raises(BugError, match="two engines"):
        voice.prove(charge_id, call)


def test_a_call_to_nowhere_says_that_the_deck_has_no_price(sqlite_workspace: Workspace) -> None:
    voice = Voice(sqlite_workspace)
    each = month_of_calls(APRIL)
    voice.store(APRIL.start, each, "april.csv")
    _, (charge_id,) = voice.post(LINES[0])
    call = next(one for one in each if one.line == LINES[0] and one.number == "886912345678")
    with pytest.raises(CallWithoutPrice, match="no price for 886912345678"):
        voice.prove(charge_id, call)


def test_the_contracts_price_of_a_zone_goes_before_the_decks(workspace: Workspace) -> None:
    voice = Voice(workspace)
    each = month_of_calls(APRIL)
    voice.store(APRIL.start, each, "april.csv")
    with workspace.database.writing() as session:
        narrow = session.scalar(select(ChargeMatch.service_id)) or 1
        for price, zone, extra in (
            ("0.5000", "UK", {}),
            ("0.6000", "UK", {"service_id": narrow}),
            ("0.7000", "UK", {"effective_from": date(2026, 4, 2)}),
            ("0.8000", "UK", {"agreed": date(2026, 4, 6)}),  # the bill is of 5 April
            ("0.9000", "UK", {"code": "OTHER"}),
            ("0.3000", "US", {"waived": True}),
        ):
            fields = {"code": "VOICE", "effective_from": date(2026, 1, 1), **extra}
            session.add(
                RateElement(
                    contract_id=voice.contract,
                    charge_type=ChargeType.USAGE,
                    model=PriceModel.PER_MINUTE,
                    price=D(price),
                    zone=zone,
                    **fields,
                )
            )
    invoice_id, charge_ids = voice.post(*LINES[:2])
    first, second = (voice.load(invoice_id)[each] for each in charge_ids)
    with workspace.database.reading() as session:
        services = load_services(session, voice.carrier)
    owner = LINES.index(services[narrow].tn)
    prices = [
        {part.zone: part.price for part in totals.lines if part.zone != "UK mobile"} for totals in (first, second)
    ]
    own = {"UK": D("0.6"), "US": D("0")}
    assert prices == [own if place == owner else {"UK": D("0.5"), "US": D("0")} for place in (0, 1)]
    call = next(one for one in each if one.line == LINES[1] and one.number == "442079460000" and one.seconds > 6)
    billable = 6 * -(-call.seconds // 6)
    expected = Fraction((own if owner == 1 else {"UK": D("0.5")})["UK"]) * billable / 60
    assert abs(Fraction(voice.prove(charge_ids[1], call)) - expected) < Fraction(1, 10**9)


def test_free_minutes_roll_over_from_the_months_that_our_records_cover(sqlite_workspace: Workspace) -> None:
    voice = Voice(
        sqlite_workspace,
        "deck=voice; initial=1; increment=1; bundle_minutes=40; bundle_rolls=yes; bundle_pooled=yes",
    )
    march = Period(add_months(APRIL.start, -1), APRIL.start)
    april, may = month_of_calls(APRIL, step=101), month_of_calls(MAY)
    for period, each in ((march, month_of_calls(march, step=101)), (APRIL, april), (MAY, may)):
        voice.store(period.start, each, f"{period.start}.csv")
    invoice_id, (charge_id,) = voice.post(LINES[0], period=MAY)
    terms = read_voice_terms(voice.terms().elements[0], voice.terms())
    carried: Counters | None = None
    for each in (month_of_calls(march, step=101), april):
        _, used = voice.scalar(each, carried)
        carried = used.turn(terms)
    rated, _ = voice.scalar(may, carried)
    alone, _ = voice.scalar(may)

    def cost(found: list[RatedCall]) -> Fraction:
        return sum((one.exact for one in found if one.call.line == LINES[0]), Fraction(0))

    assert cost(rated) < cost(alone)
    assert amount(voice.load(invoice_id)[charge_id]) == cost(rated)
    last = [one for one in rated if one.call.line == LINES[0] and not one.unpriced and one.numerator][-1]
    assert abs(Fraction(voice.prove(charge_id, last.call)) - last.exact) < Fraction(1, 10**9)


def test_without_records_of_the_whole_month_or_without_the_deck_nothing_is_said(sqlite_workspace: Workspace) -> None:
    voice = Voice(sqlite_workspace)
    each = month_of_calls(APRIL)
    half = each[: len(each) // 2]
    voice.store(APRIL.start, half, "half.csv")
    invoice_id, (charge_id,) = voice.post(LINES[0])
    assert voice.load(invoice_id) == {}
    voice.store(APRIL.start, each, "whole.csv")
    assert list(voice.load(invoice_id)) == [charge_id]
    with sqlite_workspace.database.writing() as session:
        session.get_one(RateElement, voice.element).parameters = "deck=unknown"
    assert voice.load(invoice_id) == {}
    assert "There is no rate deck 'unknown'" in voice.notes[charge_id]


def test_records_exported_twice_cost_once(sqlite_workspace: Workspace) -> None:
    voice = Voice(sqlite_workspace, VARIANTS["graduated"])
    each = month_of_calls(APRIL)
    voice.store(APRIL.start, each, "april.csv")
    invoice_id, (charge_id,) = voice.post(LINES[0])
    once = voice.load(invoice_id)[charge_id]
    voice.store(APRIL.start, each[::2], "again.csv")
    twice = voice.load(invoice_id)[charge_id]
    assert replace(twice, batches=once.batches) == once


def test_a_call_of_another_number_is_no_call_of_the_charge(sqlite_workspace: Workspace) -> None:
    voice = Voice(sqlite_workspace)
    voice.store(APRIL.start, month_of_calls(APRIL), "april.csv")
    _, (charge_id,) = voice.post(LINES[0])
    (row, *_) = voice.rows(LINES[1])
    with sqlite_workspace.database.reading() as session, pytest.raises(NotPricedByCalls):
        prove_one_call(session, sqlite_workspace.usage, charge_id, row)


def test_a_call_that_makes_the_months_total_is_counted_once(sqlite_workspace: Workspace) -> None:
    voice = Voice(sqlite_workspace, "deck=voice; tiers=1:100, above:50; tier_mode=volume", RoundingScope.CALL)
    others = [call for call in month_of_calls(APRIL) if call.line != LINES[0]]
    only = Call(LINES[0], "442079460000", others[5].started + 1, 60)
    voice.store(APRIL.start, [*others, only], "april.csv")
    _, (charge_id,) = voice.post(LINES[0])
    assert voice.prove(charge_id, only) == D("0.0371")  # a total at the bound is still in the first tier
