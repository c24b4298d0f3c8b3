"""What a workbook would cost to read, measured part by part before any reader of workbooks sees it."""

from __future__ import annotations

import io
import zipfile
from copy import copy
from xml.parsers import expat

from app.domain.parsed import Source
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
    unbounded = copy(part)
    unbounded.file_size = part.file_size + 1  # zipfile stops at this length: one byte more shows a lie
    counter = _SheetCounter(part.filename) if part.filename.endswith((".xml", ".rels", ".vml")) else None
    length = 0
    with archive.open(unbounded) as stream:
        while piece := stream.read(_CHUNK):
            length += len(piece)
            if counter is not None:
                counter.feed(piece)
    if length != part.file_size:
        raise _broken(f"{part.filename[:80]} is longer or shorter than the archive says")
    if counter is not None and length:
        counter.finish()


class _SheetCounter:
    """Counts the cells of a worksheet as its XML goes by, and refuses document types in every part."""

    def __init__(self, part: str) -> None:
        self.part = part[:80]
        self.row = self.column = self.cells = self.last_row = self.sheets = 0
        self.columns: set[str] = set()
        self.widest = 0
        self.place = (0, "")
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._root

    def feed(self, piece: bytes) -> None:
        try:
            self.parser.Parse(piece, False)
        except expat.ExpatError as fault:
            raise _broken(f"{self.part} is not well-formed XML ({fault})") from fault

    def finish(self) -> None:
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError as fault:
            raise _broken(f"{self.part} is not well-formed XML ({fault})") from fault

    def _refuse_doctype(self, *_: object) -> None:
        raise _beyond(f"{self.part} declares a document type, which no spreadsheet program writes")

    def _root(self, name: str, _attributes: dict[str, str]) -> None:
        handlers = {"worksheet": self._element, "workbook": self._sheet}
        self.parser.StartElementHandler = handlers.get(name.rpartition(":")[2])

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
        if self.last_row > MAX_ROWS or self.widest > MAX_COLUMNS or self.cells > MAX_CELLS:
            self._refuse_size()
        if self.last_row * self.widest > MAX_AREA:
            self._refuse_size()

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
