"""Which files a mapping is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from app.importers.registry import DocumentHead
from app.importers.tabular.cells import header_key
from app.importers.tabular.definition import TomlTable

_MARKS = re.compile(r"[,;\t|]")


@dataclass(frozen=True, slots=True)
class Claims:
    """What must hold of a file's head. Empty conditions hold always."""

    media: str
    columns: frozenset[str]  # header keys
    sheets: frozenset[str] = frozenset()
    file: str = ""
    text: str = ""

    def hold(self, head: DocumentHead) -> bool:
        """Whether the file is one that the mapping is for."""
        return (
            head.media == self.media
            and self.sheets <= {header_key(name) for name in head.sheets}
            and self.columns <= head_cells(head)
            and fnmatchcase(head.name.casefold(), self.file or "*")
            and self.text in head.text.casefold()
        )


def head_cells(head: DocumentHead) -> set[str]:
    """Header keys of all cells that the head shows: the header need not be the first row."""
    cells = {header_key(name) for name in head.columns}
    for line in head.text.splitlines()[:60]:
        cells.update(header_key(cell.strip().strip('"')) for cell in _MARKS.split(line))
    return cells


def read_claims(table: TomlTable) -> Claims:
    """The table `claims` of a mapping."""
    claims = table.table("claims")
    sheets = claims.texts("sheets")
    media = claims.choice("media", ("csv", "xlsx"), "xlsx" if sheets else "csv")
    found = Claims(
        media,
        frozenset(map(header_key, claims.texts("columns"))),
        frozenset(map(header_key, sheets)),
        claims.text("file", "").casefold(),
        claims.text("text", "").casefold(),
    )
    claims.finish()
    if not (found.columns or found.sheets or found.file or found.text):
        raise table.fault("claims", "columns, sheets, file or text must say which files are meant")
    if found.sheets and media == "csv":
        raise table.fault("claims.sheets", "a CSV has no sheets")
    return found
