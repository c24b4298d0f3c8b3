"""Small e-invoices for the tests, of invented companies."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from app.domain.parsed import ParsedDocument
from app.importers.identify import read_document
from app.importers.registry import Definitions

DATA = Path(__file__).resolve().parent / "data"
UBL = (DATA / "acme-invoice.ubl.xml").read_text(encoding="utf-8")
CII = (DATA / "acme-credit-note.cii.xml").read_text(encoding="utf-8")
FATTURA = (DATA / "acme-two-bills.fattura.xml").read_text(encoding="utf-8")


def read_xml(text: str | bytes, name: str = "bill.xml") -> ParsedDocument:
    """The document in `text`."""
    content = text.encode() if isinstance(text, str) else text
    return read_document(name, content, Definitions())


def swap(text: str, old: str, new: str) -> str:
    """`text` with `old` replaced, which has to be there."""
    assert old in text, old
    return text.replace(old, new, 1)


def cut(text: str, first: str, last: str) -> str:
    """`text` without what stands from `first` to `last`, both included."""
    start = text.index(first)
    end = text.index(last, start) + len(last)
    return text[:start] + text[end:]


def attach(
    xml: bytes,
    printed: str,
    *,
    name: str = "factur-x.xml",
    more: tuple[tuple[str, bytes], ...] = (),
    unseen: str = "",
) -> bytes:
    """A PDF of one page that says `printed` and carries `xml`, and whatever else; `unseen` is printed in white."""
    import pypdfium2
    from reportlab.pdfgen import canvas

    page = BytesIO()
    drawing = canvas.Canvas(page, pagesize=(300, 200))
    drawing.drawString(20, 150, printed)
    if unseen:
        drawing.setFillColorRGB(1, 1, 1)
        drawing.drawString(20, 100, unseen)
    drawing.save()
    document = pypdfium2.PdfDocument(page.getvalue())
    for title, content in ((name, xml), *more):
        document.new_attachment(title).set_data(content)
    buffer = BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()
