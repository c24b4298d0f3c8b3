"""A table before it has a mapping: what a person is shown of it, read in bounded time. Nothing is guessed of its
encoding: where it has no byte order mark and is not UTF-8, the readings that differ are shown side by side."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.importers.faults import DocumentFault
from app.importers.tabular.cells import Cell, header_key, read_text, tidy
from app.importers.tabular.definition import MappingFault, TomlTable
from app.importers.tabular.delimited import find_delimiter, rank_delimiters, stream_csv
from app.importers.tabular.fixed import ABOVE, read_fixed, read_fixed_layout
from app.importers.tabular.fixed_borders import TOTALS, borders_of, make_layout
from app.importers.tabular.grid import WORKBOOKS
from app.importers.tabular.guess_fixed import find_record_length, guess_fixed, split_lines
from app.importers.tabular.guess_header import guess_header
from app.importers.tabular.ole2 import MAGIC
from app.importers.tabular.sheets import Grid, GridFault, Row, Sheet
from app.importers.tabular.workbook import read_workbook
from app.importers.usage.source import GZIP, unpack
from app.importers.values import BadEncoding, BadValue, decode_text

ENCODINGS = ("cp1252", "iso-8859-1", "iso-8859-15", "cp1250", "cp437", "cp850", "mac_roman", "cp037")
MOST_ROWS = 200
MOST_SHEETS = 60
MOST_COLUMNS = 300
MOST_LINES = 12  # that the encodings read differently
READ_ROWS = 2_000  # for a guess
_LONGEST_SHOWN = 300
_LONGEST_LINE = 2_000
_UNPACKED = 1 << 20
FIXED = "fixed"
_EVEN = 80  # per cent of the rows that a delimiter must part alike
_FEWEST = 3  # columns that a text must have to be taken for one of fixed width


@dataclass(frozen=True, slots=True)
class Table:
    """The sheet that is looked at, what there is beside it, and how it was opened."""

    media: str
    grid: Grid
    sheet: Sheet
    delimiter: str = ""
    encoding: str = ""
    readings: tuple[dict[str, Any], ...] = ()
    fixed: dict[str, Any] | None = None  # of fixed width: the table of the mapping, and its lines as printed
    lines: tuple[tuple[int, str], ...] = ()
    header_line: int = 0


def open_table(name: str, content: bytes, options: Mapping[str, Any]) -> Table:
    """The table as `options` say: encoding, delimiter ("fixed" for a text of fixed width), sheet, header_row, fixed (as
    in a mapping), record_length. Raises GridFault."""
    if not content.strip():
        raise GridFault("empty", f"'{name}' is empty.", "Ask the carrier for it again.")
    if content.startswith(GZIP):  # of what is packed only the beginning is looked at
        try:
            content = unpack(io.BytesIO(content), name).read(_UNPACKED)
        except DocumentFault as fault:
            raise GridFault(fault.code, str(fault), "Ask for the file again.") from fault
        options = {**options, "cut": len(content) == _UNPACKED}
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
    if (fixed := _find_fixed(text, options)) is not None:
        return _open_fixed(name, text, fixed, bool(options.get("cut")), encoding, readings)
    delimiter = str(options.get("delimiter") or "") or find_delimiter(text)
    if len(delimiter) != 1:
        raise GridFault("bad-delimiter", "A delimiter is one character.", "Choose another one.")
    sheet = Sheet("", tuple(_first_rows(text, delimiter, bool(options.get("cut")))))
    return Table("csv", Grid((sheet,)), sheet, delimiter, encoding, readings)


def _find_fixed(text: str, options: Mapping[str, Any]) -> dict[str, Any] | None:
    """The table `fixed` for a text that is of fixed width, by a person's choice or since no delimiter parts it."""
    given = options.get("fixed")
    if isinstance(given, dict) and given:
        return given
    wanted = str(options.get("delimiter") or "")
    if wanted and wanted != FIXED:
        return None
    even = 0 if wanted else rank_delimiters(text)[1]
    if even >= _EVEN:
        return None
    header_row, length = int(options.get("header_row") or 0), int(options.get("record_length") or 0)
    found = guess_fixed(text, header_row, length)
    if found is None and wanted:
        return make_layout("", [], length=length or find_record_length(text))
    return found if wanted or not even or (found is not None and len(borders_of(found)) + 1 >= _FEWEST) else None


def _open_fixed(
    name: str, text: str, fixed: dict[str, Any], cut: bool, encoding: str, readings: tuple[dict[str, Any], ...]
) -> Table:
    try:
        layout = read_fixed_layout(TomlTable({"fixed": fixed}, name))
    except MappingFault as fault:
        raise GridFault("broken-layout", str(fault), "Set other borders between the columns.") from fault
    if layout is None:
        raise GridFault("broken-layout", "The layout has no columns.", "Say where a column begins.")
    if cut and layout.length:
        text = text[: len(text) // layout.length * layout.length]
    lines = tuple(split_lines(text, layout.length)[:MOST_ROWS])
    grid = read_fixed(text, layout)
    sheets = [sheet for sheet in grid.sheets if sheet.name not in (ABOVE, TOTALS)]
    sheet = max(sheets or grid.sheets, key=lambda one: len(one.rows))
    header = next((number for number, line in lines if layout.header and header_key(line) == layout.header), 0)
    return Table("fixed", grid, sheet, FIXED, encoding, readings, fixed, lines, header)


def preview(name: str, content: bytes, options: Mapping[str, Any]) -> dict[str, Any]:
    """The first rows as text, with the header as it seems, and all that a person can choose."""
    table = open_table(name, content, options)
    header = find_header_row(table, options)
    table = name_columns_of(table, header)
    rows = table.sheet.rows[:MOST_ROWS]
    sheets = (
        []
        if table.fixed
        else [{"name": one.name, "hidden": one.hidden.sheet} for one in (*table.grid.sheets, *table.grid.unseen)]
    )
    return {
        "media": table.media,
        "sheets": sheets[:MOST_SHEETS],
        "sheet": table.sheet.name,
        "rows": [{"row": row.number, "cells": [show(cell) for cell in row.cells[:MOST_COLUMNS]]} for row in rows],
        "header_row": header,
        "delimiter": table.delimiter,
        "encoding": table.encoding,
        "readings": list(table.readings),
        "fixed": table.fixed,
        "lines": [[number, line[:_LONGEST_LINE].replace("\t", " ")] for number, line in table.lines],
        "header_line": table.header_line,
        "hidden_rows": sorted(table.sheet.hidden.rows & {row.number for row in rows}),
        "hidden_columns": sorted(number for number in table.sheet.hidden.columns if number <= MOST_COLUMNS),
    }


def find_header_row(table: Table, options: Mapping[str, Any]) -> int:
    """The number of the row with the names, 0 where there is none (header_row -1 says so); of fixed width they stand
    above the first row, in row 0."""
    wanted = int(options.get("header_row") or 0)
    if table.fixed is not None or wanted < 0:
        return 0
    return wanted or guess_header(table.sheet.rows)


def name_columns_of(table: Table, header_row: int) -> Table:
    """A CSV with numbers for names in a row 0 of its own, where no row holds names."""
    rows = table.sheet.rows
    if header_row or not rows or rows[0].number == 0 or table.media != "csv":
        return table
    width = min(MOST_COLUMNS, max(len(row.cells) for row in rows))
    names = Row(0, tuple(str(number + 1) for number in range(width)))
    return replace(table, sheet=replace(table.sheet, rows=(names, *rows)))


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
