"""Factur-X and ZUGFeRD: the e-invoice inside a PDF is what is read, the page is what is shown, and both must agree."""

from __future__ import annotations

from dataclasses import replace

from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.faults import BrokenFile
from app.importers.pdf.quick import open_pdf
from app.importers.registry import DocumentHead
from app.importers.xml.attached import find_attached
from app.importers.xml.importer import ROOTS, read_xml
from app.importers.xml.printed import Printed, find_printed
from app.importers.xml.safe import parse_safely


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
            invoices: list[ParsedInvoice] = []
            issues: list[ParseIssue] = []
            for invoice in parsed.invoices:
                printed = find_printed(head.name, content, len(document), invoice)
                if not (printed.number and printed.amount and printed.sign):
                    issues.append(_tell_difference(invoice, attached.name, printed))
                issues += printed.issues
                invoices.append(_place(invoice, attached.name, printed.page))
        finally:
            document.close()
        moved = tuple(replace(issue, source=_inside(issue.source, attached.name)) for issue in parsed.issues)
        return replace(parsed, importer=self.name, invoices=tuple(invoices), issues=(*moved, *issues))


def _tell_difference(invoice: ParsedInvoice, name: str, printed: Printed) -> ParseIssue:
    amount = f"{invoice.total_due or invoice.current_charges:,.2f} {invoice.currency}"
    missing = []
    if not printed.number:
        missing.append(f"no page of the PDF shows the number {invoice.number[:60]}")
    if not printed.amount:
        missing.append(f"no page of the PDF shows the amount of {amount}")
    elif not printed.sign:
        credit = invoice.total_due < 0 or (not invoice.total_due and invoice.current_charges < 0)
        missing.append("the PDF shows no credit" if credit else "the PDF shows a credit")
    why = f" ({printed.unread})" if printed.unread else ""
    message = (
        f"The e-invoice {name} {'gives back' if invoice.total_due < 0 else 'asks for'} "
        f"{abs(invoice.total_due):,.2f} {invoice.currency}, and {', and '.join(missing)}{why}."
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
