"""The first segment of an X12 interchange, which says with which characters the rest is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.importers.faults import BrokenFile

ISA_LENGTH = 106
_FIELDS = 16
_LONGEST_ISA = 200  # with line breaks inside it
_AT = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)  # where its separators stand
X12_START = re.compile(rb"ISA([^A-Za-z0-9\s])[0-9A-Z]{2}\1")


@dataclass(frozen=True, slots=True)
class Separators:
    """The characters between segments and elements, each one byte of ASCII."""

    element: str
    component: str
    terminator: str
    repetition: str = ""  # from release 00402 on

    @property
    def wrapped(self) -> bool:
        """Whether line breaks carry no meaning: a mailbox may have put them anywhere."""
        return self.terminator not in "\r\n"


@dataclass(frozen=True, slots=True)
class Opening:
    """The ISA segment: its separators, its sixteen elements as written, how far it reaches, how long it is."""

    separators: Separators
    elements: tuple[str, ...]
    end: int
    length: int


def read_opening(content: bytes, start: int, name: str) -> Opening:
    """The ISA at `start`; raises BrokenFile where none can be read there.

    One that is shorter than 106 characters, because blanks were lost on the way, is read by its separators.
    """
    raw = content[start : start + _LONGEST_ISA]
    if not X12_START.match(raw):
        raise BrokenFile(name=name, why=f"an ISA segment should stand at byte {start + 1}")
    for body in (raw, re.sub(rb"[\r\n]", b"", raw)):
        mark = body[3:4]
        if len(body) >= ISA_LENGTH and all(body[at : at + 1] == mark for at in _AT):
            return _open(body[:ISA_LENGTH], raw, body is raw, start, name)
    squeezed = re.sub(rb"[\r\n]", b"", raw)
    parts = squeezed.split(raw[3:4], _FIELDS)
    if len(parts) <= _FIELDS or len(parts[_FIELDS]) < 2:
        raise BrokenFile(name=name, why="its ISA segment breaks off: it has fewer than sixteen elements")
    whole = len(squeezed) - len(parts[_FIELDS]) + 2
    return _open(squeezed[:whole], raw, b"\n" not in raw[:whole] and b"\r" not in raw[:whole], start, name)


def _open(body: bytes, raw: bytes, plain: bool, start: int, name: str) -> Opening:
    text = body.decode("ascii", errors="replace")
    separator, component, terminator = text[3], text[-2], text[-1]
    elements = tuple(one.strip() for one in text[:-1].split(separator)[1:])
    if "\x00" in text:
        raise BrokenFile(name=name, why="its ISA segment holds a zero byte, so it is not text")
    if component in {separator, terminator} or separator == terminator:
        raise BrokenFile(name=name, why="its ISA segment names one character as two different separators")
    for mark in (separator, component, terminator):
        if mark.isalnum() or mark in " .-\ufffd":
            raise BrokenFile(name=name, why=f"its ISA segment names '{mark}' as a separator, which no file can use")
    repetition = elements[10]
    newer = elements[11].isdigit() and int(elements[11]) >= 402
    used = repetition if newer and len(repetition) == 1 and not repetition.isalnum() else ""
    if used in {separator, component, terminator}:
        used = ""
    end = start + (len(body) if plain else _reach(raw, len(body)))
    return Opening(Separators(separator, component, terminator, used), elements, end, len(body))


def _reach(raw: bytes, wanted: int) -> int:
    """How many bytes of `raw` hold `wanted` that are not line breaks."""
    seen = 0
    for position, byte in enumerate(raw, start=1):
        seen += byte not in b"\r\n"
        if seen == wanted:
            return position
    return len(raw)
