"""What a child answers about a bill, checked: nothing of it is believed that is not of the right shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.services.layout_draft import Numbers, Place
from app.services.layout_words import PageWords
from app.services.parsing import NotAnswered

_REMEDY = "Try again; if it stays so, the file is damaged: ask the carrier for it once more."


def page_of(value: object) -> PageWords:
    page = dict_of(value)
    words = []
    for word in list_of(page.get("words")):
        parts = list_of(word)
        if len(parts) != 5:
            raise nonsense()
        words.append((str(parts[0]), box_of(parts[1:])))
    width, height = number_of(page.get("width")), number_of(page.get("height"))
    number, picture = int(number_of(page.get("number"))), page.get("picture") is True
    return PageWords(number, width, height, tuple(words), picture=picture)


def place_of(value: object) -> Place:
    known = dict_of(value)
    return Place(
        int(number_of(known.get("page"))), box_of(known.get("box")), text_of(known, "text"), text_of(known, "value")
    )


def box_of(value: object) -> Numbers:
    sides = [number_of(side) for side in list_of(value)]
    if len(sides) != 4:
        raise nonsense()
    return (sides[0], sides[1], sides[2], sides[3])


def number_of(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise nonsense()
    return float(value)


def text_of(values: Mapping[str, Any], key: str) -> str:
    found = values.get(key)
    return "" if found is None else str(found)[:1000]


def dict_of(value: object) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise nonsense()
    return value


def list_of(value: object) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise nonsense()
    return value


def nonsense() -> NotAnswered:
    return NotAnswered(why="The reader of this PDF gave an answer that makes no sense.", remedy=_REMEDY)
