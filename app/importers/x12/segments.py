"""X12 as a stream of segments: never the whole file as objects, never more of one than a bill can need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from app.domain.source import Source
from app.importers.faults import BrokenFile, TooLarge
from app.importers.x12.separators import ISA_LENGTH, Opening, read_opening

MOST_SEGMENTS = 5_000_000
MOST_ELEMENTS = 120
LONGEST_SEGMENT = 16_384
_BLOCK = 1 << 18
_BLANKS = b" \t\r\n"
_BREAKS = str.maketrans("", "", "\r\n")


class Segment(NamedTuple):
    """A segment: its number in the file from 1, and its elements, the first of which is its name."""

    number: int
    elements: list[str]

    @property
    def tag(self) -> str:
        return self.elements[0]

    def get(self, position: int) -> str:
        """The element at `position` (IT1*04 is at 4) without blanks around it, "" where there is none."""
        elements = self[1]
        return elements[position].strip() if position < len(elements) else ""

    def place(self, position: int = 0) -> Source:
        """Where it stands: "segment 14, IT1*04"."""
        return place(self.number, self.tag, position)


def place(number: int, tag: str, position: int = 0) -> Source:
    """The source of an element, or of the segment as a whole."""
    return Source(path=f"segment {number}, {tag[:20]}" + (f"*{position:02d}" if position else ""))


def read_segments(content: bytes, name: str) -> Iterator[tuple[Segment, Opening]]:
    """Every segment with the interchange that it belongs to; each ISA sets the separators for what follows it.

    Raises BrokenFile or TooLarge where the file ends within a segment or passes a limit.
    """
    position, number = _skip_blanks(content, 3 if content.startswith(b"\xef\xbb\xbf") else 0), 0
    while position < len(content):
        opening = read_opening(content, position, name)
        number += 1
        yield Segment(number, ["ISA", *opening.elements]), opening
        position = opening.end
        for position, elements in _split(content, opening, name):  # noqa: B007 - where it ended is used below
            number += 1
            if number > MOST_SEGMENTS:
                raise TooLarge(name=name, size=f"more than {MOST_SEGMENTS:,} segments", limit=f"{MOST_SEGMENTS:,}")
            yield Segment(number, elements), opening
        position = _skip_blanks(content, position)


def _split(content: bytes, opening: Opening, name: str) -> Iterator[tuple[int, list[str]]]:
    """The elements of each segment up to and with IEA, and where in the file it ends."""
    marks = opening.separators
    terminator, separator, wrapped = marks.terminator.encode(), marks.element, marks.wrapped
    position, size = opening.end, len(content)
    while position < size:
        pieces = content[position : position + _BLOCK].split(terminator)
        rest = pieces.pop()
        for piece in pieces:
            start = position
            position += len(piece) + 1
            if len(piece) > LONGEST_SEGMENT:
                raise _too_long(name, start)
            text = _decode(piece, start, name).lstrip()
            if wrapped and ("\n" in text or "\r" in text):
                text = text.translate(_BREAKS)
            elements = text.split(separator)
            if len(elements) > MOST_ELEMENTS:
                raise TooLarge(
                    name=name,
                    size=f"a segment of {len(elements):,} elements at byte {start + 1}",
                    limit=f"{MOST_ELEMENTS}",
                )
            if elements[0] or len(elements) > 1:
                yield position, elements
                if elements[0] == "IEA":
                    return
        if len(rest) > LONGEST_SEGMENT:
            raise _too_long(name, position)
        if position + len(rest) >= size:
            if rest.strip(_BLANKS):
                text = _decode(rest, position, name).strip()
                if wrapped:
                    raise BrokenFile(name=name, why=f"it breaks off within the segment that begins with '{text[:30]}'")
                yield size, text.split(separator)  # a last line without its line break
            return


def _decode(piece: bytes, start: int, name: str) -> str:
    try:
        text = piece.decode("utf-8")
    except UnicodeDecodeError as fault:
        at = start + fault.start + 1
        why = f"byte {at:,} is {piece[fault.start]:#04x}, which is not text in UTF-8; have it sent in UTF-8 or ASCII"
        raise BrokenFile(name=name, why=why) from fault
    if "\x00" in text:
        raise BrokenFile(name=name, why=f"it holds a zero byte after byte {start:,}, so it is not text")
    return text


def _skip_blanks(content: bytes, position: int) -> int:
    """The position of the next byte that is no blank or line break."""
    while position < len(content) and content[position] in _BLANKS:
        position += 1
    return position


def _too_long(name: str, start: int) -> TooLarge:
    size = f"a segment of more than {LONGEST_SEGMENT:,} bytes at byte {start + 1:,}"
    return TooLarge(name=name, size=size, limit=f"{LONGEST_SEGMENT:,}")


def is_short(opening: Opening) -> bool:
    """Whether blanks of the ISA segment were lost on the way."""
    return opening.length != ISA_LENGTH
