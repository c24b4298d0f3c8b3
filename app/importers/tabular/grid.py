"""A CSV or XLSX file as a grid of cells."""

from __future__ import annotations

from app.importers.tabular.delimited import decode_table, find_delimiter, stream_csv
from app.importers.tabular.sheets import Grid, Sheet
from app.importers.tabular.workbook import read_workbook


def read_grid(content: bytes, media: str, *, encoding: str | None = None, delimiter: str | None = None) -> Grid:
    """All rows of a CSV or XLSX; raises GridFault where the file is none, is broken or goes beyond the limits."""
    if media == "xlsx":
        return read_workbook(content)
    text = decode_table(content, encoding)
    return Grid((Sheet("", tuple(stream_csv(text, delimiter or find_delimiter(text)))),))
