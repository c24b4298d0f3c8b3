"""The table in a deck's file as columns of text, each row with its number; nothing is read into it yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.domain.source import Source
from app.importers.records.columns import EXAMPLE_MARK, Column
from app.importers.tabular.cells import Cell, header_key, read_text
from app.importers.tabular.delimited import decode_table, find_delimiter, stream_csv
from app.importers.tabular.sheets import GridFault, Row
from app.importers.tabular.workbook import read_workbook
from app.importers.values import BadValue

if TYPE_CHECKING:
    import polars as pl

ROW = "row"
_WORKBOOK = b"PK\x03\x04"


def read_table(content: bytes, columns: tuple[Column, ...]) -> pl.DataFrame:
    """All filled rows of a CSV, or of a workbook's first visible sheet: a text for each of `columns` ("" where the
    file has no such column), and the row's number. Raises GridFault where the file is none or lacks a column."""
    import polars as pl

    rows = _open_rows(content)
    head = next(rows, None)
    if head is None:
        raise GridFault("no-records", "The file is empty.", "Look whether this is the right file.")
    places = _find_columns(head, columns)
    numbers: list[int] = []
    texts: dict[str, list[str]] = {column.field: [] for column in columns}
    listed = [(texts[column.field], places.get(column.field)) for column in columns]
    for row in rows:
        cells = row.cells
        if str(cells[0]).startswith(EXAMPLE_MARK):
            continue
        if any(cell != "" for cell in cells[len(head.cells) :]):
            what = f"The row has {len(cells)} cells, the column names are {len(head.cells)}."
            remedy = "Put values with a comma or a semicolon in quotation marks."
            raise GridFault("cells-beyond-columns", what, remedy, Source(row=row.number))
        numbers.append(row.number)
        for kept, place in listed:
            cell = cells[place] if place is not None and place < len(cells) else ""
            kept.append(cell if isinstance(cell, str) else _text(cell, row.number))
    if not numbers:
        what = "There are no rows below the column names."
        raise GridFault("no-records", what, "Look whether this is the right file.")
    schema = {ROW: pl.Int64, **{column.field: pl.String for column in columns}}
    return pl.DataFrame({ROW: numbers, **texts}, schema=schema)


def _open_rows(content: bytes) -> Iterator[Row]:
    if content.startswith(_WORKBOOK):
        sheets = read_workbook(content).sheets
        return iter(sheets[0].rows if sheets else ())
    text = decode_table(content)
    return stream_csv(text, find_delimiter(text))


def _text(cell: Cell, row: int) -> str:
    try:
        return read_text(cell)
    except BadValue as fault:
        raise GridFault("bad-value", str(fault), "Correct the cell.", Source(row=row)) from fault


def _find_columns(head: Row, columns: tuple[Column, ...]) -> dict[str, int]:
    printed = [header_key(str(cell)) for cell in head.cells]
    places: dict[str, int] = {}
    for column in columns:
        found = [place for place, name in enumerate(printed) if name in column.keys]
        if len(found) > 1:
            what = f"The column '{column.header}' is there {len(found)} times."
            raise GridFault("column-twice", what, "Keep one of them.", Source(row=head.number))
        if found:
            places[column.field] = found[0]
        elif column.required:
            names = ", ".join(f"'{cell}'" for cell in head.cells[:40] if cell)
            what = f"The column '{column.header}' is missing; there are {names}."
            raise GridFault("column-missing", what[:2000], f"Add it. {column.note}", Source(row=head.number))
    known = {name for column in columns for name in column.keys}
    if unknown := [str(cell) for cell, name in zip(head.cells, printed, strict=True) if name and name not in known]:
        wanted = ", ".join(column.header for column in columns)
        what = f"The column '{unknown[0]}' is not known; there may be {wanted}."
        raise GridFault("column-unknown", what, "Rename or delete it.", Source(row=head.number))
    return places
