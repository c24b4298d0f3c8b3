"""Fixed width: records told apart by how they begin, columns by their place, numbers with implied decimals and the
sign in their last digit. Each kind of record becomes a sheet of its own, so that all else is read as of a workbook."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from app.domain.money import EXACT
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.tabular.cells import Cell, CellFault, header_key, tidy
from app.importers.tabular.definition import TomlTable
from app.importers.tabular.fixed_widths import LineWidths
from app.importers.tabular.sheets import Grid, GridFault, Row, Sheet

LONGEST_RECORD = 32_767
MOST_COLUMNS = 500
SIGNS = ("leading", "trailing", "overpunch")
ABOVE = "above"  # the sheet of the lines above the one with the names of the columns
_WIDE_BLANKS = re.compile(r" {2,}|\t")
_RULE = re.compile(r"[-=_.+|* ]{3,}")
# the zone of the last digit says the sign: { A B … are +0 +1 +2 …, } J K … are -0 -1 -2 …; so EBCDIC reads them too
_PUNCHED = {letter: (str(digit), "") for digit, letter in enumerate("{ABCDEFGHI")} | {
    letter: (str(digit), "-") for digit, letter in enumerate("}JKLMNOPQR")
}


@dataclass(frozen=True, slots=True)
class FixedColumn:
    """A column from character `start` (from 1) of `length`. `decimals` says that it holds digits alone, the last of
    which stand behind the decimal sign that is not printed; None says that it holds text."""

    name: str
    start: int
    length: int
    decimals: int | None = None
    sign: str = "leading"


@dataclass(frozen=True, slots=True)
class FixedRecord:
    """Records that begin with `prefix` (all others where it is ""), and the sheet that they become; None drops them.
    The column `records`, where there is one, says how many records of the kinds `counted` the file has, of all other
    kinds where none are named."""

    prefix: str
    sheet: str | None
    columns: tuple[FixedColumn, ...]
    records: FixedColumn | None = None
    counted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FixedLayout:
    """The records of a file; `length` is that of each record where no line ends stand between them, else 0.

    `header` is the line with the names of the columns, as printed, "" where there is none: what stands above it is no
    record, nor are its repetitions and drawn lines. Where the columns are `parted` by blanks, a value that runs over a
    border is a fault and is not cut in two.
    """

    records: tuple[FixedRecord, ...]
    length: int = 0
    header: str = ""
    parted: bool = False


def read_fixed_layout(table: TomlTable) -> FixedLayout | None:
    """The table `fixed` of a mapping, None where there is none."""
    if "fixed" not in table:
        return None
    fixed = table.table("fixed")
    length = fixed.whole("record_length", 0, 1, LONGEST_RECORD)
    records = tuple(_read_record(one) for one in fixed.tables("records"))
    header, parted = fixed.text("header", ""), fixed.truth("parted")
    fixed.finish()
    if not records:
        raise table.fault("fixed.records", "at least one kind of record is wanted")
    prefixes = [record.prefix for record in records]
    if len(set(prefixes)) != len(prefixes):
        raise table.fault("fixed.records", "two kinds of records have the same prefix")
    for prefix in (one for record in records for one in record.counted):
        if prefix not in prefixes:
            raise table.fault("fixed.records.counted", f"no kind of record has the prefix '{prefix}'")
    if header and any(record.sheet == ABOVE for record in records):
        raise table.fault("fixed.records", f"the sheet '{ABOVE}' is that of the lines above the header")
    return FixedLayout(tuple(sorted(records, key=lambda one: -len(one.prefix))), length, header_key(header), parted)


def _read_record(table: TomlTable) -> FixedRecord:
    skipped = table.truth("skip")
    counting = table.text("records", "")
    columns = tuple(_read_column(one) for one in table.tables("columns"))
    record = FixedRecord(
        prefix=table.text("prefix", ""),
        sheet=None if skipped else table.text("sheet", ""),
        columns=columns,
        records=next((one for one in columns if one.name == counting), None) if counting else None,
        counted=table.texts("counted"),
    )
    table.finish()
    if counting and (record.records is None or record.records.decimals not in (None, 0)):
        raise table.fault("records", "the name of a column of this record without decimals is wanted")
    if record.counted and not counting:
        raise table.fault("counted", "records must name the column with their number")
    if not skipped and not 0 < len(record.columns) <= MOST_COLUMNS:
        raise table.fault("columns", f"1 to {MOST_COLUMNS} columns are wanted")
    return record


def _read_column(table: TomlTable) -> FixedColumn:
    decimals = table.whole("decimals", -1, 0, 10)
    found = FixedColumn(
        name=table.text("name"),
        start=table.whole("start", 0, 1, LONGEST_RECORD),
        length=table.whole("length", 0, 1, LONGEST_RECORD),
        decimals=None if decimals < 0 else decimals,
        sign=table.choice("sign", SIGNS, "leading"),
    )
    table.finish()
    if not found.start or not found.length:
        raise table.fault("start", "start (from 1) and length are wanted")
    return found


def read_fixed(text: str, layout: FixedLayout) -> Grid:
    """The records of `text`, a sheet for each kind; raises GridFault for a record of no known kind."""
    names = list(dict.fromkeys(record.sheet for record in reversed(layout.records) if record.sheet is not None))
    rows: dict[str, list[Row]] = {name: [] for name in names}
    for record in layout.records:
        if record.sheet is not None and not rows[record.sheet]:
            # the names stand above the first line
            rows[record.sheet].append(Row(0, tuple(column.name for column in record.columns)))
    met: Counter[str] = Counter()
    counts: list[tuple[FixedRecord, int, Cell]] = []
    above: list[Row] = []
    widths = LineWidths()
    begun = not layout.header
    for number, line in _records(text, layout.length):
        if not line.strip():
            continue
        if layout.header:
            if header_key(line) == layout.header:
                begun = True
                continue
            if not begun:
                above.append(Row(number, tuple(tidy(part) for part in _WIDE_BLANKS.split(line.strip()))))
                continue
            if is_rule(line):
                continue
        kind = next((record for record in layout.records if line.startswith(record.prefix)), None)
        if kind is None:
            what = f"No kind of record begins as this one does: '{line[:20].strip()}'."
            remedy = "Add its prefix under [[fixed.records]] in the mapping; skip = true leaves such records out."
            raise GridFault("unknown-record", what, remedy, Source(row=number))
        met[kind.prefix] += 1
        if kind.records is not None:
            counts.append((kind, number, cut_cell(line, kind.records)))
        if kind.sheet is not None:
            widths.meet(kind.prefix, number, line)
            rows[kind.sheet].append(Row(number, cut_row(line, kind.columns, parted=layout.parted)))
    if not begun:
        what = "No line holds the names of the columns as the mapping has them."
        raise GridFault("no-header", what, "Look whether this is the right file, or change header under [fixed].")
    issues = tuple(issue for one in counts if (issue := _compare_count(*one, met)) is not None)
    if not layout.parted:
        issues += widths.tell_odd()
    for kind in layout.records:
        ends = [
            (column.start - 1, column.start - 1 + column.length - (column.sign == "trailing"))
            for column in kind.columns
            if column.decimals is not None
        ]
        issues += widths.tell_cut(kind.prefix, ends)
    sheets = [Sheet(name, tuple(found)) for name, found in rows.items()]
    return Grid((*sheets, *([Sheet(ABOVE, tuple(above))] if above else [])), issues=issues)


def is_rule(line: str) -> bool:
    """Whether a line is drawn, not written."""
    return _RULE.fullmatch(line) is not None


def cut_row(line: str, columns: tuple[FixedColumn, ...], *, parted: bool) -> tuple[Cell, ...]:
    """The cells of a record; where its columns are `parted`, a value that runs over a border is a fault."""
    cells = [cut_cell(line, column) for column in columns]
    for place, column in enumerate(columns if parted else ()):
        start, end = column.start - 1, column.start - 1 + column.length
        if _runs_over(line, start) or _runs_over(line, end):
            cells[place] = CellFault(line[start:end].strip()[:64], "it runs over the border of its column")
    return tuple(cells)


def _runs_over(line: str, border: int) -> bool:
    """Whether no blank stands on either side of a border."""
    return 0 < border < len(line) and not line[border - 1].isspace() and not line[border].isspace()


def _compare_count(kind: FixedRecord, number: int, cell: Cell, met: Mapping[str, int]) -> ParseIssue | None:
    """A WARNING where a record says another number of records than there are, or none that can be read."""
    found = sum(met[one] for one in kind.counted) if kind.counted else sum(met.values()) - met[kind.prefix]
    said = str(cell)
    if said.isascii() and said.isdigit() and int(said) == found:
        return None
    message = f"The file says that it has {said[:20] or 'no'} records, but {found:,} were found."
    remedy = "Ask the carrier for the whole file; or look whether the mapping counts the kinds that the carrier counts."
    place = Source(sheet=kind.sheet or "", row=number)
    return ParseIssue(Severity.WARNING, "record-count-differs", message, remedy, place)


def _records(text: str, length: int) -> Iterator[tuple[int, str]]:
    """Records with their numbers from 1; raises GridFault for one that is cut off or far too long."""
    if length:
        body = text.rstrip("\r\n\x1a")
        for number, start in enumerate(range(0, len(body), length), start=1):
            line = body[start : start + length]
            if len(line) < length and line.strip():
                what = f"The last record has {len(line)} characters, and each has {length}."
                raise GridFault("broken-records", what, "Ask the carrier for the whole file.", Source(row=number))
            yield number, line
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_RECORD:
            what = f"The record is longer than {LONGEST_RECORD:,} characters."
            raise GridFault("beyond-limits", what, "Give the mapping record_length under [fixed].", Source(row=number))
        yield number, line.rstrip("\r\x85\x1a")


def cut_cell(line: str, column: FixedColumn) -> Cell:
    """The cell of one column in a record; digits that are none are kept as a fault that is told when they are read."""
    printed = line[column.start - 1 : column.start - 1 + column.length].strip()
    if column.decimals is None or not printed:
        return tidy(printed)
    digits, minus = _split_sign(printed, column.sign)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 30):
        form = {"overpunch": "digits with the sign in the last one", "trailing": "digits with a sign behind them"}
        return CellFault(printed[:64], f"{form.get(column.sign, 'digits with a sign before them')} are wanted")
    with localcontext(EXACT):
        return Decimal(f"{minus}{digits}").scaleb(-column.decimals) + 0


def _split_sign(printed: str, sign: str) -> tuple[str, str]:
    if sign == "overpunch":
        digit, minus = _PUNCHED.get(printed[-1], (printed[-1], ""))
        return printed[:-1] + digit, minus
    if sign == "trailing":
        return (printed[:-1].rstrip(), "-") if printed.endswith("-") else (printed.removesuffix("+").rstrip(), "")
    return (printed[1:].lstrip(), "-") if printed.startswith("-") else (printed.removeprefix("+").lstrip(), "")
