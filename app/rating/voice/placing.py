"""The jurisdictions of many calls: `jurisdiction.judge` on columns, over a table of places laid flat like a deck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.rating.voice.flatten import ALWAYS, DIGITS, Rows, flatten
from app.rating.voice.jurisdiction import Places
from app.rating.voice.terms import Jurisdiction

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from app.rating.voice.call import PlaceRow
    from app.rating.voice.flatten import Ints

JURISDICTIONS = tuple(Jurisdiction)
UNKNOWN = JURISDICTIONS.index(Jurisdiction.UNKNOWN)


@dataclass(frozen=True, slots=True, eq=False)
class CompiledPlaces:
    """Places by ranges of numbers (-1: none), and what they are as codes (0: not said), with one more at the end for
    -1; `rows` finds the place of a single number."""

    bounds: Ints
    owner: Ints
    length: Ints
    country: Ints
    state: Ints
    lata: Ints
    local: Ints
    toll_free: NDArray[np.bool_]
    rows: Places
    index: dict[str, int]


def compile_places(rows: Sequence[PlaceRow]) -> CompiledPlaces:
    """Lay a table of places flat. Of two rows with one prefix the one given last holds; prefixes that are no digits, or
    more than a number has, fit no number."""
    import numpy as np

    usable = {row.prefix: row for row in rows if len(row.prefix) <= DIGITS and (row.prefix + "0").isdecimal()}
    kept = list(usable.values())
    length = np.array([len(row.prefix) for row in kept], dtype=np.int64)
    low = np.array([int(row.prefix.ljust(DIGITS, "0")) for row in kept], dtype=np.int64)
    bounds, owner = np.zeros(1, dtype=np.int64), np.full(1, -1, dtype=np.int64)
    if kept:
        always = [np.full(len(kept), moment, dtype=np.int64) for moment in ALWAYS]
        order = np.lexsort((length, low))  # the order in which `flatten` numbers the timelines
        flat = flatten(Rows(low, length, always[0], always[1], np.zeros_like(low), np.arange(len(kept))))
        bounds, owner = flat.bounds, np.where(flat.owner < 0, -1, order[flat.owner])
    return CompiledPlaces(
        bounds=bounds,
        owner=owner,
        length=np.append(length, 0),
        country=_code([row.country for row in kept]),
        state=_code([row.state for row in kept]),
        lata=_code([row.lata for row in kept]),
        local=_code([row.local for row in kept]),
        toll_free=np.array([*(row.toll_free for row in kept), False]),
        rows=Places(kept),
        index={row.prefix: place for place, row in enumerate(kept)},
    )


def _code(names: list[str]) -> Ints:
    import numpy as np

    codes = {name: place for place, name in enumerate(sorted({"", *names}))}
    return np.array([*(codes[name] for name in names), 0], dtype=np.int64)


def judge_calls(places: CompiledPlaces, lines: Sequence[str], line: Ints, number: Ints, digits: Ints) -> Ints:
    """Places in JURISDICTIONS: of calls between `lines[line]` and `number`."""
    import numpy as np

    ours = np.array([_place_of(places, text) for text in lines], dtype=np.int64)[line]
    other = places.owner[np.searchsorted(places.bounds, number, side="right") - 1]
    other[number < 0] = -1
    for place in np.flatnonzero(places.length[other] > digits).tolist():
        other[place] = _place_of(places, str(number[place]).zfill(DIGITS)[: digits[place]])
    same = {name: getattr(places, name) for name in ("country", "state", "lata", "local")}
    conditions = [
        places.toll_free[ours] | places.toll_free[other],
        (same["country"][ours] == 0) | (same["country"][other] == 0),
        same["country"][ours] != same["country"][other],
        (same["state"][ours] == 0) | (same["state"][other] == 0),
        same["state"][ours] != same["state"][other],
        (same["lata"][ours] == 0) | (same["lata"][ours] != same["lata"][other]),
        (same["local"][ours] != 0) & (same["local"][ours] == same["local"][other]),
    ]
    kinds = (
        Jurisdiction.TOLL_FREE,
        Jurisdiction.UNKNOWN,
        Jurisdiction.INTERNATIONAL,
        Jurisdiction.UNKNOWN,
        Jurisdiction.INTERSTATE,
        Jurisdiction.INTRASTATE,
        Jurisdiction.LOCAL,
    )
    codes = [JURISDICTIONS.index(kind) for kind in kinds]
    return np.select(conditions, codes, JURISDICTIONS.index(Jurisdiction.INTRALATA)).astype(np.int64)


def _place_of(places: CompiledPlaces, number: str) -> int:
    row = places.rows.find(number)
    return -1 if row is None else places.index[row.prefix]
