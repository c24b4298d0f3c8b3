"""Voice: minutes from records, calls by a rate deck, blocks of numbers."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from app.domain.evidence import CallLine, CallTotals, UsageFacts
from app.domain.money import D
from app.domain.proof import Proof
from app.domain.vocabulary import RoundingScope
from app.rating.voice.call import Call, DeckRow, PlaceRow
from app.rating.voice.jurisdiction import Places
from app.rating.voice.prices import Deck
from app.rating.voice.rated import RatedCall
from app.rating.voice.read_terms import read_voice_terms
from app.rating.voice.scalar import Rater, prove_call
from tools.worked_proofs.case import MARCH, SERVICE, Case, billed, moment, period, price

_LINE = "13125550150"
_TERMS = (
    "deck=voice 2026; places=places; initial=6; increment=6; "
    "bands=peak mon-fri 08:00-18:00 weight 10, offpeak mon-sun 00:00-24:00"
)
_SINCE = date(2026, 1, 1)
_DECK = (
    DeckRow("1", "US", D("0.0180"), _SINCE, jurisdiction="interstate"),
    DeckRow("1", "US", D("0.0260"), _SINCE, jurisdiction="intrastate"),
    DeckRow("44", "UK fixed", D("0.0110"), _SINCE, band="peak"),
    DeckRow("44", "UK fixed", D("0.0080"), _SINCE, band="offpeak"),
    DeckRow("447", "UK mobile", D("0.0930"), _SINCE, initial=60, increment=60),
)
_PLACES = Places(
    [PlaceRow("1312", "1", "IL"), PlaceRow("1217", "1", "IL"), PlaceRow("1212", "1", "NY"), PlaceRow("44", "44")]
)
_CALLS = (
    Call(_LINE, "12125550101", moment("2026-03-02T15:04:10+00:00"), 1231),
    Call(_LINE, "12175550188", moment("2026-03-03T09:20:00+00:00"), 2405),
    Call(_LINE, "442079460123", moment("2026-03-04T16:30:00+00:00"), 3661),
    Call(_LINE, "442079460123", moment("2026-03-07T20:00:00+00:00"), 3661),
    Call(_LINE, "447700900123", moment("2026-03-09T14:00:00+00:00"), 361),
)
_PRICE = price("LD-OUT", "USAGE", "calls", "0", _TERMS, clause="Rate sheet C 1", page=10)
_CONTRACT = {"rounding_scope": RoundingScope.CALL, "time_zone": "America/Chicago"}


def _deck_case() -> Case:
    blank = Case("", "", (_PRICE,), (), contract=_CONTRACT)
    terms = read_voice_terms(_PRICE, blank.terms())
    deck = Deck(_DECK)
    rater = Rater(deck, _PLACES, terms)
    rated = [rater.rate(call) for call in _CALLS]
    proof: Proof = prove_call(_CALLS[2], deck, _PLACES, terms)
    return Case(
        "Calls by a rate deck",
        "The longest prefix of the deck that a number begins with gives zone and price; so do the time band at "
        "the start of the call, on the clocks of the contract, and the jurisdiction of both ends. A row may have "
        "increments of its own, as those of UK mobiles. Each call is rounded to the cent, then they are added "
        "up. The carrier counted all in whole minutes.",
        (_PRICE,),
        (billed("3.28", "LD-OUT", "USAGE", words="Outbound calls"),),
        "Five answered calls of 312-555-0150, rated one by one:",
        {1: _add_up(rated)},
        _CONTRACT,
        beside=(_deck_table(), _call_table(rated)),
        calls=(("The third call alone", proof),),
    )


def _add_up(rated: list[RatedCall]) -> CallTotals:
    """The calls as the engine takes them: by zone, band, jurisdiction and price."""
    unit = 600_000_000_000
    groups: dict[tuple[str, str, str, str], list[RatedCall]] = defaultdict(list)
    for each in rated:
        groups[each.zone, each.band, each.jurisdiction.value, f"{each.price:f}"].append(each)
    lines = tuple(
        CallLine(
            zone,
            band,
            jurisdiction,
            D(text),
            len(calls),
            sum(call.seconds for call in calls),
            int(sum((call.expected or D("0") for call in calls), D("0")) * unit),
        )
        for (zone, band, jurisdiction, text), calls in sorted(groups.items())
    )
    return CallTotals(SERVICE, period(MARCH), lines, batches=("calls-2026-03.csv",))


def _deck_table() -> str:
    head = ["| prefix | zone | a minute | jurisdiction | band | increments |", "|---|---|---|---|---|---|"]
    rows = [
        f"| {row.prefix} | {row.zone} | {row.price:f} | {row.jurisdiction} | {row.band} | "
        f"{f'{row.initial}/{row.increment}' if row.initial else ''} |"
        for row in _DECK
    ]
    return "\n".join(head + rows)


def _call_table(rated: list[RatedCall]) -> str:
    head = [
        "| to | answered s | billable s | zone | band | jurisdiction | a minute | cost |",
        "|---|---|---|---|---|---|---|---|",
    ]
    rows = [
        f"| {each.call.number} | {each.call.seconds} | {each.seconds} | {each.zone} | {each.band} | "
        f"{each.jurisdiction.value} | {each.price:f} | {each.expected} |"
        for each in rated
    ]
    return "\n".join(head + rows)


CASES = (
    Case(
        "Minutes from call records",
        "Each answered call counts at least 6 seconds and then in steps of 6; the sum of minutes is priced and "
        "rounded once. The carrier counted the same calls in whole minutes.",
        (price("LD-OUT", "USAGE", "per_minute", "0.0180", "initial=6; increment=6", clause="Rate sheet C 1", page=10),),
        (billed("10.08", "LD-OUT", "USAGE", quantity="560", words="Outbound minutes"),),
        "240 calls: 120 of 31 seconds, 80 of 61 and 40 of 385, and 12 that nobody answered.",
        {1: UsageFacts(SERVICE, period(MARCH), ((0, 12), (31, 120), (61, 80), (385, 40)), ("calls-2026-03.csv",))},
    ),
    _deck_case(),
    Case(
        "A block of numbers",
        "Direct-dial numbers are sold in blocks of 20; a block that is begun is paid. 87 numbers are five "
        "blocks, not six.",
        (price("DID-20", "MRC", "package", "6.00", "size=20", clause="Rate sheet B", page=9),),
        (billed("36.00", "DID-20", quantity="87", words="DID numbers"),),
    ),
)
