"""The columns of a table by their names, with their values; and which of several words fits which column best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.importers.tabular.cells import Cell, header_key
from app.importers.tabular.guess_words import EMPTY_WORDS, rank_header
from app.importers.tabular.preview import Table, show

MOST_DISTINCT = 60  # different values of a column that are told
Columns = dict[str, list[Cell]]


def read_columns(table: Table, header_row: int) -> Columns:
    """The values below the header by the column's name; cells that say NULL and the like are empty."""
    header = next((row for row in table.sheet.rows if row.number == header_row), None)
    names = [show(cell).strip() for cell in header.cells] if header else []
    columns: Columns = {name: [] for name in names if name}
    for row in table.sheet.rows:
        if header is not None and row.number > header_row:
            for name, cell in zip(names, row.cells, strict=False):
                if name:
                    columns[name].append("" if cell in EMPTY_WORDS else cell)
    return columns


def assign_by_words(
    columns: Columns, fields: Iterable[tuple[str, Sequence[str]]], may_hold: Callable[[str, list[Cell]], bool]
) -> dict[str, str]:
    """Each column to the field whose words fit its name best, each field to one column: column → field."""
    ranks = []
    known = list(fields)
    for place, (name, values) in enumerate(columns.items()):
        for where, words in known:
            rank = rank_header(name, tuple(words))
            if rank and may_hold(where, values):
                ranks.append((rank, -place, name, where))
    used: dict[str, str] = {}
    for _rank, _place, name, where in sorted(ranks, reverse=True):
        if name not in used and where not in used.values():
            used[name] = where
    return used


def distinct(values: list[Cell]) -> list[str]:
    """The different texts of a column, by their header keys, the first spelling of each."""
    found: dict[str, str] = {}
    for value in values:
        if value != "":
            text = show(value)
            found.setdefault(header_key(text), text)
            if len(found) > MOST_DISTINCT:
                break
    return list(found.values())


def name_format(table: Table) -> dict[str, Any]:
    """The keys of `format` that say how the file is opened."""
    form: dict[str, Any] = {"encoding": table.encoding} if table.encoding else {}
    return form | ({"delimiter": table.delimiter} if table.media == "csv" and table.delimiter else {})


def swap(used: Mapping[str, str]) -> dict[str, str]:
    """field → column."""
    return {where: name for name, where in used.items()}
