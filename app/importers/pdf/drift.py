"""Whether a bill still looks as it did when its layout was accepted: each anchor, where it stands now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.source import Box, ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.pdf.layout import Anchor, Layout
from app.importers.pdf.text import Line


def check_anchors(layout: Layout, lines: Sequence[Line]) -> list[ParseIssue]:
    """A REVIEW for each anchor that is not found, or stands more than the tolerance from where it stood."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    issues = []
    for anchor in layout.anchors:
        places = list(find_text(anchor.text, pages.get(anchor.page, ())))
        moved = min((_distance(anchor.box, place) for place in places), default=None)
        if moved is None or moved > layout.anchor_tolerance:
            issues.append(_tell(layout, anchor, _say_where(anchor, places, lines)))
    return issues


def find_text(text: str, lines: Sequence[Line]) -> Iterator[Box]:
    """The box around `text` wherever it stands on one of these lines."""
    for line in lines:
        start = line.text.find(text)
        while start >= 0:
            yield line.box_of(start, start + len(text))
            start = line.text.find(text, start + 1)


def _distance(stood: Box, stands: Box) -> int:
    """How far its nearer side and its height have moved; a text may be aligned to either side."""
    across = min(abs(stood.x0 - stands.x0), abs(stood.x1 - stands.x1))
    return max(across, abs(stood.top - stands.top))


def _say_where(anchor: Anchor, places: Sequence[Box], lines: Sequence[Line]) -> str:
    if places:
        nearest = min(places, key=lambda place: _distance(anchor.box, place))
        across, down = (nearest.x0 - anchor.box.x0) // 100, (nearest.top - anchor.box.top) // 100
        return f"it now stands {_points(across, 'right', 'left')} and {_points(down, 'below', 'above')} of that"
    page = next((line.page for line in lines if anchor.text in line.text), None)
    return f"it now stands on page {page}" if page else "it is nowhere on this bill"


def _points(length: int, ahead: str, behind: str) -> str:
    return f"{abs(length)} points {ahead if length >= 0 else behind}"


def _tell(layout: Layout, anchor: Anchor, where: str) -> ParseIssue:
    message = (
        f"The bill is no longer printed as the layout {layout.name} expects: '{anchor.text[:60]}' stood on page "
        f"{anchor.page}, {anchor.box.x0 // 100} points from the left and {anchor.box.top // 100} from the top; {where}."
    )
    remedy = (
        "Compare the values that were read with the page; if they are right, point out the layout again and save it."
    )
    return ParseIssue(Severity.REVIEW, "layout-drifted", message, remedy, Source(page=anchor.page, box=anchor.box))
