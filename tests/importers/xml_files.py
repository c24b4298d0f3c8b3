"""Small e-invoices for the tests, of invented companies."""

from __future__ import annotations

from pathlib import Path

from app.domain.parsed import ParsedDocument
from app.importers.identify import read_document
from app.importers.registry import Definitions

DATA = Path(__file__).resolve().parent / "data"
UBL = (DATA / "acme-invoice.ubl.xml").read_text(encoding="utf-8")
CII = (DATA / "acme-credit-note.cii.xml").read_text(encoding="utf-8")


def read_xml(text: str | bytes, name: str = "bill.xml") -> ParsedDocument:
    """The document in `text`."""
    content = text.encode() if isinstance(text, str) else text
    return read_document(name, content, Definitions())


def swap(text: str, old: str, new: str) -> str:
    """`text` with `old` replaced, which has to be there."""
    assert old in text, old
    return text.replace(old, new, 1)
