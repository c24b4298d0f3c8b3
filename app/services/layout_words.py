"""The words of a page, and texts found among them: what recognises a carrier's bills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.importers.ocr.told import SURE
from app.importers.pdf.layout import squeeze
from app.services.layout_draft import Numbers

_LARGER = 1.4  # times the usual height of letters
_PART = 0.55  # of the largest letters' height: a word without capitals
_ANYBODYS = frozenset(
    {"invoice", "bill", "statement", "account", "tax", "rechnung", "facture", "factuur", "fattura", "factura", "your"}
)


@dataclass(frozen=True, slots=True)
class PageWords:
    """A page's size and its words, in points: text and x0, top, x1, bottom. Where they were recognised in a picture,
    `confidences` says of each how surely, per cent; `picture` says of a page of a PDF that it has to be."""

    number: int
    width: float
    height: float
    words: tuple[tuple[str, Numbers], ...]
    confidences: tuple[int, ...] = ()
    picture: bool = False

    @property
    def doubtful(self) -> tuple[tuple[str, Numbers, int], ...]:
        """The recognised words that say something and are not sure, each with its confidence."""
        return tuple(
            (text, box, sure)
            for (text, box), sure in zip(self.words, self.confidences, strict=False)
            if sure < SURE and any(letter.isalnum() for letter in text)
        )


def find_claims(pages: Sequence[PageWords], claims: Sequence[str]) -> dict[str, tuple[Numbers, ...]]:
    """Where each of the words by which a bill is recognised stands on the first page; nowhere: an empty tuple."""
    return {claim: find_text(pages[0], claim) if pages else () for claim in claims}


def propose_claims(pages: Sequence[PageWords]) -> tuple[str, ...]:
    """The words that are printed largest at the head of the first page, which is mostly the carrier's name; none where
    they are no larger than the others, or would stand on anybody's bill."""
    if not pages or not pages[0].words:
        return ()
    page = pages[0]
    heights = sorted(box[3] - box[1] for _text, box in page.words)
    scanned = bool(page.confidences)
    sure = page.confidences or (100,) * len(page.words)
    head = [
        (text, box)
        for (text, box), confidence in zip(page.words, sure, strict=True)
        if box[3] < page.height / 4 and (not scanned or (confidence >= SURE and sum(map(str.isalpha, text)) > 1))
    ]
    largest = max((box[3] - box[1] for _text, box in head), default=0.0)
    if not head or largest < _LARGER * heights[len(heights) // 2]:
        return ()
    line = next(box for _text, box in head if box[3] - box[1] == largest)
    # the box of a recognised word is as high as its letters, that of a printed one as high as its font
    words = [
        text
        for text, box in head
        if (
            abs((box[1] + box[3]) - (line[1] + line[3])) < largest and box[3] - box[1] > largest * _PART
            if scanned
            else abs(box[1] - line[1]) < largest / 4 and box[3] - box[1] > largest * 0.9
        )
    ]
    told = " ".join(words)
    return () if {word.casefold().strip(":.") for word in words} <= _ANYBODYS or len(told) < 4 else (told,)


def find_text(page: PageWords, text: str) -> tuple[Numbers, ...]:
    """The boxes of `text` on a page, whatever its blanks and case; it may run over several words of a line."""
    wanted = squeeze(text)
    found: list[Numbers] = []
    for start in range(len(page.words)):
        run = ""
        boxes: list[Numbers] = []
        for word, box in page.words[start:]:
            if boxes and abs(box[1] - boxes[-1][1]) > box[3] - box[1]:
                break  # the next line
            run += squeeze(word)
            boxes.append(box)
            if run == wanted:
                found.append(around(boxes))
            if not wanted.startswith(run):
                break
    return tuple(found) if wanted else ()


def around(boxes: Sequence[Numbers]) -> Numbers:
    """The smallest box around all of them."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
