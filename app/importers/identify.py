"""Which importer reads a file: look at its head, let exactly one claim it, read, verify."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.parsed import ParsedDocument
from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.errors import UserError
from app.importers.faults import DocumentFault, NoImporter, NoSuchImporter, OldWorkbook, SeveralImporters, refuse
from app.importers.pdf.quick import look_into_pdf
from app.importers.pdf.read import pdf_importers
from app.importers.peek import look_into_text
from app.importers.records.importer import record_importers
from app.importers.registry import Definitions, DocumentHead, Importer
from app.importers.tabular.importer import tabular_importers
from app.importers.usage.importer import usage_importers
from app.importers.verify import verify
from app.importers.workbook_head import look_into_workbook
from app.importers.xml.cii import CiiImporter
from app.importers.xml.safe import look_into_xml
from app.importers.xml.ubl import UblImporter

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx with a password
_ZIP = b"PK\x03\x04"
_XML_STARTS = (b"<", "<".encode("utf-16-le"), "<".encode("utf-16-be"))
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def look(name: str, content: bytes) -> DocumentHead:
    """Return what can be seen of the file at a glance; raises a DocumentFault where it cannot be opened at all."""
    if b"%PDF-" in content[:1024]:
        return look_into_pdf(name, content)
    if content.startswith(_OLE2):
        raise OldWorkbook(name=name)
    if content.startswith(_ZIP):
        return look_into_workbook(name, content)
    body = content[:512]
    for mark in _MARKS:
        body = body.removeprefix(mark)
    if body.lstrip().startswith(_XML_STARTS):
        return look_into_xml(name, content)
    return look_into_text(name, content)


def identify(head: DocumentHead, importers: Sequence[Importer]) -> Importer:
    """Return the one importer that claims the file; raises NoImporter or SeveralImporters."""
    claimants = [importer for importer in importers if importer.claims(head)]
    if not claimants:
        raise NoImporter(name=head.name, kind=_kind_in_words(head), note=_explain(head))
    if len(claimants) > 1:
        raise SeveralImporters(name=head.name, names=" and ".join(sorted(importer.name for importer in claimants)))
    return claimants[0]


def choose(head: DocumentHead, importers: Sequence[Importer], name: str) -> Importer:
    """The importer called `name`, or the one that claims the file where no name is given."""
    if not name:
        return identify(head, importers)
    found = [importer for importer in importers if importer.name == name]
    if not found:
        raise NoSuchImporter(name=head.name, importer=name, known=", ".join(sorted(one.name for one in importers)))
    return found[0]


def all_importers(definitions: Definitions) -> tuple[Importer, ...]:
    """Every importer there is: the built-in ones, one per PDF layout, one per mapping.

    Raises a UserError that names the definition where one of them is not well-formed.
    """
    return (
        UblImporter(),
        CiiImporter(),
        *pdf_importers(definitions.layouts),
        *tabular_importers(definitions.mappings),
        *record_importers(definitions.mappings),
        *usage_importers(definitions.mappings),
    )


def read_document(name: str, content: bytes, definitions: Definitions, *, importer: str = "") -> ParsedDocument:
    """Look, identify, read and verify. What is wrong with the file comes back as issues, never as an exception.

    `importer` is the name of the one that a person has chosen; "" lets exactly one claim the file.
    """
    try:
        head = look(name, content)
        chosen = choose(head, all_importers(definitions), importer)
    except DocumentFault as fault:
        return refuse("", fault)
    except UserError as fault:  # a layout or mapping is not well-formed
        remedy = "Mend the layout or mapping that is named, then import the file again."
        return refuse("", ParseIssue(Severity.ERROR, "bad-definition", fault.message, remedy))
    try:
        document = chosen.read(content, head)
    except DocumentFault as fault:
        return refuse(chosen.name, fault)
    found = tuple(issue for invoice in document.invoices for issue in verify(invoice))
    return replace(document, issues=document.issues + found)


def _kind_in_words(head: DocumentHead) -> str:
    words = {"csv": "text or CSV", "unknown": "kind of", "bank": "bank", "image": "picture", "email": "e-mail"}
    return words.get(head.media, head.media.upper())


def _explain(head: DocumentHead) -> str:
    """What was seen of it, so that the reader can tell which layout or mapping is missing."""
    if head.note:
        return f" ({head.note})"
    if head.media == "xml" and head.text:
        return f" with the root {head.text[:120]}"
    if head.media in {"csv", "xlsx"} and head.columns:
        sheets = f" in the sheets {', '.join(head.sheets[:5])[:100]}," if head.sheets else ""
        return f";{sheets} its columns are {', '.join(head.columns[:12])[:200]}"
    if head.media == "pdf":
        opening = " ".join(head.text.split())[:80]
        return f", which begins with '{opening}'" if opening else ""
    return ""
