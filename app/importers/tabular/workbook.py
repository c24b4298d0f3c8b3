"""XLSX workbooks: read by calamine, after every part of the file has been measured.

The reader reserves memory for the whole rectangle between the first and the last filled cell and aborts the process
where that fails, so a workbook of 1 KB can end us. Nothing reaches it that has not been counted here.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from app.importers.tabular.cells import make_cell
from app.importers.tabular.preflight import inspect_workbook
from app.importers.tabular.sheets import Grid, GridFault, Row, Sheet


def read_workbook(content: bytes) -> Grid:
    """All visible worksheets of an XLSX; raises GridFault where it is encrypted, broken or beyond the limits."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    inspect_workbook(content)
    sheets, hidden = [], []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            for one in workbook.sheets_metadata:
                if one.typ is not SheetTypeEnum.WorkSheet:
                    continue
                if one.visible is not SheetVisibleEnum.Visible:
                    hidden.append(one.name)
                    continue
                rows = workbook.get_sheet_by_name(one.name).to_python(skip_empty_area=False)
                sheets.append(Sheet(one.name, tuple(_fill_rows(rows))))
    except CalamineError as fault:
        what = f"The workbook cannot be read: {str(fault)[:200]}."
        raise GridFault(
            "broken-workbook", what, "Open it in a spreadsheet program and save it as .xlsx again."
        ) from fault
    return Grid(tuple(sheets), tuple(hidden))


def _fill_rows(rows: Iterable[Iterable[object]]) -> Iterator[Row]:
    for number, values in enumerate(rows, start=1):
        cells = tuple([make_cell(value) for value in values])
        if any(cell != "" for cell in cells):
            yield Row(number, cells)
