"""A scanned bill from its picture to parsed values: recognise, find the layout that knows it, read, tell the doubts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.domain.parsed import ParsedDocument
from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.errors import UserError
from app.importers.faults import DocumentFault, NothingRecognised, refuse
from app.importers.ocr.accents import fold_accents
from app.importers.ocr.alike import adapt, calm_drift, tell_labels
from app.importers.ocr.claims import find_layout, tell_claims
from app.importers.ocr.lines import Recognised
from app.importers.ocr.missing import explain_missing
from app.importers.ocr.mixed import read_printed
from app.importers.ocr.moves import find_moves
from app.importers.ocr.pictures import Picture, open_pictures
from app.importers.ocr.recognise import Recogniser
from app.importers.ocr.straighten import Placing
from app.importers.ocr.told import tell_all, tell_moves
from app.importers.pdf.declare import read_layouts
from app.importers.pdf.read import read_from_lines
from app.importers.registry import Definitions
from app.importers.verify import verify

Progress = Callable[[int, int], None]


def read_scan(
    name: str,
    content: bytes,
    definitions: Definitions,
    *,
    importer: str = "",
    progress: Progress = lambda _done, _total: None,
) -> ParsedDocument:
    """Read the pictures of a PDF or image file by the layout that claims their text.

    `importer` names the layout ("pdf:NAME") that a person has chosen. `progress` hears how many of the pages are done.
    Faults come back as issues, never as an exception; a REVIEW issue always says that the text was recognised.
    """
    try:
        read = recognise(name, content, progress)
    except DocumentFault as fault:
        return refuse("", fault)
    return read_recognised(name, read, definitions, importer=importer)


def read_recognised(name: str, read: Recognised, definitions: Definitions, *, importer: str = "") -> ParsedDocument:
    """The bill in a text that has been recognised, with its doubts; faults are issues."""
    try:
        layout = find_layout(name, read, read_layouts(definitions.layouts), importer)
    except DocumentFault as fault:
        return tell_all(refuse("", fault), read)
    except UserError as fault:  # a layout is not well-formed
        remedy = "Mend the layout that is named, then import the file again."
        return refuse("", ParseIssue(Severity.ERROR, "bad-definition", fault.message, remedy))
    found_by = tell_claims(layout, read.text_of(read.lines[0].page)) if not importer else []
    read = read.moved(find_moves(layout, read.lines))
    plain, lines = fold_accents(layout, read.lines)
    followed = adapt(plain, lines)
    document = read_from_lines(followed, f"pdf:{layout.name}", lines, found_by, lenient=True)
    issues = [explain_missing(issue, followed, lines) for issue in document.issues]
    issues = [*calm_drift(followed, lines, issues), *tell_labels(plain, followed, lines), *tell_moves(read)]
    found = tuple(issue for invoice in document.invoices for issue in verify(invoice))
    return tell_all(replace(document, issues=(*read.issues, *issues, *found)), read)


def recognise(
    name: str,
    content: bytes,
    progress: Progress = lambda _done, _total: None,
    seen: Callable[[Picture, Placing], None] = lambda _picture, _placing: None,
) -> Recognised:
    """All words of all pages, recognised where they are not printed.

    `seen` gets each page's picture and how it was turned. Raises a DocumentFault where there are no words, or the file
    cannot be opened.
    """
    read = Recognised()
    printed, read.issues = read_printed(name, content)
    read.printed = set(printed)
    reader = Recogniser(name)
    try:
        for picture in open_pictures(name, content):
            progress(picture.number - 1, picture.total)
            if picture.number in printed:
                placing = Placing(picture.image.size, picture.dots)
                read.take(picture.number, printed[picture.number].lines, placing)
            else:
                words, placing = reader.read(picture)
                read.add(picture.number, words, placing)
            seen(picture, placing)
            progress(picture.number, picture.total)
    finally:
        reader.close()
    if not read.lines:
        raise NothingRecognised(name=name, pages=len(read.words))
    return read
