"""Words with their boxes, and the lines that they make.

Coordinates are hundredths of a point from the top left corner of the visible page.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

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

    __slots__ = ("_confidences", "_hull", "_texts", "bounds", "page", "text")

    def __init__(self, page: int, words: Sequence[Word]) -> None:
        bounds = array("i")
        for word in words:
            bounds.extend((word.box.x0, word.box.top, word.box.x1, word.box.bottom))
        read = any(word.confidence is not None for word in words)
        self._set(page, [word.text for word in words], bounds, [word.confidence for word in words] if read else None)

    @classmethod
    def of(cls, page: int, texts: Sequence[str], bounds: array[int], hull: Box | None = None) -> Line:
        """The line of `texts`, whose boxes stand in `bounds` as x0, top, x1, bottom, one after the other.

        `hull` is the box around all of them, where it is known.
        """
        line = cls.__new__(cls)
        line._set(page, texts, bounds, None)
        line._hull = hull
        return line

    def _set(self, page: int, texts: Sequence[str], bounds: array[int], confidences: list[int | None] | None) -> None:
        self._hull: Box | None = None
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
        return self.box.top

    @property
    def bottom(self) -> int:
        return self.box.bottom

    @property
    def box(self) -> Box:
        if self._hull is None:
            bounds = self.bounds
            self._hull = Box(min(bounds[::4]), min(bounds[1::4]), max(bounds[2::4]), max(bounds[3::4]))
        return self._hull

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
        """Words whose heights overlap by half, and which stand on about the same foot, belong to one line.

        A large heading would else join the small lines beside it. Each word is compared with the one before it, from
        the top of the page downwards.
        """
        if not self.texts:
            return []
        import numpy as np

        bounds = np.frombuffer(self.bounds, "i").reshape(-1, 4)
        lefts, tops, _, bottoms = bounds.astype("i8").T
        order = np.lexsort((lefts, tops + bottoms))
        tops, bottoms = tops[order], bottoms[order]
        heights = bottoms - tops
        shared = np.minimum(bottoms[:-1], bottoms[1:]) - np.maximum(tops[:-1], tops[1:])
        joined = 2 * shared >= np.minimum(heights[:-1], heights[1:])
        joined &= 5 * abs(bottoms[:-1] - bottoms[1:]) <= 2 * np.maximum(heights[:-1], heights[1:])
        rows = np.concatenate([[0], (~joined).cumsum()])
        order = order[np.lexsort((lefts[order], rows))]
        texts, bounds = [self.texts[index] for index in order.tolist()], bounds[order]
        starts = np.concatenate([[0], np.flatnonzero(~joined) + 1])
        corners = (np.minimum.reduceat(bounds[:, :2], starts), np.maximum.reduceat(bounds[:, 2:], starts))
        hulls = np.concatenate(corners, axis=1).tolist()
        sides, cuts = array("i", bounds.tobytes()), pairwise([*starts.tolist(), len(texts)])
        return [
            Line.of(self.number, texts[start:end], sides[4 * start : 4 * end], Box(*hull))
            for (start, end), hull in zip(cuts, hulls, strict=True)
        ]


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around all of `boxes`."""
    if len(boxes) == 1:
        return boxes[0]
    return Box(
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )


def lowest(confidences: Iterable[int | None]) -> int | None:
    """The lowest confidence that is known."""
    known = [one for one in confidences if one is not None]
    return min(known) if known else None
