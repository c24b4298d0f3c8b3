"""How a scanned page lies against the one that its layout was made on: shifted, and a little larger or smaller.

A page is never fed twice alike. The anchors of a layout say where labels and headings stood; where most are found
with one and the same shift and scale between, the words are moved back by it. What does not fit stays a drift.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median_low

from app.domain.source import Box
from app.importers.ocr.alike import find_alike
from app.importers.ocr.fold import fold
from app.importers.pdf.layout import Anchor, Layout
from app.importers.pdf.text import Line

ONE = 1_000_000  # a scale of one
_MOST_SCALE = 50_000  # five per cent: what is drawn larger than that was not scanned otherwise, but printed otherwise
_MOST_SHIFT = 4_500  # hundredths of a point: some 16 mm
_FITS = 350  # how far a point may lie from where it is expected
_APART = 3_000  # points closer together say nothing of the scale
_LONG = 25_000  # a scale is told by points that are so far apart at most, else it is that of the other axis
_LEAST = 3
Pairs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Axis:
    """From a length on this page to that on the layout's: times `scale`, in millionths, and then `shift`."""

    scale: int = ONE
    shift: int = 0

    def go(self, at: int) -> int:
        return at * self.scale // ONE + self.shift

    def back(self, at: int) -> int:
        return (at - self.shift) * ONE // self.scale


@dataclass(frozen=True, slots=True)
class Move:
    """From a box on this page to the same on the layout's page."""

    across: Axis = Axis()
    down: Axis = Axis()

    def go(self, box: Box) -> Box:
        return Box(self.across.go(box.x0), self.down.go(box.top), self.across.go(box.x1), self.down.go(box.bottom))

    def back(self, box: Box) -> Box:
        across, down = self.across, self.down
        return Box(across.back(box.x0), down.back(box.top), across.back(box.x1), down.back(box.bottom))


def find_moves(layout: Layout, lines: Sequence[Line]) -> dict[int, Move]:
    """The move of each page of which the anchors tell one.

    Pages without anchors lie as the page before, but for what the headings of a table say, which stand on each page.
    """
    moves: dict[int, Move] = {}
    before = Move()
    headings = [anchor for anchor in layout.anchors if any(_shows(anchor, table.header) for table in layout.tables)]
    for page in sorted({line.page for line in lines}):
        on_page = [line for line in lines if line.page == page]
        own = [anchor for anchor in layout.anchors if anchor.page == page]
        across, down = _find_pairs(own, on_page)
        found = _fit_page(across, down)
        if found is None and not own:
            across, _down = _find_pairs(headings, on_page)
            axis = _fit(across, before.across.scale)
            found = Move(axis, Axis(axis.scale, before.down.shift)) if axis is not None else before
        if found is not None:
            before = found
            if found != Move():
                moves[page] = found
    return moves


def _shows(anchor: Anchor, header: Sequence[str]) -> bool:
    """Whether it is the line of a table's headings."""
    return bool(header) and all(fold(heading.split()[0]) in fold(anchor.text) for heading in header if heading.split())


def _find_pairs(anchors: Sequence[Anchor], lines: Sequence[Line]) -> tuple[Pairs, Pairs]:
    """Both sides of each anchor and its middle height: where they are, and where they stood."""
    across: Pairs = []
    down: Pairs = []
    for anchor in anchors:
        places = list(_find_places(anchor.text, lines))
        if not places:
            continue
        stood = anchor.box
        box = min(places, key=lambda one: abs(one.x0 - stood.x0) + abs(one.top - stood.top))
        across += [(box.x0, stood.x0), (box.x1, stood.x1)]
        down.append(((box.top + box.bottom) // 2, (stood.top + stood.bottom) // 2))
    return across, down


def _find_places(text: str, lines: Sequence[Line]) -> Iterator[Box]:
    for alike in find_alike(text, lines, loosely=True):
        yield alike.box


def _fit_page(across: Pairs, down: Pairs) -> Move | None:
    if len(down) < _LEAST:
        return None
    right = _fit(across, ONE)
    lower = _fit(down, right.scale if right is not None else ONE)
    return Move(right, lower) if right is not None and lower is not None else None


def _fit(pairs: Pairs, usual: int) -> Axis | None:
    """The axis on which more than half of the pairs fit; None where there is none, or none that a scanner makes."""
    if not pairs:
        return None
    spread = max(here for here, _ in pairs) - min(here for here, _ in pairs)
    slopes = [
        (stood - other_stood) * ONE // (here - other_here)
        for (here, stood), (other_here, other_stood) in combinations(pairs, 2)
        if abs(here - other_here) >= _APART
    ]
    scale = median_low(slopes) if slopes and spread >= _LONG else usual
    shift = median_low([stood - here * scale // ONE for here, stood in pairs])
    axis = Axis(scale, shift)
    fitting = [here for here, stood in pairs if abs(axis.go(here) - stood) <= _FITS]
    moved = max(abs(axis.go(here) - here) for here, _ in pairs)
    possible = abs(scale - ONE) <= _MOST_SCALE and moved <= _MOST_SHIFT
    return axis if possible and 2 * len(fitting) > len(pairs) else None
