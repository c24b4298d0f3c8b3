"""Figures that are printed otherwise than they are stored: backwards, or in two sizes, as cents or marks of footnotes.

A word's characters stand in the order of the file. Where that is not the order in which an eye meets them, or where
small figures stand high beside large ones, what is stored is no number that anybody reads.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from app.domain.source import Box, ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.pdf.glyphs import Place
from app.importers.pdf.pdfium import Numbers, calls

ALIKE = 85  # per cent: as much of the higher one the lower one of two figures has at least
_FIGURES = frozenset("0123456789.,")
_UPRIGHT = math.cos(math.radians(10))
Sides = tuple[Any, Any, Any, Any]  # left, top, right, bottom in points as PDFium tells them, upwards


def tell_disorder(
    text: str,
    text_page: int,
    spans: Sequence[tuple[int, int]],
    sides: Mapping[int, Sides],
    kept: Mapping[int, Place],
    number: int,
) -> list[ParseIssue]:
    """A REVIEW for each way in which figures of the page are not what is stored."""
    raw = calls().raw
    page, matrix = ctypes.cast(text_page, raw.FPDF_TEXTPAGE), raw.FS_MATRIX()
    backwards: list[int] = []
    sizes: list[int] = []
    words: dict[int, str] = {}
    for first, last in spans:
        run = [index for index in range(first, last + 1) if index in kept]
        for one, other in _pairs(text, run):
            turn = math.pi if raw.FPDFText_GetFontSize(page, one) < 0 else 0
            if raw.FPDFText_GetMatrix(page, one, matrix):
                turn += math.atan2(matrix.b, matrix.a)
            if _goes_back(sides[one], sides[other], turn):
                backwards.append(one)
            elif text[one].isdigit() and text[other].isdigit() and _differ(sides[one], sides[other], turn):
                sizes.append(one)
            else:
                continue
            words[one] = "".join(text[index] for index in run)
    issues = []
    for places, code, what in (
        (backwards, "figures-backwards", "are stored in another order than they are printed"),
        (sizes, "figures-of-two-sizes", "are printed in two sizes or heights, as cents and marks of footnotes are"),
    ):
        if places:
            shown = ", ".join(f"'{word[:30]}'" for word in dict.fromkeys(words[one] for one in places[:4]))
            message = f"On page {number} figures {what}: {shown}. What was read may be another number."
            remedy = "Compare them with the page; if they were read wrongly, correct them."
            place = Source(page=number, box=Box(*kept[places[0]]))
            issues.append(ParseIssue(Severity.REVIEW, code, message, remedy, place))
    return issues


def _pairs(text: str, run: Sequence[int]) -> Iterator[tuple[int, int]]:
    for one, other in pairwise(run):
        both = text[one] + text[other]
        if _FIGURES.issuperset(both) and any(map(str.isdigit, both)):
            yield one, other


def _goes_back(one: Sides, other: Sides, turn: Any) -> bool:
    """Whether the second character stands before the first one, by more than half of it."""
    across = (other[0] + other[2] - one[0] - one[2]) / 2
    up = (other[1] + other[3] - one[1] - one[3]) / 2
    ahead = across * math.cos(turn) + up * math.sin(turn)
    long = abs((one[2] - one[0]) * math.cos(turn)) + abs((one[1] - one[3]) * math.sin(turn))
    return bool(ahead < -long / 2)


def _differ(one: Sides, other: Sides, turn: Any) -> bool:
    """Whether one is higher than the other, or stands higher; nobody can tell of letters that stand askew."""
    if abs(math.cos(turn)) >= _UPRIGHT:
        low, high, other_low, other_high = one[3], one[1], other[3], other[1]
    elif abs(math.sin(turn)) >= _UPRIGHT:
        low, high, other_low, other_high = one[0], one[2], other[0], other[2]
    else:
        return False
    small, large = sorted((high - low, other_high - other_low))
    return bool(100 * small < ALIKE * large or 100 * abs(low - other_low) > (100 - ALIKE) * large)


def may_be_out_of_order(text: str, firsts: Numbers, lasts: Numbers, one: Numbers, other: Numbers) -> bool:
    """Whether the ends of any word that begins or ends with a figure, in these boxes on the sheet, stand as no number
    is printed: its characters are to be looked at one by one."""
    import numpy as np

    codes = np.frombuffer(text.encode("utf-32-le", "replace"), "u4")
    figures = (codes >= ord("0")) & (codes <= ord("9"))
    chosen = figures[firsts] | figures[lasts]
    odd = differ_in_height(one, other) | (other[:, 0] < one[:, 0])
    return bool((odd & chosen).any())


def differ_in_height(one: Numbers, other: Numbers) -> Numbers:
    """Of boxes on the sheet, a row each, whether the one is higher than the other, or stands higher."""
    import numpy as np

    heights, others = one[:, 3] - one[:, 1], other[:, 3] - other[:, 1]
    large = np.maximum(heights, others)
    low = 100 * np.minimum(heights, others) < ALIKE * large
    return low | (100 * abs(one[:, 3] - other[:, 3]) > (100 - ALIKE) * large)
