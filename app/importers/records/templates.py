"""Workbooks to fill in or to edit: all columns with a note on each, lists to choose from; empty ones have an example.

The example row begins with EXAMPLE_MARK; importing a template leaves it out and says so. There are no formulas in them.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.importers.records.columns import CONTRACT_SHEETS, EXAMPLE_MARK, INVENTORY_SHEETS, Column, Form, SheetLayout

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_FILLED_ROWS = 5_000  # how far the lists reach
_DATES = (Form.DATE, Form.LAST_DAY, Form.MONTH)
_KEPT_DIGITS = 15  # of a number cell; longer numbers are written as text
Values = Mapping[str, object]  # by the fields of the sheet's columns


def inventory_template() -> bytes:
    """The workbook of carriers, accounts, locations, services, bank accounts, orders, budgets and factors, as XLSX."""
    return _write(INVENTORY_SHEETS)


def contracts_template() -> bytes:
    """The workbook of contracts and prices, as XLSX."""
    return _write(CONTRACT_SHEETS)


def contracts_workbook(records: Mapping[str, Sequence[Values]]) -> bytes:
    """The workbook of contracts and prices with these records in it, by the names of the sheets, as XLSX."""
    return _write(CONTRACT_SHEETS, records)


def _write(layouts: tuple[SheetLayout, ...], records: Mapping[str, Sequence[Values]] | None = None) -> bytes:
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for layout in layouts:
        sheet = workbook.create_sheet(layout.name)
        _fill(sheet, layout, example=records is None)
        for number, values in enumerate(() if records is None else records.get(layout.name, ()), start=2):
            for place, column in enumerate(layout.columns, start=1):
                _put(sheet, number, place, column, values.get(column.field))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _put(sheet: Worksheet, row: int, place: int, column: Column, value: Any) -> None:
    """A value as the importer reads it again: exactly, and never as a formula."""
    if value is None or value == "":
        return
    if column.form is Form.LAST_DAY and isinstance(value, date):
        value = value - timedelta(days=1)
    elif isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, StrEnum):
        value = value.value
    elif isinstance(value, Decimal) and len(value.as_tuple().digits) > _KEPT_DIGITS:
        value = f"{value:f}"
    cell: Any = sheet.cell(row=row, column=place, value=value)
    if isinstance(value, str):
        cell.data_type, cell.number_format = "s", "@"
    elif column.form in _DATES:
        cell.number_format = "yyyy-mm-dd"


def _fill(sheet: Worksheet, layout: SheetLayout, *, example: bool) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(layout.columns, start=1):
        letter = get_column_letter(number)
        head = sheet.cell(row=1, column=number, value=column.header)
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor="1F3A5F" if column.required else "6B7F99")
        head.alignment = Alignment(vertical="center")
        needed = "Always filled in. " if column.required else ""
        note = Comment(f"{needed}{column.note}{_choices(column)}", "Tollbook")
        note.width, note.height = 280, 110
        head.comment = note
        # as numbers, identifiers lose their leading zeros: the columns are texts, or dates, from the start
        number_format = "yyyy-mm-dd" if column.form in _DATES else "@" if column.form is Form.TEXT else "General"
        sheet.column_dimensions[letter].number_format = number_format
        if example:
            shown = sheet.cell(row=2, column=number, value=_example(column, first=number == 1))
            shown.font, shown.number_format = Font(italic=True, color="808080"), number_format
        sheet.column_dimensions[letter].width = max(14, len(column.header) + 4)
        _offer_choices(sheet, column, f"{letter}2:{letter}{_FILLED_ROWS}")
    sheet.row_dimensions[1].height = 22
    sheet.freeze_panes = "A2"


def _example(column: Column, *, first: bool) -> Any:
    if first:
        return f"{EXAMPLE_MARK} {column.example}"
    if column.form in _DATES and column.example:
        return date.fromisoformat(column.example)
    return column.example or None


def _choices(column: Column) -> str:
    return f" One of: {', '.join(column.words)}." if column.words else ""


def _offer_choices(sheet: Worksheet, column: Column, cells: str) -> None:
    """A list to choose from, where a cell holds a word or yes and no."""
    from openpyxl.worksheet.datavalidation import DataValidation

    words = list(column.words) if column.words else ["yes", "no"] if column.form is Form.YES_NO else []
    if words:
        choice = DataValidation(type="list", formula1='"' + ",".join(words) + '"', allow_blank=True)
        choice.error, choice.errorTitle = f"One of {', '.join(words)}"[:250], column.header
        choice.add(cells)
        sheet.add_data_validation(choice)
