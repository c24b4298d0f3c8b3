"""Writes the reports of a workspace: a workbook and a page with charts.

Services do not import queries, so the figures come in from outside: `queries.summary.build_report(session, as_of)`
makes the `ReportData`, whoever composes the application (command line, window) hands it over:

    with workspace.database.reading() as session:
        data = build_report(session, as_of)
    paths = write_reports(workspace.exports / "reports", data)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reports.page import write_page
from app.reports.workbook import write_workbook
from app.services.files import write_file

if TYPE_CHECKING:
    from pathlib import Path

    from app.reports.data import ReportData


def write_reports(folder: Path, data: ReportData) -> list[Path]:
    """Write `tollbook-<day>.xlsx` and `tollbook-<day>.html` into `folder` (made if absent) and return both paths.

    A file of the same day is replaced whole. No transaction: nothing in the workspace changes.
    """
    stem = f"tollbook-{data.as_of.isoformat()}"
    return [
        write_file(folder / f"{stem}.xlsx", write_workbook(data)),
        write_file(folder / f"{stem}.html", write_page(data).encode()),
    ]
