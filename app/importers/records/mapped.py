"""Foreign tables read as our own records, by an inventory mapping."""

from __future__ import annotations

from app.domain.identifiers import circuit_key, name_key
from app.domain.parsed_records import ParsedCarrier, ParsedLocation, ParsedRecord, ParsedService
from app.domain.source import Source
from app.importers.records.columns import Column
from app.importers.records.mapping import CARRIERS, LOCATIONS, InventoryMapping
from app.importers.records.read import make_record
from app.importers.tabular.cells import Cell, header_key, read_text
from app.importers.tabular.fields import FieldSpec
from app.importers.tabular.header import check_columns, find_header
from app.importers.tabular.issues import IssueList
from app.importers.tabular.rows import RowReader
from app.importers.tabular.sheets import Grid
from app.importers.values import BadValue

# a carrier or location that a row merely names is added if it is not known, and else left as it is: `given` then
# names no field of it that could be changed
_ONLY_IF_NEW = ("source",)


def read_mapped(mapping: InventoryMapping, grid: Grid, issues: IssueList) -> list[ParsedRecord]:
    """The records in `grid`, carriers and locations that they name before them where the mapping creates those."""
    where = f"the name in the mapping '{mapping.name}'"
    sheet = next(
        (one for one in grid.sheets if not mapping.sheet or header_key(one.name) == header_key(mapping.sheet)), None
    )
    if sheet is None:
        names = ", ".join(one.name for one in grid.sheets) or "none"
        message = f"The sheet '{mapping.sheet}' is missing; there are {names}."
        issues.error("sheet-missing", message, f"Look whether this is the right file, or change {where}.")
        return []
    wanted = [name for spec in mapping.columns.values() for name in spec.columns]
    header = find_header(sheet.name, sheet.rows, wanted)
    if header is None:
        message = f"No row with the column names was found; wanted are {', '.join(wanted)}."
        issues.error(
            "no-header", message, f"Look whether this is the right file, or change {where}.", Source(sheet=sheet.name)
        )
        return []
    needed = [name for spec in mapping.columns.values() if not spec.optional for name in spec.columns]
    check_columns(header, needed, issues, where)
    if issues.refused:
        return []
    records = []
    for row in sheet.rows:
        if row.number > header.row.number:
            reader = RowReader(header, row, mapping.form, issues, mapping.name)
            record = _read_row(mapping, reader, issues)
            if record is not None:
                records.append(record)
    return [*_created(mapping, records), *records]


def _read_row(mapping: InventoryMapping, row: RowReader, issues: IssueList) -> ParsedRecord | None:
    cells: dict[Column, Cell] = {}
    for column, spec in mapping.columns.items():
        try:
            cells[column] = _translate(spec, row.cell(spec))
        except BadValue as fault:
            row.report(fault, spec.describe())
            return None

    def name_of(column: Column) -> str:
        printed = " + ".join(mapping.columns[column].columns)
        return f"column '{printed}' ({column.header})" if printed else f"mapping's value of {column.header}"

    return make_record(mapping.layout, cells, row.source, mapping.form, issues, name_of)


def _translate(spec: FieldSpec, cell: Cell) -> Cell:
    """What the mapping's table says that the cell means; the cell itself where there is no table."""
    if not spec.values or cell == "":
        return cell
    meant = spec.values.get(header_key(read_text(cell)))
    if meant is None:
        raise BadValue(text=read_text(cell)[:64], why="the mapping's values do not say what it means")
    return meant


def _created(mapping: InventoryMapping, records: list[ParsedRecord]) -> list[ParsedRecord]:
    """Carriers and locations that the records name, each once."""
    carriers: dict[str, ParsedRecord] = {}
    locations: dict[str, ParsedRecord] = {}
    for one in records:
        named = str(getattr(one, "carrier", ""))
        if CARRIERS in mapping.create and named:
            carriers.setdefault(name_key(named), ParsedCarrier(named, one.source, given=_ONLY_IF_NEW))
        if LOCATIONS in mapping.create and isinstance(one, ParsedService):
            for code in filter(None, (one.location_a, one.location_z)):
                locations.setdefault(circuit_key(code), ParsedLocation(code, code, one.source, given=_ONLY_IF_NEW))
    return [*carriers.values(), *locations.values()]
