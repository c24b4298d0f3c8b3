"""Scans for the tests: drawn pages, skewed and dirtied as a scanner does it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

DOTS = 300


def draw(content: bytes, dots: int = DOTS) -> list[Image.Image]:
    """The pages of a PDF as grey pictures."""
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        return [page.render(scale=dots / 72, grayscale=True).to_pil().convert("L") for page in document]


def dirty(picture: Image.Image, degrees: float = 1.0, noise: int = 20, seed: int = 4) -> Image.Image:
    """The picture laid askew (against the clock) and sprinkled with noise."""
    import numpy

    turned = picture.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)
    shades = numpy.asarray(turned).astype(int)
    shades = shades + numpy.random.default_rng(seed).normal(0, noise, shades.shape).astype(int)
    return Image.fromarray(shades.clip(0, 255).astype("uint8"))


def save(pictures: list[Image.Image], form: str, dots: int = DOTS, **options: Any) -> bytes:
    """One file of these pages: "PDF" or "TIFF" of all of them, another format of the first."""
    buffer = BytesIO()
    first, *others = [picture.copy() for picture in pictures]  # saving as JPEG leaves its settings on the picture
    if form == "PDF":
        first.save(buffer, form, resolution=dots, save_all=True, append_images=others)
    elif form == "TIFF":
        first.save(buffer, form, dpi=(dots, dots), save_all=True, append_images=others, **options)
    else:
        first.save(buffer, form, dpi=(dots, dots), **options)
    return buffer.getvalue()
