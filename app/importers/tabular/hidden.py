"""What of a sheet cannot be seen when it is opened: it is read all the same, and told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.source import Source
from app.importers.tabular.issues import IssueList
from app.importers.tabular.sheets import Sheet, column_letters

_MOST_NAMED = 12
_REMEDY = "Unhide it in a spreadsheet program and look whether it belongs to the bill."


def tell_hidden(sheet: Sheet, issues: IssueList) -> None:
    """Warn of a hidden sheet, and of hidden rows and columns that are filled."""
    if sheet.hidden.sheet:
        issues.warn(
            "hidden-sheet", f"The sheet '{sheet.name}' is hidden, and was read.", _REMEDY, Source(sheet=sheet.name)
        )
    rows = [row.number for row in sheet.rows if row.number in sheet.hidden.rows]
    if rows:
        message = f"{_count(rows, 'row')} read: {_list(map(str, rows))}."
        issues.warn("hidden-rows", message, _REMEDY, Source(sheet=sheet.name, row=rows[0]))
    columns = [
        number
        for number in sorted(sheet.hidden.columns)
        if any(number <= len(row.cells) and row.cells[number - 1] != "" for row in sheet.rows)
    ]
    if columns:
        message = f"{_count(columns, 'column')} read: {_list(map(column_letters, columns))}."
        issues.warn("hidden-columns", message, _REMEDY, Source(sheet=sheet.name))


def _count(found: Sequence[int], noun: str) -> str:
    return f"1 hidden {noun} was" if len(found) == 1 else f"{len(found):,} hidden {noun}s were"


def _list(names: Iterable[str]) -> str:
    named = list(names)
    more = f" and {len(named) - _MOST_NAMED:,} more" if len(named) > _MOST_NAMED else ""
    return ", ".join(named[:_MOST_NAMED]) + more
