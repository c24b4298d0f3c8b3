"""Workbooks (XLSX, XLS, ODS): read by calamine, after every part of the file has been measured.

The reader reserves memory for the whole rectangle between the first and the last filled cell and aborts the process
where that fails, so a workbook of 1 KB can end us. Nothing reaches it that has not been counted here. It gives cells
that show an error as empty ones: those are put back in from what the pre-flight saw.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.parsers import expat

from app.importers.tabular.cells import Cell, CellFault, make_cells
from app.importers.tabular.ods_preflight import inspect_open_workbook, is_open_workbook
from app.importers.tabular.ole2 import MAGIC
from app.importers.tabular.preflight import PartFacts, broken, encrypted, inspect_workbook, open_archive
from app.importers.tabular.sheets import Grid, Row, Sheet
from app.importers.tabular.xls_preflight import inspect_old_workbook

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def read_workbook(content: bytes, most_rows: int | None = None) -> Grid:
    """All worksheets of a workbook, of each the first `most_rows`; raises GridFault where it is encrypted, broken or
    beyond the limits."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    facts = inspect(content)
    sheets: list[Sheet] = []
    unseen: list[Sheet] = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            for place, one in enumerate(workbook.sheets_metadata):
                if one.typ is not SheetTypeEnum.WorkSheet:
                    continue
                known = facts.get(one.name) or facts.get(place) or PartFacts()
                rows = workbook.get_sheet_by_name(one.name).to_python(skip_empty_area=False, nrows=most_rows)
                is_hidden = one.visible is not SheetVisibleEnum.Visible
                sheet = Sheet(one.name, tuple(_fill_rows(rows, known.errors)), known.hidden(is_hidden))
                (unseen if is_hidden else sheets).append(sheet)
    except PasswordError as fault:
        raise encrypted() from fault
    except CalamineError as fault:
        raise broken(str(fault)) from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # the reader's own word for a fault of its own
            raise
        raise broken("its reader stopped half-way") from fault
    return Grid(tuple(sheets), tuple(unseen))


def inspect(content: bytes) -> dict[str | int, PartFacts]:
    """What is known of each sheet, by its name or by its place among the tabs; raises GridFault."""
    if content.startswith(MAGIC):
        return dict(enumerate(inspect_old_workbook(content)))
    if content.startswith(b"PK"):
        with open_archive(content) as archive:
            is_open = is_open_workbook(archive)
        if is_open:
            return dict(enumerate(inspect_open_workbook(content)))
    parts = inspect_workbook(content)
    with open_archive(content) as archive:
        return {name: parts[part] for name, part in name_parts(archive) if part in parts}


def name_parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The sheets of an XLSX by their names, each with its part."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relate(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            target = posixpath.join("/xl", attributes.get("Target", ""))
            targets[attributes.get("Id", "")] = posixpath.normpath(target).lstrip("/")

    def list_sheet(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            key = next((value for attribute, value in attributes.items() if attribute.endswith(":id")), "")
            sheets.append((attributes.get("name", ""), key))

    for part, handler in ((_RELATIONS, relate), (_BOOK, list_sheet)):
        if part in archive.namelist():
            parser = expat.ParserCreate()
            parser.StartElementHandler = handler
            try:
                parser.Parse(archive.read(part), True)
            except expat.ExpatError as fault:
                raise broken(f"{part} is not well-formed XML ({fault})") from fault
    return [(name, targets.get(key, "")) for name, key in sheets]


def _fill_rows(rows: Iterable[Sequence[object]], errors: dict[tuple[int, int], str]) -> Iterator[Row]:
    marked: dict[int, dict[int, str]] = {}
    for (row, column), shown in errors.items():
        marked.setdefault(row, {})[column] = shown
    for number, values in enumerate(rows, start=1):
        cells = make_cells(values)
        if number in marked:
            cells = _put_back(cells, marked[number])
        if cells and (cells[0] != "" or any(cell != "" for cell in cells)):
            yield Row(number, cells)


def _put_back(cells: tuple[Cell, ...], errors: dict[int, str]) -> tuple[Cell, ...]:
    """`cells` with the errors that they show, by the number of their column."""
    wide = [*cells, *("" for _ in range(max(errors) - len(cells)))]
    for column, shown in errors.items():
        wide[column - 1] = CellFault(shown)
    return tuple(wide)
