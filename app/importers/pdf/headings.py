"""Where the headings of a table stand on a page: on one line, or on up to three."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.importers.pdf.layout import squeeze
from app.importers.pdf.text import Line

_MOST_LINES = 3
_MONEY = re.compile(r"[0-9][.,][0-9]{2}(?![0-9.,])")


@dataclass(frozen=True, slots=True)
class Heading:
    """The first and the last of the lines, among those of the page, that show the headings."""

    first: int
    last: int


def find_headings(header: Sequence[str], lines: Sequence[Line]) -> list[Heading]:
    """All places on a page where every one of the headings `header` stands, from top to bottom."""
    if not header:
        return []
    wanted = Counter(word.casefold() for heading in header for word in heading.split())
    found: list[Heading] = []
    for first, line in enumerate(lines):
        if found and first <= found[-1].last:
            continue
        if not _shows_any(wanted, line):
            continue
        if _in_order(header, line.text):
            found.append(Heading(first, first))
        elif last := _over_several(wanted, lines, first):
            found.append(Heading(first, last))
    return found


def _shows_any(wanted: Counter[str], line: Line) -> bool:
    return any(text in wanted for text in line.text.casefold().split(" "))


def _in_order(header: Sequence[str], text: str) -> bool:
    squeezed, position = squeeze(text), 0
    for heading in header:
        sought = squeeze(heading)
        position = squeezed.find(sought, position)
        if position < 0:
            return False
        position += len(sought)
    return True


def _over_several(wanted: Counter[str], lines: Sequence[Line], first: int) -> int:
    """The last of two or three lines that together show all the words and little else; 0 where there is none."""
    shown: Counter[str] = Counter()
    for last in range(first, min(first + _MOST_LINES, len(lines))):
        words = Counter(lines[last].text.casefold().split(" "))
        if not words & wanted or _MONEY.search(lines[last].text):
            return 0
        shown += words
        if last > first and not wanted - shown:
            return last
    return 0
