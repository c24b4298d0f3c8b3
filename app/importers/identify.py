"""Which importer reads a file: look at its head, let exactly one claim it, read, verify."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from app.domain.parsed import ParsedDocument
from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.errors import UserError
from app.importers.bank.importer import bank_importers
from app.importers.bank.recognise import look_into_bank
from app.importers.containers.importer import CONTAINER_IMPORTERS
from app.importers.containers.kind import ZIP_STARTS, look_into_archive, look_into_mail, mail_kind
from app.importers.edifact.importer import edifact_importers
from app.importers.faults import (
    DocumentFault,
    ImageOnly,
    NoImporter,
    NoSuchImporter,
    SeveralImporters,
    UnknownEncoding,
    refuse,
)
from app.importers.json.strict import is_json, look_into_json
from app.importers.json.tmf678 import Tmf678Importer
from app.importers.ocr.kinds import is_picture
from app.importers.pdf.quick import look_into_pdf
from app.importers.pdf.read import pdf_importers
from app.importers.peek import look_into_text
from app.importers.records.importer import record_importers
from app.importers.registry import Definitions, DocumentHead, Importer
from app.importers.tabular.importer import tabular_importers, tell_near_tables
from app.importers.typed.read import TypedImporter
from app.importers.usage.importer import UsageImporter, usage_importers
from app.importers.usage.packed import is_packed, look_into_packed, unpack_whole
from app.importers.verify import verify
from app.importers.workbook_head import is_old_workbook, look_into_workbook
from app.importers.x12.head import look_into_edi
from app.importers.x12.importer import x12_importers
from app.importers.xml.facturx import FacturXImporter, tell_attachment
from app.importers.xml.importer import XML_IMPORTERS
from app.importers.xml.safe import look_into_xml
from app.importers.xml.signed import SignedFile, is_signed

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, .xlsx with a password, .msg
_XML_STARTS = (b"<", "<".encode("utf-16-le"), "<".encode("utf-16-be"))
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def look(name: str, content: bytes) -> DocumentHead:
    """Return what can be seen of the file at a glance; raises a DocumentFault where it cannot be opened at all."""
    # containers first: what they hold unpacked, such as a PDF, shows within their first bytes
    if content.startswith(ZIP_STARTS):
        return look_into_archive(name, content)
    if content.startswith(_OLE2):
        return look_into_workbook(name, content) if is_old_workbook(content) else look_into_mail(name, content)
    if b"%PDF-" in content[:1024]:
        return look_into_pdf(name, content)
    if is_picture(content):
        return DocumentHead(name, len(content), "image")
    if is_signed(content):
        raise SignedFile(name=name)
    if (edi := look_into_edi(name, content)) is not None:
        return edi
    if (bank := look_into_bank(name, content)) is not None:
        return bank
    if is_packed(content):
        return look_into_packed(name, content)
    body = content[:512]
    for mark in _MARKS:
        body = body.removeprefix(mark)
    if body.lstrip().startswith(_XML_STARTS):
        return look_into_xml(name, content)
    if mail_kind(content):
        return look_into_mail(name, content)
    if is_json(content):
        return look_into_json(name, content)
    return look_into_text(name, content)


def identify(head: DocumentHead, importers: Sequence[Importer]) -> Importer:
    """Return the one importer that claims the file; raises NoImporter or SeveralImporters."""
    claimants = [importer for importer in importers if importer.claims(head)]
    if not claimants and head.media == "image":
        raise ImageOnly(name=head.name, pages=1)
    if not claimants:
        if head.media == "csv" and head.note:
            raise UnknownEncoding(name=head.name, why=head.note)
        note = _explain(head) + tell_near_tables(head, importers)
        raise NoImporter(name=head.name, kind=_kind_in_words(head), note=note)
    if head.attachment and len(claimants) > 1:  # the e-invoice inside says more than a layout finds on the page
        claimants = [one for one in claimants if one.name == FacturXImporter.name] or claimants
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


def importers_for(head: DocumentHead, definitions: Definitions) -> tuple[Importer, ...]:
    """Those that may read a file of this kind; raises as `all_importers` does."""
    # a layout has dozens of regular expressions to make, which no table needs
    return all_importers(definitions if head.media in {"pdf", "image"} else replace(definitions, layouts=()))


@lru_cache(maxsize=4)
def all_importers(definitions: Definitions) -> tuple[Importer, ...]:
    """Every importer there is: the built-in ones, one per PDF layout, one per mapping.

    Raises a UserError that names the definition where one of them is not well-formed.
    """
    return (
        *XML_IMPORTERS,
        FacturXImporter(),
        Tmf678Importer(),
        TypedImporter(),
        *CONTAINER_IMPORTERS,
        *pdf_importers(definitions.layouts),
        *tabular_importers(definitions.mappings),
        *record_importers(definitions.mappings),
        *usage_importers(definitions.mappings),
        *bank_importers(definitions.mappings),
        *x12_importers(definitions.mappings),
        *edifact_importers(definitions.mappings),
    )


def read_document(name: str, content: bytes, definitions: Definitions, *, importer: str = "") -> ParsedDocument:
    """Look, identify, read and verify. What is wrong with the file comes back as issues, never as an exception.

    `importer` is the name of the one that a person has chosen; "" lets exactly one claim the file.
    """
    try:
        head = look(name, content)
        chosen = choose(head, importers_for(head, definitions), importer)
    except DocumentFault as fault:
        return refuse("", fault)
    except UserError as fault:  # a layout or mapping is not well-formed
        remedy = "Mend the layout or mapping that is named, then import the file again."
        return refuse("", ParseIssue(Severity.ERROR, "bad-definition", fault.message, remedy))
    try:
        document = chosen.read(content if isinstance(chosen, UsageImporter) else unpack_whole(name, content), head)
    except DocumentFault as fault:
        return refuse(chosen.name, fault)
    found = tuple(issue for invoice in document.invoices for issue in verify(invoice))
    return replace(document, issues=document.issues + found + tell_attachment(head))


def _kind_in_words(head: DocumentHead) -> str:
    words = {"csv": "text or CSV", "unknown": "kind of", "bank": "bank", "image": "picture", "email": "e-mail"}
    return words.get(head.media, head.media.upper())


def _explain(head: DocumentHead) -> str:
    """What was seen of it, so that the reader can tell which layout or mapping is missing."""
    if head.note:
        return f" ({head.note})"
    if head.media == "xml" and head.text:
        return f" with the root {head.text[:120]}"
    if head.media == "json" and head.columns:
        return f"; its keys are {', '.join(head.columns[:12])[:200]}"
    if head.media in {"csv", "xlsx", "xls", "ods"} and head.columns:
        sheets = f" in the sheets {', '.join(head.sheets[:5])[:100]}," if head.sheets else ""
        return f";{sheets} its columns are {', '.join(head.columns[:12])[:200]}"
    if head.media == "pdf":
        opening = " ".join(head.text.split())[:80]
        return f", which begins with '{opening}'" if opening else ""
    return ""
