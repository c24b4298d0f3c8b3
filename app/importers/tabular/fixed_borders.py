"""The layout of a text of fixed width as the table `fixed` of a mapping: made of borders between its columns, and
changed where a person moves one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Fixed = dict[str, Any]
TOTALS = "totals"  # the sheet of the line with the sum
BEYOND = 1_000  # so far a last column without a border reaches
_LABEL = re.compile(r"\s*\S+(?: \S+)*")
_SUBTOTAL = re.compile(r"\s*(?:sub[ -]?total|zwischensumme|sous[ -]total)\b", re.IGNORECASE)
_NUMBERED = re.compile(r" \S*[0-9]")  # a word with a digit


def make_layout(
    header: str, borders: Sequence[int], rows: Sequence[str] = (), sums: Sequence[str] = (), length: int = 0
) -> Fixed:
    """The layout with a column between each two borders (before which character, from 0); `sums` are lines that are no
    charges: the one total, where no other comes behind it, is compared, the others are left out."""
    columns = _columns(header, borders, length)
    records: list[Fixed] = [{"prefix": "", "columns": columns}]
    totals = [line for line in sums if not _is_subtotal(line)]
    total = _prefix(totals[0]) if len(totals) == 1 and totals[0] == sums[-1] else None
    for prefix in dict.fromkeys(_prefix(line) for line in sums):
        if prefix == total:
            records.append({"prefix": prefix, "sheet": TOTALS, "columns": columns})
        else:
            records.append({"prefix": prefix, "skip": True})
    made: Fixed = {"record_length": length} if length else {}
    made |= {"header": " ".join(header.split())} if header.strip() else {}
    made |= {"parted": True} if are_parted(borders, rows) else {}
    return made | {"records": records}


def move_borders(fixed: Mapping[str, Any], header: str, borders: Sequence[int], rows: Sequence[str]) -> Fixed:
    """The layout with other borders between its columns. Names are taken anew from the line that holds them; what was
    said of a column that begins where it began stays."""
    length = int(fixed.get("record_length", 0))
    parts = _columns(header, sorted(set(borders)), length)
    columns = [_keep(new, old, header) for new, old in match_columns(columns_of(fixed), parts)]
    records = [{**one, "columns": columns} if one.get("columns") else dict(one) for one in fixed.get("records", [])]
    made = {key: value for key, value in fixed.items() if key not in {"records", "parted"}}
    return made | ({"parted": True} if are_parted(borders, rows) else {}) | {"records": records}


def match_columns(before: Sequence[Fixed], after: Sequence[Fixed]) -> list[tuple[Fixed, Fixed | None]]:
    """Each new column with the one that it was: the one that begins where it begins, or, where a border was moved and
    none added, the one in its place."""
    if len(before) == len(after):
        return list(zip(after, before, strict=True))
    starts = {int(column["start"]): column for column in before}
    return [(column, starts.get(int(column["start"]))) for column in after]


def _keep(column: Fixed, before: Mapping[str, Any] | None, header: str) -> Fixed:
    """A column with what was said of it by hand: its name, its decimals, where its sign stands."""
    if before is None:
        return column
    start, end = int(before["start"]) - 1, int(before["start"]) - 1 + int(before["length"])
    printed = " ".join(header[start:end].split())
    by_hand = before["name"] != printed and bool(printed or not str(before["name"]).startswith("Column "))
    kept = {key: before[key] for key in ("decimals", "sign") if key in before}
    return column | ({"name": before["name"]} if by_hand else {}) | kept


def borders_of(fixed: Mapping[str, Any]) -> list[int]:
    """Before which character (from 0) each column but the first begins."""
    return [int(column["start"]) - 1 for column in columns_of(fixed)[1:]]


def name_columns(fixed: Mapping[str, Any]) -> list[str]:
    """The names of the columns."""
    return [str(column["name"]) for column in columns_of(fixed)]


def are_parted(borders: Sequence[int], rows: Sequence[str]) -> bool:
    """Whether a blank stands at each border in nearly all rows: what runs over it is a fault then."""
    lines = [row for row in rows if row.strip()]
    fine = sum(1 for row in lines if all(_has_blank(row, border) for border in borders))
    return bool(lines) and bool(borders) and fine * 10 >= len(lines) * 9


def _has_blank(row: str, border: int) -> bool:
    return border >= len(row) or row[border - 1 : border].isspace() or row[border].isspace()


def columns_of(fixed: Mapping[str, Any]) -> list[Fixed]:
    """The columns of the records that are charges."""
    for record in fixed.get("records", []):
        if record.get("columns"):
            found: list[dict[str, Any]] = record["columns"]
            return found
    return []


def _columns(header: str, borders: Sequence[int], length: int) -> list[Fixed]:
    starts = [0, *[border for border in borders if border > 0]]
    ends = [*starts[1:], length or max(len(header), starts[-1]) + BEYOND]
    columns: list[Fixed] = []
    taken: set[str] = set()
    for place, (start, end) in enumerate(zip(starts, ends, strict=True), start=1):
        name = " ".join(header[start:end].split()) or f"Column {place}"
        while name.casefold() in taken:
            name = f"{name} {place}"
        taken.add(name.casefold())
        columns.append({"name": name, "start": start + 1, "length": end - start})
    return columns


def _is_subtotal(line: str) -> bool:
    return _SUBTOTAL.match(line) is not None


def _prefix(line: str) -> str:
    """How the line of a sum begins: its words with some of the blanks behind them, which no other text has there. What
    is summed up (a circuit, a site, an account) is another one in the next file, and no part of it."""
    if found := _SUBTOTAL.match(line):
        return found.group()
    label = _LABEL.match(line)
    if label is None:
        return line
    if (numbered := _NUMBERED.search(label.group())) and label.group()[: numbered.start()].strip():
        return label.group()[: numbered.start() + 1]
    behind = line[label.end() :]
    blanks = len(behind) - len(behind.lstrip())
    return line[: label.end() + max(2, blanks // 2)] if blanks >= 2 else line
