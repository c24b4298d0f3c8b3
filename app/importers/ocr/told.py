"""What a person is told of a bill that was read from a picture: always that it was, and every value in doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.ocr.lines import Recognised, Sure
from app.importers.ocr.moves import ONE

SURE = 80  # per cent: a value below is told
_UNCLEAR_PAGE = 60
# figures with O, I or l at their side or among them and no other letter, or with S, B or Z between them
_AMONG_FIGURES = re.compile(r"(?<![^\W_])(?=[OIl]*[0-9])(?=[0-9]*[OIl])[0-9OIl]+(?![^\W_])|(?<=[0-9])[SBZ](?=[0-9])")
AMOUNTS, UNCLEAR = "amounts-in-picture", "page-unclear"
_MONEY = re.compile(r"[0-9OIl][.,][0-9OIlSBZ]{2}(?![0-9])")
_MOST_SHOWN = 5
_WORTH_TELLING = 200  # hundredths of a point
_MUCH_LARGER = 3  # thousandths


def tell_all(document: ParsedDocument, read: Recognised) -> ParsedDocument:
    """The document with each value's confidence and its place on the scanned page, and with what there is to tell."""
    doubts = [
        doubt
        for invoice in document.invoices
        for doubt in (*_find_doubts(invoice, read), *_find_letters(invoice, read))
    ]
    moved = [replace(issue, source=read.as_scanned(issue.source)) for issue in document.issues]
    invoices = tuple(_with_confidence(invoice, read) for invoice in document.invoices)
    issues = (_was_recognised(read), *_tell_pages(read), *_tell_amounts(document, read), *moved, *doubts)
    return replace(document, invoices=invoices, issues=issues)


def _was_recognised(read: Recognised) -> ParseIssue:
    pictured = {page: words for page, words in read.words.items() if page not in read.printed}
    words = [word for page in pictured.values() for word in page]
    pages = len(pictured)
    mean = sum(word.confidence for word in words) // max(len(words), 1)
    what = "Part of this bill" if read.printed else "This bill"
    message = (
        f"{what} is a picture: its {len(words)} words on {pages} page{'s' if pages != 1 else ''} were recognised, "
        f"with a confidence of {mean} % on average."
    )
    remedy = "Compare every value with the page beside it; the bill is not posted before somebody has."
    return ParseIssue(Severity.REVIEW, "read-by-ocr", message, remedy)


def _tell_pages(read: Recognised) -> Iterator[ParseIssue]:
    for page, words in sorted(read.words.items()):
        if page in read.printed:
            continue
        place = Source(page=page)
        if not words:
            message = f"No text was recognised on page {page}."
            remedy = "Look at the page: a blank one is nothing to mind, a pale one wants a better scan."
            yield ParseIssue(Severity.INFO, "page-without-text", message, remedy, place)
        elif (mean := sum(word.confidence for word in words) // len(words)) < _UNCLEAR_PAGE:
            message = f"Page {page} is hard to read: its words were recognised with a confidence of {mean} %."
            remedy = "Scan it again, straight and at 300 dots an inch, or ask the carrier for an electronic bill."
            yield ParseIssue(Severity.WARNING, UNCLEAR, message, remedy, place)


def _tell_amounts(document: ParsedDocument, read: Recognised) -> Iterator[ParseIssue]:
    """The pictures among printed pages that show amounts, of which the bill takes nothing."""
    taken = {
        source.page
        for invoice in document.invoices
        for source in (*invoice.sources.values(), *(charge.source for charge in invoice.charges))
    }
    for page, words in sorted(read.words.items()):
        found = [word.text for word in words if _MONEY.search(word.text)]
        if read.printed and page not in read.printed and page not in taken and found:
            shown = ", ".join(f"'{text[:20]}'" for text in found[:_MOST_SHOWN])
            message = f"Page {page} is a picture that shows {shown}, and nothing of it was taken."
            remedy = "Look whether charges or another total stand on it; if so, add them."
            yield ParseIssue(Severity.REVIEW, AMOUNTS, message, remedy, Source(page=page))


def tell_moves(read: Recognised) -> Iterator[ParseIssue]:
    """How the words of a page were moved to where the layout looks for them."""
    for page, move in sorted(read.moves.items()):
        width, height = read.placings[page].straight_size if page in read.placings else (0, 0)
        right = width // 2 - move.across.go(width // 2)
        down = height // 2 - move.down.go(height // 2)
        larger = (ONE * 1000 // move.across.scale) - 1000
        if max(abs(right), abs(down)) < _WORTH_TELLING and abs(larger) < _MUCH_LARGER:
            continue
        message = (
            f"Page {page} was scanned otherwise than the page that the layout was made on: {abs(right) // 100} points "
            f"further {'right' if right > 0 else 'left'}, {abs(down) // 100} {'lower' if down > 0 else 'higher'}, "
            f"{abs(larger) // 10}.{abs(larger) % 10} % {'larger' if larger > 0 else 'smaller'}. Its values were looked "
            "for there."
        )
        remedy = "Nothing needs to be done: labels and headings were found in these places."
        yield ParseIssue(Severity.INFO, "page-moved", message, remedy, Source(page=page))


def _find_doubts(invoice: ParsedInvoice, read: Recognised) -> Iterator[ParseIssue]:
    for name, source in sorted(invoice.sources.items()):
        yield from _doubt(f"The {name.replace('_', ' ')}", source, read)
    for charge in invoice.charges:
        yield from _doubt(f"The charge '{charge.description[:60]}' of {charge.amount:,}", charge.source, read)


def _find_letters(invoice: ParsedInvoice, read: Recognised) -> Iterator[ParseIssue]:
    """Numbers in which a letter stands that looks like a figure, where figures stand: nobody can know which it is."""
    for name, text in (("number", invoice.number), ("ban", invoice.ban)):
        found = [one[0] for one in _AMONG_FIGURES.finditer(text)]
        if found and name in invoice.sources:
            shown = ", ".join(f"'{one}'" for one in found[:5])
            message = (
                f"The {name} '{text[:60]}' was recognised with letters that look like figures among figures: {shown}."
            )
            remedy = "Compare it with the page letter by letter, and correct it if a figure stands there."
            source = read.as_scanned(invoice.sources[name])
            yield ParseIssue(Severity.WARNING, "letters-among-figures", message, remedy, source)


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
