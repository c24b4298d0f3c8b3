"""What a child answers of a table that is being mapped: its first rows, and a draft of a mapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.importers.bank.mapping import open_bank_mappings
from app.importers.peek import look_into_text
from app.importers.registry import Definitions, DocumentHead
from app.importers.tabular.claims import Claims, find_near
from app.importers.tabular.grid import WORKBOOKS
from app.importers.tabular.guess import guess_bill
from app.importers.tabular.guess_columns import read_columns
from app.importers.tabular.guess_kind import guess_kind
from app.importers.tabular.guess_rows import guess_rows
from app.importers.tabular.kinds import BANK, BILL, BY_KEY
from app.importers.tabular.mapping import open_bill_mappings
from app.importers.tabular.preview import find_header_row, media_of, name_columns_of, open_table, preview
from app.importers.tabular.table_kind import TableKind
from app.importers.usage.mapping import open_usage_mappings
from app.importers.usage.packed import is_packed, look_into_packed
from app.importers.workbook_head import look_into_workbook


def answer_preview(name: str, content: bytes, _definitions: Definitions, options: Mapping[str, Any]) -> dict[str, Any]:
    """ "table-preview": options encoding, delimiter, sheet, header_row, fixed, cut (the text is only the beginning of
    the file), beyond (its lines further on that are not UTF-8, as Latin-1)."""
    return preview(name, content, options)


def answer_guess(name: str, content: bytes, definitions: Definitions, options: Mapping[str, Any]) -> dict[str, Any]:
    """ "table-guess": the same options, and `kind`, the key of the kind of table that a person has chosen; `near` names
    the mapping of that kind whose header the file's is almost."""
    table = open_table(name, content, options)
    header_row = find_header_row(table, options)
    table = name_columns_of(table, header_row)
    kind = BILL if table.fixed is not None else BY_KEY.get(str(options.get("kind") or ""))
    kind = kind or guess_kind(read_columns(table, header_row), headless=not header_row)
    near = find_near(_look(name, content), _known(kind, definitions))
    answer = guess_bill(name, table, options) if kind is BILL else guess_rows(name, table, header_row, kind)
    answer |= {"kind": kind.key, "near": None}
    if near is not None:
        answer["near"] = {"name": near[0], "missing": list(near[1]), "more": list(near[2])}
    return answer


def _look(name: str, content: bytes) -> DocumentHead:
    if is_packed(content):
        return look_into_packed(name, content)
    return (look_into_workbook if media_of(content) in WORKBOOKS else look_into_text)(name, content)


def _known(kind: TableKind, definitions: Definitions) -> list[tuple[str, Claims]]:
    """The mappings of a kind, and what they claim."""
    if kind is BILL:
        return [(mapping.name, mapping.claims) for mapping in open_bill_mappings(definitions.mappings)]
    if kind is BANK:
        return [(mapping.name, mapping.claims) for mapping in open_bank_mappings(definitions.mappings)]
    usage = open_usage_mappings(definitions.mappings)
    return [(mapping.name, mapping.claims) for mapping in usage if mapping.record == kind.record]
