"""Characters drawn over each other: the same one twice is bold or a shadow, two different figures are a forgery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_ROW = 800  # hundredths of a point, of twice the height at which a character stands
_REACH = 30
_CELL = 200  # hundredths of a point; a doubled glyph is looked for in its own cell and those around it
_AROUND = [(right, down) for right in (-1, 0, 1) for down in (-1, 0, 1)]
Place = tuple[int, int, int, int]  # left, top, right, bottom in hundredths of a point


def find_doubles(text: str, places: Mapping[int, Place], owners: Mapping[int, int]) -> set[int]:
    """Characters that repeat an earlier one in the same place, as bold letters and shadows do.

    Two are one if they are the same letter of the same height and lie within a point, and a sixth of their size, of
    each other: closer than two narrow letters side by side. `owners` tells which text object draws each: the two
    letters f of a ligature stand in one place, and neither is a double.
    """
    doubles: set[int] = set()
    cells: dict[tuple[str, int, int], list[Place]] = {}
    for index, place in places.items():
        left, top, _, bottom = place
        column, row, letter = left // _CELL, top // _CELL, text[index]
        if letter.isalpha() and places.get(index - 1) == place and owners.get(index - 1) == owners.get(index):
            continue
        near = min(100, (bottom - top) // 6)
        others = (one for right, down in _AROUND for one in cells.get((letter, column + right, row + down), ()))
        if any(_is_double(one, place, near) for one in others):
            doubles.add(index)
        else:
            cells.setdefault((letter, column, row), []).append(place)
    return doubles


def _is_double(one: Place, other: Place, near: int) -> bool:
    same_height = abs((one[3] - one[1]) - (other[3] - other[1])) < near
    return same_height and abs(one[0] - other[0]) < near and abs(one[1] - other[1]) < near


def find_overprints(text: str, places: Mapping[int, Place]) -> list[tuple[int, int]]:
    """Pairs of different digits of which one covers more than half of the other, both ways."""
    digits = {index: place for index, place in places.items() if text[index].isdigit()}
    found = dict.fromkeys(_pair_up(digits))
    return [(one, other) for one, other in found if text[one] != text[other] and _covers(places[one], places[other])]


def _pair_up(places: Mapping[int, Place]) -> Iterator[tuple[int, int]]:
    """Characters of about the same height on the page that overlap from left to right."""
    rows: dict[int, list[int]] = {}
    for index in sorted(places, key=lambda index: places[index][0]):
        row = (places[index][1] + places[index][3]) // _ROW
        for near in (row, row + 1):  # each row holds the characters of two bands, so that none falls between
            members = rows.setdefault(near, [])
            # only the last few can reach so far to the right
            yield from ((one, index) for one in members[-_REACH:] if places[one][2] > places[index][0])
            members.append(index)


def _covers(one: Place, other: Place) -> bool:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    narrow, low = min(one[2] - one[0], other[2] - other[0]), min(one[3] - one[1], other[3] - other[1])
    return 2 * wide > narrow and 5 * high > 3 * low
