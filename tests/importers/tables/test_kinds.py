"""The three kinds of workbooks: the same rules for cells in XLSX, XLS and ODS, and hostile ones of each refused."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.importers.faults import EncryptedFile
from app.importers.tabular.cells import CellFault, read_amount, read_date, read_text
from app.importers.tabular.grid import read_grid
from app.importers.tabular.importer import tabular_importers
from app.importers.tabular.preview import preview
from app.importers.tabular.sheets import GridFault, Hidden, Sheet
from app.importers.values import BadDate, BadValue
from app.importers.workbook_head import is_old_workbook, look_into_workbook
from tests.importers.tables.table_files import (
    error_cell,
    head_of,
    hidden_row,
    label_cell,
    make_container,
    make_old_workbook,
    make_open_workbook,
    make_workbook,
    number_cell,
    open_row,
    read_with,
    record,
    told,
)


def old(**changes: object) -> bytes:
    """A small .xls: a text, a date, a number, an error; its second row is hidden."""
    cells = [
        hidden_row(1),
        label_cell(0, 0, "Circuit"),
        number_cell(1, 0, 45_292, is_date=True),
        number_cell(1, 1, 1234.5),
        error_cell(2, 0),
    ]
    return make_old_workbook(cells, **changes)  # type: ignore[arg-type]


def open_book() -> bytes:
    """The same as ODS."""
    fault = (
        '<table:table-row><table:table-cell table:formula="of:=NA()" office:value-type="string" '
        'office:string-value="" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell></table:table-row>'
    )
    rows = open_row("Circuit") + open_row(date(2024, 1, 1), 1234.5, more=' table:visibility="collapse"') + fault
    return make_open_workbook(f'<table:table table:name="Charges">{rows}</table:table>')


def new() -> bytes:
    """The same as XLSX."""
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(make_workbook({"Charges": [("Circuit",), (date(2024, 1, 1), 1234.5)]})))
    sheet = book["Charges"]
    sheet["A3"] = "#N/A"
    sheet["A3"].data_type = "e"
    sheet.row_dimensions[2].hidden = True
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


KINDS: dict[str, Callable[[], bytes]] = {"xls": old, "ods": open_book, "xlsx": new}


def only_sheet(content: bytes, media: str) -> Sheet:
    (sheet,) = read_grid(content, media).sheets
    return sheet


@pytest.mark.parametrize("media", KINDS)
def test_texts_dates_numbers_and_errors_are_read_alike(media: str) -> None:
    sheet = only_sheet(KINDS[media](), media)
    head, values, fault = sheet.rows
    assert (sheet.name, head.cells[0]) == ("Charges", "Circuit")
    assert (read_date(values.cells[0]), read_amount(values.cells[1])) == (date(2024, 1, 1), Decimal("1234.50"))
    assert isinstance(fault.cells[0], CellFault)
    assert fault.cells[0] == "#N/A"
    with pytest.raises(BadValue, match="shows an error"):
        read_text(fault.cells[0])


@pytest.mark.parametrize("media", KINDS)
def test_hidden_rows_are_read_and_known(media: str) -> None:
    assert only_sheet(KINDS[media](), media).hidden == Hidden(rows=frozenset({2}))


@pytest.mark.parametrize("media", KINDS)
def test_the_head_shows_sheets_and_columns(media: str) -> None:
    head = head_of(f"bill.{media}", KINDS[media]())
    assert (head.media, head.sheets, head.columns) == (media, ("Charges",), ("Circuit",))


@pytest.mark.parametrize("media", KINDS)
def test_a_workbook_of_any_kind_is_previewed(media: str) -> None:
    shown = preview(f"bill.{media}", KINDS[media](), {})
    assert (shown["media"], shown["sheet"], shown["hidden_rows"]) == (media, "Charges", [2])
    assert [row["cells"][0] for row in shown["rows"]] == ["Circuit", "2024-01-01", "#N/A"]


def test_the_years_of_an_old_workbook_that_counts_from_1904_are_shifted() -> None:
    cells = only_sheet(old(is_1904=True), "xls").rows[1].cells
    assert read_date(cells[0]) == date(2028, 1, 2)


def test_days_that_never_were_in_spreadsheets_are_refused() -> None:
    (row,) = only_sheet(make_old_workbook([number_cell(0, 0, 60, is_date=True)]), "xls").rows
    with pytest.raises(BadDate):
        read_date(row.cells[0])


MAPPING = """
kind = "bill-mapping"
name = "seen"
carrier = "Quiet Hill Telephone"
currency = "USD"
[claims]
media = "xlsx"
columns = ["No", "Net"]
[invoice]
number = "No"
bill_date = { value = "2026-04-01" }
[charges.columns]
amount = "Net"
description = "What"
"""


def test_hidden_rows_and_columns_that_are_filled_are_read_and_told() -> None:
    import io

    import openpyxl

    book = openpyxl.load_workbook(
        io.BytesIO(make_workbook({"S": [("No", "Net", "What"), ("Q-1", 5, "a"), ("Q-1", 7, "b")]}))
    )
    book["S"].row_dimensions[3].hidden = True
    book["S"].row_dimensions[9].hidden = True
    book["S"].column_dimensions["B"].hidden = True
    target = io.BytesIO()
    book.save(target)
    (importer,) = tabular_importers([MAPPING])
    document = read_with(importer, "q.xlsx", target.getvalue())
    assert [bill.current_charges for bill in document.invoices] == [Decimal("12.00")]
    assert told(document) == [("hidden-rows", "S", 3), ("hidden-columns", "S", None)]
    assert document.issues[0].message == "1 hidden row was read: 3."
    assert document.issues[1].message == "1 hidden column was read: B."


def test_an_error_in_a_column_that_is_used_is_told_with_its_cell() -> None:
    (importer,) = tabular_importers([MAPPING.replace('"xlsx"', '"xls"')])
    names = [label_cell(0, place, name) for place, name in enumerate(("No", "Net", "What"))]
    row = [label_cell(1, 0, "Q-1"), number_cell(1, 1, 5), error_cell(1, 2)]
    document = read_with(importer, "q.xls", make_old_workbook([*names, *row]))
    assert told(document) == [("bad-value", "Charges", 2)]
    assert document.issues[0].message.startswith("Cell C2 (column 'What'): '#N/A' cannot be read")


def oversized_dimensions() -> bytes:
    return make_old_workbook([record(0x0200, struct.pack("<IIHHH", 0, 65_536, 0, 256, 0)), label_cell(0, 0, "x")])


def repeated(rows: int, columns: int) -> bytes:
    cell = f' table:number-columns-repeated="{columns}"'
    row = open_row(1, more=f' table:number-rows-repeated="{rows}"', repeat=cell)
    return make_open_workbook(f'<table:table table:name="S">{row}</table:table>')


def chained_in_a_circle() -> bytes:
    content = bytearray(old())
    struct.pack_into("<I", content, 512 + 4 * 3, 2)  # sector 3 is followed by sector 2
    return bytes(content)


HOSTILE: dict[str, tuple[bytes, str]] = {
    "xls far corners": (make_old_workbook([label_cell(65_535, 255, "x")]), "beyond-limits"),
    "xls dimensions that lie": (oversized_dimensions(), "beyond-limits"),
    "xls texts that are not there": (
        make_old_workbook([], before=record(0x00FC, struct.pack("<II", 1, 0x7FFFFFFF))),
        "broken-workbook",
    ),
    "xls with a password": (make_old_workbook([], before=record(0x002F, bytes(6))), "encrypted"),
    "xls of 1995": (make_container("Book", bytes(600)), "old-workbook"),
    "xls without a workbook": (make_container("WordDocument", bytes(600)), "broken-workbook"),
    "xls in a circle": (chained_in_a_circle(), "broken-workbook"),
    "xls cut in two": (old()[:2_000], "broken-workbook"),
    "xls record beyond the end": (make_container("Workbook", b"\x09\x08\xff\x1f" + bytes(5_000)), "broken-workbook"),
    "an encrypted new workbook": (make_container("EncryptedPackage", bytes(600)), "encrypted"),
    "ods columns repeated": (repeated(1, 900_000_000), "beyond-limits"),
    "ods a row too wide": (repeated(1, 1_500), "beyond-limits"),
    "ods rows repeated": (repeated(1_048_576, 20), "beyond-limits"),
    "ods rows times columns": (repeated(100_000, 200), "beyond-limits"),
    "ods repeated -1 times": (repeated(-1, 1), "broken-workbook"),
    "ods with a password": (make_open_workbook("", manifest="<m:encryption-data/>"), "encrypted"),
    "ods nested deep": (make_open_workbook("<a>" * 200 + "</a>" * 200), "beyond-limits"),
    "ods not well-formed": (make_open_workbook("<table:table>"), "broken-workbook"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_workbook_that_would_end_its_reader_is_refused_whatever_its_kind(name: str) -> None:
    content, code = HOSTILE[name]
    with pytest.raises(GridFault) as caught:
        read_grid(content, name[:3] if name[:3] in KINDS else "xls")
    assert caught.value.code == code, caught.value.message


def test_empty_rows_and_columns_repeated_to_the_end_cost_nothing() -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384"/>'
    far = f'<table:table-row table:number-rows-repeated="1048575">{cell}'
    content = make_open_workbook(
        f'<table:table table:name="S">{open_row("a", "b")}{far}</table:table-row></table:table>'
    )
    assert [row.cells for row in only_sheet(content, "ods").rows] == [("a", "b")]


def test_a_message_or_a_text_in_the_old_container_is_no_workbook() -> None:
    assert not is_old_workbook(make_container("__substg1.0_0037001F", bytes(600)))
    assert is_old_workbook(old())


VERDICTS = {
    "OOM_alloc3.xls": "broken-workbook",
    "malformed_format.xls": "old-workbook",
    "pass_protected.xlsx": "encrypted",
}
ROWS = {
    "any_sheets.ods": 4,
    "column_row_ranges.xlsx": 5,
    "date_1904.xlsx": 3,
    "empty_sheet.xlsx": 0,
    "errors.xlsx": 7,
    "has_x000D_.xlsx": 1,
    "issues.xlsx": 8,
    "merge_cells.xlsx": 2,
    "no-header.xlsx": 2,
    "nonstandard-xml-ns-prefix.xlsx": 3,
    "strict_iso_paths.xlsx": 76,
}


def test_every_real_hostile_workbook_has_its_verdict_or_is_previewed(shared_data: Path) -> None:
    found: dict[str, object] = {}
    for file in sorted((shared_data / "hostile" / "xlsx").iterdir()):
        try:
            shown = preview(file.name, file.read_bytes(), {})
            found[file.name] = len(shown["rows"])
            json.dumps(shown)
        except GridFault as fault:
            found[file.name] = fault.code
    assert found == VERDICTS | ROWS


def test_a_real_encrypted_workbook_is_told_as_one_at_a_glance(shared_data: Path) -> None:
    content = (shared_data / "hostile" / "xlsx" / "pass_protected.xlsx").read_bytes()
    with pytest.raises(EncryptedFile):
        look_into_workbook("pass_protected.xlsx", content)
