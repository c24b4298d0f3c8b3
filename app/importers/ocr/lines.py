"""Recognised words as the lines that PDF layouts read, and the places of values as they stand on the scanned page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.domain.source import Box, Source
from app.importers.ocr.recognise import Seen
from app.importers.ocr.straighten import Placing
from app.importers.pdf.text import Line, Word


@dataclass(frozen=True, slots=True)
class Sure:
    """A recognised word on its page, and how sure its letters are, per cent."""

    text: str
    box: Box
    confidence: int


@dataclass(slots=True)
class Recognised:
    """The text of a scanned document: its lines on straightened pages, and how each page lay."""

    lines: list[Line] = field(default_factory=list)
    words: dict[int, list[Sure]] = field(default_factory=dict)
    placings: dict[int, Placing] = field(default_factory=dict)

    def add(self, page: int, seen: Sequence[Seen], placing: Placing) -> None:
        """Take up the words of one more page."""
        self.placings[page] = placing
        words = [Sure(one.text, placing.box(one.left, one.top, one.right, one.bottom), one.confidence) for one in seen]
        self.words[page] = words
        self.lines += group_lines(page, words)

    def within(self, source: Source) -> list[Sure]:
        """The words that a value was read from."""
        box = source.box
        if source.page is None or box is None:
            return []
        return [word for word in self.words.get(source.page, ()) if _is_in(word.box, box)]

    def as_scanned(self, source: Source) -> Source:
        """The place on the page as it came, with the confidence of the least sure word there."""
        placing = self.placings.get(source.page or 0)
        if placing is None or source.box is None:
            return source
        sure = [word.confidence for word in self.within(source) if any(letter.isalnum() for letter in word.text)]
        return Source(
            page=source.page,
            box=placing.box_as_scanned(source.box),
            path=source.path,
            confidence=min(sure) if sure else None,
        )

    def text_of(self, page: int) -> str:
        return "\n".join(line.text for line in self.lines if line.page == page)


def group_lines(page: int, words: Sequence[Sure]) -> Iterator[Line]:
    """Words whose heights overlap by half belong to one line; a hyphen or comma stands beside what is taller."""
    current: list[Sure] = []
    for word in sorted(words, key=lambda one: (one.box.top + one.box.bottom, one.box.x0)):
        if current and not _beside(_middling(current).box, word.box):
            yield _make_line(page, current)
            current = []
        current.append(word)
    if current:
        yield _make_line(page, current)


def _middling(words: Sequence[Sure]) -> Sure:
    """The word of middle height: neither a comma nor a letter of a headline."""
    return sorted(words, key=lambda one: one.box.bottom - one.box.top)[len(words) // 2]


def _beside(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return 2 * shared >= min(one.bottom - one.top, other.bottom - other.top)


def _make_line(page: int, words: Sequence[Sure]) -> Line:
    ordered = sorted(words, key=lambda word: word.box.x0)
    return Line(page, tuple(Word(word.text, word.box, word.confidence) for word in ordered))


def _is_in(inner: Box, outer: Box) -> bool:
    across, down = (inner.x0 + inner.x1) // 2, (inner.top + inner.bottom) // 2
    return outer.x0 <= across <= outer.x1 and outer.top <= down <= outer.bottom
