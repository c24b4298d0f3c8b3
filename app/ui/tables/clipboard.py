"""Rows as other programs take them: tab-separated text and an HTML table in one."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QMimeData

from app.ui.tables.column import Column

Row = TypeVar("Row")


def mime_of(columns: Sequence[Column[Row]], rows: Sequence[Row], *, headers: bool = True) -> QMimeData:
    """The rows under these columns for the clipboard. Tabs and line ends within a value become spaces."""
    table = [[" ".join(column.plain(row).split()) for column in columns] for row in rows]
    titles = [[column.title for column in columns]] if headers else []
    data = QMimeData()
    data.setText("\n".join("\t".join(cells) for cells in titles + table))
    head = "".join(f"<tr>{''.join(f'<th>{html.escape(cell)}</th>' for cell in cells)}</tr>" for cells in titles)
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells)}</tr>" for cells in table)
    data.setHtml(f"<table>{head}{body}</table>")
    return data
