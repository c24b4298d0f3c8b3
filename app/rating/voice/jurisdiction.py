"""How far a call goes: by the places of both ends, that of a number being the one with its longest known prefix."""

from __future__ import annotations

from collections.abc import Iterable

from app.rating.voice.call import PlaceRow
from app.rating.voice.terms import Jurisdiction


class Places:
    """A table of places, ready for finding. Of two rows with one prefix the one given last holds."""

    __slots__ = ("_by_prefix", "_lengths")

    def __init__(self, rows: Iterable[PlaceRow] = ()) -> None:
        self._by_prefix = {row.prefix: row for row in rows}
        self._lengths = sorted({len(prefix) for prefix in self._by_prefix}, reverse=True)

    def find(self, number: str) -> PlaceRow | None:
        """The place with the longest prefix of `number` (digits of E.164); None where none is known."""
        if number:
            for length in self._lengths:
                if length <= len(number) and (row := self._by_prefix.get(number[:length])) is not None:
                    return row
        return None


def find_place(number: str, places: Places) -> PlaceRow | None:
    """The place with the longest prefix of `number`; None where none is known."""
    return places.find(number)


def judge(ours: PlaceRow | None, other: PlaceRow | None) -> Jurisdiction:
    """The jurisdiction of a call between two places (domain/rating, 5.1).

    Toll-free where either end is; then, from far to near: another country, another state, another LATA of the state,
    the same LATA, the same local calling area. UNKNOWN where a place, a country or a state of one country is.
    """
    if (ours is not None and ours.toll_free) or (other is not None and other.toll_free):
        return Jurisdiction.TOLL_FREE
    if ours is None or other is None or not ours.country or not other.country:
        return Jurisdiction.UNKNOWN
    if ours.country != other.country:
        return Jurisdiction.INTERNATIONAL
    if not ours.state or not other.state:
        return Jurisdiction.UNKNOWN
    if ours.state != other.state:
        return Jurisdiction.INTERSTATE
    if not ours.lata or ours.lata != other.lata:
        return Jurisdiction.INTRASTATE
    return Jurisdiction.LOCAL if ours.local and ours.local == other.local else Jurisdiction.INTRALATA
