"""An inventory mapping as values: docs/formats/inventory.md says what each key means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.importers.records.columns import ALL_SHEETS, Column, SheetLayout
from app.importers.tabular.cells import header_key
from app.importers.tabular.claims import Claims, read_claims
from app.importers.tabular.definition import TomlTable, open_mappings
from app.importers.tabular.fields import FieldSpec, ValueFormat, read_field, read_format

KIND = "inventory-mapping"
CARRIERS, LOCATIONS = "Carriers", "Locations"


@dataclass(frozen=True, slots=True)
class InventoryMapping:
    """How a foreign table is read as records of one kind."""

    name: str
    layout: SheetLayout
    claims: Claims
    form: ValueFormat
    sheet: str
    columns: Mapping[Column, FieldSpec]
    create: frozenset[str]


def open_inventory_mappings(mappings: Sequence[str]) -> tuple[InventoryMapping, ...]:
    """The inventory mappings among `mappings`; raises MappingFault with the key that is wrong."""
    return tuple(_read_mapping(name, table) for name, table in open_mappings(mappings, KIND))


def _read_mapping(name: str, table: TomlTable) -> InventoryMapping:
    record = table.choice("record", [layout.name for layout in ALL_SHEETS], "")
    layout = next(layout for layout in ALL_SHEETS if layout.name == record)
    create = table.texts("create")
    for one in create:
        if one not in {CARRIERS, LOCATIONS}:
            raise table.fault("create", f"'{one}' is neither {CARRIERS} nor {LOCATIONS}")
    found = InventoryMapping(
        name=name,
        layout=layout,
        claims=read_claims(table),
        form=read_format(table),
        sheet=table.text("sheet", ""),
        columns=_read_columns(layout, table.table("columns")),
        create=frozenset(create),
    )
    table.finish()
    return found


def _read_columns(layout: SheetLayout, table: TomlTable) -> dict[Column, FieldSpec]:
    known = {key: column for column in layout.columns for key in column.keys}
    specs: dict[Column, FieldSpec] = {}
    wanted = table.keys()
    for key in wanted:
        column = known.get(header_key(key))
        if column is None:
            names = ", ".join(one.header for one in layout.columns)
            raise table.fault(key, f"it is no column of {layout.name}; those are {names}")
        spec = read_field(table, key)
        if spec is None or not (spec.in_rows or spec.value is not None):
            raise table.fault(key, "a column of the file, or a value, is wanted")
        specs[column] = spec
    for column in layout.columns:
        if column.required and column not in specs:
            raise table.fault(column.header, "the records need it: say which column holds it, or a value")
    return specs
