"""Words of a PDF with their boxes, in lines, without what nobody can see on the page.

Coordinates are hundredths of a point from the top left corner. Characters that are invisible (render modes 3 and 7),
outside the crop box, white on white or under two points high are left out, and said so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

from app.domain.source import Box, ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.faults import BrokenFile, DocumentFault, ImageOnly, TooLarge
from app.importers.pdf.glyphs import drop_doubles, load_glyphs
from app.importers.pdf.quick import MOST_PAGES, count_pages
from app.importers.pdf.visible import Visibility
from app.importers.values import clean_text

MOST_CHARACTERS = 2_000_000
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    box: Box


@dataclass(frozen=True)
class Line:
    """Words side by side on one page, from left to right."""

    page: int
    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def box(self) -> Box:
        return around([word.box for word in self.words])

    @property
    def source(self) -> Source:
        return Source(page=self.page, box=self.box)

    def cells(self, bounds: Sequence[int]) -> str:
        """The words sorted into columns that end at `bounds`, the cells with "|" between them."""
        columns: list[list[str]] = [[] for _ in range(len(bounds) + 1)]
        for word in self.words:
            middle = (word.box.x0 + word.box.x1) // 2
            columns[sum(middle >= bound for bound in bounds)].append(word.text.replace("|", "¦"))
        return "|".join(" ".join(column) for column in columns)

    def box_of(self, start: int, end: int) -> Box:
        """The box around the words that make up characters `start` to `end` of `text`."""
        boxes, position = [], 0
        for word in self.words:
            if position < end and position + len(word.text) > start:
                boxes.append(word.box)
            position += len(word.text) + 1
        return around(boxes) if boxes else self.box


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around all of `boxes`."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )


def read_lines(name: str, content: bytes) -> tuple[list[Line], list[ParseIssue]]:
    """Return the visible lines of all pages in reading order, and what was left out.

    Raises BrokenFile, TooLarge or ImageOnly.
    """
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # its remarks on a file's faults help nobody here
    lines: list[Line] = []
    issues: list[ParseIssue] = []
    seen = 0
    try:
        with pdfplumber.open(BytesIO(content)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise TooLarge(name=name, size=f"{len(pdf.pages)} pages", limit=f"{MOST_PAGES} pages")
            for page in pdf.pages:
                chars, found = _read_page(page)
                seen += len(chars)
                if seen > MOST_CHARACTERS:
                    raise TooLarge(name=name, size=f"over {seen:,} characters", limit=f"{MOST_CHARACTERS:,}")
                issues += found
                lines += _group_lines(page.page_number, _find_words(chars, page.cropbox[:2]))
                page.close()
            pages = len(pdf.pages)
    except (DocumentFault, MemoryError):
        raise
    except Exception as fault:  # pdfminer raises whatever a broken file leads it to; all of it means the same here
        raise BrokenFile(name=name, why=f"its pages cannot be read ({type(fault).__name__})") from fault
    if pages != count_pages(name, content):
        raise BrokenFile(name=name, why="two readers do not agree how many pages it has")
    if not lines and not issues:
        raise ImageOnly(name=name, pages=pages)
    return lines, [*issues, *_tell_revisions(content)]


def _tell_revisions(content: bytes) -> list[ParseIssue]:
    """A PDF keeps what was appended to it: who changed a total afterwards shows here."""
    changes = content.count(b"startxref") - 1 - (b"/Linearized" in content[:2048])
    if changes < 1:
        return []
    message = f"The PDF was changed {changes} time{'s' if changes > 1 else ''} after it was first written."
    remedy = "A signature or a stamp does that too; compare the totals with the contract if in doubt."
    return [ParseIssue(Severity.INFO, "revised", message, remedy)]


def _read_page(page: Any) -> tuple[list[Any], list[ParseIssue]]:
    """The visible characters of a page, doubled ones once, and issues about the others."""
    device = load_glyphs(page)
    judge = Visibility(page)
    visible = [char for char in page.chars if judge.sees(char)]
    return drop_doubles(visible), [*judge.issues(), *_swapped_digits(page, device)]


def _swapped_digits(page: Any, device: Any) -> list[ParseIssue]:
    """A font may show one digit and call it another: then nothing on the page can be trusted."""
    if not device.swapped:
        return []
    shown = ", ".join(f"'{seen}' is stored as '{said}'" for seen, said in sorted(device.swapped)[:5])
    message = f"The text of page {page.page_number} is not what the page shows: {shown}."
    remedy = "Do not trust this file; ask the carrier for the bill through another channel."
    return [ParseIssue(Severity.ERROR, "text-differs-from-picture", message, remedy, Source(page=page.page_number))]


def _find_words(chars: list[Any], corner: Sequence[Any]) -> Iterator[Word]:
    """Words with their boxes from the corner of the visible page, which is where a viewer counts from."""
    from pdfplumber.utils.text import extract_words

    for word in extract_words(chars, use_text_flow=False, keep_blank_chars=False):
        text = clean_text(word["text"].translate(_LIGATURES))
        if text:
            x0, top, x1, bottom = (int(word[side] * 100) for side in ("x0", "top", "x1", "bottom"))
            left, above = int(corner[0] * 100), int(corner[1] * 100)
            yield Word(text, Box(x0 - left, top - above, x1 - left, bottom - above))


def _group_lines(page: int, words: Iterator[Word]) -> Iterator[Line]:
    """Words whose heights overlap by half belong to one line."""
    current: list[Word] = []
    for word in sorted(words, key=lambda one: (one.box.top + one.box.bottom, one.box.x0)):
        if current and not _beside(current[-1].box, word.box):
            yield _make_line(page, current)
            current = []
        current.append(word)
    if current:
        yield _make_line(page, current)


def _beside(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return 2 * shared >= min(one.bottom - one.top, other.bottom - other.top)


def _make_line(page: int, words: list[Word]) -> Line:
    return Line(page, tuple(sorted(words, key=lambda word: word.box.x0)))
