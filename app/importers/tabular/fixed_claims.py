"""By what the next file of a layout of fixed width is known again: the line with the names, as printed; else the file's
name, the length of its lines and the columns of figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.importers.tabular.cells import header_key
from app.importers.tabular.fixed import is_rule
from app.importers.tabular.fixed_borders import name_columns

_FIGURES = re.compile(r"[-+ ]?[0-9][0-9.,/: -]*[-+]?", re.ASCII)
_CHANGING = re.compile(r"[0-9]+(?:[-_. ]?[0-9]+)*")
_WILD = re.compile(r"[\[\]?*]")


def claim_fixed(fixed: Mapping[str, Any], lines: Sequence[tuple[int, str]], file: str) -> dict[str, Any]:
    """The table `claims` of a mapping."""
    header = next((line for _number, line in lines if header_key(line) == header_key(str(fixed.get("header", "")))), "")
    if fixed.get("header") and header:
        return {"media": "fixed", "columns": name_columns(fixed), "text": header.strip()}
    rows = [line for _number, line in lines if not is_rule(line)]
    lengths = {len(line) for line in rows}
    claims: dict[str, Any] = {"media": "fixed", "file": name_pattern(file)}
    if len(lengths) == 1 and not fixed.get("record_length"):
        claims["length"] = lengths.pop()
    plain = [record for record in fixed.get("records", []) if record.get("columns") and not record.get("prefix")]
    digits = [column["name"] for record in plain for column in record["columns"] if _holds_figures(column, rows)]
    return claims | ({"digits": digits} if digits and not fixed.get("record_length") else {})


def _holds_figures(column: Mapping[str, Any], rows: Sequence[str]) -> bool:
    start = int(column["start"]) - 1
    cells = [row[start : start + int(column["length"])].strip() for row in rows]
    return any(cells) and all(_FIGURES.fullmatch(cell) for cell in cells if cell)


def name_pattern(file: str) -> str:
    """The name of the file with * for what changes from month to month, its digits."""
    stem, dot, suffix = file.rpartition(".")
    found = _CHANGING.sub("*", _WILD.sub("*", stem or file))
    return f"{found}{dot}{suffix}" if dot else found
