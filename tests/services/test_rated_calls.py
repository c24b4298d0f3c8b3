"""Calls of a charge are priced one by one under the contract's deck, and each of them can be proved."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.domain.evidence import CallTotals
from app.domain.money import D, RoundingMode
from app.domain.period import Period, add_months
from app.domain.terms import ContractTerms
from app.domain.vocabulary import ChargeType, DeckKind, PriceModel, RatingOutcome, RoundingScope
from app.errors import BugError
from app.models.contracts import Contract, RateElement
from app.models.documents import SourceDocument, UsageBatch
from app.models.invoices import Charge, ChargeMatch
from app.rating.engine import ask
from app.rating.ratebook import Price, RateBook
from app.rating.voice.call import Call
from app.rating.voice.cumulative import Counters, rate_calls, total
from app.rating.voice.deck import CompiledDeck
from app.rating.voice.deck_cache import open_deck
from app.rating.voice.jurisdiction import Places
from app.rating.voice.prices import Deck
from app.rating.voice.rated import RatedCall
from app.rating.voice.read_terms import read_voice_terms
from app.services import call_proofs, voice_prices
from app.services.call_proofs import CallWithoutPrice, NotPricedByCalls, prove_one_call
from app.services.decks import deck_rows, import_deck, load_deck, place_rows
from app.services.facts import load_contracts, load_invoices, load_services
from app.services.matching import match_invoice
from app.services.rated_calls import load_rated_calls
from app.services.rerating import compute
from app.services.workspace import Workspace
from app.usage.drill_down import CallRow
from tests.services.office import APRIL, MAY, Office, bill, charge
from tests.usage.records import calls

CHICAGO = "America/Chicago"
LINES = ("13125550101", "13125550102", "13125550103")
DECK = """\
Prefix,Zone,Price per minute,First day,Last day,Jurisdiction,Band,Connect fee,Initial seconds,Increment seconds
1,US,0.0110,2026-01-01,,,,,,
1,US,0.0220,2026-01-01,,intrastate,,,,
44,UK,0.0371,2026-01-01,2026-04-15,,,,,
44,UK,0.0400,2026-04-16,,,,,,
447,UK mobile,0.1533,2026-01-01,,,,0.0125,30,1
447,UK mobile,0.1200,2026-01-01,,,night,,,
"""
PLACES = "Prefix,Country,State,LATA\n1312,1,IL,358\n1217,1,IL,976\n1212,1,NY,132\n"
NUMBERS = ("12125550000", "12175550199", "442079460000", "447700900123", "447700900124", "886912345678", "")


@dataclass
class Voice:
    """An office whose calls are priced by a deck."""

    workspace: Workspace
    parameters: str = "deck=voice; initial=6; increment=6"
    scope: RoundingScope = RoundingScope.CHARGE
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        self.office = Office(self.workspace)
        self.carrier = self.office.carrier()
        self.account = self.office.account(self.carrier)
        self.contract = self.office.contract(self.carrier)
        self.element = self.office.price(self.contract, "0", "VOICE", ChargeType.USAGE, PriceModel.CALLS)
        with self.workspace.database.writing() as session:
            contract = session.get_one(Contract, self.contract)
            contract.time_zone, contract.rounding_scope = CHICAGO, self.scope
            contract.rounding, contract.rounding_places = RoundingMode.HALF_UP, 4
            session.get_one(RateElement, self.element).parameters = self.parameters
        for line in LINES:
            self.office.service(self.carrier, tn=line, code="VOICE")
        for kind, content in ((DeckKind.PRICES, DECK), (DeckKind.PLACES, PLACES)):
            file = self.workspace.folder.parent / f"{kind}.csv"
            file.write_text(content, encoding="utf-8")
            import_deck(self.workspace, file, self.carrier, "voice", kind, "Dana")

    def store(self, month: date, each: Sequence[Call], name: str) -> None:
        """Put these calls into the store, in an order of no meaning."""
        document_id = self.office.document(name)
        rows = [(call.line, call.started, call.seconds, call.number) for call in sorted(each, key=hash)]
        with self.workspace.database.writing() as session:
            sha256 = session.get_one(SourceDocument, document_id).sha256
            for part in self.workspace.usage.write_calls(self.account, sha256, [calls(*rows)]):
                session.add(
                    UsageBatch(
                        document_id=document_id,
                        account_id=self.account,
                        kind=part.kind,
                        month=part.month,
                        path=part.path,
                        rows=part.rows,
                        sha256=part.sha256,
                    )
                )

    def post(self, *lines: str, period: Period = APRIL) -> tuple[int, list[int]]:
        """A bill of the lines' usage: its id and those of its charges."""
        charges = [charge("9.00", ChargeType.USAGE, code="VOICE", tn=line, period=period) for line in lines]
        invoice_id = self.office.post(bill(*charges, number=f"INV-{period.start}", period=period))
        match_invoice(self.workspace, invoice_id, "Dana")
        with self.workspace.database.reading() as session:
            ids = session.scalars(select(Charge.id).where(Charge.invoice_id == invoice_id).order_by(Charge.seq))
            return invoice_id, list(ids)

    def load(self, invoice_id: int) -> dict[int, CallTotals]:
        """The rated calls of a bill's charges."""
        self.notes: dict[int, str] = {}
        with self.workspace.database.reading() as session:
            invoice = load_invoices(session, [invoice_id])[invoice_id]
            services = load_services(session, self.carrier)
            book = RateBook(load_contracts(session, self.carrier))
            prices = {}
            for one in invoice.charges:
                found = book.find(ask(one, invoice, services[one.service_id or 0]))
                assert isinstance(found, Price)
                prices[one.id] = found
            return load_rated_calls(session, self.workspace.usage, invoice, services, prices, self.notes)

    def prove(self, charge_id: int, call: Call) -> Decimal:
        """What a call costs, by its proof, which must hold."""
        rows = [row for row in self.rows(call.line) if (row.started, row.number) == (call.started, call.number)]
        with self.workspace.database.reading() as session:
            proof = prove_one_call(session, self.workspace.usage, charge_id, rows[0])
        assert proof.holds()
        assert (proof.contract, proof.clause) == ("MSA-1", "Schedule A")
        return proof.result

    def rows(self, line: str) -> list[CallRow]:
        from app.usage.drill_down import calls_of

        files = sorted((self.workspace.usage.folder / "calls").rglob("*.parquet"))
        return calls_of(files, line, 0, 2**40, limit=10_000)

    def scalar(self, each: Sequence[Call], carried: Counters | None = None) -> tuple[list[RatedCall], Counters]:
        """The calls by the scalar engine, in the order in which they began."""
        with self.workspace.database.reading() as session:
            deck = Deck(deck_rows(load_deck(session, self.workspace.usage, self.carrier, "voice")))
            terms = self.terms()
            frame = load_deck(session, self.workspace.usage, self.carrier, "voice", DeckKind.PLACES)
            places = Places(place_rows(frame)) if "places" in self.parameters else None
            return rate_calls(
                sorted(each, key=lambda call: (call.started, call.line)),
                deck,
                places,
                read_voice_terms(terms.elements[0], terms),
                carried,
            )

    def terms(self) -> ContractTerms:
        with self.workspace.database.reading() as session:
            (contract,) = load_contracts(session, self.carrier)
        return contract


def month_of_calls(period: Period, *, step: int = 7, first: int = 1) -> list[Call]:
    """Calls of all lines to all numbers all through a month of Chicago, of many lengths, no two at one moment."""
    start = int(datetime(period.start.year, period.start.month, 1, tzinfo=ZoneInfo(CHICAGO)).timestamp())
    end = int(datetime(period.end.year, period.end.month, 1, tzinfo=ZoneInfo(CHICAGO)).timestamp())
    found = []
    for place, started in enumerate(range(start, end, step * 3607)):
        line, number = LINES[place % len(LINES)], NUMBERS[(place * first) % len(NUMBERS)]
        found.append(Call(line, number, started, place * 37 % 400))
    return found


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
