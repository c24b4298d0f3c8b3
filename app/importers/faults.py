"""Why a whole file could not be read: a cause each, with the remedy beside it, ready to become a ParseIssue."""

from __future__ import annotations

from app.domain.parsed import ParsedDocument
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.errors import UserError


class DocumentFault(UserError):
    """'{name}' cannot be read: {why}."""

    code = "unreadable"
    remedy = "Ask the carrier for the bill in another form, or enter it by hand."

    def as_issue(self, source: Source = Source()) -> ParseIssue:  # noqa: B008 - frozen, so one for all is safe
        """The fault as an ERROR that keeps the document from being posted."""
        return ParseIssue(Severity.ERROR, self.code, str(self), self.remedy, source)


class NoImporter(DocumentFault):
    """'{name}' is not taken in: no importer knows this {kind} file{note}."""

    code = "no-importer"
    remedy = (
        "Compare its columns or first page with docs/formats: a bill layout or column mapping makes it readable, once "
        "`main.py mapping` has saved it."
    )


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
    remedy = "Ask the carrier for the bill as an electronic PDF, CSV or XML; a scan cannot be read."


class TooLarge(DocumentFault):
    """'{name}' is too large: it has {size}, and at most {limit} are read."""

    code = "too-large"
    remedy = "Ask the carrier for the bill in smaller files, or as CSV."


class OldWorkbook(DocumentFault):
    """'{name}' is a workbook of the old .xls kind or one with a password, and neither is read."""

    code = "old-workbook"
    remedy = "Open it in a spreadsheet program and save it as .xlsx without a password."


def refuse(importer: str, fault: DocumentFault | ParseIssue) -> ParsedDocument:
    """The document that holds nothing but the reason why it was refused."""
    issue = fault if isinstance(fault, ParseIssue) else fault.as_issue()
    return ParsedDocument(importer, issues=(issue,))
