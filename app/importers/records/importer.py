"""Importers of our own records: workbooks and CSVs with the documented columns, and foreign files by a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.parsed import ParsedDocument
from app.domain.parsed_records import ParsedRecord
from app.domain.source import Source
from app.importers.records.columns import ALL_SHEETS, CONTRACT_SHEETS, INVENTORY_SHEETS, SheetLayout
from app.importers.records.mapped import read_mapped
from app.importers.records.mapping import InventoryMapping, open_inventory_mappings
from app.importers.records.read import read_sheet
from app.importers.registry import DocumentHead, Importer
from app.importers.tabular.cells import header_key
from app.importers.tabular.claims import head_cells
from app.importers.tabular.grid import read_grid
from app.importers.tabular.issues import IssueList
from app.importers.tabular.sheets import GridFault, Sheet

_KNOWN_SHARE = 75  # per cent of a CSV's columns that must be ours where an identifying one is misspelled


@dataclass(frozen=True, slots=True)
class WorkbookImporter:
    """Reads a workbook whose sheets bear the names of ours."""

    name: str
    layouts: tuple[SheetLayout, ...]

    def claims(self, head: DocumentHead) -> bool:
        """A workbook with sheets of both kinds is an inventory: each importer reads all sheets that are ours."""
        sheets = {header_key(name) for name in head.sheets}
        if head.media != "xlsx" or (self.layouts is CONTRACT_SHEETS and _holds(sheets, INVENTORY_SHEETS)):
            return False
        columns = head_cells(head)
        return any(
            header_key(layout.name) in sheets and any(key in columns for key in layout.columns[0].keys)
            for layout in self.layouts
        )

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        return _read_tables(self.name, content, head, None)


@dataclass(frozen=True, slots=True)
class SheetImporter:
    """Reads one of our sheets as a CSV of its own."""

    layout: SheetLayout

    @property
    def name(self) -> str:
        return f"{self.layout.name.casefold()}-csv"

    def claims(self, head: DocumentHead) -> bool:
        return head.media == "csv" and recognise(head.columns) is self.layout

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        return _read_tables(self.name, content, head, self.layout)


@dataclass(frozen=True, slots=True)
class MappedImporter:
    """Reads a foreign inventory file by a mapping."""

    mapping: InventoryMapping

    @property
    def name(self) -> str:
        return f"inventory:{self.mapping.name}"

    def claims(self, head: DocumentHead) -> bool:
        return self.mapping.claims.hold(head)

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        form = self.mapping.form
        try:
            grid = read_grid(content, head.media, encoding=form.encoding, delimiter=form.delimiter)
        except GridFault as fault:
            return ParsedDocument(self.name, issues=(fault.issue,))
        issues = IssueList()
        records = read_mapped(self.mapping, grid, issues)
        return ParsedDocument(self.name, records=() if issues.refused else tuple(records), issues=issues.close())


def record_importers(mappings: Sequence[str] = ()) -> tuple[Importer, ...]:
    """The importers of our own records, and one per inventory mapping among the TOML texts."""
    return (
        WorkbookImporter("inventory-workbook", INVENTORY_SHEETS),
        WorkbookImporter("contracts-workbook", CONTRACT_SHEETS),
        *(SheetImporter(layout) for layout in ALL_SHEETS),
        *(MappedImporter(mapping) for mapping in open_inventory_mappings(mappings)),
    )


def recognise(columns: Sequence[str]) -> SheetLayout | None:
    """Which of our sheets a header is of: one whose identifying columns are all there, else one that knows nearly all
    columns; the one that knows most. None where none or several do."""
    keys = [header_key(name) for name in columns if name]
    ranks = []
    for layout in ALL_SHEETS:
        ours = {key: column for column in layout.columns for key in column.keys}
        known = {ours[key].header for key in keys if key in ours}
        mostly = 2 * len(known) >= len(keys)  # call records name carrier and account too
        identified = mostly and any(set(names) <= known for names in layout.recognised_by)
        nearly = len(known) >= 3 and len(known) * 100 >= _KNOWN_SHARE * len(keys)
        if identified or nearly:
            ranks.append((identified, len(known), layout))
    if not ranks:
        return None
    best = max(rank[:2] for rank in ranks)
    chosen = [layout for *rank, layout in ranks if tuple(rank) == best]
    return chosen[0] if len(chosen) == 1 else None


def _holds(sheets: set[str], layouts: tuple[SheetLayout, ...]) -> bool:
    return any(header_key(layout.name) in sheets for layout in layouts)


def _read_tables(name: str, content: bytes, head: DocumentHead, only: SheetLayout | None) -> ParsedDocument:
    """All sheets that are ours (of a CSV: its one table as `only`)."""
    issues = IssueList()
    try:
        grid = read_grid(content, head.media)
    except GridFault as fault:
        return ParsedDocument(name, issues=(fault.issue,))
    by_name = {header_key(layout.name): layout for layout in ALL_SHEETS}
    records: list[ParsedRecord] = []
    for sheet in grid.sheets:
        layout = only or by_name.get(header_key(sheet.name))
        if layout is not None:
            records.extend(read_sheet(layout, sheet, issues))
        elif sheet.rows:
            _tell_unknown(sheet, issues)
    for hidden in grid.hidden:
        if header_key(hidden) in by_name:
            message = f"The sheet {hidden} is hidden and was not read."
            issues.warn(
                "hidden-sheet", message, "Unhide it and import the file again if it is meant.", Source(sheet=hidden)
            )
    if not records and not issues.refused:
        issues.error(
            "no-records", "The file holds no records.", "Fill in rows below the column names, and import it again."
        )
    return ParsedDocument(name, records=() if issues.refused else tuple(records), issues=issues.close())


def _tell_unknown(sheet: Sheet, issues: IssueList) -> None:
    names = ", ".join(layout.name for layout in ALL_SHEETS)
    message = f"The sheet '{sheet.name}' is none of {names} and was not read."
    issues.warn("sheet-unknown", message, "Rename it if it is meant to be one of them.", Source(sheet=sheet.name))
