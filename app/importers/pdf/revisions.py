"""What was changed in a PDF after it was first written: it keeps what it said before."""

from __future__ import annotations

import re
from collections import Counter

from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.importers.faults import DocumentFault
from app.importers.pdf.pages import walk_pages

_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*")
_MONEY = re.compile(r"\d[.,]\d{2}(?!\d)")
_MOST_PAGES, _MOST_REVISIONS = 60, 5


def tell_revisions(name: str, content: bytes) -> list[ParseIssue]:
    """Whether the file was changed after it was written: a REVIEW that names both, where figures of it changed.

    A signature or a stamp changes a file too, but no amount on it: that is told as an INFO.
    """
    changes = content.count(b"startxref") - 1 - (b"/Linearized" in content[:2048])
    if changes < 1:
        return []
    ends = [match.end() for match in _END.finditer(content)]
    first = 1 if b"/Linearized" in content[:2048] else 0
    now = _figures(name, content)
    for end in ends[first:-1][:_MOST_REVISIONS]:
        before = _figures(name, content[:end])
        if now is None or before is None or before == now:
            continue
        gone, come = sorted((before - now).elements()), sorted((now - before).elements())
        return [_tell_change(changes, gone, come)]
    message = f"The PDF was changed {_times(changes)} after it was first written."
    remedy = "A signature or a stamp does that too; compare the totals with the contract if in doubt."
    return [ParseIssue(Severity.INFO, "revised", message, remedy)]


def _figures(name: str, content: bytes) -> Counter[str] | None:
    """The amounts that a revision shows; None where it cannot be read by itself."""
    figures: Counter[str] = Counter()
    try:
        for page in walk_pages(name, content, []):
            figures.update(word for word in page.texts if _MONEY.search(word))
            if page.number == _MOST_PAGES:
                break
    except DocumentFault:
        return None
    return figures


def _tell_change(changes: int, gone: list[str], come: list[str]) -> ParseIssue:
    message = (
        f"The PDF was changed {_times(changes)} after it was first written, and its figures with it: "
        f"it said {_list(gone)} before and says {_list(come)} now."
    )
    remedy = "Ask the carrier which of them is right before the bill is posted."
    return ParseIssue(Severity.REVIEW, "figures-revised", message, remedy)


def _times(changes: int) -> str:
    return f"{changes} time{'s' if changes > 1 else ''}"


def _list(figures: list[str]) -> str:
    shown = ", ".join(figures[:4]) + (" and more" if len(figures) > 4 else "")
    return shown or "nothing in their place"
