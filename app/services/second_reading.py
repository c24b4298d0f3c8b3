"""A second reading of a file whose first one found pictures: slower, by recognising the text in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.ocr import bounds
from app.importers.ocr.mixed import PICTURED
from app.importers.ocr.told import AMOUNTS, UNCLEAR
from app.importers.registry import Definitions
from app.services.child_process import Limits
from app.services.parsing import NotAnswered, ask_child, parse_file

IMAGE_ONLY = "image-only"
RECOGNISE = "ocr"
_UNKNOWN, _NOT_INSTALLED = "no-importer", "no-recognition"
_SECONDS = bounds.seconds_for(0)  # nobody has counted its pages yet
LIMITS = Limits(memory_bytes=bounds.MEMORY_BYTES, cpu_seconds=_SECONDS, wall_seconds=_SECONDS)


def read_again(
    name: str,
    content: Path,
    definitions: Definitions,
    first: ParsedDocument,
    folder: Path,
    *,
    importer: str = "",
    cancelled: Callable[[], bool],
    progress: Callable[[int, int], None],
) -> ParsedDocument:
    """The document as read by recognising its pictures' text, where the first reading says that it holds nothing else,
    or that some of its pages are pictures; `first` otherwise."""
    codes = {issue.code for issue in first.issues}
    whole = IMAGE_ONLY in codes
    if not whole and PICTURED not in codes and not (_UNKNOWN in codes and _has_pictures(name, content, cancelled)):
        return first
    second = parse_file(
        name,
        content,
        definitions,
        importer=importer,
        do=RECOGNISE,
        folder=folder,
        cancelled=cancelled,
        progress=progress,
        limits=LIMITS,
    )
    if whole or cancelled():
        return second
    if second.refused and (PICTURED in codes or any(issue.code == _NOT_INSTALLED for issue in second.issues)):
        return first
    return first_if_alike(first, second)


def first_if_alike(first: ParsedDocument, second: ParsedDocument) -> ParsedDocument:
    """The first reading, of the text alone, where the second says the same and takes nothing from a picture; a picture
    that shows amounts, or is hard to read, is still to be looked at."""
    pictured = {issue.source.page for issue in first.issues if issue.code == PICTURED}
    said = [[_say(invoice) for invoice in document.invoices] for document in (first, second)]
    taken = {
        source.page
        for invoice in second.invoices
        for source in (*invoice.sources.values(), *(charge.source for charge in invoice.charges))
    }
    if not first.invoices or said[0] != said[1] or taken & pictured:
        return second
    shown = [issue for issue in second.issues if issue.code in (AMOUNTS, UNCLEAR) and issue.source.page in pictured]
    doubtful = {issue.source.page for issue in shown}
    told = [
        _calm(issue) if issue.code == PICTURED and issue.source.page not in doubtful else issue
        for issue in first.issues
    ]
    return replace(first, issues=(*told, *shown))


def _say(invoice: ParsedInvoice) -> ParsedInvoice:
    """The bill without its places."""
    charges = tuple(replace(charge, source=Source()) for charge in invoice.charges)
    return replace(invoice, charges=charges, sources={})


def _calm(issue: ParseIssue) -> ParseIssue:
    message = f"Page {issue.source.page} is a picture; its text was recognised, and nothing of the bill stands there."
    return replace(issue, severity=Severity.INFO, message=message, remedy="Nothing needs to be done.")


def _has_pictures(name: str, content: Path, cancelled: Callable[[], bool]) -> bool:
    """Whether a PDF that nobody knows has pages that are pictures."""
    with content.open("rb") as opened:
        if b"%PDF-" not in opened.read(1024):
            return False
    try:
        answer = ask_child("pdf-pictures", name, content, Definitions(), cancelled=cancelled)
    except NotAnswered:
        return False  # what is wrong with the file has been told
    return answer.get("pictures") is True
