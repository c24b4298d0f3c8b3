"""A table before it has a mapping: what a person is shown of it, read in bounded time. Nothing is guessed of its
encoding: where it has no byte order mark and is not UTF-8, the readings that differ are shown side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.importers.tabular.cells import Cell, read_text, tidy
from app.importers.tabular.definition import TomlTable
from app.importers.tabular.delimited import find_delimiter, stream_csv
from app.importers.tabular.fixed import read_fixed, read_fixed_layout
from app.importers.tabular.grid import WORKBOOKS
from app.importers.tabular.guess_header import guess_header
from app.importers.tabular.ole2 import MAGIC
from app.importers.tabular.sheets import Grid, GridFault, Row, Sheet
from app.importers.tabular.workbook import read_workbook
from app.importers.values import BadEncoding, BadValue, decode_text

ENCODINGS = ("cp1252", "iso-8859-1", "iso-8859-15", "cp1250", "cp437", "cp850", "mac_roman", "cp037")
MOST_ROWS = 200
MOST_SHEETS = 60
MOST_COLUMNS = 300
MOST_LINES = 12  # that the encodings read differently
READ_ROWS = 2_000  # for a guess
_LONGEST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Table:
    """The sheet that is looked at, what there is beside it, and how it was opened."""

    media: str
    grid: Grid
    sheet: Sheet
    delimiter: str = ""
    encoding: str = ""
    readings: tuple[dict[str, Any], ...] = ()


def open_table(name: str, content: bytes, options: Mapping[str, Any]) -> Table:
    """The table as `options` say: encoding, delimiter, sheet, fixed (as in a mapping). Raises GridFault."""
    if not content.strip():
        raise GridFault("empty", f"'{name}' is empty.", "Ask the carrier for it again.")
    media = media_of(content)
    if media in WORKBOOKS:
        grid = read_workbook(content, READ_ROWS)
        return Table(media, grid, _choose_sheet(grid, str(options.get("sheet") or "")))
    encoding = str(options.get("encoding") or "")
    beyond = str(options.get("beyond") or "").encode("latin-1", "replace")
    readings = compare_readings(content, beyond)
    nothing = Sheet("", ())
    if readings and not encoding:
        return Table("csv", Grid((nothing,)), nothing, readings=readings)
    try:
        text = decode_text(content, encoding or None, name=name)
    except BadValue as fault:
        raise GridFault("bad-encoding", str(fault), "Choose another encoding, or save the file as UTF-8.") from fault
    fixed = read_fixed_layout(TomlTable({"fixed": options["fixed"]}, name)) if options.get("fixed") else None
    if fixed is not None:
        grid = read_fixed(text, fixed)
        sheet = _choose_sheet(grid, str(options.get("sheet") or ""))
        return Table("fixed", grid, sheet, "", encoding, readings)
    delimiter = str(options.get("delimiter") or "") or find_delimiter(text)
    if len(delimiter) != 1:
        raise GridFault("bad-delimiter", "A delimiter is one character.", "Choose another one.")
    sheet = Sheet("", tuple(_first_rows(text, delimiter, bool(options.get("cut")))))
    return Table("csv", Grid((sheet,)), sheet, delimiter, encoding, readings)


def preview(name: str, content: bytes, options: Mapping[str, Any]) -> dict[str, Any]:
    """The first rows as text, with the header as it seems, and all that a person can choose."""
    table = open_table(name, content, options)
    rows = table.sheet.rows[:MOST_ROWS]
    header = int(options.get("header_row") or 0) or guess_header(table.sheet.rows)
    sheets = [{"name": one.name, "hidden": one.hidden.sheet} for one in (*table.grid.sheets, *table.grid.unseen)]
    return {
        "media": table.media,
        "sheets": sheets[:MOST_SHEETS],
        "sheet": table.sheet.name,
        "rows": [{"row": row.number, "cells": [show(cell) for cell in row.cells[:MOST_COLUMNS]]} for row in rows],
        "header_row": header,
        "delimiter": table.delimiter,
        "encoding": table.encoding,
        "readings": list(table.readings),
        "hidden_rows": sorted(table.sheet.hidden.rows & {row.number for row in rows}),
        "hidden_columns": sorted(number for number in table.sheet.hidden.columns if number <= MOST_COLUMNS),
    }


def media_of(content: bytes) -> str:
    """What kind of table the bytes are, by how they begin."""
    if content.startswith(MAGIC):
        return "xls"
    if content.startswith(b"PK"):
        return "ods" if b"opendocument.spreadsheet" in content[:200] else "xlsx"
    return "csv"


def show(cell: Cell) -> str:
    """The cell as text, whatever it holds."""
    try:
        return read_text(cell)[:_LONGEST_SHOWN]
    except BadValue:
        return str(cell)[:_LONGEST_SHOWN]


def compare_readings(content: bytes, beyond: bytes = b"") -> tuple[dict[str, Any], ...]:
    """How each encoding reads the first lines that are not plain ASCII; nothing where the bytes say what they are.

    `beyond` are lines from further on in the file that are not UTF-8. Encodings that read all lines alike are told
    together: which of them is chosen makes no difference to these lines.
    """
    try:
        decode_text(content)
        if not beyond:
            return ()
    except BadEncoding:
        pass
    except BadValue:
        return ()  # zero bytes: no text in any of them
    lines = [(number, line) for number, line in _lines(content, beyond) if not line.isascii()][:MOST_LINES]
    found: dict[tuple[str, ...], list[str]] = {}
    for encoding in ENCODINGS:
        try:
            read = tuple(tidy(line.decode(encoding))[:_LONGEST_SHOWN] for _number, line in lines)
        except (UnicodeDecodeError, UnicodeError):
            continue
        found.setdefault(read, []).append(encoding)
    return tuple(
        {"encodings": names, "lines": [[number, line] for (number, _), line in zip(lines, read, strict=True)]}
        for read, names in found.items()
    )


def _lines(content: bytes, beyond: bytes) -> list[tuple[int, bytes]]:
    first = [(number, line[:2_000]) for number, line in enumerate(content.splitlines()[:20_000], start=1)]
    return first + [(0, line[:2_000]) for line in beyond.splitlines()]


def _choose_sheet(grid: Grid, name: str) -> Sheet:
    """The sheet `name`, else the visible one with most rows."""
    every = (*grid.sheets, *grid.unseen)
    if not every:
        raise GridFault("empty", "The workbook has no sheets with cells.", "Look whether it is the right file.")
    chosen = next((sheet for sheet in every if sheet.name == name), None)
    return chosen or max(grid.sheets or every, key=lambda sheet: len(sheet.rows))


def _first_rows(text: str, delimiter: str, cut: bool) -> Sequence[Row]:
    """The first rows; where the text is `cut` off, a fault in its last rows is that of the cut."""
    rows: list[Row] = []
    try:
        for row in stream_csv(text, delimiter):
            rows.append(row)
            if len(rows) == READ_ROWS:
                return rows
    except GridFault:
        if not cut or len(rows) < 2:
            raise
    return rows[:-1] if cut and len(rows) > 2 else rows
