"""What a child answers of a table that is being mapped: its first rows, and a draft of a mapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.importers.peek import look_into_text
from app.importers.registry import Definitions
from app.importers.tabular.claims import find_near
from app.importers.tabular.grid import WORKBOOKS
from app.importers.tabular.guess import guess
from app.importers.tabular.mapping import open_bill_mappings
from app.importers.tabular.preview import media_of, preview
from app.importers.workbook_head import look_into_workbook


def answer_preview(name: str, content: bytes, _definitions: Definitions, options: Mapping[str, Any]) -> dict[str, Any]:
    """ "table-preview": options encoding, delimiter, sheet, header_row, fixed, cut (the text is only the beginning of
    the file), beyond (its lines further on that are not UTF-8, as Latin-1)."""
    return preview(name, content, options)


def answer_guess(name: str, content: bytes, definitions: Definitions, options: Mapping[str, Any]) -> dict[str, Any]:
    """ "table-guess": the same options; `near` names the mapping whose header the file's is almost."""
    answer = guess(name, content, options)
    look = look_into_workbook if media_of(content) in WORKBOOKS else look_into_text
    known = [(mapping.name, mapping.claims) for mapping in open_bill_mappings(definitions.mappings)]
    near = find_near(look(name, content), known)
    answer["near"] = None if near is None else {"name": near[0], "missing": list(near[1]), "more": list(near[2])}
    return answer
