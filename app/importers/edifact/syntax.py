"""EDIFACT as a stream of segments: service string, release character, objects, limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from app.domain.source import Source
from app.importers.faults import BrokenFile, TooLarge

MOST_BYTES = 128 * 1024 * 1024
MOST_SEGMENTS = 2_000_000
MOST_PARTS = 400
LONGEST_SEGMENT = 16_384
_BLANKS = " \t\r\n"
_TAG = re.compile(r"[A-Z]{3}")
# the character repertoires of ISO 9735 that are a part of ISO 8859; the others are ASCII or UTF-8
_REPERTOIRES = {
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
}


@dataclass(frozen=True, slots=True)
class Marks:
    """The service characters, as UNA names them or as they are where there is no UNA."""

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    terminator: str = "'"


class Segment(NamedTuple):
    """A segment: its number in the file from 1 and its elements, each a list of components; the first is its name."""

    number: int
    parts: list[list[str]]

    @property
    def tag(self) -> str:
        return self.parts[0][0]

    def get(self, element: int, component: int = 0) -> str:
        """A component, "" where it is absent: in MOA+9:123 the 123 is at (1, 1)."""
        if element < len(self.parts) and component < len(self.parts[element]):
            return self.parts[element][component].strip()
        return ""

    def place(self, element: int = 0) -> Source:
        """Where it stands: "segment 14, MOA*01"."""
        return Source(path=f"segment {self.number}, {self.tag[:20]}" + (f"*{element:02d}" if element else ""))


def decode(content: bytes, name: str) -> str:
    """The file as text: UTF-8, or the part of ISO 8859 that its UNB names."""
    if len(content) > MOST_BYTES:
        raise TooLarge(name=name, size=f"{len(content):,} bytes", limit=f"{MOST_BYTES:,}")
    body = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as fault:
        named = re.search(rb"UNB[^A-Za-z0-9](UNO[A-Z])", body[:200])
        repertoire = named[1].decode("ascii") if named else ""
        if repertoire not in _REPERTOIRES:
            known = repertoire or "UTF-8"
            why = f"byte {fault.start + 1:,} is {body[fault.start]:#04x}, not text in {known}"
            raise BrokenFile(name=name, why=why) from fault
        text = body.decode(_REPERTOIRES[repertoire], errors="replace")
    if "\x00" in text:
        raise BrokenFile(name=name, why="it holds zero bytes, so it is not text")
    return text


def read_marks(text: str, name: str) -> tuple[Marks, int]:
    """The service characters and where the first segment begins."""
    start = len(text) - len(text.lstrip(_BLANKS))
    if not text.startswith("UNA", start):
        return Marks(), start
    written = text[start + 3 : start + 9]
    if len(written) < 6:
        raise BrokenFile(name=name, why="its UNA segment breaks off")
    component, element, decimal, release, _repetition, terminator = tuple(written)
    used = [component, element, terminator] + ([release] if release != " " else [])
    if len(set(used)) < len(used) or any(mark.isalnum() or ord(mark) > 126 or mark == " " for mark in used):
        raise BrokenFile(name=name, why="its UNA segment names one character twice, or a letter, as a separator")
    if decimal not in ".,":
        raise BrokenFile(name=name, why=f"its UNA segment names '{decimal}' as the decimal sign; . or , is wanted")
    return Marks(component, element, decimal, "" if release == " " else release, terminator), start + 9


def read_segments(text: str, marks: Marks, start: int, name: str) -> Iterator[Segment]:
    """Every segment; the contents of objects (UNO) are passed over. Raises BrokenFile or TooLarge."""
    position, number, size = start, 0, len(text)
    while True:
        while position < size and text[position] in _BLANKS:
            position += 1
        if position >= size:
            return
        end = _find_end(text, marks, position, name)
        written = text[position:end]
        number += 1
        if number > MOST_SEGMENTS:
            raise TooLarge(name=name, size=f"more than {MOST_SEGMENTS:,} segments", limit=f"{MOST_SEGMENTS:,}")
        parts = split_segment(written, marks)
        if len(parts) > MOST_PARTS or any(len(part) > MOST_PARTS for part in parts):
            raise TooLarge(name=name, size=f"more than {MOST_PARTS} parts in segment {number:,}", limit=f"{MOST_PARTS}")
        if not _TAG.fullmatch(parts[0][0]):
            raise BrokenFile(
                name=name, why=f"segment {number:,} begins with '{written[:12].strip()}', which is no name"
            )
        segment = Segment(number, parts)
        yield segment
        position = end + 1
        if segment.tag == "UNO":
            position = _pass_object(text, segment, position, name)


def split_segment(written: str, marks: Marks) -> list[list[str]]:
    """Elements and their components, with the release characters taken away."""
    if not marks.release or marks.release not in written:
        return [element.split(marks.component) for element in written.split(marks.element)]
    parts, current, released = [[""]], "", False
    for letter in written:
        if released:
            current, released = current + letter, False
        elif letter == marks.release:
            released = True
        elif letter == marks.component:
            parts[-1][-1], current = current, ""
            parts[-1].append("")
        elif letter == marks.element:
            parts[-1][-1], current = current, ""
            parts.append([""])
        else:
            current += letter
    parts[-1][-1] = current
    return parts


def _find_end(text: str, marks: Marks, position: int, name: str) -> int:
    """Where the terminator of the segment at `position` stands that is not released."""
    at = position
    while True:
        end = text.find(marks.terminator, at, position + LONGEST_SEGMENT + 1)
        if end < 0:
            shown = text[position : position + 30].strip()
            if len(text) - position > LONGEST_SEGMENT:
                size = f"a segment of more than {LONGEST_SEGMENT:,} characters, '{shown}'"
                raise TooLarge(name=name, size=size, limit=f"{LONGEST_SEGMENT:,}")
            raise BrokenFile(name=name, why=f"it breaks off within the segment that begins with '{shown}'")
        back = end
        while marks.release and back > position and text[back - 1] == marks.release:
            back -= 1
        if (end - back) % 2 == 0:
            return end
        at = end + 1


def _pass_object(text: str, segment: Segment, position: int, name: str) -> int:
    """The position behind an object, whose length UNO gives; UNP has to stand there."""
    length = segment.get(4)
    if not re.fullmatch(r"[0-9]{1,9}", length):
        raise BrokenFile(name=name, why=f"segment {segment.number:,} (UNO) does not give the length of its object")
    after = position + int(length)
    if not text[after : after + 20].lstrip(_BLANKS).startswith("UNP"):
        raise BrokenFile(name=name, why=f"the object of segment {segment.number:,} is not {length} characters long")
    return after
