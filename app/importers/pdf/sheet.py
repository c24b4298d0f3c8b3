"""The visible part of a page: from PDFium's coordinates, which count upwards, to those of a reader, turned as shown."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import Any

from app.importers.pdf.pdfium import Numbers, calls

MOST_POINTS = 20_000  # a page may be some seven metres long
_LETTER = (0, 0, 612, 792)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The part of a page that a viewer shows, in points as the file counts, and its quarter turns clockwise."""

    left: Any
    bottom: Any
    right: Any
    top: Any
    turns: int = 0

    @property
    def width(self) -> int:
        """In hundredths of a point, as shown."""
        return int(100 * (self.top - self.bottom if self.turns % 2 else self.right - self.left))

    @property
    def height(self) -> int:
        return int(100 * (self.right - self.left if self.turns % 2 else self.top - self.bottom))

    def place(self, boxes: Numbers) -> Numbers:
        """Left, top, right and bottom as shown, in whole hundredths of a point, of boxes as PDFium tells them."""
        import numpy as np

        left, top, right, bottom = 100 * boxes.T
        west, south, east, north = (100 * side for side in (self.left, self.bottom, self.right, self.top))
        shown = {
            0: (left - west, north - top, right - west, north - bottom),
            1: (bottom - south, left - west, top - south, right - west),
            2: (east - right, bottom - south, east - left, top - south),
            3: (north - top, east - right, north - bottom, east - left),
        }[self.turns]
        limit = 100 * MOST_POINTS * 100
        return np.rint(np.clip(np.nan_to_num(np.stack(shown, axis=1)), -limit, limit)).astype("i4")


def open_sheet(page: Any) -> Sheet:
    """The visible part of a pypdfium2 page."""
    raw = calls().raw
    rectangle = raw.FS_RECTF()
    found = raw.FPDF_GetPageBoundingBox(page, ctypes.byref(rectangle))
    sides = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
    sound = found and all(math.isfinite(side) and abs(side) <= 10 * MOST_POINTS for side in sides)
    if not sound or sides[0] >= sides[2] or sides[1] >= sides[3]:
        sides = _LETTER
    return Sheet(*sides, turns=raw.FPDFPage_GetRotation(page) % 4)
