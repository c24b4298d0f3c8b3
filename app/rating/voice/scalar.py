"""One call priced: its cost as an exact fraction, with all that a proof needs (definitions 1 to 6 of terms.py).

The columnar kernel is compared with this engine. Where the definitions leave a choice, this is the one made: the deck
row of the band at the start gives zone, connect fee, initial and increment; a call that runs into a band without a
price has none; with a PIU factor it is the interstate row that gives them, unless nothing counts as interstate.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from app.domain.money import RATE_SCALE, to_scaled
from app.domain.proof import Proof
from app.domain.vocabulary import RoundingScope
from app.rating.charge_models.increments import billable_seconds
from app.rating.voice.bands import Clock
from app.rating.voice.call import Call, PlaceRow
from app.rating.voice.jurisdiction import Places, judge
from app.rating.voice.prices import DatedRow, Deck
from app.rating.voice.proving import prove_rated
from app.rating.voice.rated import Piece, RatedCall, add_cost, price_of, round_cost
from app.rating.voice.terms import BandPolicy, Jurisdiction, VoiceTerms

MOST_DIGITS = 15  # of a number of E.164; what has more of them is none, and is not known
_ONE = 10**RATE_SCALE
_PriceFound = tuple[int, tuple[DatedRow, ...]]  # a price in 10^-10 of the currency unit, and the rows that give it


class Rater:
    """Prices calls under a contract's terms and deck; keeps what it has found out about days and lines."""

    __slots__ = ("_clock", "_connect", "_deck", "_lines", "_payphone", "_piu", "_places", "_prices", "terms")

    def __init__(self, deck: Deck, places: Places | None, terms: VoiceTerms) -> None:
        self.terms = terms
        self._deck, self._places, self._clock = deck, Places() if places is None else places, Clock(terms)
        self._connect = to_scaled(terms.connect, RATE_SCALE)
        self._payphone = to_scaled(terms.payphone, RATE_SCALE)
        self._piu = None if terms.piu is None else to_scaled(terms.piu, RATE_SCALE)
        self._lines: dict[str, PlaceRow | None] = {}
        self._prices: dict[int, Decimal] = {}

    def rate(self, call: Call) -> RatedCall:
        """The call with its price; where there is none `unpriced` says why, and its cost is 0."""
        terms = self.terms
        day, band = self._clock.look(call.started)
        number = call.number if len(call.number) <= MOST_DIGITS else ""
        jurisdiction = self._judge(call.line, number)
        found = self._find(number, day, jurisdiction, band)
        if found is None:
            return _leave_unpriced(call, day, jurisdiction, band, band)
        price, dated = found
        first = dated[0]
        initial = terms.initial if first.row.initial is None else first.row.initial
        increment = terms.increment if first.row.increment is None else first.row.increment
        seconds = billable_seconds(call.seconds, initial, increment)
        pieces: list[Piece] = []
        if seconds and terms.band_policy is BandPolicy.SPLIT and terms.bands:
            cuts = (*self._clock.boundaries(call.started, call.started + seconds), (call.started + seconds, ""))
            for (moment, name), (until, _) in pairwise(cuts):
                of_band = self._find(number, day, jurisdiction, name)
                if of_band is None:
                    return _leave_unpriced(call, day, jurisdiction, band, name)
                pieces.append(Piece(until - moment, name, of_band[0], tuple(each.row for each in of_band[1])))
        elif seconds:
            pieces.append(Piece(seconds, band, price, tuple([each.row for each in dated])))
        if terms.rate_groups:
            pieces = cut_by_groups(pieces, terms.rate_groups)
        connect = self._connect if first.connect is None else first.connect
        connect = connect if seconds else 0
        written = self._prices.get(price)
        if written is None:
            written = self._prices[price] = price_of(price)
        kept = tuple(pieces)
        cost, expected = self._settle(call, kept, (), connect, seconds)
        return RatedCall(
            call, first.row.zone, band, jurisdiction, written, seconds, cost, expected, connect, kept, (), ""
        )

    def rate_again(
        self, rated: RatedCall, pieces: tuple[Piece, ...], tiers: tuple[tuple[int, int], ...], connect: int
    ) -> RatedCall:
        """The same call with other pieces, tiers and connect fee: what bundles and volume discounts make of it."""
        cost, expected = self._settle(rated.call, pieces, tiers, connect, rated.seconds)
        return replace(rated, pieces=pieces, tiers=tiers, connect=connect, numerator=cost, expected=expected)

    def _settle(
        self, call: Call, pieces: tuple[Piece, ...], tiers: tuple[tuple[int, int], ...], connect: int, seconds: int
    ) -> tuple[int, Decimal | None]:
        terms = self.terms
        payphone = self._payphone if call.payphone and seconds else 0
        cost = add_cost(pieces, tiers, connect, payphone, terms.deductible)
        return cost, round_cost(cost, terms.places, terms.rounding) if terms.scope is RoundingScope.CALL else None

    def _judge(self, line: str, number: str) -> Jurisdiction:
        if line not in self._lines:
            self._lines[line] = self._places.find(line)
        return judge(self._lines[line], self._places.find(number))

    def _find(self, number: str, day: int, jurisdiction: Jurisdiction, band: str) -> _PriceFound | None:
        """The price; where the jurisdiction is not known and a PIU factor is agreed on, that of both kinds by their
        shares, rounded half up to 10 places as prices are kept."""
        if jurisdiction is not Jurisdiction.UNKNOWN or self._piu is None:
            one = self._deck.find(number, day, jurisdiction, band)
            return None if one is None else (one.price, (one,))
        shares = ((Jurisdiction.INTERSTATE, self._piu), (Jurisdiction.INTRASTATE, _ONE - self._piu))
        found = [(self._deck.find(number, day, kind, band), share) for kind, share in shares if share]
        rows = tuple(row for row, _ in found if row is not None)
        if len(rows) < len(found):
            return None
        total = sum(row.price * share for row, share in found if row is not None)
        return (2 * total + _ONE) // (2 * _ONE), rows


def rate_call(call: Call, deck: Deck, places: Places | None, terms: VoiceTerms) -> RatedCall:
    """One call priced by itself, without bundles and volume discounts. For many calls make a Rater."""
    return Rater(deck, places, terms).rate(call)


def prove_call(call: Call, deck: Deck, places: Places | None, terms: VoiceTerms) -> Proof:
    """Why one call costs what it does, in steps to replay."""
    return prove_rated(rate_call(call, deck, places, terms), terms)


def cut_by_groups(pieces: list[Piece], groups: tuple[tuple[int, int], ...]) -> list[Piece]:
    """The pieces cut where a rate group begins, each with the per cent of its group."""
    found, place = [], 0
    ends = [*(start for start, _ in groups[1:]), None]
    for piece in pieces:
        end = place + piece.seconds
        for (start, percent), until in zip(groups, ends, strict=True):
            seconds = (end if until is None else min(end, until)) - max(place, start)
            if seconds > 0:
                found.append(piece._replace(seconds=seconds, percent=percent))
        place = end
    return found


def _leave_unpriced(call: Call, day: int, jurisdiction: Jurisdiction, band: str, without: str) -> RatedCall:
    number = call.number if 0 < len(call.number) <= MOST_DIGITS else "an unknown number"
    kind = ", ".join(word for word in (jurisdiction.value, without) if word)
    why = f"The deck has no price for {number} on {date.fromordinal(day).isoformat()} ({kind})."
    return RatedCall(call, band=band, jurisdiction=jurisdiction, unpriced=why)
