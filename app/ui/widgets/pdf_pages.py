"""Pages of a PDF as pictures. pdfium is not safe for threads: one lock stands before every call into it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from app.errors import UserError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_PDFIUM = threading.Lock()
MOST_PIXELS = 24_000_000


class PageNotShown(UserError):
    """This document cannot be shown ({fault}): the charges at the left were read from it and stay. Open the file
    itself to see it."""


class PdfPages:
    """An open PDF. Every method may be called from any thread; it waits for its turn."""

    def __init__(self, content: bytes) -> None:
        import pypdfium2

        with _PDFIUM:
            try:
                self._document: PdfDocument | None = pypdfium2.PdfDocument(content)
                pages = range(len(self._document))
                self.sizes = tuple(tuple(self._document.get_page_size(page)) for page in pages)
            except pypdfium2.PdfiumError as fault:
                raise PageNotShown(fault=fault) from fault

    @property
    def count(self) -> int:
        return len(self.sizes)

    def render(self, page: int, scale: float) -> QImage:
        """Page `page` (from 0) at `scale` pixels per point; a huge page is drawn smaller. Raises PageNotShown."""
        import pypdfium2

        width, height = self.sizes[page]
        scale = min(scale, (MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
        with _PDFIUM:
            if self._document is None:
                return QImage()
            try:
                opened = self._document[page]
                bitmap = opened.render(scale=scale, rev_byteorder=False)
                image = QImage(
                    bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, _FORMATS[bitmap.mode]
                ).copy()
                # closed here and not when they are collected: that would call pdfium without the lock
                bitmap.close()
                opened.close()
            except pypdfium2.PdfiumError as fault:
                raise PageNotShown(fault=fault) from fault
        return image

    def close(self) -> None:
        """Let the document go; rendering gives empty pictures from now on."""
        with _PDFIUM:
            if self._document is not None:
                self._document.close()
                self._document = None


_FORMATS = {
    "BGR": QImage.Format.Format_BGR888,
    "BGRX": QImage.Format.Format_RGB32,
    "BGRA": QImage.Format.Format_ARGB32,
    "L": QImage.Format.Format_Grayscale8,
}
