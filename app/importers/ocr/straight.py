"""The pages as they were read, upright and straight, as a PDF to be shown: the words' boxes fit on it."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import Any

from app.importers.ocr.pictures import Picture
from app.importers.ocr.straighten import Placing, lay

_POINTS = 72
_FEW_PAGES = 12
_DOTS, _DOTS_OF_MANY = 200, 130  # dots an inch, for reading on a screen
_QUALITY = 72


class StraightPages:
    """Collects the pages one at a time; `save` gives the PDF."""

    def __init__(self) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self._written = BytesIO()
        self._canvas: Any = Canvas(self._written, invariant=1)

    def add(self, picture: Picture, placing: Placing) -> None:
        """One more page, as it was turned to be read."""
        from PIL.Image import Resampling
        from reportlab.lib.utils import ImageReader

        image = lay(picture.image, placing)
        size = tuple(side * _POINTS / placing.dots for side in image.size)
        dots = Fraction(_DOTS if picture.total <= _FEW_PAGES else _DOTS_OF_MANY)
        if dots < placing.dots:
            across, down = (max(1, int(side * dots / placing.dots)) for side in image.size)
            image = image.resize((across, down), Resampling.LANCZOS)
        packed = BytesIO()
        image.save(packed, "JPEG", quality=_QUALITY)
        packed.seek(0)
        self._canvas.setPageSize(size)
        self._canvas.drawImage(ImageReader(packed), 0, 0, *size)
        self._canvas.showPage()

    def save(self) -> bytes:
        self._canvas.save()
        return self._written.getvalue()
