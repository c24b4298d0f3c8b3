"""The quick look at a PDF: can it be opened, how many pages has it, what does its first page say."""

from __future__ import annotations

from typing import Any

from app.importers.faults import BrokenFile, EncryptedFile, ImageOnly, TooLarge
from app.importers.registry import DocumentHead

MOST_BYTES = 50 * 1024 * 1024
MOST_PAGES = 500
_PAGES_LOOKED_AT = 10  # a picture may stand before the bill's text
_TEXT_CHARACTERS = 20_000
_INVOICE_ATTACHMENTS = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "order-x.xml")


def look_into_pdf(name: str, content: bytes) -> DocumentHead:
    """The head of a PDF: the text of its first page that has any.

    Raises EncryptedFile, BrokenFile, TooLarge, or ImageOnly where no page looked at holds a single letter.
    """
    import pypdfium2

    document = _open(name, content)
    try:
        return _look_into_pages(name, len(content), document)
    except pypdfium2.PdfiumError as fault:
        raise BrokenFile(name=name, why=f"a page cannot be opened ({str(fault)[:60]})") from fault
    finally:
        document.close()


def count_pages(name: str, content: bytes) -> int:
    """How many pages this reader finds; another may find fewer in a file that was tampered with."""
    document = _open(name, content)
    try:
        return len(document)
    finally:
        document.close()


def _open(name: str, content: bytes) -> Any:
    import pypdfium2

    if len(content) > MOST_BYTES:
        raise TooLarge(name=name, size=f"{len(content) >> 20} MB", limit=f"{MOST_BYTES >> 20} MB")
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as fault:
        if "password" in str(fault).lower():
            raise EncryptedFile(name=name) from fault
        raise BrokenFile(name=name, why="it is not a complete PDF") from fault


def _look_into_pages(name: str, size: int, document: Any) -> DocumentHead:
    pages = len(document)
    if pages == 0:
        raise BrokenFile(name=name, why="it has no pages")
    if pages > MOST_PAGES:
        raise TooLarge(name=name, size=f"{pages} pages", limit=f"{MOST_PAGES} pages")
    for number in range(min(pages, _PAGES_LOOKED_AT)):
        page = document[number]
        text_page = page.get_textpage()
        text: str = text_page.get_text_range(count=min(text_page.count_chars(), _TEXT_CHARACTERS))
        text_page.close()
        page.close()
        if text.strip():
            return DocumentHead(name, size, "pdf", text, note=_find_invoice_attachment(document))
    raise ImageOnly(name=name, pages=pages)


def _find_invoice_attachment(document: Any) -> str:
    """A word about an e-invoice that travels inside the PDF."""
    names = [document.get_attachment(index).get_name() for index in range(min(document.count_attachments(), 20))]
    found = next((name for name in names if name.lower() in _INVOICE_ATTACHMENTS), "")
    return f"it carries the e-invoice {found}: save that attachment and import it by itself" if found else ""
