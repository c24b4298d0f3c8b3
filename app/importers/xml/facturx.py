"""Factur-X and ZUGFeRD: the e-invoice inside a PDF is what is read, the page is what is shown, and both must agree."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.faults import BrokenFile
from app.importers.pdf.quick import open_pdf
from app.importers.registry import DocumentHead
from app.importers.xml.attached import find_attached
from app.importers.xml.importer import ROOTS, read_xml
from app.importers.xml.safe import parse_safely

MOST_PAGES = 50  # searched for the total
_PAGE_CHARACTERS = 50_000


class FacturXImporter:
    """Reads the e-invoice that a PDF carries."""

    name = "factur-x"

    def claims(self, head: DocumentHead) -> bool:
        return head.media == "pdf" and head.attachment in ROOTS

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        document = open_pdf(head.name, content)
        try:
            attached = find_attached(document, content)
            if attached is None or not attached.root:
                why = attached.fault if attached is not None else "it carries no e-invoice"
                raise BrokenFile(name=head.name, why=why)
            parsed = read_xml(parse_safely(attached.name, attached.content))
            invoices, issues = [], []
            for invoice in parsed.invoices:
                page = _find_page(document, invoice.total_due)
                if page is None:
                    issues.append(_tell_difference(invoice, attached.name))
                invoices.append(_place(invoice, attached.name, page))
        finally:
            document.close()
        moved = tuple(replace(issue, source=_inside(issue.source, attached.name)) for issue in parsed.issues)
        return replace(parsed, importer=self.name, invoices=tuple(invoices), issues=(*moved, *issues))


def _find_page(document: Any, amount: Decimal) -> int | None:
    """The page on which the amount is printed, counted from 1; None where none is found. 0 is looked for nowhere."""
    import pypdfium2

    pattern = printed_pattern(amount)
    for number in range(min(len(document), MOST_PAGES)):
        try:
            page = document[number]
            text_page = page.get_textpage()
            text: str = text_page.get_text_range(count=min(text_page.count_chars(), _PAGE_CHARACTERS))
            text_page.close()
            page.close()
        except pypdfium2.PdfiumError:
            continue  # a page that cannot be opened shows no total either: the search says so
        if amount == 0 or pattern.search(text):
            return number + 1
    return None


def printed_pattern(amount: Decimal) -> re.Pattern[str]:
    """What an amount looks like on a page, whatever marks its groups and cents; a sign may stand anywhere."""
    whole, _, cents = f"{abs(amount):.2f}".partition(".")
    head = len(whole) % 3 or 3
    groups = [whole[:head], *(whole[start : start + 3] for start in range(head, len(whole), 3))]
    written = r"[.,'’\s]?".join(groups)
    tail = rf"[.,]\s?{cents}" if cents != "00" else r"(?:[.,]\s?(?:00|-+|–))?"
    return re.compile(rf"(?<![0-9])(?<![0-9][.,]){written}{tail}(?![0-9])(?![.,][0-9])")


def _tell_difference(invoice: ParsedInvoice, name: str) -> ParseIssue:
    message = (
        f"The e-invoice {name} asks for {abs(invoice.total_due):,.2f} {invoice.currency}, and no page of the PDF shows "
        f"that amount."
    )
    remedy = "Compare the pages with the values read: what people see and what programs read must be the same bill."
    place = _inside(invoice.sources.get("total_due", Source()), name)
    return ParseIssue(Severity.REVIEW, "xml-differs-from-page", message, remedy, place)


def _place(invoice: ParsedInvoice, name: str, page: int | None) -> ParsedInvoice:
    """The bill with the places in the XML told as such, and its total's page beside it."""
    sources = {field: _inside(source, name) for field, source in invoice.sources.items()}
    if page is not None and "total_due" in sources:
        sources["total_due"] = replace(sources["total_due"], page=page)
    charges = tuple(replace(one, source=_inside(one.source, name)) for one in invoice.charges)
    return replace(invoice, charges=charges, sources=sources)


def _inside(source: Source, name: str) -> Source:
    """A place in the XML as one in the PDF: the line of the XML counts for nothing there."""
    return replace(source, path=f"{name}:{source.path}", row=None) if source.path else Source(path=name)


def tell_attachment(head: DocumentHead) -> tuple[ParseIssue, ...]:
    """What is wrong with the e-invoice in a PDF, where a layout has read the page instead of it."""
    if head.media != "pdf" or not head.note:
        return ()
    message = f"{head.note[:1].upper()}{head.note[1:]}".rstrip(".") + ": only the page was read."
    remedy = "Tell the carrier that the e-invoice in its PDF is damaged."
    return (ParseIssue(Severity.WARNING, "attachment-damaged", message, remedy),)
