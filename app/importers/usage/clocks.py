"""Columns of moments as UTC seconds: those that `MomentFormat.read` gives one by one, where that is certain."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from app.domain.period import days_in_month
from app.importers.usage.layouts import Shape, read_shapes, shapes_of
from app.importers.usage.moments import EARLIEST, EPOCH, EPOCH_MS, LATEST, MomentFormat, pattern_of
from app.importers.usage.words import Flags, Ints, Text, read_digits
from app.importers.values import BadValue

_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_PIECE = 3600  # seconds; clocks are changed at whole hours, or once in one
_PIECES = 6  # in so many of them no clock is changed twice
_NONE = np.int64(1 << 40)
_MONTHS = [(year, month) for year in range(_FIRST_YEAR, _LAST_YEAR + 1) for month in range(1, 13)]
_DAYS = np.array([(datetime(year, month, 1) - datetime(1970, 1, 1)).days for year, month in _MONTHS], dtype=np.int64)  # noqa: DTZ001
_LENGTHS = np.array([days_in_month(year, month) for year, month in _MONTHS], dtype=np.int64)
_DIGITS_OF_EPOCH = 14
Span = tuple[Ints, Ints]


@dataclass(slots=True)
class Clock:
    """Reads one column of moments, or several that are joined with a blank."""

    moment: MomentFormat
    forms: tuple[tuple[tuple[Shape, ...], ...], ...]  # of each format the shapes of each column
    offsets: dict[int, int] = field(default_factory=dict)  # by hour on the zone's clock

    def read(self, text: Text, spans: list[Span]) -> tuple[Ints, Flags]:
        """UTC seconds of each row's moment, and whether they are certain."""
        if self.moment.forms[0] in (EPOCH, EPOCH_MS):
            seconds, fine = read_digits(text, *spans[0], most=_DIGITS_OF_EPOCH)
            seconds = seconds // 1000 if self.moment.forms[0] == EPOCH_MS else seconds
            return seconds, fine & (seconds >= EARLIEST) & (seconds < LATEST)
        seconds = np.zeros(len(spans[0][0]), dtype=np.int64)
        fine = np.zeros(len(seconds), dtype=bool)
        for shapes in self.forms:
            rows = None if not fine.any() else np.flatnonzero(~fine)
            if rows is not None and not len(rows):
                break
            parts: dict[str, Ints] = {}
            shaped: Flags | None = None
            for (starts, ends), of_column in zip(spans, shapes, strict=True):
                at = (starts, ends) if rows is None else (starts.take(rows), ends.take(rows))
                found, same = read_shapes(text, *at, of_column)
                parts |= found
                shaped = same if shaped is None else shaped & same
            if shaped is None or not shaped.any():
                continue
            moments, certain = self._assemble(parts, shaped)
            if rows is None:
                seconds, fine = moments, certain
            else:
                seconds[rows[certain]] = moments[certain]
                fine[rows[certain]] = True
        return seconds, fine

    def _assemble(self, parts: dict[str, Ints], fine: Flags) -> tuple[Ints, Flags]:
        none = np.zeros(len(fine), dtype=np.int64)
        year = parts["year"] if "year" in parts else parts["short"] + 2000
        month, day, hour = parts["month"], parts["day"], parts["hour"]
        fine = fine & (year >= _FIRST_YEAR) & (year <= _LAST_YEAR) & (month >= 1) & (month <= 12)
        place = np.clip((year - _FIRST_YEAR) * 12 + month - 1, 0, len(_MONTHS) - 1)
        fine &= (day >= 1) & (day <= _LENGTHS.take(place))
        if "am" in parts or "pm" in parts:
            fine &= (hour >= 1) & (hour <= 12)
            hour = hour % 12 + 12 * parts.get("pm", none)
        minute, second = parts.get("minute", none), parts.get("second", none)
        fine &= (hour < 24) & (minute < 60) & (second < 60)
        shown = (_DAYS.take(place) + day - 1) * 86_400 + hour * 3600 + minute * 60 + second
        if "plus" in parts or "minus" in parts:
            off_hours, off_minutes = parts.get("offset_hour", none), parts.get("offset_minute", none)
            fine &= (off_hours < 24) & (off_minutes < 60)
            sign = parts.get("plus", none) - parts.get("minus", none)
            seconds = shown - sign * (off_hours * 3600 + off_minutes * 60)
        elif self.moment.zone == "UTC":
            seconds = shown
        else:
            shift = self._shift(shown, fine)
            fine &= shift != _NONE
            seconds = shown - shift
        return seconds, fine & (seconds >= EARLIEST) & (seconds < LATEST)

    def _shift(self, shown: Ints, fine: Flags) -> Ints:
        """By how many seconds the zone's clock is ahead of UTC when it shows each moment."""
        if not fine.any():
            return np.full(len(shown), _NONE)
        pieces = np.where(fine, shown, shown[fine][0]) // _PIECE
        first = int(pieces.min())
        seen = np.zeros(int(pieces.max()) - first + 1, dtype=bool)
        seen[pieces - first] = True
        table = np.full(len(seen), _NONE)
        for piece in np.flatnonzero(seen):
            number = first + int(piece)
            if number not in self.offsets:
                self._find_offsets(number // _PIECES * _PIECES)
            table[piece] = self.offsets[number]
        found: Ints = table.take(pieces - first)
        return found

    def _find_offsets(self, first: int) -> None:
        """The offsets of the hours from `first` on, all at once where they are the same."""
        whole = self._find_offset(first, _PIECES)
        for piece in range(first, first + _PIECES):
            self.offsets[piece] = whole if whole != _NONE else self._find_offset(piece, 1)

    def _find_offset(self, piece: int, pieces: int) -> int:
        """The offset through some whole hours; _NONE where it changes or the clock skips a part of them."""
        begins = datetime(1970, 1, 1) + timedelta(seconds=piece * _PIECE)  # noqa: DTZ001 - its zone is the mapping's
        found = set()
        for shown in (begins, begins + timedelta(seconds=pieces * _PIECE - 1)):
            try:
                moment = self.moment.read(shown)
            except BadValue:
                return int(_NONE)
            found.add(int(shown.replace(tzinfo=UTC).timestamp()) - moment)
        return found.pop() if len(found) == 1 else int(_NONE)


def make_clock(moment: MomentFormat, columns: int) -> Clock | None:
    """A clock for moments in so many columns; None where their formats have no fixed shapes, or two of them read the
    same text differently."""
    if moment.forms[0] in (EPOCH, EPOCH_MS):
        return Clock(moment, ()) if columns == 1 else None
    if len(moment.forms) > 1 and (columns > 1 or any(letter.isdigit() for form in moment.forms for letter in form)):
        return None
    forms = []
    for place, form in enumerate(moment.forms):
        pieces = form.split(" ", columns - 1) if columns > 1 else [form]
        shapes = tuple(shapes_of(piece) for piece in pieces)
        if len(pieces) != columns or not all(shapes):
            return None
        if (
            place
        ):  # what an earlier format fits is that one's; whether it fits does not depend on which digits stand there
            kept = []
            for shape in shapes[0]:
                earlier = [cut for other in moment.forms[:place] if (cut := _parts_of(other, shape.example))]
                if any(cut != _parts_of(form, shape.example) for cut in earlier):
                    return None
                if not earlier:
                    kept.append(shape)
            shapes = (tuple(kept),)
        forms.append(shapes)
    return Clock(moment, tuple(forms))


def _parts_of(form: str, example: str) -> dict[str, tuple[int, int]]:
    """Where in a text of that shape each part of the moment stands; empty where the shape does not fit the format."""
    found = pattern_of(form).fullmatch(example)
    return {} if found is None else {name: found.span(name) for name in found.re.groupindex}
