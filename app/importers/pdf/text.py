"""Words with their boxes, and the lines that they make.

Coordinates are hundredths of a point from the top left corner of the visible page.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.domain.source import Box, Source


@dataclass(frozen=True, slots=True)
class Word:
    """`confidence` in per cent where the word was read from a picture."""

    text: str
    box: Box
    confidence: int | None = None


class Line:
    """Words side by side on one page, from left to right.

    A bill of a thousand pages has sixty thousand lines: a line keeps its boxes in one array and makes words when asked.
    """

    __slots__ = ("_confidences", "_texts", "bounds", "page", "text")

    def __init__(self, page: int, words: Sequence[Word]) -> None:
        bounds = array("i")
        for word in words:
            bounds.extend((word.box.x0, word.box.top, word.box.x1, word.box.bottom))
        read = any(word.confidence is not None for word in words)
        self._set(page, [word.text for word in words], bounds, [word.confidence for word in words] if read else None)

    @classmethod
    def of(cls, page: int, texts: Sequence[str], bounds: array[int]) -> Line:
        """The line of `texts`, whose boxes stand in `bounds` as x0, top, x1, bottom, one after the other."""
        line = cls.__new__(cls)
        line._set(page, texts, bounds, None)
        return line

    def _set(self, page: int, texts: Sequence[str], bounds: array[int], confidences: list[int | None] | None) -> None:
        self.page, self.text = page, " ".join(texts)
        self.bounds, self._confidences = bounds, confidences
        # words without a space inside can be found again in the text
        self._texts = None if self.text.count(" ") == len(texts) - 1 else tuple(texts)

    def __repr__(self) -> str:
        return f"Line(page {self.page}, {self.text!r})"

    @property
    def texts(self) -> Sequence[str]:
        return self.text.split(" ") if self._texts is None else self._texts

    @property
    def words(self) -> tuple[Word, ...]:
        marks = self._confidences or [None] * len(self)
        return tuple(
            Word(text, self._box(n), mark) for n, (text, mark) in enumerate(zip(self.texts, marks, strict=True))
        )

    def __len__(self) -> int:
        return len(self.bounds) // 4

    def _box(self, index: int) -> Box:
        return Box(*self.bounds[4 * index : 4 * index + 4])

    @property
    def top(self) -> int:
        return min(self.bounds[1::4])

    @property
    def bottom(self) -> int:
        return max(self.bounds[3::4])

    @property
    def box(self) -> Box:
        bounds = self.bounds
        return Box(min(bounds[::4]), min(bounds[1::4]), max(bounds[2::4]), max(bounds[3::4]))

    @property
    def confidence(self) -> int | None:
        """The lowest of its words; None where all were read from text."""
        return None if self._confidences is None else lowest(self._confidences)

    @property
    def source(self) -> Source:
        return Source(page=self.page, box=self.box, confidence=self.confidence)

    def cells(self, bounds: Sequence[int]) -> str:
        """The words sorted into columns that end at `bounds`, the cells with "|" between them."""
        columns: list[list[str]] = [[] for _ in range(len(bounds) + 1)]
        for index, text in enumerate(self.texts):
            middle = (self.bounds[4 * index] + self.bounds[4 * index + 2]) // 2
            columns[sum(middle >= bound for bound in bounds)].append(text.replace("|", "¦"))
        return "|".join(" ".join(column) for column in columns)

    def box_of(self, start: int, end: int) -> Box:
        """The box around the words that make up characters `start` to `end` of `text`."""
        found = self.source_of(start, end).box
        return self.box if found is None else found

    def source_of(self, start: int, end: int) -> Source:
        """Where the words stand that make up characters `start` to `end` of `text`."""
        taken, position = [], 0
        for index, text in enumerate(self.texts):
            if position < end and position + len(text) > start:
                taken.append(index)
            position += len(text) + 1
        if not taken:
            return self.source
        marks = [self._confidences[index] for index in taken] if self._confidences else ()
        return Source(page=self.page, box=around([self._box(index) for index in taken]), confidence=lowest(marks))


@dataclass(frozen=True)
class PageText:
    """The visible words of one page; `bounds` holds x0, top, x1, bottom of each word, one after the other."""

    number: int
    width: int
    height: int
    texts: list[str]
    bounds: array[int]

    @property
    def words(self) -> list[Word]:
        return [Word(text, Box(*self.bounds[4 * n : 4 * n + 4])) for n, text in enumerate(self.texts)]

    @cached_property
    def lines(self) -> list[Line]:
        """Words whose heights overlap by half, and which stand on the same foot, belong to one line."""
        bounds, texts = self.bounds, self.texts
        lefts, tops, bottoms = bounds[::4].tolist(), bounds[1::4].tolist(), bounds[3::4].tolist()
        keys = [(top + bottom, left) for top, bottom, left in zip(tops, bottoms, lefts, strict=True)]
        rows: list[list[int]] = []
        top = bottom = 0
        for index in sorted(range(len(texts)), key=keys.__getitem__):
            above, below = tops[index], bottoms[index]
            shared = (bottom if bottom < below else below) - (top if top > above else above)
            if rows and 2 * shared >= min(bottom - top, below - above) and _on_one_foot(top, bottom, above, below):
                rows[-1].append(index)
            else:
                rows.append([index])
            top, bottom = above, below
        return [self._make_line(sorted(row, key=lefts.__getitem__)) for row in rows]

    def _make_line(self, row: list[int]) -> Line:
        bounds = array("i")
        for index in row:
            bounds += self.bounds[4 * index : 4 * index + 4]
        return Line.of(self.number, [self.texts[index] for index in row], bounds)


def _on_one_foot(top: int, bottom: int, above: int, below: int) -> bool:
    """Whether two words stand on about the same height; a large heading would join the small lines beside it."""
    return 5 * abs(bottom - below) <= 2 * max(bottom - top, below - above)


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around all of `boxes`."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )


def lowest(confidences: Iterable[int | None]) -> int | None:
    """The lowest confidence that is known."""
    return min((one for one in confidences if one is not None), default=None)
