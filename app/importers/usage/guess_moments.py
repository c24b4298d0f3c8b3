"""How the moments of a column are written: the formats that read all of them, one for each different reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.importers.tabular.cells import Cell
from app.importers.tabular.guess_values import filled
from app.importers.usage.moments import EPOCH, EPOCH_MS, MomentFormat
from app.importers.values import BadValue

_DATES = {
    "-": ("YYYY-MM-DD", "DD-MM-YYYY", "MM-DD-YYYY"),
    "/": (
        *("YYYY/MM/DD", "DD/MM/YYYY", "MM/DD/YYYY", "D/M/YYYY", "M/D/YYYY"),
        *("DD/MM/YY", "MM/DD/YY", "D/M/YY", "M/D/YY", "YY/MM/DD"),
    ),
    ".": ("YYYY.MM.DD", "DD.MM.YYYY", "D.M.YYYY", "DD.MM.YY", "D.M.YY"),
    "": ("YYYYMMDD",),
}
_TIMES = ("hh:mm:ss", "h:mm:ss", "hh:mm", "h:mm")
_HALVES = ("", " AM", "AM")
_ZONES = ("", "ZZ", " ZZ")
_SHAPE = re.compile(
    r"(?P<date>[0-9]{1,4}(?P<mark>[-/.])[0-9]{1,2}(?P=mark)[0-9]{1,4}|[0-9]{8})(?P<gap>T|, | {1,3})"
    r"(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)"
    r"(?P<half> ?[AaPp]\.?[Mm]\.?)?(?P<zone> ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?",
    re.ASCII,
)
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?", re.ASCII)
_EARLIEST, _LATEST = 631_152_000, 2_208_988_800  # 1990 to 2040: most telephone numbers are no such count of seconds
_EPOCHS = {10: EPOCH, 13: EPOCH_MS}


@dataclass(frozen=True, slots=True)
class MomentLook:
    """Formats that read all moments; none where they are a workbook's own. `zoned` where they tell their zone."""

    formats: tuple[str, ...]

    @property
    def sure(self) -> bool:
        return len(self.formats) <= 1

    @property
    def zoned(self) -> bool:
        return bool(self.formats) and all(form in (EPOCH, EPOCH_MS) or "ZZ" in form for form in self.formats)


def look_for_moments(values: Sequence[Cell]) -> MomentLook | None:
    """How the values read as moments, None where they are none."""
    some = filled(values)
    if some and all(isinstance(value, datetime) for value in some):
        return MomentLook(())
    if not some or not all(isinstance(value, str) for value in some):
        return None
    words = [str(text) for text in dict.fromkeys(some)]
    if all(word.isascii() and word.isdigit() for word in words):
        return _look_for_epochs(words)
    shape = _SHAPE.fullmatch(words[0])
    if shape is None:
        return None
    gap = {"T": "T", ", ": ", "}.get(shape["gap"], " ")
    found: dict[tuple[int, ...], str] = {}
    for date in _DATES[shape["mark"] or ""]:
        for time in _TIMES:
            for half in _HALVES if shape["half"] else ("",):
                for zone in _ZONES if shape["zone"] else ("",):
                    reading = _read(words, f"{date}{gap}{time}{half}{zone}")
                    if reading is not None:
                        found.setdefault(reading, f"{date}{gap}{time}{half}{zone}")
    return MomentLook(tuple(found.values())) if found else None


def looks_like_times(values: Sequence[Cell]) -> bool:
    """Whether all values are times of a day."""
    some = filled(values)
    return bool(some) and all(isinstance(value, str) and _CLOCK.fullmatch(value) for value in some)


def _look_for_epochs(words: Sequence[str]) -> MomentLook | None:
    form = _EPOCHS.get(len(words[0]))
    if form is None or any(len(word) != len(words[0]) for word in words):
        return None
    return MomentLook((form,)) if _read(words, form) is not None else None


def _read(words: Sequence[str], form: str) -> tuple[int, ...] | None:
    """The moments in UTC, whatever their zone, by which two formats are told apart."""
    moment = MomentFormat((form,), "UTC", second_of_two=False)
    try:
        reading = tuple(map(moment.read, words))
    except BadValue:
        return None
    return reading if all(_EARLIEST <= one < _LATEST for one in reading) else None
