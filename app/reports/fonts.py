"""Text for PDF pages: Helvetica where it has the letters, DejaVu Sans (which comes with matplotlib) for the others."""

from __future__ import annotations

import importlib.util
from html import escape
from itertools import groupby
from pathlib import Path

WIDE = "DejaVuSans"


def register_fonts() -> None:
    """Make DejaVu Sans known to reportlab; a second call does nothing."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    if WIDE in pdfmetrics.getRegisteredFontNames():
        return
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("matplotlib")
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    pdfmetrics.registerFont(TTFont(WIDE, folder / "DejaVuSans.ttf"))


def markup(text: str) -> str:
    """`text` as a paragraph's markup: nothing in it is read as a tag, and letters that Helvetica lacks are set in the
    other font. Line breaks stay."""
    parts = []
    for narrow, letters in groupby(text.replace("−", "–"), key=_is_narrow):
        run = escape("".join(letters), quote=False)
        parts.append(run if narrow else f'<font name="{WIDE}">{run}</font>')
    return "".join(parts).replace("\n", "<br/>")


def _is_narrow(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return letter.isprintable() or letter in "\n\u00a0"
