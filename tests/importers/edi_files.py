"""Small interchanges for the tests, of invented companies."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.domain.source import ParseIssue
from app.importers.identify import read_document
from app.importers.registry import Definitions
from tools.make_811 import Marks, envelop

CARRIER = "PINE RIDGE TELEPHONE"
PROFILE = """
kind = "edi-profile"
name = "pine_ridge"
carrier = "Pine Ridge Telephone Cooperative"
currency = "CAD"
senders = ["PINERIDGE", "4000001"]
accounts = ["AP", "14"]

[services]
ZX = "circuit_id"

[sections]
"0900" = "FEE"
"""
HEAD = ("BIG*20260930*PRT-7*****CI*00", "CUR*SE*USD", "REF*12*406-811", "N1*PE*PINE RIDGE TELEPHONE")
ONE_LINE = ("HL*1**8*0", "IT1*1*2*EA*10.005**SV*0200", "PID*F****ACCESS")
EDIFACT_HEAD = (
    "BGM+380+PR-7+9",
    "DTM+137:20260930:102",
    "NAD+SE+4000001::9++Pine Ridge Telephone",
    "CUX+2:EUR:4",
)


def x12(*bodies: Sequence[str], kind: str = "811", marks: Marks | None = None) -> bytes:
    """An interchange of one set for each of `bodies`, whose segments are written with * and without terminators."""
    return envelop([[segment.split("*") for segment in body] for body in bodies], marks or Marks(), kind).encode()


def bill(*segments: str, head: Sequence[str] = HEAD, total: str = "", kind: str = "811") -> bytes:
    """One 811 (or 810) with the usual head; a TDS in cents where `total` is given."""
    return x12((*head, *segments, *((f"TDS*{total}",) if total else ())), kind=kind)


def edifact(*bodies: Sequence[str], kind: str = "INVOIC:D:96A:UN", una: str = "", reference: str = "77") -> bytes:
    """An interchange of one message for each of `bodies`, written with the usual separators."""
    segments = [f"UNB+UNOC:3+4000001:14+5000001:14+260930:0615+{reference}"]
    for number, body in enumerate(bodies, start=1):
        segments += [f"UNH+{number}+{kind}", *body, f"UNT+{len(body) + 2}+{number}"]
    segments.append(f"UNZ+{len(bodies)}+{reference}")
    return (una + "".join(f"{segment}'\n" for segment in segments)).encode()


def read(content: bytes | str, name: str = "bill.edi", profiles: Sequence[str] = ()) -> ParsedDocument:
    """The document in `content`."""
    body = content.encode() if isinstance(content, str) else content
    return read_document(name, body, Definitions(mappings=tuple(profiles)))


def only(document: ParsedDocument) -> ParsedInvoice:
    """Its one bill."""
    (invoice,) = document.invoices
    return invoice


def codes(document: ParsedDocument) -> list[str]:
    """The codes of its issues, in order."""
    return [issue.code for issue in document.issues]


def issue(document: ParsedDocument, code: str) -> ParseIssue:
    """Its one issue of that code."""
    (found,) = [one for one in document.issues if one.code == code]
    return found
