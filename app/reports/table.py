"""Rows as a file: CSV or XLSX whose texts cannot become formulas, and plain text for a terminal.

A text that a spreadsheet would read as a formula (after blanks: = + - @, tab, line ends, their full-width twins, or |)
is a text cell in XLSX and gets a leading apostrophe in CSV. Numbers are numbers, never text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

Cell = object
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|")
_WIDEST = 60
_CENT = Decimal("0.01")


def guard_text(text: str) -> str:
    """`text` as a CSV may hold it: with an apostrophe before what a spreadsheet would calculate."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text


def write_csv(titles: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark (Excel needs it), CRLF, dates as ISO 8601, amounts with a decimal point."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guard_text(title) for title in titles])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(titles: Sequence[str], rows: Sequence[Sequence[Cell]], sheet: str = "Tollbook") -> bytes:
    """A workbook of one sheet: the head frozen and filterable, exact decimals, real dates."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    workbook = Workbook(write_only=True)
    page = workbook.create_sheet(sheet)
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(max(len(titles), 1))}{len(rows) + 1}"
    for place, title in enumerate(titles, start=1):
        widest = max([len(title), *(len(_shown(row[place - 1])) for row in rows[:500])])
        page.column_dimensions[get_column_letter(place)].width = min(widest, _WIDEST) + 2

    def make_cell(value: Cell, *, head: bool = False) -> Any:
        plain: Any = value.value if isinstance(value, Enum) else value
        if isinstance(plain, datetime):
            plain = plain.replace(tzinfo=None)
        if not isinstance(plain, int | Decimal | date | datetime) and plain is not None:
            plain = _without_controls(str(plain))
        cell = WriteOnlyCell(page, value=plain)
        if isinstance(plain, str):
            cell.data_type = "s"  # a text is a text, whatever it begins with
        elif isinstance(plain, Decimal):
            cell.number_format = "#,##0.00" if plain == plain.quantize(_CENT) else "#,##0.00########"
        elif isinstance(plain, date):
            cell.number_format = "yyyy-mm-dd"
        if head:
            cell.font = Font(bold=True)
        return cell

    page.append([make_cell(title, head=True) for title in titles])
    for row in rows:
        page.append([make_cell(value) for value in row])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def write_lines(titles: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Columns for a terminal: numbers to the right, long texts cut."""
    shown = [[_cut(_shown(cell)) for cell in row] for row in rows]
    right = [bool(rows) and all(isinstance(row[n], Decimal | int | None) for row in rows) for n in range(len(titles))]
    widths = [max(len(title), *(len(line[n]) for line in shown), 0) for n, title in enumerate(titles)]

    def join(cells: Sequence[str]) -> str:
        placed = (
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(cells, widths, right, strict=True)
        )
        return "  ".join(placed).rstrip()

    return "\n".join([join(titles), join(["-" * width for width in widths]), *(join(line) for line in shown)])


def write_rows(rows: Sequence[Any], names: Sequence[str], titles: Sequence[str]) -> str:
    """These fields of rows (dataclasses or mappings) in columns, or "None." where there are no rows."""
    cells = [[row[name] if isinstance(row, Mapping) else getattr(row, name) for name in names] for row in rows]
    return write_lines(titles, cells) if cells else "None."


def write_json(value: object) -> str:
    """Rows as JSON: amounts as text with all their digits, dates as ISO 8601, periods as their first and last day."""
    return json.dumps(to_plain(value), ensure_ascii=False, indent=2)


def columns_of(kind: type, rows: Sequence[object]) -> tuple[list[str], list[list[Cell]]]:
    """All fields of rows of the dataclass `kind`: their names as titles, and their values."""
    names = [field.name for field in fields(kind)]
    return [name.replace("_", " ") for name in names], [[getattr(row, name) for name in names] for row in rows]


def to_plain(value: object) -> object:
    """`value` in the words of JSON."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [to_plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    return str(value)


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, int | date):
        return cell.isoformat() if isinstance(cell, date) else str(cell)
    return guard_text(str(cell.value if isinstance(cell, Enum) else cell))


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:,.2f}" if cell == cell.quantize(_CENT) else f"{cell:,f}"
    if isinstance(cell, Enum):
        return str(cell.value).replace("_", " ")
    return " ".join(str(cell).split())


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _without_controls(text: str) -> str:
    """`text` without the control characters that a workbook cannot hold."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")
