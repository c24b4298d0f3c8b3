"""Workbooks, archives, e-mails, pictures and Parquet that lie about what is in them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.importers.container_files import pack, write_mail
from tests.importers.tables.table_files import (
    label_cell,
    make_old_workbook,
    make_open_workbook,
    make_workbook,
    number_cell,
    open_row,
)

HEAD = ["invoice", "date", "account", "amount"]
BOOK = make_workbook({"Charges": [HEAD, ["A-1", "2026-09-01", "5", 1]]})
SHEET = "xl/worksheets/sheet1.xml"


def rewrite(part: str, change: Callable[[str], str], *more: tuple[str, bytes]) -> bytes:
    """The workbook with one part changed and others added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body.decode()) if name == part else body)
        for name, body in more:
            new.writestr(name, body)
    return buffer.getvalue()


def sheet(old: str, new: str) -> bytes:
    """The workbook with its sheet changed."""

    def change(text: str) -> str:
        assert old in text, (old, text)
        return text.replace(old, new, 1)

    return rewrite(SHEET, change)


def patched(content: bytes, at: int, value: bytes) -> bytes:
    return content[:at] + value + content[at + len(value) :]


def overlapping() -> bytes:
    """A thousand entries that are all the same packed bytes."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = kernel.compress(bytes(20 << 20)) + kernel.flush()
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, 0, len(body), 20 << 20, 1, 0) + b"a" + body
    entry = struct.pack(
        "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, 0, len(body), 20 << 20, 1, 0, 0, 0, 0, 0, 0
    )
    directory = (entry + b"a") * 1_000
    return local + directory + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1_000, 1_000, len(directory), len(local), 0)


def zip64() -> bytes:
    """An archive that says it has 2**60 entries."""
    plain = pack(("a.csv", b"a,b\n1,2\n"))
    end = plain.rindex(b"PK\x05\x06")
    more = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 1 << 60, 1 << 60, 1 << 60, 0)
    where = struct.pack("<IIQI", 0x07064B50, 0, end, 1)
    return plain[:end] + more + where + patched(plain[end:], 8, b"\xff\xff\xff\xff")


def symlink() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("bill.pdf")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return buffer.getvalue()


def nested(depth: int) -> bytes:
    content = pack(("bill.csv", b"a,b\n1,2\n"))
    for _ in range(depth):
        content = pack(("inner.zip", content))
    return content


def mime(depth: int) -> bytes:
    """Parts in parts."""
    body = b"Content-Type: text/plain\n\nx\n"
    for level in range(depth):
        mark = b"b%d" % level
        body = b"Content-Type: multipart/mixed; boundary=%s\n\n--%s\n%s\n--%s--\n" % (mark, mark, body, mark)
    return b"From: a@b.example\nTo: c@d.example\nSubject: x\nMIME-Version: 1.0\n" + body


def png(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG of these sides, its dots all black."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


def parquet(change: Callable[[bytes], bytes]) -> bytes:
    """A small table of calls in Parquet, changed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(pa.table({"Calling Number": ["5550100"] * 50, "Duration": [60] * 50}), sink)
    return change(sink.getvalue())


