"""The e-invoice that travels inside a PDF (Factur-X, ZUGFeRD), found by its name, else by its root tag."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Any

from app.importers.faults import DocumentFault
from app.importers.values import clean_text
from app.importers.xml.importer import ROOTS
from app.importers.xml.safe import look_into_xml, parse_safely

NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
MOST_ATTACHMENTS = 50
MOST_XML = 10 * 1024 * 1024
MOST_STREAM = 64 * 1024 * 1024  # one stream of the PDF, unpacked
MOST_STREAMS = 512 * 1024 * 1024  # all of them
_STREAM = re.compile(rb"stream\r?\n")
# packed twice, a few bytes become gigabytes; no program that makes invoices does it
_TWICE = re.compile(rb"/Filter\s*\[[^\]]{0,200}(?:Flate|LZW|RunLength)[^\]]{0,200}(?:Flate|LZW|RunLength)")


@dataclass(frozen=True, slots=True)
class Attached:
    """An e-invoice in a PDF. `root` is "" where it cannot be read, and `fault` says why."""

    name: str
    content: bytes = b""
    root: str = ""
    fault: str = ""


def find_attached(document: Any, content: bytes) -> Attached | None:
    """The e-invoice among the attachments of an open PDF whose bytes are `content`; None where there is none.

    Raises nothing: what is wrong with the attachment stands in its `fault`.
    """
    count = document.count_attachments()
    if not count:
        return None
    if not _unpacks_within_bounds(content):
        return Attached("", fault="its attachments unpack to more than a bill can need, so they were left alone")
    found = [_open(document, index) for index in range(min(count, MOST_ATTACHMENTS))]
    named = [one for one in found if one.name.lower() in NAMES]
    others = [one for one in found if one.name.lower().endswith(".xml") and one.root in ROOTS]
    wanted = named or others
    if len(wanted) > 1:
        names = " and ".join(one.name for one in wanted[:5])
        return Attached("", fault=f"it carries several e-invoices ({names}), and only one may be meant")
    if not wanted or (not named and not wanted[0].root):
        return None
    (one,) = wanted
    if one.root and one.root not in ROOTS:
        return Attached(one.name, fault=f"its attachment {one.name} has the root {one.root[:120]}, which is not read")
    return one


def _open(document: Any, index: int) -> Attached:
    import pypdfium2

    name = ""
    try:
        attachment = document.get_attachment(index)
        name = clean_text(attachment.get_name(), 100)
        if not name.lower().endswith(".xml"):
            return Attached(name)
        content = bytes(attachment.get_data())
    except pypdfium2.PdfiumError as fault:
        return Attached(name, fault=f"its attachment {name} is damaged ({str(fault)[:60]})")
    if len(content) > MOST_XML:
        return Attached(
            name, fault=f"its attachment {name} has {len(content) >> 20} MB, and no e-invoice is that large"
        )
    try:
        root = look_into_xml(name, content).text
        if root in ROOTS:
            parse_safely(name, content)
    except DocumentFault as fault:
        return Attached(name, fault=f"its attachment {str(fault).strip()[:300]}")
    return Attached(name, content, root)


def _unpacks_within_bounds(content: bytes) -> bool:
    """Whether the PDF's packed streams are of sizes that the reader of attachments may be trusted with."""
    if _TWICE.search(content):
        return False
    total = 0
    for start in _STREAM.finditer(content):
        size = _unpacked_size(content, start.end())
        total += size
        if size > MOST_STREAM or total > MOST_STREAMS:
            return False
    return True


def _unpacked_size(content: bytes, start: int) -> int:
    """How many bytes the zlib stream at `start` holds, counted up to just above MOST_STREAM; 0 where there is none."""
    unpacker, size, place = zlib.decompressobj(), 0, start
    view = memoryview(content)
    try:
        while size <= MOST_STREAM and not unpacker.eof and place < len(content):
            piece: bytes | memoryview = view[place : place + 65536]
            place += 65536
            while piece and size <= MOST_STREAM:
                size += len(unpacker.decompress(piece, 1 << 20))
                piece = unpacker.unconsumed_tail
    except zlib.error:
        return size
    return size
