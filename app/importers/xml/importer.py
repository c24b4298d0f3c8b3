"""The importers of e-invoices that are XML files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.parsed import ParsedDocument
from app.importers.faults import BrokenFile
from app.importers.registry import DocumentHead
from app.importers.xml.bill import make_document
from app.importers.xml.cii import CII, ZUGFERD_1
from app.importers.xml.fattura import ROOT as FATTURA_ROOT
from app.importers.xml.fattura import read_fattura
from app.importers.xml.invoice import read_invoice
from app.importers.xml.safe import parse_safely
from app.importers.xml.ubl import UBL

if TYPE_CHECKING:
    from lxml.etree import _Element

_SYNTAXES = {root: syntax for syntax in (UBL, CII, ZUGFERD_1) for root in syntax.roots}
ROOTS = frozenset({*_SYNTAXES, FATTURA_ROOT})


@dataclass(frozen=True, slots=True)
class XmlImporter:
    """Reads the e-invoices whose root tag is one of `roots`."""

    name: str
    roots: tuple[str, ...]

    def claims(self, head: DocumentHead) -> bool:
        return head.media == "xml" and head.text in self.roots

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        root = parse_safely(head.name, content)
        if root.tag not in self.roots:  # a person has chosen this importer for it
            raise BrokenFile(name=head.name, why=f"its root {str(root.tag)[:120]} is not one of {self.name}")
        return read_xml(root)


XML_IMPORTERS = (
    XmlImporter("ubl", UBL.roots),
    XmlImporter("cii", (*CII.roots, *ZUGFERD_1.roots)),
    XmlImporter("fatturapa", (FATTURA_ROOT,)),
)


def read_xml(root: _Element) -> ParsedDocument:
    """The bills in an e-invoice whose root is one of ROOTS."""
    if root.tag == FATTURA_ROOT:
        return make_document(*read_fattura(root))
    return make_document(read_invoice(root, _SYNTAXES[str(root.tag)]))