TIFF = (
    b"II*\x00\x08\x00\x00\x00\x02\x00\x00\x01\x04\x00\x01\x00\x00\x00\xff\xff\xff\x7f"
    b"\x01\x01\x04\x00\x01\x00\x00\x00\xff\xff\xff\x7f"
)
ROW = '<row r="2"'
LINK = (
    "xl/externalLinks/externalLink1.xml",
    b"<externalLink><ddeLink ddeService='cmd' ddeTopic='/c calc'/></externalLink>",
)
FILES: dict[str, Callable[[], bytes]] = {
    "dimension-lies.xlsx": lambda: sheet('<dimension ref="A1:D2"', '<dimension ref="A1:XFD1048576"'),
    "corner-cell.xlsx": lambda: sheet(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    ),
    "row-beyond-the-end.xlsx": lambda: sheet(ROW, '<row r="99999999999"'),
    "rows-repeated.xlsx": lambda: sheet(
        "</sheetData>", '<row r="2"><c r="D2"><v>9</v></c></row>' * 1_000 + "</sheetData>"
    ),
    "cell-twice.xlsx": lambda: sheet(
        "</sheetData>", '<row r="3"><c r="D3"><v>1</v></c><c r="D3"><v>9</v></c></row></sheetData>'
    ),
    "merged-all.xlsx": lambda: sheet(
        "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "not-a-number.xlsx": lambda: sheet("<v>1</v>", "<v>NaN</v>"),
    "infinite.xlsx": lambda: sheet("<v>1</v>", "<v>1E999</v>"),
    "sixteen-digits.xlsx": lambda: sheet("<v>1</v>", "<v>12345678901234567890</v>"),
    "index-beyond.xlsx": lambda: sheet('t="s"><v>0</v>', 't="s"><v>99999999</v>') if b"sharedStrings" in BOOK else BOOK,
    "dates-of-1904.xlsx": lambda: rewrite(
        "xl/workbook.xml", lambda text: text.replace("<workbookPr", '<workbookPr date1904="1"', 1)
    ),
    "texts-without-end.xlsx": lambda: rewrite(
        "", str, ("xl/sharedStrings.xml", b"<sst>" + b"<si><t>x</t></si>" * 1_500_000 + b"</sst>")
    ),
    "dde-link.xlsx": lambda: rewrite("", str, LINK),
    "entities.xlsx": lambda: rewrite(
        SHEET, lambda text: text.replace("<worksheet", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1)
    ),
    "deep.xlsx": lambda: sheet("<sheetData>", "<a>" * 5_000 + "</a>" * 5_000 + "<sheetData>"),
    "formula.xlsx": lambda: sheet("<v>1</v>", "<f>cmd|'/C calc'!A0</f><v>1</v>"),
    "path-in-a-part.xlsx": lambda: rewrite("", str, ("../../evil.xml", b"<a/>")),
    "old-corner.xls": lambda: make_old_workbook(
        [*(label_cell(0, n, text) for n, text in enumerate(HEAD)), number_cell(65_535, 255, 1.0)]
    ),
    "old-infinite.xls": lambda: make_old_workbook(
        [*(label_cell(0, n, text) for n, text in enumerate(HEAD)), number_cell(1, 3, float("inf"))]
    ),
    "old-record-lies.xls": lambda: make_old_workbook(
        [label_cell(0, 0, "x"), struct.pack("<HH", 0x0203, 65_535) + b"x"]
    ),
    "old-1900.xls": lambda: make_old_workbook(
        [
            *(label_cell(0, n, text) for n, text in enumerate(HEAD)),
            number_cell(1, 1, 60.0, is_date=True),
            number_cell(1, 3, 1.0),
        ]
    ),
    "rows-without-end.ods": lambda: make_open_workbook(
        '<table:table table:name="a">'
        + open_row(*HEAD)
        + open_row("A", "2026-09-01", "5", 1, more=' table:number-rows-repeated="1048576"')
        + "</table:table>"
    ),
    "columns-without-end.ods": lambda: make_open_workbook(
        '<table:table table:name="a">'
        + open_row(*HEAD, repeat=' table:number-columns-repeated="16384"') * 500
        + "</table:table>"
    ),
    "overlapping.zip": overlapping,
    "a-lie-of-64-bits.zip": zip64,
    "path.zip": lambda: pack(
        ("../../../../tmp/evil.csv", b"a,b\n1,2\n"), ("/etc/cron.d/x", b"x"), ("C:\\evil.csv", b"a")
    ),
    "symlink.zip": symlink,
    "ten-thousand-files.zip": lambda: pack(*((f"{n}.csv", b"a,b\n1,2\n") for n in range(10_000))),
    "nested.zip": lambda: nested(12),
    "bomb.zip": lambda: pack(("bill.csv", bytes(300 << 20))),
    "bomb-in-a-bomb.zip": lambda: pack(("a.zip", pack(("bill.csv", bytes(300 << 20))))),
    "names-alike.zip": lambda: pack(
        ("bill.csv", b"a,b\n1,2\n"), ("bill.csv", b"a,b\n1,9\n"), ("BILL.CSV", b"a,b\n1,9\n")
    ),
    "name-of-a-kilometre.zip": lambda: pack(("x" * 60_000 + ".csv", b"a,b\n1,2\n")),
    "names-that-cannot-be-seen.zip": lambda: pack(("bill\u202efdp.csv", b"a,b\n1,2\n"), ("\x01\x02.csv", b"a")),
    "parts-in-parts.eml": lambda: mime(500),
    "headers-without-end.eml": lambda: b"From: a@b.example\nTo: c@d.example\n" + b"X-A: b\n" * 200_000 + b"\nbody\n",
    "header-of-megabytes.eml": lambda: (
        b"From: a@b.example\nTo: c@d.example\nSubject: " + b"=?utf-8?q?x?= " * 300_000 + b"\n\nx\n"
    ),
    "boundary-is-a-header.eml": lambda: write_mail(("a.csv", "text/csv", b"a,b\n")).replace(
        b"boundary=", b'boundary=""; x='
    ),
    "boundary-never-ends.eml": lambda: write_mail(("a.csv", "text/csv", b"a,b\n" * 9))[:-60],
    "attachment-with-a-path.eml": lambda: write_mail(("../../../tmp/evil.csv", "text/csv", b"a,b\n1,2\n")),
    "transfer-encoding-lies.eml": lambda: write_mail(("a.csv", "text/csv", b"a,b\n")).replace(b"base64", b"x-uuencode"),
    "thousand-attachments.eml": lambda: write_mail(*((f"{n}.csv", "text/csv", b"a,b\n1,2\n") for n in range(1_000))),
    "dots-without-end.png": lambda: png(60_000, 60_000, bytes(1 << 20)),
    "dots-missing.png": lambda: png(3_000, 3_000),
    "dots-negative.png": lambda: png(0xFFFFFFFF, 0xFFFFFFFF),
    "sides-without-end.tif": lambda: TIFF + bytes(400),
    "pages-in-a-ring.tif": lambda: b"II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00",
    "footer-lies.parquet": lambda: parquet(lambda body: patched(body, len(body) - 8, b"\xff\xff\xff\x7f")),
    "footer-broken.parquet": lambda: parquet(lambda body: patched(body, len(body) - 200, b"\xff" * 60)),
    "rows-lie.parquet": lambda: parquet(lambda body: body.replace(struct.pack("B", 100), b"\xfe", 2)),
    "cut.parquet": lambda: parquet(lambda body: body[: len(body) // 2] + b"PAR1"),
}
