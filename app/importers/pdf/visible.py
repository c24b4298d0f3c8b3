"""What a person can see of a page's characters: the text layer of a PDF is not the picture of it."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from numbers import Real
from typing import Any

from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity

INVISIBLE_MODES = frozenset({3, 7})  # neither filled nor stroked; clipping only
STROKED_MODES = frozenset({1, 5})
SMALLEST_HEIGHT = 2  # points
_NEARLY_WHITE = 243  # of 255 in each of red, green and blue
_SYMBOLIC, _NONSYMBOLIC = 4, 32  # flags of a font descriptor
_EMBEDDED = ("FontFile", "FontFile2", "FontFile3")
_SAMPLE = 2000
_FIGURES = re.compile(r"[0-9][.,][0-9]{2}|[0-9]{4}")  # amounts, and what could be an account number

_REASONS = {
    "invisible": "drawn invisibly",
    "off-page": "outside the visible page",
    "background": "in the colour of the background",
    "tiny": f"under {SMALLEST_HEIGHT} points high",
}


@cache
def device_class() -> type[Any]:
    """pdfplumber's own device, noting the render mode of each character in `tag` and swapped digits of fonts."""
    from pdfplumber.page import PDFPageAggregatorWithMarkedContent

    class Device(PDFPageAggregatorWithMarkedContent):
        render_mode = 0

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.swapped: set[tuple[str, str]] = set()

        def render_string(self, textstate: Any, *args: Any, **kwargs: Any) -> None:
            self.render_mode = textstate.render
            super().render_string(textstate, *args, **kwargs)

        def tag_cur_item(self) -> None:
            if self.cur_item._objs:
                self.cur_item._objs[-1].tag = self.render_mode  # type: ignore[attr-defined]

        def render_char(self, matrix: Any, font: Any, *args: Any, **kwargs: Any) -> Any:
            if pair := _find_swapped_digit(font, args[3] if len(args) > 3 else kwargs.get("cid")):
                self.swapped.add(pair)
            return super().render_char(matrix, font, *args, **kwargs)

    return Device


def _find_swapped_digit(font: Any, cid: Any) -> tuple[str, str] | None:
    """(digit that the font's own encoding draws, text that its ToUnicode table claims) where the two differ.

    Only fonts whose encoding is known to hold are judged: one of the reader's own, or an embedded one that calls itself
    non-symbolic. An embedded subset with codes of its own says nothing of what it draws.
    """
    own = getattr(font, "cid2unicode", None)
    claimed = getattr(font, "unicode_map", None)
    if not own or not claimed or font.flags & _SYMBOLIC:
        return None
    if not font.flags & _NONSYMBOLIC and any(key in font.descriptor for key in _EMBEDDED):
        return None
    drawn = own.get(cid)
    try:
        said = claimed.get_unichr(cid)
    except KeyError:
        return None
    differs = drawn is not None and drawn != said and (drawn.isdigit() or said.isdigit())
    return (drawn, said) if differs else None


class Visibility:
    """Judges the characters of one page and counts those that cannot be seen."""

    def __init__(self, page: Any) -> None:
        self.number: int = page.page_number
        self.left, self.top, self.right, self.bottom = page.cropbox
        self.unseen: Counter[str] = Counter()
        self.samples: dict[str, str] = {}
        # white letters are visible on anything that is not white itself
        self.grounds = [thing for thing in (*page.rects, *page.curves) if thing.get("fill") and not _is_white(thing)]
        self.grounds += page.images

    def sees(self, char: Any) -> bool:
        """Whether a person who looks at the page sees this character."""
        reason = self._find_reason(char)
        if reason and char["text"].strip():
            self.unseen[reason] += 1
            self.samples[reason] = (self.samples.get(reason, "") + char["text"])[:_SAMPLE]
        return not reason

    def _find_reason(self, char: Any) -> str:
        if char.get("tag") in INVISIBLE_MODES:
            return "invisible"
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        if not (self.left <= x <= self.right and self.top <= y <= self.bottom):
            return "off-page"
        if char["size"] < SMALLEST_HEIGHT:
            return "tiny"
        if _is_white(char, stroked=char.get("tag") in STROKED_MODES) and not any(
            ground["x0"] <= x <= ground["x1"] and ground["top"] <= y <= ground["bottom"] for ground in self.grounds
        ):
            return "background"
        return ""

    def issues(self) -> list[ParseIssue]:
        """One issue for each way in which characters of the page are hidden: a WARNING where they show figures."""
        remedy = "Look at the page beside the charges: hidden text was left out and counts for nothing."
        return [
            ParseIssue(
                Severity.WARNING if _FIGURES.search(self.samples[reason]) else Severity.INFO,
                "hidden-text",
                f"{count} characters on page {self.number} are {_REASONS[reason]}: '{self.samples[reason][:40]}'.",
                remedy,
                Source(page=self.number),
            )
            for reason, count in sorted(self.unseen.items())
        ]


def _is_white(thing: Any, *, stroked: bool = False) -> bool:
    """Whether its colour is white or nearly so. Patterns and unknown colours count as seen."""
    colour = thing.get("stroking_color" if stroked else "non_stroking_color")
    if not isinstance(colour, tuple | list) or not all(isinstance(part, Real) for part in colour):
        return False
    parts = [int(part * 255) for part in colour]
    if len(parts) == 4:  # cyan, magenta, yellow, black
        return all(255 - part - parts[3] >= _NEARLY_WHITE for part in parts[:3])
    return len(parts) in {1, 3} and all(part >= _NEARLY_WHITE for part in parts)
