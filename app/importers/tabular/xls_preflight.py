"""What an old workbook (.xls) would cost to read, counted record by record before any reader of workbooks sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import error, unpack_from

from app.importers.tabular.ole2 import NotOle2, Ole2
from app.importers.tabular.preflight import MAX_AREA, MAX_CELLS, MAX_SHEETS, PartFacts, beyond, broken, encrypted
from app.importers.tabular.sheets import MAX_COLUMNS, GridFault

MOST_RECORDS = 10_000_000
_BIFF8 = 0x0600
_BOF, _EOF, _FILEPASS, _SHEET, _SST, _DIMENSIONS = 0x0809, 0x000A, 0x002F, 0x0085, 0x00FC, 0x0200
_ROW, _COLUMNS, _FORMULA, _BOOL_OR_ERROR, _SEVERAL = 0x0208, 0x007D, 0x0006, 0x0205, 0x00BD
_FILLED = {0x00FD, 0x0204, 0x0203, 0x027E, 0x00D6, _FORMULA, _BOOL_OR_ERROR, _SEVERAL}
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_LONGEST_PIECE = 8_228


@dataclass(slots=True)
class _Book:
    """Where the sheets begin, in the order of the tabs, and what is known of each by that place."""

    places: list[int] = field(default_factory=list)
    facts: dict[int, PartFacts] = field(default_factory=dict)


def inspect_old_workbook(content: bytes) -> tuple[PartFacts, ...]:
    """What is to be known of each sheet, in the order of the tabs.

    Raises GridFault unless `content` is an unencrypted workbook of 1997 or later within the limits.
    """
    try:
        container = Ole2(content)
        if container.find("EncryptedPackage", "EncryptionInfo") is not None:
            raise encrypted()
        entry = container.find("Workbook")
        if entry is None:
            raise too_old() if container.find("Book") is not None else broken("it holds no workbook")
        book = _walk(container.read(entry))
    except (NotOle2, error, IndexError) as fault:
        raise broken(str(fault)) from fault
    return tuple(book.facts.get(place, PartFacts()) for place in book.places)


def too_old() -> GridFault:
    """The fault of a workbook from before 1997."""
    what = "The workbook is of a kind from before 1997, which is not read."
    return GridFault("old-workbook", what, "Open it in a spreadsheet program and save it as .xlsx.")


def _walk(data: bytes) -> _Book:
    book, place, count, depth = _Book(), 0, 0, 0
    begin, sheet = 0, PartFacts()
    while place + 4 <= len(data):
        kind, length = unpack_from("<HH", data, place)
        body = place + 4
        if kind == 0 and length == 0:
            break  # the stream is filled up with zeros
        if length > _LONGEST_PIECE or body + length > len(data):
            raise broken(f"a record at byte {place:,} is longer than the workbook")
        count += 1
        if count > MOST_RECORDS:
            raise beyond(f"it has more than {MOST_RECORDS:,} records")
        if kind == _BOF:
            if depth == 0:
                begin, sheet = place, PartFacts()
                book.facts[begin] = sheet
                if unpack_from("<H", data, body)[0] != _BIFF8:
                    raise too_old()
            depth += 1
        elif kind == _EOF:
            depth -= 1
        elif kind == _FILEPASS:
            raise encrypted()
        elif kind == _SHEET:
            _list_sheet(book, data, body, len(data))
        elif kind == _SST:
            _check_words(data, body)
        elif depth == 1:
            _look(sheet, kind, length, data, body)
        place = body + length
    return book


def _list_sheet(book: _Book, data: bytes, body: int, size: int) -> None:
    start = unpack_from("<I", data, body)[0]
    if start >= size:
        raise broken("a sheet lies beyond its end")
    book.places.append(start)
    if len(book.places) > MAX_SHEETS:
        raise beyond(f"it names more than {MAX_SHEETS} sheets")


def _check_words(data: bytes, body: int) -> None:
    """A text takes three bytes at least: more of them than there is room for is a lie that costs memory."""
    if unpack_from("<I", data, body + 4)[0] > len(data) // 3:
        raise broken("it says that it has more texts than it has room for")


def _look(sheet: PartFacts, kind: int, length: int, data: bytes, body: int) -> None:
    if kind in _FILLED:
        row, column = unpack_from("<HH", data, body)
        last = column + (length - 6) // 6 - 1 if kind == _SEVERAL else column
        if kind == _BOOL_OR_ERROR:
            code, is_error = unpack_from("<BB", data, body + 6)
            if is_error:
                sheet.errors[row + 1, column + 1] = _ERRORS.get(code, "#ERROR")
        elif kind == _FORMULA and data[body + 6] == 2 and data[body + 12 : body + 14] == b"\xff\xff":
            sheet.errors[row + 1, column + 1] = _ERRORS.get(data[body + 8], "#ERROR")
        _measure(sheet, row + 1, last + 1, last - column + 1)
    elif kind == _DIMENSIONS:
        _first, rows, _left, columns = unpack_from("<IIHH", data, body)
        if rows * columns > MAX_AREA:
            raise beyond(f"a sheet says that it has {rows:,} rows of {columns:,} columns")
    elif kind == _ROW:
        row, flags = unpack_from("<H", data, body)[0], unpack_from("<H", data, body + 12)[0]
        if flags & 0x20:
            sheet.hidden_rows.add(row + 1)
    elif kind == _COLUMNS:
        left, right, _width, _format, flags = unpack_from("<HHHHH", data, body)
        if flags & 1 and right < 256:
            sheet.hidden_columns.update(range(left + 1, right + 2))


def _measure(sheet: PartFacts, row: int, column: int, cells: int) -> None:
    sheet.cells += cells
    sheet.last_row, sheet.widest = max(sheet.last_row, row), max(sheet.widest, column)
    if sheet.cells > MAX_CELLS or sheet.last_row * sheet.widest > MAX_AREA or sheet.widest > MAX_COLUMNS:
        raise beyond(f"a sheet is filled up to row {sheet.last_row:,} and column {sheet.widest:,}")
