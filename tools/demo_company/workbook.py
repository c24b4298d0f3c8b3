"""Workbooks that come out the same each time: openpyxl writes the clock into them, this takes it out again."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

_EPOCH = (2026, 1, 1, 0, 0, 0)
_CLOCK = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
HEAD = PatternFill("solid", fgColor="1F3A4D")
Cell = str | int | Decimal | date | None


def new_workbook() -> Workbook:
    """A workbook without sheets."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    return workbook


def add_table(
    workbook: Workbook, title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], top: int = 1
) -> Any:
    """A sheet with a header in row `top` and `rows` below it, its columns as wide as what they hold."""
    sheet = workbook.create_sheet(title)
    widths = [len(column) for column in columns]
    for place, column in enumerate(columns, start=1):
        cell = sheet.cell(top, place, column)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = HEAD
        cell.alignment = Alignment(vertical="center")
    for number, row in enumerate(rows, start=top + 1):
        for place, value in enumerate(row, start=1):
            put(sheet, number, place, value)
            widths[place - 1] = max(widths[place - 1], len(str(value or "")))
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = min(width + 3, 52)
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    return sheet


def put(sheet: Any, row: int, column: int, value: Cell) -> Any:
    """Write a value as what it is: identifiers as text, dates as dates, amounts with their places."""
    if value is None or value == "":
        return None
    cell = sheet.cell(row, column, value)
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, Decimal):
        places = max(2, -int(value.as_tuple().exponent))
        cell.number_format = "#,##0." + "0" * places
    elif isinstance(value, str):
        cell.number_format = "@"
    return cell


def save(workbook: Workbook) -> bytes:
    """The file's bytes, without the time of day."""
    written = BytesIO()
    workbook.save(written)
    fixed = BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _CLOCK.sub(rb"\g<1>2026-01-01T00:00:00Z\g<2>", content)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content)
    return fixed.getvalue()
