"""A table in any of its forms as a grid of cells."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from app.importers.tabular.delimited import decode_table, find_delimiter, stream_csv
from app.importers.tabular.fixed import FixedLayout, read_fixed
from app.importers.tabular.sheets import Grid, Sheet
from app.importers.tabular.workbook import read_workbook

WORKBOOKS = ("xlsx", "xls", "ods")


def read_grid(
    content: bytes,
    media: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    fixed: FixedLayout | None = None,
) -> Grid:
    """All rows of a table; raises GridFault where the file is none, is broken or goes beyond the limits."""
    if media in WORKBOOKS:
        return read_workbook(content)
    text = decode_table(content, encoding)
    if fixed is not None:
        return read_fixed(text, fixed)
    return Grid((Sheet("", tuple(stream_csv(text, delimiter or find_delimiter(text)))),))


def blank_out(grid: Grid, words: Collection[str]) -> Grid:
    """`grid` with empty cells where one of `words` stands, such as NULL."""
    if not words:
        return grid

    def blank(sheet: Sheet) -> Sheet:
        rows = tuple(
            replace(row, cells=tuple("" if cell in words else cell for cell in row.cells)) for row in sheet.rows
        )
        return replace(sheet, rows=rows)

    return replace(grid, sheets=tuple(map(blank, grid.sheets)), unseen=tuple(map(blank, grid.unseen)))
