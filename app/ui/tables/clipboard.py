"""Rows as other programs take them: tab-separated text and an HTML table in one."""

from __future__ import annotations

import atexit
import functools
import html
from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

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


def put_on_clipboard(data: QMimeData) -> None:
    """Hand `data` to the clipboard; at the end of the program its text stays there."""
    _leave_only_text_at_exit()
    QGuiApplication.clipboard().setMimeData(data)


@functools.cache
def _leave_only_text_at_exit() -> None:
    """Qt destroys the clipboard's data after Python has gone, and data that Python made takes the process down then."""

    def leave_text() -> None:
        if QGuiApplication.instance() is not None:
            clipboard = QGuiApplication.clipboard()
            clipboard.setText(clipboard.text())

    atexit.register(leave_text)
