"""The quick look at a PDF: can it be opened, how many pages has it, what does its first page say."""

from __future__ import annotations

from typing import Any

from app.importers.faults import BeyondLimits, BrokenFile, EncryptedFile, ImageOnly, TooLarge
from app.importers.pdf.preflight import check_streams
from app.importers.registry import DocumentHead
from app.importers.xml.attached import find_attached

MOST_BYTES = 50 * 1024 * 1024
MOST_PAGES = 2_000
LONGEST_SIDE = 20_000  # points: seven metres
_PAGES_LOOKED_AT = 10  # a picture may stand before the bill's text
_TEXT_CHARACTERS = 20_000


def look_into_pdf(name: str, content: bytes) -> DocumentHead:
    """The head of a PDF: the text of its first page that has any.

    Raises EncryptedFile, BrokenFile, TooLarge, BeyondLimits, or ImageOnly where no page looked at holds a letter.
    """
    import pypdfium2

    document = open_pdf(name, content)
    try:
        check_streams(name, content)
        return _look_into_pages(name, content, document)
    except pypdfium2.PdfiumError as fault:
        raise BrokenFile(name=name, why=f"a page cannot be opened ({str(fault)[:60]})") from fault
    finally:
        document.close()


def open_pdf(name: str, content: bytes) -> Any:
    """The open PDF, which the caller closes; raises EncryptedFile, BrokenFile or TooLarge."""
    import pypdfium2

    if len(content) > MOST_BYTES:
        raise TooLarge(name=name, size=f"{len(content) >> 20} MB", limit=f"{MOST_BYTES >> 20} MB")
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as fault:
        if "password" in str(fault).lower():
            raise EncryptedFile(name=name) from fault
        raise BrokenFile(name=name, why="it is not a complete PDF") from fault


def _look_into_pages(name: str, content: bytes, document: Any) -> DocumentHead:
    pages = len(document)
    if pages == 0:
        raise BrokenFile(name=name, why="it has no pages")
    if pages > MOST_PAGES:
        raise TooLarge(name=name, size=f"{pages} pages", limit=f"{MOST_PAGES} pages")
    for number in range(min(pages, _PAGES_LOOKED_AT)):
        page = document[number]
        if max(page.get_size()) > LONGEST_SIDE:
            raise BeyondLimits(name=name, why=f"page {number + 1} is larger than any paper")
        text_page = page.get_textpage()
        text: str = text_page.get_text_range(count=min(text_page.count_chars(), _TEXT_CHARACTERS))
        text_page.close()
        page.close()
        if text.strip():
            attached = find_attached(document, content)
            root, fault = (attached.root, attached.fault) if attached is not None else ("", "")
            return DocumentHead(name, len(content), "pdf", text, note=fault, attachment=root)
    raise ImageOnly(name=name, pages=pages)
