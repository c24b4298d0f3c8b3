"""Whatever is in an EDIFACT file, it gets a verdict: never an exception, always the same one."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.parsed import ParsedDocument
from app.importers.edifact.importer import edifact_importers
from app.importers.faults import DocumentFault
from app.importers.registry import DocumentHead
from tests.importers.edi_files import EDIFACT_HEAD, codes, edifact, read

BODY = (
    *EDIFACT_HEAD, "RFF+OI:PR-1", "ALC+C+Freight", "MOA+23:5", "LIN+1", "IMD+F++:::Access", "QTY+47:2", "MOA+203:20",
    "PRI+AAA:10", "RFF+AVE:C-1", "TAX+7+VAT+++:::20", "ALC+A+Loyalty", "MOA+204:1", "UNS+S", "MOA+388:30", "MOA+9:30",
    "TAX+7+VAT+++:::20", "MOA+124:5", "CNT+2:1",
)  # fmt: skip


def judge(content: bytes) -> ParsedDocument | str:
    """What the importer says, a fault as its code."""
    (importer,) = edifact_importers(())
    try:
        return importer.read(content, DocumentHead("a.edi", len(content), "edifact"))
    except DocumentFault as fault:
        return fault.code


@settings(max_examples=100)
@given(st.binary(max_size=300).map(lambda tail: b"UNB+UNOC:3+A+B+260930:0615+1'" + tail) | st.binary(max_size=200))
@example(b"UNA")
@example(b"UNA:+.? '")
@example(b"UNB'UNH'LIN'UNT'UNZ'")
@example(b"STX=")
def test_any_bytes_get_a_verdict(content: bytes) -> None:
    assert judge(content) == judge(content)


TAGS = "BGM DTM RFF NAD CUX LIN PIA IMD QTY MOA PRI ALC TAX UNS CNT GIR FII UNO UNP UNH UNG"
tags = st.sampled_from(TAGS.split())
part = st.sampled_from(
    ["", "1", "0", "-1", "A", "C", "7", "9", "137", "380", "203", "388", "47", "20260930", "1.5", "?'", "718"]
)
element = st.lists(part | st.text(max_size=3), max_size=6).map(":".join)


@settings(max_examples=100)
@given(st.lists(st.tuples(tags, st.lists(element, max_size=7)), max_size=25))
def test_any_segments_get_a_verdict(made: list[tuple[str, list[str]]]) -> None:
    body = ["+".join([tag, *parts]) for tag, parts in made]
    content = edifact((*EDIFACT_HEAD, *body)).decode().encode("utf-8", errors="replace")
    document = judge(content)
    assert isinstance(document, str) or document.invoices or document.refused


@settings(max_examples=60)
@given(st.permutations(BODY))
def test_shuffled_segments_get_a_verdict(body: list[str]) -> None:
    document = judge(edifact(body))
    assert isinstance(document, ParsedDocument)
    assert document.invoices or document.refused


@settings(max_examples=80)
@given(st.data())
def test_one_changed_byte_gets_a_verdict(data: st.DataObject) -> None:
    content = bytearray(edifact(BODY))
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert judge(bytes(content)) == judge(bytes(content))


def test_a_flood_of_faults_is_told_in_bounds() -> None:
    document = read(edifact((*EDIFACT_HEAD, *["MOA+9:x"] * 3_000)))
    assert len(document.issues) < 150
    assert "more-issues" in codes(document)
