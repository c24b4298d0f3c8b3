"""Finding the row with the column names, and the columns in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.source import Source
from app.importers.tabular.cells import Cell, header_key, read_text
from app.importers.tabular.issues import IssueList, like
from app.importers.tabular.sheets import Row
from app.importers.values import BadValue

SEARCHED_ROWS = 50


@dataclass(frozen=True, slots=True)
class Header:
    """A header row: `positions` by header key, and the keys that stand in it more than once."""

    sheet: str
    row: Row
    positions: Mapping[str, int]
    repeated: frozenset[str]

    @property
    def names(self) -> tuple[str, ...]:
        """The column names as printed."""
        return tuple(_name(cell) for cell in self.row.cells)

    @property
    def source(self) -> Source:
        return Source(sheet=self.sheet, row=self.row.number)

    def cell(self, row: Row, name: str) -> Cell:
        """The cell of `row` in the column `name`; "" where there is no such column or the row ends before it."""
        place = self.positions.get(header_key(name))
        return row.cells[place] if place is not None and place < len(row.cells) else ""


def find_header(sheet: str, rows: Sequence[Row], wanted: Iterable[str], number: int | None = None) -> Header | None:
    """The header of a sheet: row `number`, else the first of its first rows that holds most of the `wanted` columns.

    None where no row holds any of them.
    """
    keys = {header_key(name) for name in wanted}
    best: Row | None = None
    most = 0
    for row in rows[:SEARCHED_ROWS]:
        if number is not None:
            if row.number == number:
                best = row
                break
            continue
        found = len(keys & {header_key(_name(cell)) for cell in row.cells})
        if found > most:
            best, most = row, found
    return None if best is None else make_header(sheet, best)


def make_header(sheet: str, row: Row) -> Header:
    """The header that `row` is."""
    positions: dict[str, int] = {}
    repeated = set()
    for place, cell in enumerate(row.cells):
        key = header_key(_name(cell))
        if key in positions:
            repeated.add(key)
        elif key:
            positions[key] = place
    return Header(sheet, row, positions, frozenset(repeated))


def check_columns(header: Header, wanted: Iterable[str], issues: IssueList, where: str) -> None:
    """Report each wanted column that is missing or there twice. `where` says where the wanted name comes from."""
    names = list(dict.fromkeys(wanted))
    taken = set(map(header_key, names))
    for name in names:
        key = header_key(name)
        if key in header.repeated:
            message = f"The column '{name}' is there more than once, so it is not clear which one is meant."
            issues.error(
                "column-twice", message, "Give the columns different names, or delete the surplus one.", header.source
            )
        elif key not in header.positions:
            report_missing(header, name, issues, where, taken)


def report_missing(header: Header, name: str, issues: IssueList, where: str, taken: Collection[str]) -> None:
    """The error that a column is missing, naming what is there and which of it is meant, most likely: none of those
    whose keys are `taken`."""
    names = ", ".join(f"'{one}'" for one in header.names[:40] if one)
    place = f" of the sheet {header.sheet}" if header.sheet else ""
    message = f"The column '{name}' is missing: the header{place} in row {header.row.number} has {names}."
    meant = like(name, [one for one in header.names if header_key(one) not in taken], cutoff=40)
    rename = f"Rename '{meant}' to '{name}' in the file" if meant else f"Add the column '{name}' to the file"
    issues.error("column-missing", message[:2000], f"{rename}, or change {where}.", header.source)


def _name(cell: Cell) -> str:
    try:
        return read_text(cell)
    except BadValue:
        return str(cell)
