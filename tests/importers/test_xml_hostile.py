"""E-invoices and containers made to harm: each has its verdict, the same every time, and soon."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from app.importers.identify import read_document
from app.importers.registry import Definitions
from app.services.parsing import parse_file
from tests.importers.container_files import PDF, pack, write_mail
from tests.importers.xml_files import CII, UBL, attach, cut, swap

SLOW = "TOLLBOOK_SLOW_TESTS"
MOST_SECONDS = 2.0  # of work, for one file
LINE = "<cac:InvoiceLine>"
TOTAL = ">509</cbc:PayableAmount>"
LOL = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
HEAD = b"From: a@b.example\nTo: c@d.example\nSubject: x\nMIME-Version: 1.0\n"


def doctype(inner: str) -> str:
    return swap(UBL, "<Invoice ", f"<!DOCTYPE Invoice {inner}><Invoice ")


def at_line(extra: str) -> str:
    return swap(UBL, LINE, extra + LINE)


def bomb(layers: int) -> bytes:
    packed = pack(("zeros.csv", bytes(1_000_000)))
    for number in range(layers):
        packed = pack((f"{number}.zip", packed))
    return packed


def lying_zip() -> bytes:
    """An entry that says it is 5 bytes and unpacks to 30 MB."""
    content = bytearray(pack(("calls.csv", bytes(30_000_000))))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.index(mark) + place, 5)
    return bytes(content)


def overlapping_zip() -> bytes:
    """Two hundred entries in the list that are all the same packed bytes."""
    one = pack(("a.csv", b"a,b\n" * 100_000))
    start = one.index(b"PK\x01\x02")
    entry = one[start : one.index(b"PK\x05\x06")]
    entries = b"".join(entry[:46] + b"%05d" % number + entry[51:] for number in range(200))
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 200, 200, len(entries), start, 0)
    return one[:start] + entries + end


HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "billion laughs": (swap(doctype(f'[<!ENTITY a0 "ha">{LOL}]'), "S-77", "&a9;"), "doctype"),
    "a file as entity": (swap(doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]'), "S-77", "&x;"), "doctype"),
    "a parameter entity": (doctype('[<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]'), "doctype"),
    "an external document type": (doctype('SYSTEM "http://127.0.0.1:9/x.dtd"'), "doctype"),
    "an entity that nobody declares": (swap(UBL, "S-77", "&x;"), "broken"),
    "an inclusion as number": (
        swap(UBL, "S-77", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
        "mixed-content",
    ),
    "a million elements deep": (at_line("<b>" * 1_000_000), "broken"),
    "sixty elements deep": (at_line("<b>" * 61 + "</b>" * 61), "too-deep"),
    "a million elements side by side": (at_line("<b/>" * 1_000_001), "too-large"),
    "a hundred thousand attributes": (at_line("<b " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>"), ""),
    "twenty thousand name spaces": (at_line("".join(f'<b xmlns="urn:{n}"/>' for n in range(20_000))), ""),
    "a text of twelve million letters": (at_line(f"<b>{'x' * 12_000_000}</b>"), "broken"),
    "control characters": (swap(UBL, "S-77", "S&#x1;77"), "broken"),
    "a zero byte": (swap(UBL, "S-77", "S\x0077"), "broken"),
    "half a character": (UBL.encode().replace(b"Acme Colo", b"Acme \xe9Colo"), "broken"),
    "an encoding of old mail": (swap(UBL, "UTF-8", "UTF-7"), "broken"),
    "a look-alike name space": (UBL.replace("xsd:Invoice-2", "xsd:lnvoice-2"), "no-importer"),
    "a look-alike of its parts": (UBL.replace("CommonBasicComponents-2", "CommonBasicComponents-3"), "field-missing"),
    "two totals": (swap(UBL, "</cac:LegalMonetaryTotal>", "<x/></cac:LegalMonetaryTotal><cac:LegalMonetaryTotal/>"),
                   "field-repeated"),
    "two numbers": (swap(UBL, "<cbc:ID>S-77</cbc:ID>", "<cbc:ID>S-77</cbc:ID><cbc:ID>S-78</cbc:ID>"), "field-repeated"),
    "two currencies": (swap(UBL, "Code>EUR</cbc:Doc", "Code>EUR USD</cbc:Doc"), "wrong-currency"),
    "an amount in pieces": (swap(UBL, TOTAL, "><![CDATA[5]]><x/>09</cbc:PayableAmount>"), "mixed-content"),
    "an amount in foreign digits": (swap(UBL, TOTAL, ">٥٠٩</cbc:PayableAmount>"), "bad-amount"),
    "an amount with underscores": (swap(UBL, TOTAL, ">5_09</cbc:PayableAmount>"), "bad-amount"),
    "an amount of a million digits": (swap(UBL, TOTAL, f">{'9' * 1_000_000}</cbc:PayableAmount>"), "bad-amount"),
    "an exponent that never ends": (swap(UBL, TOTAL, ">1E999999</cbc:PayableAmount>"), "bad-amount"),
    "a day that is not": (swap(UBL, "2026-09-01</cbc:IssueDate>", "2026-02-30</cbc:IssueDate>"), "bad-date"),
    "a list of lines in one line": (
        swap(UBL, "<cbc:ID>1<", "<cac:SubInvoiceLine>" * 30 + "</cac:SubInvoiceLine>" * 30 + "<cbc:ID>1<"),
        "field-missing",
    ),
    "no lines": (cut(cut(UBL, LINE, "</cac:InvoiceLine>"), LINE, "</cac:InvoiceLine>"), "no-lines"),
    "a pdf whose e-invoice is a bomb": (attach(doctype(f'[<!ENTITY a0 "ha">{LOL}]').encode(), "509"), "no-importer"),
    "a pdf whose e-invoice asks for more than its page": (attach(CII.encode(), "Total 29.75"), "xml-differs-from-page"),
    "a zip of zeros": (pack(("calls.csv", bytes(30_000_000))), "too-large"),
    "a zip that lies": (lying_zip(), "broken"),
    "a zip of zips of zips": (bomb(5), "too-deep"),
    "a zip whose entries overlap": (overlapping_zip(), "broken"),
    "a zip of four thousand files": (pack(*((f"{n}.csv", b"a") for n in range(4_000))), "too-large"),
    "a zip that leads out": (pack(("../../.bashrc", b"x")), "unsafe-name"),
    "a zip of two bills of one name": (pack(("bill.pdf", PDF), ("bill.pdf", b"another")), "duplicate-name"),
    "half a zip": (pack(("bill.pdf", PDF * 100))[:60], "broken"),
    "a mail whose bill is a zip of zeros": (
        write_mail(("bill.zip", "application/zip", pack(("a.csv", bytes(30_000_000))))),
        "too-large",
    ),
    "a mail of ten thousand parts": (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: application/pdf\n\nx\n" * 10_000,
        "too-large",
    ),
    "a mail with an endless header": (HEAD + b"Content-Type: a/b; " + b"(" * 500_000 + b"\n\nhello\n", "broken"),
    "a mail with a hundred thousand parameters": (
        HEAD + b"Content-Type: text/plain" + b"; x=y" * 100_000 + b"\n\nhello\n",
        "no-members",
    ),
    "a json of brackets": (b'{"customerBill": ' + b"[" * 1_000_000, "too-deep"),
    "a json of commas": (b'{"customerBill": [' + b"1," * 4_000_000 + b"1]}", "too-large"),
    "a json with an endless text": (b'{"customerBill": "' + b'\\"' * 2_000_000, "broken"),
    "a json with an endless number": (
        b'{"customerBill": {"id": "1", "amountDue": {"value": ' + b"9" * 2_000_000 + b"}}}",
        "bad-amount",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_its_verdict(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    content, code = HOSTILE[name]
    started = time.process_time()
    document = read_document("bill", content.encode() if isinstance(content, str) else content, Definitions())
    spent = time.process_time() - started
    codes = [issue.code for issue in document.issues]
    assert code in codes if code else not document.refused, codes
    assert spent < MOST_SECONDS


def test_a_pdf_whose_attachment_unpacks_to_a_gigabyte_is_only_its_page() -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(100)) + packer.flush()
    content = attach(b"<a/>", "Total 5")
    stream = b"\n99 0 obj\n<</Type /EmbeddedFile /Filter /FlateDecode /Length %d>>\nstream\n" % len(packed)
    end = content.rindex(b"startxref")
    (issue,) = read_document(
        "bill.pdf", content[:end] + stream + packed + b"\nendstream\nendobj\n" + content[end:], Definitions()
    ).issues
    assert "unpack to more than a bill can need" in issue.message


def test_the_hostile_xml_of_the_collection_is_refused_by_its_document_type(shared_data: Path) -> None:
    files = sorted((shared_data / "hostile/xml").iterdir())
    codes = {path.name: parse_file(path.name, path, Definitions()).issues[0].code for path in files}
    assert codes == dict.fromkeys(["cyclic.xml", "dtd.xml", "external.xml", "xmlbomb.xml"], "doctype")


@pytest.mark.timeout(600)
def test_the_generated_xml_files_get_stable_verdicts(shared_data: Path, tmp_path: Path) -> None:
    if os.environ.get(SLOW) != "1":
        pytest.skip(f"slow: set {SLOW}=1 to make the generated hostile files")
    generator = shared_data.parent / "tools" / "hostile" / "gen_tab.py"
    subprocess.run([sys.executable, str(generator), str(tmp_path)], check=True, capture_output=True)
    files = sorted(tmp_path.glob("xml_*"))
    codes = {path.name[:6]: read_document(path.name, path.read_bytes(), Definitions()).issues[0].code for path in files}
    assert len(codes) == len(files) == 21
    assert {name for name, code in codes.items() if code == "doctype"} == {f"xml_{n}" for n in range(10, 16)}
    assert {name for name, code in codes.items() if code == "beyond-limits"} == {"xml_18"}
    assert set(codes.values()) == {"doctype", "no-importer", "beyond-limits"}
