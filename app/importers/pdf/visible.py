"""What a person can see of a page's characters, one by one: the text layer of a PDF is not the picture of it."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise, repeat

from app.domain.source import Box, ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.pdf.glyphs import Place, find_doubles, find_overprints
from app.importers.pdf.order import tell_disorder
from app.importers.pdf.pdfium import IMAGE, PATH, SHADING, Numbers, Objects, calls, char_boxes, colours
from app.importers.pdf.sheet import Sheet

INVISIBLE_MODES = frozenset({3, 7, -1})  # neither filled nor stroked; clipping only; not known
STROKED_MODES = frozenset({1, 5})
SMALLEST_HEIGHT = 2  # points
_NEARLY_WHITE = 243  # of 255 in each of red, green and blue
_SEE_THROUGH = 26  # of 255: a tenth
_SAMPLE = 2000
FIGURES = re.compile(r"[0-9][.,][0-9]{2}|[0-9]{4}")  # amounts, and what could be an account number

_REASONS = {
    "invisible": "drawn invisibly",
    "off-page": "outside the visible page",
    "background": "in the colour of the background",
    "tiny": f"under {SMALLEST_HEIGHT} points high, or squeezed",
}


@dataclass(frozen=True, slots=True)
class Glyphs:
    """All characters of a text page: its address, its text, first and last character of each word, and the sheet."""

    text_page: int
    text: str
    ends: Numbers
    sheet: Sheet

    @property
    def spans(self) -> list[tuple[int, int]]:
        return [(first, last) for first, last in self.ends.tolist()]


def look_closely(found: Objects, glyphs: Glyphs, number: int) -> tuple[list[str], Numbers, list[ParseIssue]]:
    """The visible words of a page, doubled glyphs once, their boxes, and issues about the others."""
    indexes = [index for first, last in glyphs.spans for index in range(first, last + 1)]
    objects = list(map(calls().char_object, repeat(glyphs.text_page), indexes))
    upwards = _mend(glyphs, indexes, char_boxes(glyphs.text_page, indexes))
    boxes = glyphs.sheet.place(upwards)
    styles = _judge_styles(objects)
    grounds = _find_grounds(found, glyphs.sheet) if "background" in styles.values() else []
    seen: dict[int, Place] = {}
    reasons: dict[int, str] = {}
    for index, one, (x0, top, x1, bottom) in zip(indexes, objects, boxes.tolist(), strict=True):
        place = (x0, top, x1, bottom)
        reason = styles.get(one, "") or _judge_place(place, glyphs.sheet)
        if reason and not (reason == "background" and _stands_on(grounds, place)):
            reasons[index] = reason
        else:
            seen[index] = place
    doubles = find_doubles(glyphs.text, seen, dict(zip(indexes, objects, strict=True)))
    kept = {index: place for index, place in seen.items() if index not in doubles}
    issues = _tell_hidden(glyphs, reasons, number)
    if over := find_overprints(glyphs.text, kept):
        issues.append(_tell_overprints(glyphs.text, over, kept, number))
    sides = dict(zip(indexes, map(tuple, upwards.tolist()), strict=True))
    issues += tell_disorder(glyphs.text, glyphs.text_page, glyphs.spans, sides, kept, number)
    words, bounds = _join(glyphs, kept)
    return words, bounds, issues


def _judge_styles(objects: list[int]) -> dict[int, str]:
    """Why what each text object draws cannot be seen, "" where it can, "background" where that depends on its place."""
    use = calls()
    distinct = [one for one in set(objects) if one]
    fills, strokes = colours(use.fill, distinct), colours(use.stroke, distinct)
    white_fills, white_strokes = white_rows(fills).tolist(), white_rows(strokes).tolist()
    judged = {}
    for row, one in enumerate(distinct):
        mode = use.mode(one)
        stroked = mode in STROKED_MODES
        alpha = (strokes if stroked else fills)[row, 3]
        if mode in INVISIBLE_MODES or alpha < _SEE_THROUGH:
            judged[one] = "invisible"
        else:
            judged[one] = "background" if (white_strokes if stroked else white_fills)[row] else ""
    return judged


def white_rows(inks: Numbers) -> Numbers:
    """For each of these colours, a row each, whether it is white or nearly so."""
    return inks[:, :3].min(axis=1, initial=255) >= _NEARLY_WHITE


def _judge_place(place: Place, sheet: Sheet) -> str:
    x0, top, x1, bottom = place
    if not (0 <= x0 + x1 <= 2 * sheet.width and 0 <= top + bottom <= 2 * sheet.height):
        return "off-page"
    squeezed = 50 * min(x1 - x0, bottom - top) < max(x1 - x0, bottom - top)
    return "tiny" if squeezed or max(x1 - x0, bottom - top) < 100 * SMALLEST_HEIGHT else ""


def _mend(glyphs: Glyphs, indexes: list[int], boxes: Numbers) -> Numbers:
    """Fonts whose letters are drawings have no height of their own: theirs is that of the drawing, or of the font."""
    raw = calls().raw
    page = ctypes.cast(glyphs.text_page, raw.FPDF_TEXTPAGE)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    matrix = raw.FS_MATRIX()
    mended = boxes.copy()
    for row in (abs(boxes[:, 1] - boxes[:, 3]) < SMALLEST_HEIGHT).nonzero()[0].tolist():
        index, box = indexes[row], mended[row]
        if raw.FPDFText_GetCharBox(page, index, left, right, bottom, top) and top.value > bottom.value:
            box[:] = (
                min(left.value, box[0]),
                max(top.value, box[1]),
                max(right.value, box[2]),
                min(bottom.value, box[3]),
            )
        if raw.FPDFText_GetMatrix(page, index, matrix):
            size = raw.FPDFText_GetFontSize(page, index) * math.hypot(matrix.c, matrix.d)
            if box[1] - box[3] < size >= SMALLEST_HEIGHT:
                box[1] = box[3] + size
    return mended


def _find_grounds(found: Objects, sheet: Sheet) -> list[Place]:
    """What white letters can be seen on: filled shapes that are not white themselves, and pictures."""
    import numpy as np

    raw = calls().raw
    inks = colours(calls().fill, found.places)
    pale = white_rows(inks) | (inks[:, 3] < _SEE_THROUGH)
    sides = [ctypes.c_float() for _ in range(4)]
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    boxes = []
    for one, kind, unseen in zip(found.places, found.kinds, pale.tolist(), strict=True):
        thing = ctypes.cast(one, raw.FPDF_PAGEOBJECT)
        if kind == PATH:
            if unseen or not (raw.FPDFPath_GetDrawMode(thing, fill, stroke) and fill.value):
                continue
        elif kind not in {IMAGE, SHADING}:
            continue
        if raw.FPDFPageObj_GetBounds(thing, *sides):
            left, bottom, right, top = (side.value for side in sides)
            boxes.append((left, top, right, bottom))
    placed = sheet.place(np.array(boxes, "f4").reshape(-1, 4)).tolist()
    return [(x0, top, x1, bottom) for x0, top, x1, bottom in placed]


def _stands_on(grounds: list[Place], place: Place) -> bool:
    x, y = (place[0] + place[2]) // 2, (place[1] + place[3]) // 2
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in grounds)


def _join(glyphs: Glyphs, kept: dict[int, Place]) -> tuple[list[str], Numbers]:
    """The words that the kept characters make; where some were taken out, a gap ends a word."""
    import numpy as np

    texts: list[str] = []
    boxes: list[Place] = []
    for first, last in glyphs.spans:
        run = [index for index in range(first, last + 1) if index in kept]
        gaps = (n for n, (a, b) in enumerate(pairwise(run), start=1) if b - a > 1 and _is_gap(kept[a], kept[b]))
        for start, end in pairwise([0, *gaps, len(run)]):
            part = [kept[index] for index in run[start:end]]
            if part:
                texts.append("".join(glyphs.text[index] for index in run[start:end]))
                lefts, tops, rights, bottoms = zip(*part, strict=True)
                boxes.append((min(lefts), min(tops), max(rights), max(bottoms)))
    return texts, np.array(boxes, "i4").reshape(-1, 4)


def _is_gap(one: Place, other: Place) -> bool:
    return 5 * (other[0] - one[2]) > one[3] - one[1]


def _tell_hidden(glyphs: Glyphs, reasons: dict[int, str], number: int) -> list[ParseIssue]:
    """One issue for each way in which characters of the page are hidden: a REVIEW where they show figures, or are part
    of a number of which the rest is seen."""
    counts = Counter(reasons.values())
    cut: set[str] = set()
    samples: dict[str, str] = {}
    for start, end in glyphs.spans:
        figures = [reasons.get(index, "") for index in range(start, end + 1) if glyphs.text[index].isdigit()]
        if "" in figures:
            cut.update(figures)
        for index in range(start, end + 1):
            if (reason := reasons.get(index)) and len(samples.get(reason, "")) < _SAMPLE:
                samples[reason] = samples.get(reason, "") + glyphs.text[index]
    return [
        ParseIssue(
            Severity.REVIEW if reason in cut or FIGURES.search(samples[reason]) else Severity.INFO,
            "hidden-text",
            f"{count} characters on page {number} are {_REASONS[reason]}: '{samples[reason][:40]}'.",
            "Look at the page beside the charges: hidden text was left out and counts for nothing.",
            Source(page=number),
        )
        for reason, count in sorted(counts.items())
    ]


def _tell_overprints(text: str, pairs: list[tuple[int, int]], places: dict[int, Place], number: int) -> ParseIssue:
    shown = ", ".join(f"'{text[one]}' and '{text[other]}'" for one, other in pairs[:4])
    box = Box(*places[pairs[0][0]])
    message = f"On page {number} figures are printed over other figures: {shown}. Nobody can tell which are meant."
    remedy = "Look at the page: if the figures were changed by hand, ask the carrier for the bill again."
    return ParseIssue(Severity.REVIEW, "overprinted", message, remedy, Source(page=number, box=box))
