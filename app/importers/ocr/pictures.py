"""Pages as grey pictures: of a PDF, rendered, and of image files, opened under limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from math import isqrt
from typing import TYPE_CHECKING, Any

from app.importers.faults import BrokenFile, EncryptedFile, TooLarge
from app.importers.ocr.bounds import DOTS_PER_INCH, MOST_BYTES, MOST_PAGES, MOST_PICTURE_PIXELS, MOST_PIXELS

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP")
_POINTS = 72
_LETTER = 11  # inches of the longer side of a page whose picture does not say how large it is
_SHORTEST, _LONGEST = 3, 18  # inches: a picture that claims another size says nothing


@dataclass(frozen=True, slots=True)
class Picture:
    """One page in shades of grey. `dots` is its resolution in dots an inch; `number` counts from 1, of `total`."""

    number: int
    total: int
    image: Image
    dots: Fraction


def open_pictures(name: str, content: bytes) -> Iterator[Picture]:
    """The pages of a PDF or image file, one at a time. Raises TooLarge, EncryptedFile or BrokenFile."""
    if len(content) > MOST_BYTES:
        raise TooLarge(name=name, size=f"{len(content) >> 20} MB", limit=f"{MOST_BYTES >> 20} MB")
    if b"%PDF-" in content[:1024]:
        yield from _render_pdf(name, content)
    else:
        yield from _open_image(name, content)


def as_pdf(name: str, content: bytes) -> bytes:
    """An image file as a PDF whose pages are as large as those that its text was placed on, for showing it beside its
    values. Raises TooLarge or BrokenFile."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    written = BytesIO()
    canvas = Canvas(written, invariant=1)
    for picture in open_pictures(name, content):
        size = tuple(side * _POINTS / picture.dots for side in picture.image.size)
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(picture.image), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def _render_pdf(name: str, content: bytes) -> Iterator[Picture]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as fault:
        if "password" in str(fault).lower():
            raise EncryptedFile(name=name) from fault
        raise BrokenFile(name=name, why="it is not a complete PDF") from fault
    try:
        total = len(document)
        _check_pages(name, total)
        for index in range(total):
            page = document[index]
            width, height = (max(1, int(side)) for side in page.get_size())
            dots = min(DOTS_PER_INCH, isqrt(MOST_PIXELS * _POINTS * _POINTS // (width * height)))
            bitmap = page.render(scale=Fraction(max(dots, 1), _POINTS), grayscale=True)
            image = bitmap.to_pil().convert("L")
            bitmap.close()
            page.close()
            yield Picture(index + 1, total, image, Fraction(max(dots, 1)))
    except pypdfium2.PdfiumError as fault:
        raise BrokenFile(name=name, why=f"a page cannot be drawn ({str(fault)[:60]})") from fault
    finally:
        document.close()


def _open_image(name: str, content: bytes) -> Iterator[Picture]:
    import PIL.Image
    import PIL.ImageOps

    PIL.Image.MAX_IMAGE_PIXELS = None  # _check_size refuses what is too large, before anything of it is unpacked
    try:
        with PIL.Image.open(BytesIO(content), formats=FORMATS) as opened:
            total = _count_frames(name, opened)
            for index in range(total):
                opened.seek(index)
                _check_size(name, opened.size)
                image, dots = _fit(_to_grey(PIL.ImageOps.exif_transpose(opened)), opened.info.get("dpi"))
                yield Picture(index + 1, total, image, dots)
    except (OSError, SyntaxError, ValueError, EOFError) as fault:  # what Pillow raises of a damaged picture
        raise BrokenFile(name=name, why=f"it is not a complete picture ({type(fault).__name__})") from fault


def _count_frames(name: str, opened: Image) -> int:
    """The pages of a TIFF; a moving picture of another kind is refused."""
    total = 1
    while total <= MOST_PAGES:
        try:
            opened.seek(total)
        except EOFError:
            break
        total += 1
    if total > 1 and opened.format != "TIFF":
        raise BrokenFile(name=name, why="it is a moving picture, and a bill stands still")
    _check_pages(name, total)
    return total


def _check_pages(name: str, pages: int) -> None:
    if pages > MOST_PAGES:
        raise TooLarge(name=name, size=f"more than {MOST_PAGES} scanned pages", limit=f"{MOST_PAGES} of them")
    if pages == 0:
        raise BrokenFile(name=name, why="it has no pages")


def _check_size(name: str, size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST_PICTURE_PIXELS:
        raise TooLarge(name=name, size=f"{size[0]:,} × {size[1]:,} dots", limit=f"{MOST_PICTURE_PIXELS:,} dots")


def _to_grey(image: Image) -> Image:
    """In 256 shades of grey, on white where it is transparent."""
    import numpy
    import PIL.Image

    if image.mode.startswith("I;16"):
        return PIL.Image.fromarray((numpy.asarray(image) >> 8).astype(numpy.uint8))
    if "A" in image.getbands() or "transparency" in image.info:
        coloured = image.convert("RGBA")
        ground = PIL.Image.new("RGBA", coloured.size, "white")
        return PIL.Image.alpha_composite(ground, coloured).convert("L")
    return image.convert("L")


def _fit(image: Image, said: Any) -> tuple[Image, Fraction]:
    """The picture brought near the resolution that recognition likes, with square dots; and that resolution."""
    from PIL.Image import Resampling

    across, down = _resolution(image.size, said)
    dots = Fraction(DOTS_PER_INCH)
    width, height = image.size[0] * dots / across, image.size[1] * dots / down
    if width * height > MOST_PIXELS:
        shrink = Fraction(isqrt(int(MOST_PIXELS * 10_000 / (width * height))), 100)
        dots, width, height = dots * shrink, width * shrink, height * shrink
    wanted = (max(1, int(width)), max(1, int(height)))
    if abs(wanted[0] - image.size[0]) * 20 < image.size[0] and abs(wanted[1] - image.size[1]) * 20 < image.size[1]:
        return image, across  # near enough: each resampling blurs
    return image.resize(wanted, Resampling.LANCZOS), Fraction(wanted[0]) * across / image.size[0]


def _resolution(size: tuple[int, int], said: Any) -> tuple[Fraction, Fraction]:
    """Dots an inch across and down, as the file says where that makes a page that a scanner takes."""
    longer = Fraction(max(size), _LETTER)
    try:
        across, down = (Fraction(int(one * 100), 100) for one in said)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        return longer, longer
    if across <= 0 or down <= 0:
        return longer, longer
    inches = max(size[0] / across, size[1] / down)
    return (across, down) if _SHORTEST <= inches <= _LONGEST else (longer, longer)
