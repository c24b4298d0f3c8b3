"""XML from strangers: no entities, no network, no document type, bounded in size, depth and number of elements."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.importers.faults import BeyondLimits, BrokenFile, DocumentFault, TooLarge
from app.importers.registry import DocumentHead

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_BYTES = 50 * 1024 * 1024
MOST_ELEMENTS = 1_000_000
MOST_DEPTH = 60
MOST_ATTRIBUTES = 200_000  # of one element
_LONG_TAG = 50_000
_ATTRIBUTE = re.compile(rb"=\s*[\"']")


class DocumentTypeRefused(DocumentFault):
    """'{name}' begins with a document type declaration (DOCTYPE), which no invoice needs and attackers use."""

    code = "doctype"
    remedy = "Ask the carrier for the e-invoice without it; do not remove it yourself from a bill that you must pay."


class TooDeep(DocumentFault):
    """'{name}' nests more than {limit} elements in one another, which no invoice does."""

    code = "too-deep"
    remedy = "Ask the carrier for a valid e-invoice."


def _options() -> dict[str, Any]:
    return {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def look_into_xml(name: str, content: bytes) -> DocumentHead:
    """The head of an XML file: its root tag, read without reading on."""
    from lxml import etree

    _check_size(name, content)
    try:
        for _event, root in etree.iterparse(BytesIO(content), events=("start",), **_options()):
            if _has_document_type(root):
                raise DocumentTypeRefused(name=name)
            return DocumentHead(name, len(content), "xml", str(root.tag))
    except etree.XMLSyntaxError as fault:
        raise _not_well_formed(name, fault) from fault
    raise BrokenFile(name=name, why="it has no root element")


def parse_safely(name: str, content: bytes) -> _Element:
    """Return the root element, comments and processing instructions left out; raises a DocumentFault."""
    from lxml import etree

    _check_size(name, content)
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, **_options())
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as fault:
        raise _not_well_formed(name, fault) from fault
    if _has_document_type(root):
        raise DocumentTypeRefused(name=name)
    depth = 0
    for count, (event, _element) in enumerate(etree.iterwalk(root, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > MOST_DEPTH:
            raise TooDeep(name=name, limit=MOST_DEPTH)
        if count > 2 * MOST_ELEMENTS:
            raise TooLarge(name=name, size="too many elements", limit=f"{MOST_ELEMENTS:,}")
    return root


def _has_document_type(root: Any) -> bool:
    return bool(root.getroottree().docinfo.doctype)


def _check_size(name: str, content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise TooLarge(name=name, size=f"{len(content) >> 20} MB", limit=f"{MOST_BYTES >> 20} MB")
    # a "<" cannot stand inside a tag, so what lies between two of them holds one tag and the text behind it
    for part in content.replace(b"\x00", b"").split(b"<") if len(content) > _LONG_TAG else ():
        if len(part) > _LONG_TAG and len(_ATTRIBUTE.findall(part)) > MOST_ATTRIBUTES:
            raise BeyondLimits(name=name, why=f"an element has more than {MOST_ATTRIBUTES:,} attributes")


def _not_well_formed(name: str, fault: Exception) -> BrokenFile:
    return BrokenFile(name=name, why=f"its XML is not well-formed ({str(fault)[:120]})")
