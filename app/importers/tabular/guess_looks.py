"""What the values of a column could be, of all looks that the fields of usage, tickets and statements have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from app.importers.tabular.cells import Cell
from app.importers.tabular.guess_values import (
    filled,
    look_for_amounts,
    look_for_dates,
    looks_like_currency,
    looks_like_sides,
)
from app.importers.tabular.table_kind import Look
from app.importers.usage.guess_moments import MomentLook, look_for_moments, looks_like_times

_CLOCK = re.compile(r"(?:[0-9]{1,3}:)?[0-9]{1,2}:[0-5][0-9]", re.ASCII)
_DIALLED = re.compile(r"\+?[0-9(][0-9 ()./-]*|\+?[0-9]", re.ASCII)
_NORTH_AMERICAN = re.compile(r"1?[2-9][0-9]{2}[2-9][0-9]{6}", re.ASCII)
_NO_DIGIT = re.compile(r"[^0-9]")


def may_be(look: Look, values: Sequence[Cell]) -> bool:
    """Whether the values can be those of a field that looks so."""
    some = filled(values)
    if look is Look.MOMENT:
        return look_for_moments(values) is not None or (bool(some) and look_for_dates(values) is not None)
    if look is Look.DAY:
        return bool(some) and look_for_dates(values) is not None
    if look is Look.TIME:
        return looks_like_times(values)
    if look is Look.AMOUNT and not some:
        return True  # nothing was credited yet: a column without values can be misread no more
    if look in (Look.AMOUNT, Look.NUMBER):
        return bool(some) and look_for_amounts(values) is not None
    if look is Look.DURATION:
        return are_clocks(values) or (bool(some) and look_for_amounts(values) is not None)
    if look is Look.TELEPHONE:
        return are_dialled(values)
    if look is Look.SIDE:
        return looks_like_sides(values)
    if look is Look.CURRENCY:
        return looks_like_currency(values)
    return bool(some)


def are_clocks(values: Sequence[Cell]) -> bool:
    """Whether all values are durations with colons."""
    some = filled(values)
    return bool(some) and all(isinstance(value, str) and _CLOCK.fullmatch(value) for value in some)


def are_whole(values: Sequence[Cell]) -> bool:
    """Whether all values are digits alone."""
    some = [str(value) for value in filled(values)]
    return bool(some) and all(text.isascii() and text.isdigit() for text in some)


def are_dialled(values: Sequence[Cell]) -> bool:
    """Whether most values can be dialled; withheld numbers are words."""
    some = [str(value) for value in filled(values)]
    fine = sum(1 for text in some if _DIALLED.fullmatch(text))
    return bool(some) and fine * 2 > len(some)


def are_national(values: Sequence[Cell]) -> bool:
    """Whether numbers are printed without a country's code that are not North American either."""
    for text in map(str, filled(values)):
        digits = _NO_DIGIT.sub("", text)
        if digits and not text.startswith("+") and len(digits) > 6 and not _NORTH_AMERICAN.fullmatch(digits):
            return True
    return False


def tell_looks(values: Sequence[Cell]) -> dict[str, Any]:
    """How the values could be read: formats of moments, days and numbers, one for each different reading."""
    moments, days, amounts = look_for_moments(values), look_for_dates(values), look_for_amounts(values)
    return {
        "moments": None if moments is None else list(moments.formats),
        "days": None if days is None else list(days.formats),
        "language": "en" if days is None else days.language,
        "numbers": None if amounts is None else [[one.decimal, one.group] for one in amounts.formats],
        "typed": not any(isinstance(value, str) for value in filled(values)),
        "times": looks_like_times(values),
        "national": are_dialled(values) and are_national(values),
    }


def join_moments(days: Sequence[Cell], times: Sequence[Cell]) -> MomentLook | None:
    """How moments read whose day and time stand in two columns."""
    texts: list[Cell] = [f"{day} {time}" for day, time in zip(days, times, strict=False) if day != "" and time != ""]
    return look_for_moments(texts)
