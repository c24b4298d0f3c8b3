"""Recognised words as they are kept for later questions about the same file, and taken back with suspicion.

Recognition takes seconds a page, so it is done once; whoever asked keeps the words and hands them back. Nothing of them
is believed that is not of the right shape and within limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.domain.source import Box
from app.importers.faults import DocumentFault
from app.importers.ocr.bounds import MOST_PAGES
from app.importers.ocr.lines import Recognised
from app.importers.ocr.straighten import Placing
from app.importers.pdf.sheet import MOST_POINTS
from app.importers.pdf.text import Line, Word

KEPT = "scan"  # the option of a question that hands the words back
MOST_WORDS = 100_000
_LONGEST_WORD = 500
_HUNDREDTHS = Fraction(7200)  # dots an inch, each a hundredth of a point


class BadWords(DocumentFault):
    """The recognised words of '{name}' were not handed back as they were told: {why}."""

    code = "bad-words"
    remedy = "Open the file again."


def tell_pages(read: Recognised) -> list[dict[str, Any]]:
    """Each page with its size and its lines, of words as text, x0, top, x1, bottom and confidence; lengths are whole
    hundredths of a point."""
    pages = []
    for number, placing in sorted(read.placings.items()):
        width, height = placing.straight_size
        lines = [[_tell_word(word) for word in line.words] for line in read.lines if line.page == number]
        pages.append({"number": number, "width": width, "height": height, "lines": lines})
    return pages


def _tell_word(word: Word) -> list[Any]:
    box = word.box
    return [word.text, box.x0, box.top, box.x1, box.bottom, 100 if word.confidence is None else word.confidence]


def read_pages(name: str, pages: object) -> Recognised:
    """The words again, on pages that lie straight. Raises BadWords."""
    read = Recognised()
    left = MOST_WORDS
    for page in _list(name, pages, MOST_PAGES):
        if not isinstance(page, Mapping):
            raise BadWords(name=name, why="a page is none")
        number = page.get("number")
        if type(number) is not int or not 1 <= number <= MOST_PAGES or number in read.placings:
            raise BadWords(name=name, why="a page has no number of its own")
        size = (_length(name, page.get("width")), _length(name, page.get("height")))
        lines = [_read_line(name, number, line) for line in _list(name, page.get("lines"), left)]
        left -= sum(len(line) for line in lines)
        if left < 0 or not all(size):
            raise BadWords(name=name, why="there are too many, or a page has no size")
        read.take(number, lines, Placing(size, _HUNDREDTHS))
    if not read.lines:
        raise BadWords(name=name, why="there are none")
    return read


def _read_line(name: str, page: int, line: object) -> Line:
    words = [_read_word(name, word) for word in _list(name, line, MOST_WORDS)]
    if not words:
        raise BadWords(name=name, why="a line is empty")
    return Line(page, words)


def _read_word(name: str, word: object) -> Word:
    text, *sides, sure = _list(name, word, 6) if isinstance(word, list) and len(word) == 6 else ("", "", 0)
    if not isinstance(text, str) or not 0 < len(text) <= _LONGEST_WORD or not text.isprintable() or len(sides) != 4:
        raise BadWords(name=name, why="a word is none")
    if type(sure) is not int or not 0 <= sure <= 100:
        raise BadWords(name=name, why="a word has no confidence")
    left, top, right, bottom = (_length(name, side) for side in sides)
    if left > right or top > bottom:
        raise BadWords(name=name, why="a word has no place")
    return Word(text, Box(left, top, right, bottom), sure)


def _length(name: str, value: object) -> int:
    if type(value) is not int or not 0 <= value <= 100 * MOST_POINTS:
        raise BadWords(name=name, why="a length is none")
    return value


def _list(name: str, value: object, most: int) -> Sequence[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise BadWords(name=name, why="there are too many, or none")
    return value
