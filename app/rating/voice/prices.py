"""Finding the row of a rate deck that prices a call: definition 2 of app.rating.voice.terms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from app.domain.money import RATE_SCALE, to_scaled
from app.rating.voice.call import DeckRow
from app.rating.voice.terms import Jurisdiction

_NEVER = date.max.toordinal() + 1


class DatedRow(NamedTuple):
    """A row of a deck with its days as ordinals and its price and connect fee in 10^-10 of the currency unit."""

    since: int
    until: int
    jurisdiction: str
    band: str
    price: int
    connect: int | None
    row: DeckRow


class Deck:
    """A rate deck, ready for finding: rows by prefix, those of one prefix in the order in which they win.

    Of rows with one prefix the one that names jurisdiction and band goes first, then jurisdiction alone, then band
    alone; then the one effective later; then, of two alike, the one given last.
    """

    __slots__ = ("_by_prefix", "_lengths", "rows")

    def __init__(self, rows: Iterable[DeckRow]) -> None:
        self.rows = tuple(rows)
        dated: dict[str, list[DatedRow]] = {}
        for row in self.rows:
            dated.setdefault(row.prefix, []).append(_make_dated(row))
        for found in dated.values():
            found.reverse()
            found.sort(key=_by_win)
        self._by_prefix = {prefix: tuple(found) for prefix, found in dated.items()}
        self._lengths = tuple(sorted({len(prefix) for prefix in dated}, reverse=True))

    def find(self, number: str, day: int, jurisdiction: str, band: str) -> DatedRow | None:
        """The row that prices `number` on a day (its ordinal), or None. Only the prefix "" fits an unknown number."""
        known = len(number)
        by_prefix = self._by_prefix
        for length in self._lengths:
            if length > known:
                continue
            for dated in by_prefix.get(number[:length], ()):
                if (
                    dated.since <= day < dated.until
                    and (not dated.jurisdiction or dated.jurisdiction == jurisdiction)
                    and (not dated.band or dated.band == band)
                ):
                    return dated
        return None


def find_row(deck: Deck, number: str, day: date, jurisdiction: Jurisdiction, band: str) -> DeckRow | None:
    """The row with the longest prefix of `number` in force on `day` (in the contract's zone) for a jurisdiction and a
    band; where a prefix is withdrawn a shorter one takes over. None where there is no price."""
    dated = deck.find(number, day.toordinal(), jurisdiction, band)
    return None if dated is None else dated.row


def _make_dated(row: DeckRow) -> DatedRow:
    return DatedRow(
        since=row.effective_from.toordinal(),
        until=_NEVER if row.effective_to is None else row.effective_to.toordinal(),
        jurisdiction=row.jurisdiction,
        band=row.band,
        price=to_scaled(row.price, RATE_SCALE),
        connect=None if row.connect is None else to_scaled(row.connect, RATE_SCALE),
        row=row,
    )


def _by_win(dated: DatedRow) -> tuple[bool, bool, int]:
    return not dated.jurisdiction, not dated.band, -dated.since
