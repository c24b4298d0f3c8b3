"""The pages of a PDF one after the other, and what the file as a whole gives away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.importers.faults import BeyondLimits, BrokenFile, DocumentFault, ImageOnly, TooLarge
from app.importers.pdf.fonts import Pair, inspect_fonts
from app.importers.pdf.page import read_page
from app.importers.pdf.quick import LONGEST_SIDE, MOST_PAGES, open_pdf
from app.importers.pdf.text import Line, PageText

MOST_CHARACTERS = 12_000_000
MOST_ON_A_PAGE = 200_000
MOST_ISSUES = 200  # of one file, about hidden text: more say nothing more
Told = Callable[[int, int], None]


def walk_pages(
    name: str, content: bytes, issues: list[ParseIssue], told: Told = lambda _done, _total: None
) -> Iterator[PageText]:
    """Yield the visible words of each page; what was left out is added to `issues` on the way.

    `told` hears how many pages of how many are done. Raises EncryptedFile, BrokenFile or TooLarge.
    """
    document = open_pdf(name, content)
    try:
        pages = len(document)
        if pages > MOST_PAGES:
            raise TooLarge(name=name, size=f"{pages} pages", limit=f"{MOST_PAGES} pages")
        seen = 0
        for number in range(1, pages + 1):
            found, hidden = _read_one(name, document, number)
            seen += sum(map(len, found.texts))
            if seen > MOST_CHARACTERS:
                raise TooLarge(name=name, size=f"over {seen:,} characters", limit=f"{MOST_CHARACTERS:,}")
            issues += hidden[: max(MOST_ISSUES - len(issues), 0)]
            yield found
            told(number, pages)
    finally:
        document.close()


def _read_one(name: str, document: Any, number: int) -> tuple[PageText, list[ParseIssue]]:
    import pypdfium2

    try:
        page = document[number - 1]
        if max(page.get_size()) > LONGEST_SIDE:
            raise BeyondLimits(name=name, why=f"page {number} is larger than any paper")
        try:
            found, issues = read_page(page, number)
        finally:
            page.close()
    except (pypdfium2.PdfiumError, ValueError, TypeError, OverflowError) as fault:  # boxes that are no numbers, too
        raise BrokenFile(name=name, why=f"page {number} cannot be opened ({str(fault)[:60]})") from fault
    on_page = sum(map(len, found.texts))
    if on_page > MOST_ON_A_PAGE:
        raise TooLarge(name=name, size=f"{on_page:,} characters on page {number}", limit=f"{MOST_ON_A_PAGE:,}")
    return found, issues


def read_lines(
    name: str, content: bytes, told: Told = lambda _done, _total: None
) -> tuple[list[Line], list[ParseIssue]]:
    """Return the visible lines of all pages in reading order, and what was left out.

    Raises EncryptedFile, BrokenFile, TooLarge or ImageOnly.
    """
    issues: list[ParseIssue] = []
    lines: list[Line] = []
    pages = 0
    for page in walk_pages(name, content, issues, told):
        lines += page.lines
        pages = page.number
    issues[:0] = check_file(name, content, pages)
    if not lines:
        raise ImageOnly(name=name, pages=pages)
    return lines, issues


def check_file(name: str, content: bytes, pages: int) -> list[ParseIssue]:
    """What a second reader finds: another number of pages raises BrokenFile, swapped digits are told."""
    try:
        found, swapped = inspect_fonts(content)
    except (DocumentFault, MemoryError):
        raise
    except Exception as fault:  # pypdf raises whatever a broken file leads it to; all of it means the same here
        raise BrokenFile(name=name, why=f"its pages cannot be counted ({type(fault).__name__})") from fault
    if found != pages:
        raise BrokenFile(name=name, why=f"two readers do not agree how many pages it has: {pages} and {found}")
    return [_tell_swapped(swapped)] if swapped else []


def _tell_swapped(swapped: set[Pair]) -> ParseIssue:
    """A font may show one digit and call it another: then nothing in the file can be trusted."""
    pairs = [(drawn, said if said.isprintable() else f"character {ord(said):#06x}") for drawn, said in sorted(swapped)]
    shown = ", ".join(f"'{drawn}' is stored as '{said}'" for drawn, said in pairs[:5])
    message = f"The text of the file is not what its pages show: {shown}."
    remedy = "Do not trust this file; ask the carrier for the bill through another channel."
    return ParseIssue(Severity.ERROR, "text-differs-from-picture", message, remedy)
