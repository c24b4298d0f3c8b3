"""Files made on the spot: workbooks from rows, mappings from the documentation."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from app.domain.parsed import ParsedDocument
from app.importers.peek import look_into_text
from app.importers.registry import DocumentHead, Importer
from app.importers.workbook_head import look_into_workbook

ROOT = Path(__file__).resolve().parents[3]
Rows = Sequence[Sequence[object]]


def make_workbook(sheets: Mapping[str, Rows], hidden: Sequence[str] = ()) -> bytes:
    """An XLSX with these rows of cells in these sheets."""
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def documented_mappings(page: str) -> list[str]:
    """The whole mappings that a page of docs/formats shows."""
    text = (ROOT / "docs" / "formats" / page).read_text(encoding="utf-8")
    return [block for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "kind =" in block]


def read_with(importer: Importer, name: str, content: bytes | str) -> ParsedDocument:
    """What `importer` reads of a file that it claims."""
    data = content.encode() if isinstance(content, str) else content
    head = head_of(name, data)
    assert importer.claims(head), f"{importer.name} does not claim {head}"
    return importer.read(data, head)


def head_of(name: str, content: bytes) -> DocumentHead:
    """What is seen of the table at a glance."""
    look = look_into_workbook if content.startswith((b"PK", b"\xd0\xcf")) else look_into_text
    return look(name, content)


def told(document: ParsedDocument) -> list[tuple[str, str, int | None]]:
    """The codes of a document's issues, each with sheet and row."""
    return [(issue.code, issue.source.sheet, issue.source.row) for issue in document.issues]


def sample(name: str) -> str:
    """A file of the folder data beside the tests."""
    return (Path(__file__).parent / "data" / name).read_text(encoding="utf-8")


def make_old_workbook(
    cells: Sequence[bytes], *, before: bytes = b"", hidden: bool = False, is_1904: bool = False
) -> bytes:
    """A BIFF8 workbook (.xls) of one sheet "Charges" with these records; `before` stands among those of the book."""
    begin = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 0x0005, 0, 0, 0, 0)
    sheet_begin = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 0x0010, 0, 0, 0, 0)
    end = struct.pack("<HH", 0x000A, 0)
    styles = b"".join(record(0x00E0, struct.pack("<HH", 0, form) + bytes(16)) for form in (0, 14))  # 14 is a date
    if is_1904:
        styles += record(0x0022, b"\x01\x00")
    name = b"\x07\x00Charges"
    length = len(begin) + len(before) + len(styles) + 4 + 6 + len(name) + len(end)
    listed = record(0x0085, struct.pack("<IBB", length, 1 if hidden else 0, 0) + name)
    stream = begin + before + styles + listed + end + sheet_begin + b"".join(cells) + end
    return make_container("Workbook", stream)


def record(kind: int, body: bytes) -> bytes:
    """A record of an old workbook."""
    return struct.pack("<HH", kind, len(body)) + body


def label_cell(row: int, column: int, text: str) -> bytes:
    """A cell with a text; places count from 0."""
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text.encode("latin-1"))


def number_cell(row: int, column: int, value: float, *, is_date: bool = False) -> bytes:
    """A cell with a number, or a date as the number of its day."""
    return record(0x0203, struct.pack("<HHHd", row, column, int(is_date), value))


def error_cell(row: int, column: int, code: int = 42) -> bytes:
    """A cell that shows an error; 42 is #N/A."""
    return record(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))


def hidden_row(row: int) -> bytes:
    """The record of a row that is hidden."""
    return record(0x0208, struct.pack("<HHHHHHHH", row, 0, 3, 0, 0, 0, 0x20, 0))


def make_container(name: str, stream: bytes) -> bytes:
    """An OLE2 container with one stream."""
    stream = stream.ljust(4096, b"\0")
    stream += bytes(-len(stream) % 512)
    sectors = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    assert len(chain) <= 128, "one sector of the table is enough for these files"
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    header = header.ljust(512, b"\xff")

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        printed = title.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
        made = printed.ljust(64, b"\0") + struct.pack("<HBB", len(printed), kind, 1) + links + bytes(36)
        return made + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(name, 2, 0xFFFFFFFF, 2, len(stream))
    return header + table + directory.ljust(512, b"\0") + stream


def make_open_workbook(sheets: str, *, manifest: str = "", styles: str = "") -> bytes:
    """An ODS whose content.xml has these tables."""
    names = " ".join(
        f'xmlns:{prefix}="urn:{name}"'
        for prefix, name in (
            ("office", "oasis:names:tc:opendocument:xmlns:office:1.0"),
            ("table", "oasis:names:tc:opendocument:xmlns:table:1.0"),
            ("text", "oasis:names:tc:opendocument:xmlns:text:1.0"),
            ("style", "oasis:names:tc:opendocument:xmlns:style:1.0"),
            ("calcext", "org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"),
        )
    )
    body = f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
    content = f'<?xml version="1.0"?><office:document-content {names}>{styles}{body}</office:document-content>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        made.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        made.writestr("content.xml", content)
    return buffer.getvalue()


def open_row(*values: object, more: str = "", repeat: str = "") -> str:
    """A row of an ODS: numbers as numbers, dates as dates, None as an empty cell, all else as text."""
    cells = ""
    for value in values:
        if value is None:
            cells += "<table:table-cell/>"
        elif isinstance(value, int | float):
            cells += f'<table:table-cell office:value-type="float" office:value="{value}"{repeat}/>'
        elif isinstance(value, date):
            cells += f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
        else:
            cells += f'<table:table-cell office:value-type="string"{repeat}><text:p>{value}</text:p></table:table-cell>'
    return f"<table:table-row{more}>{cells}</table:table-row>"
