"""Time bands as people write them: a name, then days, months, hours and a weight in any order.

peak mon-fri 08:00-18:00 weight 10        night all 22:00-06:00        summer sat sun hol jun-aug
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.parameters import BadParameters
from app.rating.voice.terms import HOLIDAY, Band

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ALL = "all"
EVERY_DAY = frozenset({*range(7), HOLIDAY})
_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00))")


def read_band(text: str, parameters: str) -> Band:
    """The band that `text` describes; without days it is for each, holidays too, and without hours for the whole day.

    Raises BadParameters naming the word that is not understood.
    """
    name, *words = text.split()
    days: set[int] = set()
    months: set[int] = set()
    hours: tuple[int, int] | None = None
    weight: int | None = None
    rest = iter(words)
    for word in (each.casefold() for each in rest):
        if word == "weight":
            weight = _read_weight(next(rest, ""), text, parameters)
        elif word == ALL:
            days |= EVERY_DAY
        elif word == "hol":
            days.add(HOLIDAY)
        elif found := set(_range_of(word, DAYS)):
            days |= found
        elif found := set(_range_of(word, MONTHS)):
            months |= {month + 1 for month in found}
        elif (match := _HOURS.fullmatch(word)) is not None and hours is None:
            numbers = [int(part) for part in match.groups() if part is not None]
            hours = (numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3])
        else:
            why = (
                f"bands: '{word[:20]}' in '{text[:40]}' is not understood; write a name, days (mon-fri, hol, all), "
                "months (jan-mar), hours once (08:00-18:00) and weight 10"
            )
            raise BadParameters(text=parameters[:80], why=why)
    start, end = hours or (0, 1440)
    return Band(name, frozenset(days) or EVERY_DAY, start, end, frozenset(months), weight or 0)


def _read_weight(word: str, text: str, parameters: str) -> int:
    if not (word.isascii() and word.isdigit()):
        why = f"bands: weight in '{text[:40]}' wants a whole number, as in weight 10"
        raise BadParameters(text=parameters[:80], why=why)
    return int(word)


def _range_of(word: str, names: tuple[str, ...]) -> Iterator[int]:
    """The places of "mon", or of "mon-fri", among `names`; a range may run past the last name to the first."""
    first, _, last = word.partition("-")
    if first in names and (not last or last in names) and not word.endswith("-"):
        start = names.index(first)
        many = (names.index(last) - start) % len(names) if last else 0
        yield from ((start + step) % len(names) for step in range(many + 1))
