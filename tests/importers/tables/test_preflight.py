"""Workbooks that would end their reader: each is refused from its own measurements, before any reader sees it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

import pytest

from app.importers.tabular.grid import read_grid
from app.importers.tabular.sheets import GridFault
from tests.importers.tables.table_files import make_workbook

SPREADSHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def rewrite(parts: Mapping[str, bytes | None], extra: Mapping[str, bytes] | None = None) -> bytes:
    """A small honest workbook with some parts replaced (None: left out) and others added."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(make_workbook({"S": [("a", 1)]}))) as honest,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in honest.namelist():
            content = parts.get(name, honest.read(name))
            if content is not None:
                made.writestr(name, content)
        for name, content in (extra or {}).items():
            made.writestr(name, content)
    return buffer.getvalue()


def sheet(rows: str, before: str = "", head: str = "") -> bytes:
    """A hand-written worksheet."""
    data = f"<sheetData>{rows}</sheetData>"
    return f'<?xml version="1.0"?>{head}<worksheet {SPREADSHEET}>{before}{data}</worksheet>'.encode()


def with_sheet(rows: str, before: str = "", head: str = "") -> bytes:
    return rewrite({"xl/worksheets/sheet1.xml": sheet(rows, before, head)})


def lying_about_its_size() -> bytes:
    """A part that says it is a small worksheet, and unpacks to that and megabytes more."""
    shown = sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
    content = shown + b" " * 3_000_000
    honest = rewrite({"xl/worksheets/sheet1.xml": content})
    size, crc = len(content).to_bytes(4, "little"), zlib.crc32(content).to_bytes(4, "little")
    assert honest.count(size) == honest.count(crc) == 2  # before the part and in the directory
    lie = honest.replace(size, len(shown).to_bytes(4, "little"))
    return lie.replace(crc, zlib.crc32(shown).to_bytes(4, "little"))


BOMBS: dict[str, tuple[bytes, str]] = {
    "two far corners": (
        with_sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'),
        "beyond-limits",
    ),
    "a far corner of many rows": (with_sheet('<row r="1048576"><c r="ZZ1048576"><v>2</v></c></row>'), "beyond-limits"),
    "a row number without end": (
        with_sheet('<row r="999999999999"><c r="A999999999999"><v>1</v></c></row>'),
        "broken-workbook",
    ),
    "a row number in the cell alone": (with_sheet('<row r="1"><c r="A99999999"><v>1</v></c></row>'), "beyond-limits"),
    "no such column": (with_sheet('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>'), "broken-workbook"),
    "a place written with entities": (
        with_sheet('<row r="1"><c r="&#88;FD&#49;048576"><v>1</v></c></row>'),
        "beyond-limits",
    ),
    "a million cells in one row": (
        with_sheet('<row r="1">' + '<c t="inlineStr"><is><t>x</t></is></c>' * 20_000 + "</row>"),
        "beyond-limits",
    ),
    "entities that grow": (
        with_sheet(
            '<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row>',
            head='<!DOCTYPE z [<!ENTITY a "lol">]>',
        ),
        "beyond-limits",
    ),
    "not well-formed": (with_sheet("<row><c></row>"), "broken-workbook"),
    "zeros": (rewrite({}, {"xl/media/image1.png": b"\0" * 20_000_000}), "beyond-limits"),
    "many parts": (rewrite({}, {f"xl/x{number}.bin": b"" for number in range(2_001)}), "beyond-limits"),
    "no workbook in it": (rewrite({"xl/workbook.xml": None}), "broken-workbook"),
    "an empty container": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, "broken-workbook"),
    "cut in two": (make_workbook({"S": [("a",)]})[:2_000], "broken-workbook"),
    "a string that is not there": (with_sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "broken-workbook"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_that_would_end_its_reader_is_refused(name: str) -> None:
    content, code = BOMBS[name]
    with pytest.raises(GridFault) as caught:
        read_grid(content, "xlsx")
    assert caught.value.code == code, caught.value.message
    assert caught.value.remedy


def test_a_part_that_lies_about_its_size_never_reaches_the_reader() -> None:
    with pytest.raises(GridFault, match=r"Bad CRC-32|longer or shorter than the archive says"):
        read_grid(lying_about_its_size(), "xlsx")


def test_a_workbook_of_many_sheets_is_refused() -> None:
    sheets = "".join(f'<sheet name="S{number}" sheetId="{number}" r:id="rId1"/>' for number in range(1, 300))
    relations = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    book = f'<?xml version="1.0"?><workbook {SPREADSHEET} {relations}><sheets>{sheets}</sheets></workbook>'
    with pytest.raises(GridFault, match="more than 250 sheets"):
        read_grid(rewrite({"xl/workbook.xml": book.encode()}), "xlsx")


def test_what_is_empty_or_merely_declared_costs_nothing() -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row><row r="1048576" s="1"/>'
    content = with_sheet(far, before='<dimension ref="A1:XFD1048576"/>')
    (found,) = read_grid(content, "xlsx").sheets
    assert [len(row.cells) for row in found.rows] == [1]


def test_an_honest_workbook_of_many_equal_rows_is_read() -> None:
    rows = [("8015550100", "LINE", 40.1, "2026-04-01")] * 20_000
    (found,) = read_grid(make_workbook({"S": rows}), "xlsx").sheets
    assert len(found.rows) == 20_000
