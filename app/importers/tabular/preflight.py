"""What a workbook would cost to read, measured part by part before any reader of workbooks sees it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from copy import copy
from xml.parsers import expat

from app.domain.source import Source
from app.importers.tabular.sheets import MAX_COLUMNS, MAX_ROWS, GridFault

MAX_PARTS = 2_000
MAX_UNPACKED = 300_000_000
MAX_RATIO = 250  # honest sheets of equal rows come to about 100
MAX_SHEETS = 250
MAX_CELLS = 5_000_000
MAX_AREA = 10_000_000  # cells between A1 and the last filled one: the reader reserves memory for all of them
_RATIO_COUNTS_FROM = 1_000_000
_CHUNK = 1 << 16
_DIGITS = "0123456789"
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[ />]')
_ANY_CELL = re.compile(rb"<(?:[^\s<>/!?:]+:)?c[\s/>]")


def inspect_workbook(content: bytes) -> None:
    """Raise GridFault unless `content` is an unencrypted XLSX within the limits, whose parts are as long as it says."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        what = "The workbook is encrypted or of the old .xls kind."
        raise GridFault("encrypted", what, "Open it with its password and save it as .xlsx without one.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_parts(parts, len(content))
            for part in parts:
                _read_part(archive, part)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as fault:
        raise _broken(str(fault)) from fault


def _check_parts(parts: list[zipfile.ZipInfo], size: int) -> None:
    names = [part.filename for part in parts]
    if "xl/workbook.xml" not in names or len(set(names)) != len(names):
        raise _broken("it is no XLSX workbook")
    if any(part.flag_bits & 1 for part in parts):
        what = "Parts of the workbook are encrypted."
        raise GridFault("encrypted", what, "Save it without a password and import that.")
    if len(parts) > MAX_PARTS:
        raise _beyond(f"it consists of {len(parts):,} parts, and {MAX_PARTS:,} are the most")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED:
        raise _beyond(f"it unpacks to {unpacked:,} bytes, and {MAX_UNPACKED:,} are the most")
    if unpacked > _RATIO_COUNTS_FROM and unpacked > size * MAX_RATIO:
        raise _beyond(f"it unpacks to {unpacked // max(size, 1):,} times its size, and {MAX_RATIO} times is the most")


def _read_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack `part` in pieces; it must be as long as it says, and a worksheet's cells within the limits."""
    if not part.filename.endswith((".xml", ".rels", ".vml")):
        for _piece in _unpack(archive, part):
            pass
        return
    quick = _PartReader(part.filename, exact=False)
    for piece in _unpack(archive, part):
        quick.feed(piece)
    if part.file_size:
        quick.finish()
    if quick.doubtful:  # what is beyond the limits may be empty cells, which cost nothing: look at each
        exact = _PartReader(part.filename, exact=True)
        for piece in _unpack(archive, part):
            exact.feed(piece)
        exact.finish()


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    unbounded = copy(part)
    unbounded.file_size = part.file_size + 1  # zipfile stops at this length: one byte more shows a lie
    length = 0
    with archive.open(unbounded) as stream:
        while piece := stream.read(_CHUNK):
            length += len(piece)
            yield piece
    if length != part.file_size:
        raise _broken(f"{part.filename[:80]} is longer or shorter than the archive says")


class _PartReader:
    """Reads a part's XML as it goes by: refuses document types, and measures the cells of a worksheet.

    Quickly: cells written as spreadsheet programs write them are counted by pattern, all as filled; where one is
    written otherwise, or a limit is passed, it is `doubtful`. Exactly: element by element, filled cells only.
    """

    def __init__(self, part: str, *, exact: bool) -> None:
        self.part, self.exact = part[:80], exact
        self.row = self.column = self.cells = self.last_row = self.sheets = 0
        self.columns: set[str] = set()
        self.widest = 0
        self.place = (0, "")
        self.is_sheet = self.doubtful = False
        self.rest = b""
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._root

    def feed(self, piece: bytes) -> None:
        """Read on; raises GridFault."""
        try:
            self.parser.Parse(piece, False)
        except expat.ExpatError as fault:
            raise _broken(f"{self.part} is not well-formed XML ({fault})") from fault
        if self.is_sheet and not self.exact and not self.doubtful:
            self._count_quickly(self.rest + piece)

    def finish(self) -> None:
        """The part is complete; raises GridFault where it is not."""
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError as fault:
            raise _broken(f"{self.part} is not well-formed XML ({fault})") from fault

    def _count_quickly(self, text: bytes) -> None:
        end = text.rfind(b"<")  # the last element may be cut in two: it waits for the next piece
        text, self.rest = text[:end], text[end:]
        plain = _PLAIN_CELL.findall(text)
        self.cells += len(plain)
        if plain:
            letters, numbers = zip(*plain, strict=True)
            self.last_row = max(self.last_row, *map(int, numbers))
            for column in {found.decode() for found in set(letters)} - self.columns:
                self.columns.add(column)
                self.widest = max(self.widest, self._column_number(column))
        written = len(_ANY_CELL.findall(text))
        self.doubtful = written != len(plain) or b"\0" in text or len(self.rest) > _CHUNK or self._is_too_large()

    def _refuse_doctype(self, *_: object) -> None:
        raise _beyond(f"{self.part} declares a document type, which no spreadsheet program writes")

    def _root(self, name: str, _attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        self.is_sheet = kind == "worksheet"
        handlers = {"worksheet": self._element if self.exact else None, "workbook": self._sheet}
        self.parser.StartElementHandler = handlers.get(kind)

    def _sheet(self, name: str, _attributes: dict[str, str]) -> None:
        self.sheets += name.rpartition(":")[2] == "sheet"
        if self.sheets > MAX_SHEETS:
            raise _beyond(f"it names more than {MAX_SHEETS} sheets")

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._cell(attributes.get("r", ""))
        elif name in {"v", "is", "f"}:
            self._count()
        elif name == "row":
            self._row(attributes.get("r", ""))

    def _row(self, number: str) -> None:
        self.row = self._number(number) if number else self.row + 1
        self.column = 0

    def _cell(self, place: str) -> None:
        letters = place.rstrip(_DIGITS)
        if place:
            self.place = (self._number(place[len(letters) :]), letters)
        else:
            self.column += 1
            self.place = (self.row, "")
            self.widest = max(self.widest, self.column)

    def _number(self, digits: str) -> int:
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            raise _broken(f"{self.part} has a cell at '{digits[:20]}'")
        return int(digits)

    def _count(self) -> None:
        """The cell at hand is filled: only filled ones cost memory."""
        row, letters = self.place
        self.cells += 1
        if row > self.last_row:
            self.last_row = row
        if letters not in self.columns:
            self.columns.add(letters)
            self.widest = max(self.widest, self._column_number(letters))
        if self._is_too_large():
            self._refuse_size()

    def _is_too_large(self) -> bool:
        return (
            self.last_row > MAX_ROWS
            or self.widest > MAX_COLUMNS
            or self.cells > MAX_CELLS
            or self.last_row * self.widest > MAX_AREA
        )

    def _column_number(self, letters: str) -> int:
        if len(letters) > 3 or not (letters.isascii() and (letters.isalpha() or not letters)):
            raise _broken(f"{self.part} has a cell in column '{letters[:20]}'")
        number = 0
        for letter in letters.upper():
            number = number * 26 + ord(letter) - 64
        return number

    def _refuse_size(self) -> None:
        raise _beyond(
            f"{self.part} is filled up to row {self.last_row:,} and column {self.widest:,}; the most are "
            f"{MAX_ROWS:,} rows, {MAX_COLUMNS:,} columns and {MAX_CELLS:,} cells"
        )


def _broken(why: str) -> GridFault:
    remedy = "Open it in a spreadsheet program and save it as .xlsx again."
    return GridFault("broken-workbook", f"The workbook cannot be read: {why[:200]}.", remedy, Source())


def _beyond(why: str) -> GridFault:
    remedy = "If the file is honest, clear what lies outside its table, or split it; else look where it comes from."
    return GridFault("beyond-limits", f"The workbook cannot be read: {why}.", remedy, Source())
