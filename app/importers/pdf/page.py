"""The visible words of one page, quickly: a page on which nothing could be hidden is taken word by word.

Whatever could be hidden or printed over (an unusual way of drawing, white ink, text beside the page, tiny text, words
that overlap) sends the page through visible.py, character by character.
"""

from __future__ import annotations

import ctypes
import re
from array import array
from itertools import pairwise, repeat
from typing import Any

from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.importers.pdf.drawn import check_drawn
from app.importers.pdf.pdfium import FORM, TEXT, Numbers, calls, char_boxes, colours, handle, list_objects, list_own
from app.importers.pdf.sheet import Sheet, open_sheet
from app.importers.pdf.text import PageText
from app.importers.pdf.visible import Glyphs, look_closely, white_rows
from app.importers.values import clean_text

SMALLEST = 200  # hundredths of a point
_PLAIN_MODES = (0, 4)  # filled
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
# PDFium writes a hyphen at a line's end as one of the first two, and what it cannot name as the last
_HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-", "\uffff": None})
_ODD = re.compile(r"[^ -~\r\n]")
_WORD = re.compile(r"[^\s\x00\x02\ufffe]+[\x02\ufffe]?|[\x02\ufffe]")
_FIGURE = re.compile(r"\d[.,]\d")
_BAND = 250  # words whose middles lie in one band of this height may share a line


def read_page(page: Any, number: int) -> tuple[PageText, list[ParseIssue]]:
    """The visible words of a pypdfium2 page in the order of the file, and issues about what cannot be seen."""
    text_page = page.get_textpage()
    try:
        sheet, at = open_sheet(page), handle(text_page)
        text = _read_text(text_page, at)
        words, spans = _split(text)
        if not words:
            return PageText(number, sheet.width, sheet.height, [], array("i")), []
        boxes = sheet.place(char_boxes(at, spans.ravel().tolist())).reshape(-1, 2, 4)
        sides = _join_sides(boxes)
        issues: list[ParseIssue] = []
        glyphs = Glyphs(at, text, spans.tolist(), sheet)
        if _needs_a_close_look(handle(page), sheet, sides) or _figures_overlap(at, sheet, words, spans):
            words, sides, issues = look_closely(handle(page), glyphs, number)
        if not any(issue.severity is Severity.REVIEW for issue in issues):  # a person has to look as it is
            issues += check_drawn(page, glyphs, number)
        return _assemble(number, sheet, words, sides), issues
    finally:
        text_page.close()


def _read_text(text_page: Any, at: int) -> str:
    """The page's characters, one for each that PDFium counts."""
    raw = calls().raw
    count = text_page.count_chars()
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    taken = raw.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(buffer)[: 2 * max(taken - 1, 0)].decode("utf-16-le", "replace")
    if len(text) == count and "\ufffd" not in text:
        return text
    codes = map(calls().unicode, repeat(at), range(count))
    return "".join(chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd" for code in codes)


def _split(text: str) -> tuple[list[str], Numbers]:
    """The words, and for each the places of its first and its last character."""
    import numpy as np

    if _ODD.search(text):
        spans = [match.span() for match in _WORD.finditer(text)]
        places = np.array(spans, "i4").reshape(-1, 2)
        return [text[start:end] for start, end in spans], places - np.array([0, 1], "i4")
    filled = np.frombuffer(text.encode("ascii"), "u1") > ord(" ")
    edges = np.flatnonzero(np.diff(filled, prepend=False, append=False))
    return text.split(), edges.reshape(-1, 2) - np.array([0, 1])


def _join_sides(boxes: Numbers) -> Numbers:
    """The box of each word from those of its first and its last character."""
    import numpy as np

    return np.concatenate([boxes[:, :, :2].min(axis=1), boxes[:, :, 2:].max(axis=1)], axis=1)


def _assemble(number: int, sheet: Sheet, words: list[str], sides: Numbers) -> PageText:
    if any(map(_ODD.search, words)):
        words = [clean_text(word.translate(_HYPHENS).translate(_LIGATURES)) for word in words]
        sides = sides[[index for index, word in enumerate(words) if word]]
        words = [word for word in words if word]
    bounds = array("i")
    bounds.frombytes(sides.astype("i4").tobytes())
    return PageText(number, sheet.width, sheet.height, words, bounds)


def _needs_a_close_look(page: int, sheet: Sheet, sides: Numbers) -> bool:
    lefts, tops, rights, bottoms = sides.T
    if lefts.min() < 0 or tops.min() < 0 or rights.max() > sheet.width or bottoms.max() > sheet.height:
        return True
    squeezed = (20 * (rights - lefts) < bottoms - tops).any()
    return bool(squeezed or (bottoms - tops).min() < SMALLEST or _overlap(sides) or _draws_unusually(page))


def _draws_unusually(page: int) -> bool:
    """Whether any text of the page is not simply filled with a colour that is seen on white."""
    import numpy as np

    use = calls()
    objects, complete = list_own(page)
    modes = np.fromiter(map(use.mode, objects.tolist()), "i4", len(objects))
    others = objects[modes < 0].tolist()
    if FORM in map(use.kind, others):  # what is inside counts, too
        objects, kinds, complete = list_objects(page)
        objects = objects[kinds == TEXT]
        modes = np.fromiter(map(use.mode, objects.tolist()), "i4", len(objects))
    elif TEXT in map(use.kind, others):
        return True
    else:
        objects, modes = objects[modes >= 0], modes[modes >= 0]
    if not complete or (~np.isin(modes, _PLAIN_MODES)).any():
        return True
    inks = colours(use.fill, objects.tolist())
    return bool((inks[:, 3] < 128).any() or white_rows(inks).any())


def _overlap(sides: Numbers) -> bool:
    """Whether two words of a line share a tenth of their height in width: they may be printed over each other."""
    import numpy as np

    middles = (sides[:, 1] + sides[:, 3]) // 2
    for shift in (0, _BAND // 2):  # what one way of cutting the page into bands separates, the other does not
        bands = (middles + shift) // _BAND
        order = np.lexsort((sides[:, 0], bands))
        left, other, band = sides[order[:-1]], sides[order[1:]], bands[order]
        shared = left[:, 2] - other[:, 0]
        near = (band[:-1] == band[1:]) & (shared > 100) & (10 * shared > left[:, 3] - left[:, 1])
        if near.any():
            return True
    return False


def _figures_overlap(at: int, sheet: Sheet, words: list[str], spans: Numbers) -> bool:
    """Whether the digits inside an amount are printed over each other."""
    figures = [index for index, word in enumerate(words) if _FIGURE.search(word)]
    indexes = [index for first, last in spans[figures].tolist() for index in range(first, last + 1)]
    if not indexes:
        return False
    boxes = sheet.place(char_boxes(at, indexes))
    width = boxes[:, 2] - boxes[:, 0]
    follows = [index + 1 == after for index, after in pairwise(indexes)]
    return bool((follows & (2 * (boxes[:-1, 2] - boxes[1:, 0]) > width[:-1]) & (width[:-1] > 0)).any())
