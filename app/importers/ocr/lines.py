"""Recognised words as the lines that PDF layouts read, and the places of values as they stand on the scanned page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.domain.source import Box, ParseIssue, Source
from app.importers.ocr.moves import Move
from app.importers.ocr.recognise import DOUBTFUL, Seen
from app.importers.ocr.straighten import Placing
from app.importers.pdf.text import Line, Word

# an amount of which the recogniser made two words, as it does where all letters are equally wide: "531." and "46CR"
_WHOLE, _CENTS = re.compile(r"[-$€£]?\d{1,3}(?:[.,]\d{3})*[.,]"), re.compile(r"\d\d(?:CR|-)?")
_UNITS, _POINT_CENTS = re.compile(r"[-$€£]?\d{1,3}(?:[.,]\d{3})*"), re.compile(r"[.,]\d\d(?:CR|-)?")
_PART = 75  # per cent of its height: what stands further from a word is another one
_NARROW = 30  # the same where figures follow figures, "1" and "2,220.23": no blank is as narrow


@dataclass(frozen=True, slots=True)
class Sure:
    """A recognised word on its page, and how sure its letters are, per cent."""

    text: str
    box: Box
    confidence: int


@dataclass(slots=True)
class Recognised:
    """The text of a scanned document: its lines on straightened pages, and how each page lay.

    `moves` say how lines and words were moved to where a layout looks for them; `printed` are the pages of which the
    text was read, and `issues` what there is to tell of these.
    """

    lines: list[Line] = field(default_factory=list)
    words: dict[int, list[Sure]] = field(default_factory=dict)
    placings: dict[int, Placing] = field(default_factory=dict)
    moves: Mapping[int, Move] = field(default_factory=dict)
    printed: set[int] = field(default_factory=set)
    issues: list[ParseIssue] = field(default_factory=list)

    def add(self, page: int, seen: Sequence[Seen], placing: Placing) -> None:
        """Take up the words of one more page."""
        words = [Sure(one.text, placing.box(one.left, one.top, one.right, one.bottom), one.confidence) for one in seen]
        self.take(page, list(group_lines(page, words)), placing)

    def take(self, page: int, lines: Sequence[Line], placing: Placing) -> None:
        """Take up the lines of one more page."""
        self.placings[page] = placing
        self.words[page] = [
            Sure(word.text, word.box, 100 if word.confidence is None else word.confidence)
            for line in lines
            for word in line.words
        ]
        self.lines += lines

    def moved(self, moves: Mapping[int, Move]) -> Recognised:
        """The same with its words where a layout looks for them."""
        if not moves:
            return self
        lines = [_move_line(line, moves[line.page]) if line.page in moves else line for line in self.lines]
        words = {
            page: [replace(word, box=moves[page].go(word.box)) for word in known] if page in moves else known
            for page, known in self.words.items()
        }
        return replace(self, lines=lines, words=words, moves=moves)

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
            box=placing.box_as_scanned(self.moves.get(source.page or 0, Move()).back(source.box)),
            path=source.path,
            confidence=min(sure) if sure and source.page not in self.printed else None,
        )

    def text_of(self, page: int) -> str:
        return "\n".join(line.text for line in self.lines if line.page == page)


def _move_line(line: Line, move: Move) -> Line:
    return Line(line.page, [replace(word, box=move.go(word.box)) for word in line.words])


def group_lines(page: int, words: Sequence[Sure]) -> Iterator[Line]:
    """Words whose heights overlap by half belong to one line; a hyphen or comma stands beside what is taller."""
    current: list[Sure] = []
    for word in sorted(words, key=lambda one: (one.box.top + one.box.bottom, one.box.x0)):
        if current and not _beside(_middling(current).box, word.box) and not _continues(current, word):
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


def _continues(words: Sequence[Sure], word: Sure) -> bool:
    """Whether the word stands close beside one of these, and as high: lines of two columns are rarely level."""
    box = word.box
    return any(
        _beside(one.box, box) and max(box.x0 - one.box.x1, one.box.x0 - box.x1) <= one.box.bottom - one.box.top
        for one in words
        if any(letter.isalnum() for letter in one.text)
    )


def _make_line(page: int, words: Sequence[Sure]) -> Line:
    ordered = _join_amounts(sorted(words, key=lambda word: word.box.x0))
    return Line(page, tuple(Word(word.text, word.box, word.confidence) for word in ordered))


def _join_amounts(words: Sequence[Sure]) -> list[Sure]:
    """The words of a line, amounts in one piece; the blank in them was seen where none is, so they are in doubt."""
    joined: list[Sure] = []
    for word in words:
        if joined and _is_split(joined[-1], word):
            before = joined.pop()
            sure = min(before.confidence, word.confidence, DOUBTFUL)
            one, other = before.box, word.box
            box = Box(one.x0, min(one.top, other.top), other.x1, max(one.bottom, other.bottom))
            word = Sure(before.text + word.text, box, sure)
        joined.append(word)
    return joined


def _is_split(before: Sure, after: Sure) -> bool:
    height = min(before.box.bottom - before.box.top, after.box.bottom - after.box.top)
    blank = (after.box.x0 - before.box.x1) * 100
    if before.text[-1:].isdecimal() and after.text[:1].isdecimal():
        return blank <= _NARROW * height
    if blank > _PART * height:
        return False
    return bool(
        (_WHOLE.fullmatch(before.text) and _CENTS.fullmatch(after.text))
        or (_UNITS.fullmatch(before.text) and _POINT_CENTS.fullmatch(after.text))
    )


def _is_in(inner: Box, outer: Box) -> bool:
    across, down = (inner.x0 + inner.x1) // 2, (inner.top + inner.bottom) // 2
    return outer.x0 <= across <= outer.x1 and outer.top <= down <= outer.bottom
