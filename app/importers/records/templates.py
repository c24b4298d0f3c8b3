"""Empty workbooks to fill in: all columns with a note on each, lists to choose from, and one example row a sheet.

The example row begins with EXAMPLE_MARK; importing a template leaves it out and says so. There are no formulas in them.
"""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

from app.importers.records.columns import CONTRACT_SHEETS, EXAMPLE_MARK, INVENTORY_SHEETS, Column, Form, SheetLayout

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_FILLED_ROWS = 5_000  # how far the lists reach
_DATES = (Form.DATE, Form.LAST_DAY)


def inventory_template() -> bytes:
    """The workbook of carriers, accounts, locations, services and bank accounts, as XLSX."""
    return _write(INVENTORY_SHEETS)


def contracts_template() -> bytes:
    """The workbook of contracts and prices, as XLSX."""
    return _write(CONTRACT_SHEETS)


def _write(layouts: tuple[SheetLayout, ...]) -> bytes:
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for layout in layouts:
        _fill(workbook.create_sheet(layout.name), layout)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _fill(sheet: Worksheet, layout: SheetLayout) -> None:
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
        example = sheet.cell(row=2, column=number, value=_example(column, first=number == 1))
        example.font = Font(italic=True, color="808080")
        # as numbers, identifiers lose their leading zeros: the columns are texts, or dates, from the start
        number_format = "yyyy-mm-dd" if column.form in _DATES else "@" if column.form is Form.TEXT else "General"
        sheet.column_dimensions[letter].number_format = example.number_format = number_format
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
