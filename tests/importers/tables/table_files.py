"""Files made on the spot: workbooks from rows, mappings from the documentation."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.domain.parsed import ParsedDocument
from app.importers.peek import look_into_text
from app.importers.registry import DocumentHead, Importer
from app.importers.workbook_head import look_into_workbook

ROOT = Path(__file__).resolve().parents[3]
Rows = Sequence[Sequence[object]]


def make_workbook(sheets: Mapping[str, Rows], hidden: Sequence[str] = ()) -> bytes:
    """An XLSX with these rows of cells in these sheets."""
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def documented_mappings(page: str) -> list[str]:
    """The whole mappings that a page of docs/formats shows."""
    text = (ROOT / "docs" / "formats" / page).read_text(encoding="utf-8")
    return [block for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "kind =" in block]


def read_with(importer: Importer, name: str, content: bytes | str) -> ParsedDocument:
    """What `importer` reads of a file that it claims."""
    data = content.encode() if isinstance(content, str) else content
    head = head_of(name, data)
    assert importer.claims(head), f"{importer.name} does not claim {head}"
    return importer.read(data, head)


def head_of(name: str, content: bytes) -> DocumentHead:
    """What is seen of the table at a glance."""
    look = look_into_workbook if content.startswith(b"PK") else look_into_text
    return look(name, content)


def told(document: ParsedDocument) -> list[tuple[str, str, int | None]]:
    """The codes of a document's issues, each with sheet and row."""
    return [(issue.code, issue.source.sheet, issue.source.row) for issue in document.issues]


def sample(name: str) -> str:
    """A file of the folder data beside the tests."""
    return (Path(__file__).parent / "data" / name).read_text(encoding="utf-8")
