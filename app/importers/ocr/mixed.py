"""PDFs of which some pages are printed and some are pictures, such as a letter in front of a scanned bill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.ocr.bounds import MOST_PAGES
from app.importers.pdf.pages import check_file, walk_pages
from app.importers.pdf.quick import open_pdf
from app.importers.pdf.text import PageText

PICTURED = "page-is-a-picture"
_COVERS, _COVERS_ALL = 25, 70  # per cent of a page
_STAMP = 12  # words: as few may be stamped on a picture that fills the page
_DEEPEST = 4  # forms within forms


def find_pictured(name: str, content: bytes, words: Mapping[int, int]) -> list[int]:
    """The pages whose text is in a picture; `words` says how many words can be seen on each page.

    At most as many pages are looked at as can be recognised. Raises EncryptedFile, BrokenFile or TooLarge.
    """
    doubtful = [page for page, count in sorted(words.items()) if count < _STAMP][:MOST_PAGES]
    if not doubtful:
        return []
    document = open_pdf(name, content)
    try:
        return [page for page in doubtful if _covered(document, page) >= (_COVERS_ALL if words[page] else _COVERS)]
    finally:
        document.close()


def is_too_long(name: str, content: bytes) -> bool:
    """Whether it has more pages than can be recognised."""
    document = open_pdf(name, content)
    try:
        return len(document) > MOST_PAGES
    finally:
        document.close()


def _covered(document: Any, number: int) -> int:
    """How much of a page its pictures cover, per cent; a scan may be stored in strips."""
    import pypdfium2
    import pypdfium2.raw

    try:
        page = document[number - 1]
        try:
            width, height = page.get_size()
            images = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST)
            sides = [image.get_bounds() for image in images]
        finally:
            page.close()
    except (pypdfium2.PdfiumError, ValueError, OverflowError):
        return 0  # who reads the page tells what is wrong with it
    areas = [
        max(0, min(right, width) - max(left, 0)) * max(0, min(top, height) - max(bottom, 0))
        for left, bottom, right, top in sides
    ]
    return int(100 * sum(areas) / max(width * height, 1))


def tell_pictured(name: str, content: bytes, words: Mapping[int, int]) -> list[ParseIssue]:
    """A REVIEW for each page of a PDF with text that is a picture: nothing of it was read."""
    return [_tell(page) for page in find_pictured(name, content, words)]


def _tell(page: int) -> ParseIssue:
    message = f"Page {page} is a picture, and nothing was read from it."
    remedy = "Look whether charges stand on it; if so, add them."
    return ParseIssue(Severity.REVIEW, PICTURED, message, remedy, Source(page=page))


def read_printed(name: str, content: bytes) -> tuple[dict[int, PageText], list[ParseIssue]]:
    """The pages of a PDF that are printed, where others are pictures, and what is told of them; else none.

    Raises EncryptedFile, BrokenFile or TooLarge.
    """
    if b"%PDF-" not in content[:1024] or is_too_long(name, content):
        return {}, []
    issues: list[ParseIssue] = []
    pages = {page.number: page for page in walk_pages(name, content, issues)}
    pictured = set(find_pictured(name, content, {number: len(page.texts) for number, page in pages.items()}))
    printed = {number: page for number, page in pages.items() if page.texts and number not in pictured}
    if not printed:
        return {}, []
    told = [issue for issue in issues if issue.source.page is None or issue.source.page in printed]
    return printed, [*check_file(name, content, len(pages)), *told]
