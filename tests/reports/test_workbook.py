"""The report's workbook, as a spreadsheet reads it back."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from app.reports.data import ReportData
from app.reports.workbook import BILLS, DISPUTES, OVERCHARGES, PAYMENTS, write_workbook
from tests.reports.sample import HOSTILE, sample


@pytest.fixture(scope="module")
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(write_workbook(sample())))


def test_each_sheet_has_its_rows(book: Any) -> None:
    assert book.sheetnames == ["Summary", "Bills", "Overcharges", "Disputes", "Payment run"]
    data = sample()
    for name, columns, rows in (
        ("Bills", BILLS, data.bills),
        ("Overcharges", OVERCHARGES, data.overcharges),
        ("Disputes", DISPUTES, data.disputes),
        ("Payment run", PAYMENTS, data.payments),
    ):
        sheet = book[name]
        assert [cell.value for cell in sheet[1]] == [column.head for column in columns]
        assert sheet.max_row == len(rows) + 1
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref is not None


def test_amounts_are_numbers_and_days_are_days(book: Any) -> None:
    sheet = book["Overcharges"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    claim, day = sheet.cell(2, heads["Claim"]), sheet.cell(2, heads["File by"])
    assert (claim.data_type, claim.value, claim.number_format) == ("n", 75.125, "#,##0.00;[Red]-#,##0.00")
    assert (day.value, day.number_format) == (datetime(2026, 11, 1), "yyyy-mm-dd")  # noqa: DTZ001 - as cells have it
    assert book["Bills"]["H2"].value == -10234.5


def test_no_text_becomes_a_formula(book: Any) -> None:
    for sheet in book:
        assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
    values = [cell.value for row in book["Overcharges"].iter_rows(min_row=2) for cell in row]
    for text in HOSTILE:
        assert text in values
    quoted = [cell for row in book["Overcharges"].iter_rows() for cell in row if cell.value == HOSTILE[0]]
    assert quoted
    assert all(cell.quotePrefix for cell in quoted)


def test_the_file_holds_no_formula_at_all() -> None:
    with zipfile.ZipFile(io.BytesIO(write_workbook(sample()))) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 5
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_the_summary_keeps_currencies_apart(book: Any) -> None:
    rows = [[cell.value for cell in row] for row in book["Summary"].iter_rows()]
    assert rows[0][0] == "Meridian <Foods>"
    assert ["All bills in USD", "Bills", "USD"] in rows
    assert ["All bills in EUR", "Bills", "EUR"] in rows
    assert ["Billed", 20, 50000] in rows
    assert ["Billed", 5, 25000.05] in rows
    assert ["A30 Rate above contract", 3, 700] in rows
    assert [datetime(2026, 10, 14), 2, 200] in rows  # noqa: DTZ001


def test_an_empty_workspace_has_a_report_too() -> None:
    empty = ReportData("Meridian Foods", sample().as_of, ())
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(empty)))
    assert book["Bills"].max_row == 1
    assert Decimal(len(book.sheetnames)) == 5
