"""Sheets of our own records, row by row. A fault names sheet, row and column, and keeps the whole file out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any

from app.domain.parsed_records import ParsedRecord
from app.domain.source import Source
from app.importers.records.checks import check_record, tidy_record
from app.importers.records.columns import EXAMPLE_MARK, Column, SheetLayout
from app.importers.records.values import read_value
from app.importers.tabular.cells import Cell, header_key, read_text
from app.importers.tabular.fields import ValueFormat
from app.importers.tabular.header import Header, find_header
from app.importers.tabular.issues import IssueList, like
from app.importers.tabular.sheets import Row, Sheet
from app.importers.values import BadValue

PLAIN_FORMAT = ValueFormat()


def read_sheet(layout: SheetLayout, sheet: Sheet, issues: IssueList) -> list[ParsedRecord]:
    """The records of a sheet with our own columns."""
    if not sheet.rows:
        return []
    header = find_header(
        sheet.name, sheet.rows, [name for one in layout.columns for name in (one.header, *one.synonyms)]
    )
    if header is None:
        names = ", ".join(column.header for column in layout.columns if column.required)
        message = f"The sheet {sheet.name} has no row with the column names of {layout.name}."
        issues.error("no-header", message, f"Its first row must hold {names}.", Source(sheet=sheet.name))
        return []
    places = _place_columns(layout, header, issues)
    if issues.refused:
        return []
    records = []
    for row in sheet.rows:
        if row.number <= header.row.number:
            continue
        source = sheet.source(row)
        if _is_example(row):
            issues.tell("example-left-out", f"The template's example row was left out ({source.describe()}).", source)
            continue
        if not sheet.name and any(cell != "" for cell in row.cells[len(header.names) :]):  # of a workbook: a remark
            message = f"The row has {len(row.cells)} cells, the column names are {len(header.names)}."
            remedy = "Put values with a comma or a semicolon in quotation marks."
            issues.error("cells-beyond-columns", message, remedy, source)
            continue
        values = {column.field: row.cells[place] for place, column in places.items() if place < len(row.cells)}
        cells = {column: values.get(column.field, "") for column in places.values()}
        record = make_record(layout, cells, source, PLAIN_FORMAT, issues)
        if record is not None:
            records.append(record)
    return records


def make_record(
    layout: SheetLayout,
    cells: dict[Column, Cell],
    source: Source,
    form: ValueFormat,
    issues: IssueList,
    name_of: Callable[[Column], str] = lambda column: f"column '{column.header}'",
) -> ParsedRecord | None:
    """The record that the cells of these columns make, None where one of them is faulty."""
    defaults = {each.name: each.default for each in fields(layout.record)}
    values: dict[str, Any] = {}
    given = []
    faulty = False
    for column, cell in cells.items():
        if cell == "":
            if column.required:
                faulty = True
                message = f"The {name_of(column)} is empty."
                issues.error("value-missing", message, "Fill it in, or delete the row.", source)
            elif defaults[column.field] in ("", None):
                given.append(column.field)  # an empty cell empties a text or a date
            continue
        try:
            values[column.field] = read_value(column, cell, form)
            given.append(column.field)
        except BadValue as fault:
            faulty = True
            message = f"The {name_of(column)}: {fault}"
            issues.error("bad-value", message, f"Correct the cell. {column.note}", source)
    if faulty:
        return None
    for column in layout.columns:
        if not column.required and defaults[column.field] is MISSING:
            values.setdefault(column.field, column.default)
    if "given" in defaults:
        values["given"] = tuple(given)
    record: ParsedRecord = tidy_record(layout.record(source=source, **values))
    found = list(check_record(record))
    for one in found:
        issues.error("bad-record", one.message, one.remedy, source)
    return None if found else record


def _place_columns(layout: SheetLayout, header: Header, issues: IssueList) -> dict[int, Column]:
    """Which cell of a row is which column; reports columns that are missing, doubled or not known."""
    known = {key: column for column in layout.columns for key in column.keys}
    places: dict[int, Column] = {}
    unknown: list[str] = []
    for place, name in enumerate(header.names):
        column = known.get(header_key(name))
        if column is not None and column in places.values():
            message = f"The column '{column.header}' is there twice, as '{name}' too."
            issues.error("column-twice", message, "Keep one of them.", header.source)
        elif column is not None:
            places[place] = column
        elif name:
            unknown.append(name)
    absent = [column for column in layout.columns if column not in places.values()]
    for column in absent:
        meant = like(column.header, unknown, cutoff=40 if column.required else 75)
        if column.required:
            names = ", ".join(f"'{one}'" for one in header.names[:40] if one)
            message = f"The column '{column.header}' is missing from {layout.name}; there are {names}."
            remedy = f"Rename '{meant}' to '{column.header}'." if meant else f"Add it. {column.note}"
            issues.error("column-missing", message[:2000], remedy, header.source)
        elif meant:
            message = f"The column '{meant}' is not known; '{column.header}' is spelled almost like it."
            issues.error("column-unknown", message, f"Rename it to '{column.header}', or delete it.", header.source)
        if meant:
            unknown.remove(meant)
    for name in unknown:
        message = f"The column '{name}' of {layout.name} is not known and was left out."
        issues.warn(
            "column-unknown", message, "docs/formats lists the columns; delete this one or rename it.", header.source
        )
    return places


def _is_example(row: Row) -> bool:
    try:
        first = read_text(next(cell for cell in row.cells if cell != ""))
    except BadValue:
        return False
    return first.casefold().startswith(EXAMPLE_MARK.casefold())
