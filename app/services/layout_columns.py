"""The columns of a table in a draft: their borders moved, a column split, joined with the next, or said what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LEAST_WIDTH = 4.0  # points; a narrower column cannot be seen, or grasped


def columns_of(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Its columns from left to right."""
    return [dict(column) for column in table.get("columns", [])]


def edges_of(table: Mapping[str, Any]) -> tuple[float, ...]:
    """The borders from left to right, one more than there are columns; none where there is no column."""
    columns = columns_of(table)
    if not columns:
        return ()
    return (float(columns[0]["from"]), *(float(column["to"]) for column in columns))


def move_border(table: Mapping[str, Any], place: int, x: float) -> dict[str, Any]:
    """The table with its border `place` at `x`, or as close to it as its neighbours allow."""
    edges = list(edges_of(table))
    if not 0 <= place < len(edges):
        return dict(table)
    low = edges[place - 1] + LEAST_WIDTH if place else 0.0
    high = edges[place + 1] - LEAST_WIDTH if place + 1 < len(edges) else float("inf")
    edges[place] = max(low, min(x, high))
    return _with(table, edges, [column.get("field", "") for column in columns_of(table)])


def split_column(table: Mapping[str, Any], place: int) -> dict[str, Any]:
    """The table with that column cut in its middle; the right half is not read until somebody says what it is."""
    edges, fields = list(edges_of(table)), [column.get("field", "") for column in columns_of(table)]
    if not 0 <= place < len(fields) or edges[place + 1] - edges[place] < 2 * LEAST_WIDTH:
        return dict(table)
    edges.insert(place + 1, (edges[place] + edges[place + 1]) / 2)
    fields.insert(place + 1, "")
    return _with(table, edges, fields)


def join_columns(table: Mapping[str, Any], place: int) -> dict[str, Any]:
    """The table with that column and the next as one, which is what the first of them was, or else the second."""
    edges, fields = list(edges_of(table)), [column.get("field", "") for column in columns_of(table)]
    if not 0 <= place < len(fields) - 1:
        return dict(table)
    del edges[place + 1]
    fields[place : place + 2] = [fields[place] or fields[place + 1]]
    return _with(table, edges, fields)


def name_column(table: Mapping[str, Any], place: int, field: str) -> dict[str, Any]:
    """The table with that column being `field`; the column that was it before is read no longer."""
    columns = columns_of(table)
    for at, column in enumerate(columns):
        if at == place:
            column["field"] = field
        elif field and column.get("field") == field:
            column["field"] = ""
    return {**table, "columns": columns}


def _with(table: Mapping[str, Any], edges: Sequence[float], fields: Sequence[str]) -> dict[str, Any]:
    columns = [
        {"field": field, "from": round(edges[at], 2), "to": round(edges[at + 1], 2)} for at, field in enumerate(fields)
    ]
    return {**table, "columns": columns}
