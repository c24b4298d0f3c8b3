"""Rows leave as CSV and XLSX whose cells cannot become formulas, with every digit."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from app.domain.vocabulary import ChargeType
from app.reports.table import columns_of, write_csv, write_json, write_lines, write_xlsx

PAYLOADS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "|calc",
    '=HYPERLINK("http://evil.example","pay here")',
    "=cmd|' /C calc'!A0",
]


@dataclass(frozen=True)
class Row:
    carrier_name: str
    amount: Decimal
    day: date | None
    kind: ChargeType


ROW = Row("Calder Fiber", Decimal("1234.5678"), date(2026, 4, 1), ChargeType.MRC)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_a_formula_in_a_workbook(payload: str) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(write_xlsx([payload], [[payload]])))
    cells = [cell for row in workbook.worksheets[0].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells] == ["s", "s"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_a_formula_in_csv(payload: str) -> None:
    read = list(csv.reader(io.StringIO(write_csv([payload], [[payload]]).decode("utf-8-sig"), newline="")))
    assert read == [[f"'{payload}"], [f"'{payload}"]]


def test_a_negative_amount_stays_a_number_in_csv() -> None:
    assert write_csv(["a"], [[Decimal("-5.10")]]).decode("utf-8-sig") == "a\r\n-5.10\r\n"


def test_a_workbook_holds_numbers_and_dates() -> None:
    titles, cells = columns_of(Row, [ROW])
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(titles, cells))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["carrier name", "amount", "day", "kind"]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "d", "s"]
    assert str(sheet["B2"].value) == "1234.5678"
    assert sheet.freeze_panes == "A2"


def test_a_control_character_does_not_break_the_workbook() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(["a"], [["x\x07y"]]))).worksheets[0]
    assert sheet["A2"].value == "xy"


def test_json_keeps_every_digit_as_text() -> None:
    assert json.loads(write_json([ROW])) == [
        {"carrier_name": "Calder Fiber", "amount": "1234.5678", "day": "2026-04-01", "kind": "MRC"}
    ]


def test_lines_stand_in_columns_with_numbers_to_the_right() -> None:
    lines = write_lines(["Carrier", "Amount"], [["Calder", Decimal("5.00")], ["Halyard Voice", Decimal("1234.50")]])
    assert lines.splitlines() == [
        "Carrier          Amount",
        "-------------  --------",
        "Calder             5.00",
        "Halyard Voice  1,234.50",
    ]
