"""What a person is told of a bill that was read from a picture: always that it was, and every value in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.ocr.lines import Recognised, Sure

SURE = 80  # per cent: a value below is told
_UNCLEAR_PAGE = 60


def tell_all(document: ParsedDocument, read: Recognised) -> ParsedDocument:
    """The document with each value's confidence and its place on the scanned page, and with what there is to tell."""
    doubts = [doubt for invoice in document.invoices for doubt in _find_doubts(invoice, read)]
    moved = [replace(issue, source=read.as_scanned(issue.source)) for issue in document.issues]
    invoices = tuple(_with_confidence(invoice, read) for invoice in document.invoices)
    issues = (_was_recognised(read), *_tell_pages(read), *moved, *doubts)
    return replace(document, invoices=invoices, issues=issues)


def _was_recognised(read: Recognised) -> ParseIssue:
    words = [word for page in read.words.values() for word in page]
    pages = len(read.words)
    mean = sum(word.confidence for word in words) // max(len(words), 1)
    message = (
        f"This bill is a picture: its {len(words)} words on {pages} page{'s' if pages != 1 else ''} were recognised, "
        f"with a confidence of {mean} % on average."
    )
    remedy = "Compare every value with the page beside it; the bill is not posted before somebody has."
    return ParseIssue(Severity.REVIEW, "read-by-ocr", message, remedy)


def _tell_pages(read: Recognised) -> Iterator[ParseIssue]:
    for page, words in sorted(read.words.items()):
        place = Source(page=page)
        if not words:
            message = f"No text was recognised on page {page}."
            remedy = "Look at the page: a blank one is nothing to mind, a pale one wants a better scan."
            yield ParseIssue(Severity.INFO, "page-without-text", message, remedy, place)
        elif (mean := sum(word.confidence for word in words) // len(words)) < _UNCLEAR_PAGE:
            message = f"Page {page} is hard to read: its words were recognised with a confidence of {mean} %."
            remedy = "Scan it again, straight and at 300 dots an inch, or ask the carrier for an electronic bill."
            yield ParseIssue(Severity.WARNING, "page-unclear", message, remedy, place)


def _find_doubts(invoice: ParsedInvoice, read: Recognised) -> Iterator[ParseIssue]:
    for name, source in sorted(invoice.sources.items()):
        yield from _doubt(f"The {name.replace('_', ' ')}", source, read)
    for charge in invoice.charges:
        yield from _doubt(f"The charge '{charge.description[:60]}' of {charge.amount:,}", charge.source, read)


def _doubt(what: str, source: Source, read: Recognised) -> Iterator[ParseIssue]:
    unsure = [word for word in read.within(source) if word.confidence < SURE and _says_something(word)]
    if not unsure:
        return
    figures = [word for word in unsure if any(letter.isdigit() for letter in word.text)]
    shown = ", ".join(f"'{word.text[:40]}' ({word.confidence} %)" for word in (figures or unsure)[:5])
    code = "doubtful-figures" if figures else "doubtful-text"
    message = f"{what} was recognised with doubt: {shown}."
    remedy = "Compare it with the page: 0 and O, 1 and l, 5 and S, a comma and a point look alike on a scan."
    yield ParseIssue(Severity.WARNING, code, message, remedy, read.as_scanned(source))


def _says_something(word: Sure) -> bool:
    return any(letter.isalnum() for letter in word.text)


def _with_confidence(invoice: ParsedInvoice, read: Recognised) -> ParsedInvoice:
    return replace(
        invoice,
        charges=tuple(replace(charge, source=read.as_scanned(charge.source)) for charge in invoice.charges),
        sources={name: read.as_scanned(source) for name, source in invoice.sources.items()},
    )
