"""Whatever the bytes, readers of e-invoices, JSON, archives and e-mails answer with a document or a DocumentFault."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.parsed import ParsedDocument
from app.importers.containers.importer import CONTAINER_IMPORTERS
from app.importers.faults import DocumentFault
from app.importers.json.tmf678 import Tmf678Importer
from app.importers.registry import DocumentHead, Importer
from app.importers.wire import from_json, to_json
from app.importers.xml.importer import XML_IMPORTERS
from tests.importers.container_files import PDF, pack, write_mail, write_outlook
from tests.importers.test_tmf678 import TEXT
from tests.importers.xml_files import CII, FATTURA, UBL

POSTMARK = b"From a@b.example Tue Sep  1 08:00:00 2026\n"
MAIL = write_mail(("bill.pdf", "application/pdf", PDF), ("logo.png", "image/png", b"x" * 40))
READERS: dict[str, tuple[Importer, bytes]] = {
    "ubl": (XML_IMPORTERS[0], UBL.encode()),
    "cii": (XML_IMPORTERS[1], CII.encode()),
    "fatturapa": (XML_IMPORTERS[2], FATTURA.encode()),
    "tmf678": (Tmf678Importer(), TEXT.encode()),
    "zip": (CONTAINER_IMPORTERS[0], pack(("a/bill.pdf", PDF), ("inner.zip", pack(("b.csv", b"a,b\n1,2\n"))))),
    "email": (CONTAINER_IMPORTERS[1], MAIL),
    "mbox": (CONTAINER_IMPORTERS[2], POSTMARK + MAIL + b"\n\n" + POSTMARK + MAIL),
    "outlook": (CONTAINER_IMPORTERS[3], write_outlook(("bill.pdf", PDF), ("card.vcf", b"BEGIN:VCARD"))),
}
TOKENS = (
    b"", b"0", b"-", b"<", b">", b'"', b"/", b"{", b"[", b"null", b"1e9", b"NaN", b"999999999999", b"\x00", b"\xff\xfe",
    b"<!-- -->", b"&#1;", b"<a/>", b"2026-02-30", b"\r\n\r\n", b"PK\x03\x04", b"Content-Type: text/plain; charset=no\n",
)  # fmt: skip


@contextmanager
def elsewhere() -> Iterator[None]:
    """Members are written into the current folder."""
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def read(reader: Importer, content: bytes) -> ParsedDocument | None:
    """What the reader says; None for a fault."""
    media = reader.name if reader.name == "zip" else "email"
    with elsewhere():
        try:
            document = reader.read(content, DocumentHead("a", len(content), media))  # type: ignore[arg-type]
        except DocumentFault:
            return None
    return document


def passes(document: ParsedDocument | None) -> bool:
    """Whether what a reader says passes to the parent process unchanged; a fault does."""
    return document is None or from_json(to_json(document)) == document


@pytest.mark.parametrize("name", READERS)
def test_the_sound_file_is_read(name: str) -> None:
    reader, content = READERS[name]
    document = read(reader, content)
    assert document is not None
    assert passes(document)
    assert document.invoices or document.parts


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60)
@given(data=st.data())
def test_no_change_of_a_sound_file_makes_its_reader_raise(name: str, data: st.DataObject) -> None:
    reader, content = READERS[name]
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(changed)))
        length = data.draw(st.sampled_from([0, 1, 2, 8, 60, 400]))
        changed[start : start + length] = data.draw(st.sampled_from(TOKENS) | st.binary(max_size=6))
    assert passes(read(reader, bytes(changed)))


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60)
@given(content=st.binary(max_size=300))
def test_no_bytes_make_a_reader_raise(name: str, content: bytes) -> None:
    reader, sound = READERS[name]
    for start in (b"", sound[:40], sound[:600]):
        assert passes(read(reader, start + content))


NUMBERS = st.from_regex(r"-?[0-9]{1,13}(\.[0-9]{0,11})?", fullmatch=True) | st.sampled_from(["", "1E9", "0", " 5 "])


@settings(max_examples=60)
@given(values=st.lists(NUMBERS, min_size=5, max_size=5))
def test_no_amounts_make_an_e_invoice_raise(values: list[str]) -> None:
    text = UBL
    for old, value in zip((">250.00<", ">480.00<", ">3000<", ">97.25<", ">509<"), values, strict=True):
        assert old in text
        text = text.replace(old, f">{value}<")
    assert passes(read(XML_IMPORTERS[0], text.encode()))
