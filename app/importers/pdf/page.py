"""The visible words of one page, quickly: a page on which nothing could be hidden is taken word by word.

Whatever could be hidden or printed over (an unusual way of drawing, white ink, text beside the page, tiny text, words
that overlap) sends the page through visible.py, character by character.
"""

from __future__ import annotations

import ctypes
import re
from array import array
from itertools import repeat
from typing import Any

from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.importers.pdf.drawn import check_drawn
from app.importers.pdf.order import differ_in_height, may_be_out_of_order
from app.importers.pdf.pdfium import Numbers, Objects, calls, char_boxes, colours, handle, list_objects, text_sizes
from app.importers.pdf.sheet import Sheet, open_sheet
from app.importers.pdf.text import PageText
from app.importers.pdf.visible import Glyphs, look_closely, white_rows
from app.importers.values import clean_text

SMALLEST = 200  # hundredths of a point
_SMALLEST_EM = 4  # points: what is drawn in a smaller size is looked at letter by letter
_SQUEEZED = 20  # times as high as wide, or as wide as high
_PLAIN_MODES = frozenset({0, 4})  # filled
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
# PDFium writes a hyphen at a line's end as one of the first two, and what it cannot name as the last
_HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-", "\uffff": None})
_ODD = re.compile(r"[^ -~\r\n]")
_WORD = re.compile(r"[^\s\x00\x02\ufffe]+[\x02\ufffe]?|[\x02\ufffe]")
_FIGURE = re.compile(r"[.,](?<=\d[.,])(?=\d)")  # found by its mark: that is quickest
_UPSIDE_DOWN = 2  # quarter turns
_BAND = 250  # words whose middles lie in one band of this height may share a line


def read_page(page: Any, number: int) -> tuple[PageText, list[ParseIssue]]:
    """The visible words of a pypdfium2 page in the order of the file, and issues about what cannot be seen."""
    text_page = page.get_textpage()
    try:
        sheet, at = open_sheet(page), handle(text_page)
        text = _read_text(text_page, at)
        words, spans, odd = _split(text)
        if not words:
            return PageText(number, sheet.width, sheet.height, [], array("i")), []
        sides, overlapping = _measure(at, sheet, text, spans)
        issues: list[ParseIssue] = []
        found, glyphs = list_objects(handle(page)), Glyphs(at, text, spans, sheet)
        if overlapping or _needs_a_close_look(sheet, sides) or _draws_unusually(found):
            words, sides, issues = look_closely(found, glyphs, number)
        if not any(issue.severity is Severity.REVIEW for issue in issues):  # a person has to look as it is
            issues += check_drawn(page, found, glyphs, number)
        return _assemble(number, sheet, _clean(words) if odd else words, sides), issues
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


def _split(text: str) -> tuple[list[str], Numbers, bool]:
    """The words, for each the places of its first and its last character, and whether any character needs cleaning."""
    import numpy as np

    if _ODD.search(text):
        spans = [match.span() for match in _WORD.finditer(text)]
        places = np.array(spans, "i4").reshape(-1, 2)
        return [text[start:end] for start, end in spans], places - np.array([0, 1], "i4"), True
    filled = np.frombuffer(text.encode("ascii"), "u1") > ord(" ")
    edges = np.flatnonzero(np.diff(filled, prepend=False, append=False))
    return text.split(), edges.reshape(-1, 2) - np.array([0, 1]), False


def _measure(at: int, sheet: Sheet, text: str, spans: Numbers) -> tuple[Numbers, bool]:
    """The box of each word from those of its ends, and whether digits inside an amount are printed over each other, or
    figures backwards or in two sizes.

    PDFium is asked once for each character that matters: the ends of words, and all of a word that holds an amount.
    """
    import numpy as np

    firsts, lasts = spans.T
    figures = np.array([match.start() for match in _FIGURE.finditer(text)], "i8")
    figures = np.unique(np.searchsorted(firsts, figures, "right") - 1)
    inside = np.zeros(len(text) + 1, "i1")
    inside[firsts[figures]] += 1
    inside[lasts[figures] + 1] -= 1
    inside = inside.cumsum(dtype="i1").view(bool)
    wanted = inside.copy()
    wanted[firsts] = wanted[lasts] = True
    indexes = np.flatnonzero(wanted)
    boxes = sheet.place(char_boxes(at, indexes.tolist()))
    rows = wanted.cumsum() - 1
    one, other = boxes[rows[firsts]], boxes[rows[lasts]]
    sides = np.concatenate([np.minimum(one[:, :2], other[:, :2]), np.maximum(one[:, 2:], other[:, 2:])], axis=1)
    # on a page shown upside down text that goes to the right goes backwards
    if sheet.turns == _UPSIDE_DOWN or may_be_out_of_order(text, firsts, lasts, one, other):
        return sides, True
    pairs = rows[:-1][inside[:-1] & inside[1:]]
    lefts, rights = boxes[:, 0], boxes[:, 2]
    widths = (rights - lefts)[pairs]
    odd = (2 * (rights[pairs] - lefts[pairs + 1]) > widths) & (widths > 0)
    odd |= differ_in_height(boxes[pairs], boxes[pairs + 1])
    return sides, bool(odd.any())


def _clean(words: list[str]) -> list[str]:
    """The words with hyphens, ligatures and odd spaces in plain characters; "" where nothing is left."""
    if not any(map(_ODD.search, words)):
        return words
    return [clean_text(word.translate(_HYPHENS).translate(_LIGATURES)) for word in words]


def _assemble(number: int, sheet: Sheet, words: list[str], sides: Numbers) -> PageText:
    if not all(words):
        sides = sides[[index for index, word in enumerate(words) if word]]
        words = [word for word in words if word]
    bounds = array("i")
    bounds.frombytes(sides.astype("i4").tobytes())
    return PageText(number, sheet.width, sheet.height, words, bounds)


def _needs_a_close_look(sheet: Sheet, sides: Numbers) -> bool:
    lefts, tops, rights, bottoms = sides.T
    if lefts.min() < 0 or tops.min() < 0 or rights.max() > sheet.width or bottoms.max() > sheet.height:
        return True
    heights = bottoms - tops
    return bool((_SQUEEZED * (rights - lefts) < heights).any() or heights.min() < SMALLEST or _overlap(sides))


def _draws_unusually(found: Objects) -> bool:
    """Whether any text of the page is tiny, squeezed, or not simply filled with a colour that is seen on white."""
    import numpy as np

    if not found.complete or not _PLAIN_MODES.issuperset(found.modes):
        return True
    widths, heights = text_sizes(found.texts).T
    small, large = np.minimum(widths, heights), np.maximum(widths, heights)
    if ((small < _SMALLEST_EM) | (_SQUEEZED * small < 2 * large)).any():  # a letter is half as wide as an em, or less
        return True
    inks = colours(calls().fill, found.texts)
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
