"""Moments and durations of a fixed shape, a column at a time: which bytes are digits, which are as in the format.

A format with parts of several lengths (M, h, a fraction of a second) has a shape for each of their combinations, tried
in the order in which the strict reader's pattern tries them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from app.importers.usage.words import Flags, Ints, Text

MOST_SHAPES = 96
LONGEST_SHAPE = 32
Part = tuple[str, str]  # its name ("" for what is as in the format) and its pattern: "0" for a digit, else the letter

_PIECES: dict[str, tuple[tuple[Part, ...], ...]] = {
    "YYYY": ((("year", "0000"),),),
    "YY": ((("short", "00"),),),
    "MM": ((("month", "00"),),),
    "M": ((("month", "00"),), (("month", "0"),)),
    "DD": ((("day", "00"),),),
    "D": ((("day", "00"),), (("day", "0"),)),
    "hh": ((("hour", "00"),),),
    "h": ((("hour", "00"),), (("hour", "0"),)),
    "mm": ((("minute", "00"),),),
    "ss": (
        (("second", "00"),),
        (("second", "00"), ("", "."), ("fraction", "000")),
        (("second", "00"), ("", "."), ("fraction", "000000")),
    ),
    "AM": tuple((("am" if half in "Aa" else "pm", ""), ("", half + "Mm"[half.islower()])) for half in "APap"),
    "ZZ": (
        (("plus", ""), ("", "Z")),
        (("plus", ""), ("", "+"), ("offset_hour", "00"), ("", ":"), ("offset_minute", "00")),
        (("minus", ""), ("", "-"), ("offset_hour", "00"), ("", ":"), ("offset_minute", "00")),
        (("plus", ""), ("", "+"), ("offset_hour", "00"), ("offset_minute", "00")),
        (("minus", ""), ("", "-"), ("offset_hour", "00"), ("offset_minute", "00")),
    ),
}
_TOKEN = re.compile("|".join(sorted(_PIECES, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Shape:
    """Texts of one length: `wanted` and `slack` are words of what each byte must be, `parts` where digits stand."""

    length: int
    wanted: tuple[int, ...]
    slack: tuple[int, ...]  # added to the difference, a byte that differs too much has its highest bit set
    kept: tuple[int, ...]
    parts: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def example(self) -> str:
        """A text of this shape, with 0 for each digit."""
        return b"".join(word.to_bytes(8, "little") for word in self.wanted)[: self.length].decode("ascii")

    def read(self, text: Text, starts: Ints) -> tuple[dict[str, Ints], Flags]:
        """The parts' numbers in the texts that begin at `starts`, and whether the text is of this shape."""
        differences = []
        fine = np.ones(len(starts), dtype=bool)
        for place, (wanted, slack, kept) in enumerate(zip(self.wanted, self.slack, self.kept, strict=True)):
            word = (text.words(starts + 8 * place) & np.uint64(kept)) ^ np.uint64(wanted)
            fine &= (((word + np.uint64(slack)) | word) & np.uint64(0x8080808080808080)) == 0
            differences.append(word)
        found: dict[str, Ints] = {}
        for name, offsets in self.parts:
            if not offsets:  # a mark that this shape has it
                found[name] = np.ones(len(starts), dtype=np.int64)
                continue
            value = np.zeros(len(starts), dtype=np.uint64)
            for offset in offsets:
                digit = (differences[offset // 8] >> np.uint64(8 * (offset % 8))) & np.uint64(0xF)
                value = value * np.uint64(10) + digit
            found[name] = value.astype(np.int64)
        return found, fine


@lru_cache(maxsize=64)
def shapes_of(form: str) -> tuple[Shape, ...]:
    """The shapes of a format of moments; none where there are too many of them."""
    choices: list[tuple[tuple[Part, ...], ...]] = []
    last = 0
    for token in _TOKEN.finditer(form):
        choices += [((("", form[last : token.start()]),),), _PIECES[token[0]]]
        last = token.end()
    choices.append(((("", form[last:]),),))
    total = 1
    for choice in choices:
        total *= len(choice)
    if total > MOST_SHAPES or not form.isascii():
        return ()
    made = [make_shape([part for parts in chosen for part in parts]) for chosen in product(*choices)]
    return tuple(shape for shape in made if shape.length <= LONGEST_SHAPE)


def make_shape(parts: list[Part]) -> Shape:
    """The shape that these parts make, one after the other."""
    wanted, slack, digits = bytearray(), bytearray(), []
    for name, pattern in parts:
        offsets = tuple(range(len(wanted), len(wanted) + len(pattern))) if name else ()
        wanted += pattern.encode("ascii")
        slack += bytes([0x76 if name else 0x7F]) * len(pattern)
        if name:
            digits.append((name, offsets))
    length = len(wanted)
    kept = b"\xff" * length
    room = -length % 8
    words = [
        tuple(int.from_bytes(row[at : at + 8], "little") for at in range(0, length + room, 8))
        for row in (bytes(wanted) + bytes(room), bytes(slack) + bytes(room), kept + bytes(room))
    ]
    return Shape(length, words[0], words[1], words[2], tuple(digits))


CLOCK_SHAPES = tuple(
    make_shape(
        [("hour", "0" * hours), ("", ":" if hours else ""), ("minute", "0" * minutes), ("", ":"), ("second", "00")]
    )
    for hours in (3, 2, 1, 0)
    for minutes in (2, 1)
)


def read_shapes(text: Text, starts: Ints, ends: Ints, shapes: tuple[Shape, ...]) -> tuple[dict[str, Ints], Flags]:
    """The parts of each [start, end) by its first shape, parts that it lacks as 0, and whether it has one."""
    lengths = ends - starts
    there = np.flatnonzero(np.bincount(np.clip(lengths, 0, LONGEST_SHAPE + 1), minlength=LONGEST_SHAPE + 2))
    fitting = [shape for shape in shapes if shape.length in there]
    if len(there) == 1 and len(fitting) == 1:
        return fitting[0].read(text, starts)
    found: dict[str, Ints] = {}
    done = np.zeros(len(starts), dtype=bool)
    for shape in fitting:
        rows = np.flatnonzero((lengths == shape.length) & ~done)
        if not len(rows):
            continue
        parts, fine = shape.read(text, starts.take(rows))
        rows = rows[fine]
        done[rows] = True
        for name, values in parts.items():
            found.setdefault(name, np.zeros(len(starts), dtype=np.int64))[rows] = values[fine]
    return found, done
