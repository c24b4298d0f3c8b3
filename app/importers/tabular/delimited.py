"""CSV: strict decoding, a delimiter that is proven by counting, limits on lines, columns and cells."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO

from app.domain.source import Source
from app.importers.tabular.cells import LONGEST_CELL, tidy
from app.importers.tabular.sheets import MAX_COLUMNS, GridFault, Row
from app.importers.values import BadValue, decode_text

DELIMITERS = (",", ";", "\t", "|")
LONGEST_LINE = 1_000_000
_SAMPLE_ROWS = 30
_SAMPLE_CHARACTERS = 65_536


def decode_table(content: bytes, encoding: str | None = None) -> str:
    """The text of a CSV; raises GridFault where it is not in the encoding."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG")):
        raise GridFault("not-a-table", "The file is not text.", "Save it as CSV (UTF-8) and import that.")
    try:
        return decode_text(content, encoding)
    except BadValue as fault:
        remedy = "Save the file as UTF-8, or name its encoding in the mapping: encoding under [format]."
        raise GridFault("bad-encoding", str(fault), remedy) from fault


def find_delimiter(text: str) -> str:
    """The delimiter that gives the header and the first rows the same number of columns; ',' where none gives two.

    Counting alone decides: guessers take letters for delimiters and hang on hostile files.
    """
    return rank_delimiters(text)[0]


def rank_delimiters(text: str) -> tuple[str, int]:
    """That delimiter, and how many per cent of the first rows have as many columns as most; 0 where none gives two.

    One under which text stands behind a closing quotation mark is no delimiter, unless that is so under all of them.
    """
    return _rank(text, strict=True) or _rank(text, strict=False) or (",", 0)


def _rank(text: str, *, strict: bool) -> tuple[str, int] | None:
    best, best_rank = "", (0, 0)
    for delimiter in DELIMITERS:
        counts = _count_columns(text, delimiter, strict=strict)
        if not counts:
            continue
        columns, rows = max(Counter(counts).items(), key=lambda item: (item[1], item[0]))
        if columns < 2:
            continue
        rank = (rows * 100 // len(counts), columns)
        if rank > best_rank:
            best, best_rank = delimiter, rank
    return (best, best_rank[0]) if best else None


def _count_columns(text: str, delimiter: str, *, strict: bool) -> list[int]:
    """Columns of the first filled rows under `delimiter`; the last row may be cut off and does not count."""
    part = text[:_SAMPLE_CHARACTERS]
    cut = len(text) > len(part)
    counts = []
    lines = StringIO(part, newline="")
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=strict)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                counts.append(len(cells))
            if len(counts) > _SAMPLE_ROWS:
                break
    except csv.Error:
        # the end of what is looked at may stand between two quotation marks
        return counts if cut and lines.tell() == len(part) else []
    return counts[:-1] if len(counts) > 1 and cut else counts


def stream_csv(text: str, delimiter: str) -> Iterator[Row]:
    """The filled rows of a CSV one by one. A row's number is that of its first line; raises GridFault at the row."""
    reader = csv.reader(_lines(text), delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=True)
    first = 1
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise _beyond(first, f"it has {len(cells):,} columns, and {MAX_COLUMNS:,} are the most")
            if any(cells):
                if max(map(len, cells)) > LONGEST_CELL:
                    raise _beyond(first, f"a cell is longer than {LONGEST_CELL:,} characters")
                tidied = tuple([tidy(cell) for cell in cells])
                if any(tidied):
                    yield Row(first, tidied)
            first = reader.line_num + 1
    except csv.Error as fault:
        what = f"The row that begins in line {first} is not CSV: {fault}."
        remedy = 'Look for a quotation mark (") that is opened and not closed there, and save the file again.'
        raise GridFault("broken-csv", what, remedy, Source(row=first)) from fault


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(StringIO(text, newline=""), start=1):
        if len(line) > LONGEST_LINE:
            raise _beyond(number, f"the line is longer than {LONGEST_LINE:,} characters")
        yield line


def _beyond(row: int, what: str) -> GridFault:
    remedy = "If the file is honest, split it and import the parts; else look where it comes from."
    return GridFault("beyond-limits", f"The table cannot be read: {what}.", remedy, Source(row=row))
