"""Writes the shown rows of a table to a file of the user's choice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QFileDialog, QWidget

from app.reports.table import write_csv, write_xlsx
from app.services.files import write_file
from app.ui.tables.column import Column
from app.ui.wording import count

if TYPE_CHECKING:
    from app.ui.context import Ui

Row = TypeVar("Row")
FORMS = {"xlsx": "Workbook (*.xlsx)", "csv": "CSV, UTF-8 (*.csv)"}


def export_rows(
    parent: QWidget, ui: Ui, name: str, form: str, columns: Sequence[Column[Row]], rows: Sequence[Row]
) -> None:
    """Ask where, then write in the background and say how many rows went."""
    proposed = ui.backend.exports / f"{name}-{ui.backend.today.isoformat()}.{form}"
    chosen, _filter = QFileDialog.getSaveFileName(parent, "Export what is shown", str(proposed), FORMS[form])
    if not chosen:
        return
    target = Path(chosen)
    ui.ops.query(
        parent,
        "Export",
        lambda: write_rows(target, form, columns, rows),
        lambda written: ui.toast(f"{count(written, 'row')} exported to {target.name}"),
    )


def write_rows(target: Path, form: str, columns: Sequence[Column[Row]], rows: Sequence[Row]) -> int:
    """Write the rows to `target` whole or not at all; returns how many. Raises UserError where it cannot be written."""
    titles = [column.title for column in columns]
    values = [[column.value(row) for column in columns] for row in rows]
    target.parent.mkdir(parents=True, exist_ok=True)
    write_file(target, write_xlsx(titles, values) if form == "xlsx" else write_csv(titles, values))
    return len(rows)
