"""What a workbook would cost to read, measured part by part before any reader of workbooks sees it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from xml.parsers import expat

from app.importers.tabular.sheets import MAX_COLUMNS, MAX_ROWS, GridFault, Hidden

MAX_PARTS = 2_000
MAX_UNPACKED = 300_000_000
MAX_RATIO = 250  # honest sheets of equal rows come to about 100
MAX_SHEETS = 250
MAX_CELLS = 5_000_000
MAX_AREA = 10_000_000  # cells between A1 and the last filled one: the reader reserves memory for all of them
_RATIO_COUNTS_FROM = 1_000_000
_CHUNK = 1 << 16
_DIGITS = "0123456789"
_TRUE = {"1", "true", "on"}
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[ />]')
_ANY_CELL = re.compile(rb"<(?:[^\s<>/!?:]+:)?c[\s/>]")
# of a hidden row or column, or of a cell with an error; where they stand in a text they cost a second look
_MARKS = (b"hidden", b'"e"', b"'e'")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(slots=True)
class PartFacts:
    """What is known of a sheet before it is read. Rows and columns count from 1."""

    cells: int = 0
    last_row: int = 0
    widest: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # what cells show that hold an error

    def hidden(self, sheet: bool) -> Hidden:
        """What of the sheet cannot be seen."""
        return Hidden(sheet, frozenset(self.hidden_rows), frozenset(self.hidden_columns))


def inspect_workbook(content: bytes) -> dict[str, PartFacts]:
    """What is to be known of each worksheet, by the name of its part.

    Raises GridFault unless `content` is an unencrypted XLSX within the limits, whose parts are as long as it says.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise encrypted()
    found: dict[str, PartFacts] = {}
    with open_archive(content) as archive:
        check_parts(archive.infolist(), len(content), "xl/workbook.xml")
        for part in archive.infolist():
            facts = _read_part(archive, part)
            if facts is not None:
                found[part.filename] = facts
    return found


@contextmanager
def open_archive(content: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive that a workbook is; what is wrong with it is told as a GridFault."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as fault:
        raise broken(str(fault)) from fault
    except RuntimeError as fault:  # zipfile's word for a part with a password
        raise encrypted() from fault


def check_parts(parts: list[zipfile.ZipInfo], size: int, main: str) -> None:
    """Raise GridFault unless there is a part `main`, and all of them are within the limits."""
    names = [part.filename for part in parts]
    if main not in names or len(set(names)) != len(names):
        raise broken("it is no workbook of its kind")
    if any(part.flag_bits & 1 for part in parts):
        raise encrypted()
    if len(parts) > MAX_PARTS:
        raise beyond(f"it consists of {len(parts):,} parts, and {MAX_PARTS:,} are the most")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED:
        raise beyond(f"it unpacks to {unpacked:,} bytes, and {MAX_UNPACKED:,} are the most")
    if unpacked > _RATIO_COUNTS_FROM and unpacked > size * MAX_RATIO:
        raise beyond(f"it unpacks to {unpacked // max(size, 1):,} times its size, and {MAX_RATIO} times is the most")


def _read_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> PartFacts | None:
    """Unpack `part` in pieces; it must be as long as it says, and a worksheet's cells within the limits."""
    if not part.filename.endswith((".xml", ".rels", ".vml")):
        for _piece in unpack(archive, part):
            pass
        return None
    quick = _PartReader(part.filename, exact=False)
    for piece in unpack(archive, part):
        quick.feed(piece)
    if part.file_size:
        quick.finish()
    if not quick.doubtful:
        return quick.facts if quick.is_sheet else None
    # what is beyond the limits may be empty cells, which cost nothing, and what is marked must be found: look at each
    exact = _PartReader(part.filename, exact=True)
    for piece in unpack(archive, part):
        exact.feed(piece)
    exact.finish()
    return exact.facts


def unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of `part` in pieces; raises GridFault where it is longer or shorter than the archive says."""
    unbounded = copy(part)
    unbounded.file_size = part.file_size + 1  # zipfile stops at this length: one byte more shows a lie
    length = 0
    with archive.open(unbounded) as stream:
        while piece := stream.read(_CHUNK):
            length += len(piece)
            yield piece
    if length != part.file_size:
        raise broken(f"{part.filename[:80]} is longer or shorter than the archive says")


class _PartReader:
    """Reads a part's XML as it goes by: refuses document types, and measures the cells of a worksheet.

    Quickly: cells written as spreadsheet programs write them are counted by pattern, all as filled; where one is
    written otherwise, or a limit is passed, it is `doubtful`. Exactly: element by element, filled cells only.
    """

    def __init__(self, part: str, *, exact: bool) -> None:
        self.part, self.exact = part[:80], exact
        self.facts = PartFacts()
        self.row = self.column = self.sheets = 0
        self.columns: set[str] = set()
        self.place = (0, "")
        self.error = ""  # the text of a cell with an error, while it is read
        self.in_error = False
        self.is_sheet = self.doubtful = self.seen_enough = False
        self.rest = b""
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._root

    def feed(self, piece: bytes) -> None:
        """Read on; raises GridFault."""
        if not self.seen_enough:
            try:
                self.parser.Parse(piece, False)
            except expat.ExpatError as fault:
                raise broken(f"{self.part} is not well-formed XML ({fault})") from fault
            # behind the beginning of a worksheet no document type can stand: its cells are counted by pattern
            self.seen_enough = self.is_sheet and not self.exact
        if self.is_sheet and not self.exact and not self.doubtful:
            self._count_quickly(self.rest + piece)

    def finish(self) -> None:
        """The part is complete; raises GridFault where it is not."""
        if self.seen_enough:
            return
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError as fault:
            raise broken(f"{self.part} is not well-formed XML ({fault})") from fault

    def _count_quickly(self, text: bytes) -> None:
        end = text.rfind(b"<")  # the last element may be cut in two: it waits for the next piece
        text, self.rest = text[:end], text[end:]
        plain = _PLAIN_CELL.findall(text)
        self.facts.cells += len(plain)
        if plain:
            places = b" ".join(plain)
            rows = set(places.translate(None, _LETTERS).split())
            self.facts.last_row = max(self.facts.last_row, *map(int, rows))
            columns = set(places.translate(None, _DIGITS.encode()).split())
            for column in {found.decode() for found in columns} - self.columns:
                self.columns.add(column)
                self.facts.widest = max(self.facts.widest, self._column_number(column))
        written = len(_ANY_CELL.findall(text))
        odd = written != len(plain) or b"\0" in text or len(self.rest) > _CHUNK
        self.doubtful = odd or any(mark in text for mark in _MARKS) or self._is_too_large()

    def _refuse_doctype(self, *_: object) -> None:
        raise beyond(f"{self.part} declares a document type, which no spreadsheet program writes")

    def _root(self, name: str, _attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        self.is_sheet = kind == "worksheet"
        handlers = {"worksheet": self._element if self.exact else None, "workbook": self._sheet}
        self.parser.StartElementHandler = handlers.get(kind)
        if self.is_sheet and self.exact:
            self.parser.CharacterDataHandler = self._text
            self.parser.EndElementHandler = self._end

    def _sheet(self, name: str, _attributes: dict[str, str]) -> None:
        self.sheets += name.rpartition(":")[2] == "sheet"
        if self.sheets > MAX_SHEETS:
            raise beyond(f"it names more than {MAX_SHEETS} sheets")

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._cell(attributes.get("r", ""))
            self.in_error, self.error = attributes.get("t") == "e", ""
        elif name in {"v", "is", "f"}:
            self._count()
        elif name == "row":
            self._row(attributes.get("r", ""))
            if attributes.get("hidden") in _TRUE:
                self.facts.hidden_rows.add(self.row)
        elif name == "col" and attributes.get("hidden") in _TRUE:
            first, last = self._number(attributes.get("min", "")), self._number(attributes.get("max", ""))
            self.facts.hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))

    def _text(self, text: str) -> None:
        if self.in_error:
            self.error += text

    def _end(self, name: str) -> None:
        """A cell with an error has ended: keep what it shows, which stands behind its formula."""
        if self.in_error and name.rpartition(":")[2] == "c":
            row, letters = self.place
            column = self._column_number(letters) if letters else self.column
            shown = self.error[self.error.rfind("#") :] if "#" in self.error else "#ERROR"
            self.facts.errors[row, column] = shown[:40]
            self.in_error = False

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
            self.facts.widest = max(self.facts.widest, self.column)

    def _number(self, digits: str) -> int:
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            raise broken(f"{self.part} has a cell at '{digits[:20]}'")
        return int(digits)

    def _count(self) -> None:
        """The cell at hand is filled: only filled ones cost memory."""
        row, letters = self.place
        self.facts.cells += 1
        if row > self.facts.last_row:
            self.facts.last_row = row
        if letters not in self.columns:
            self.columns.add(letters)
            self.facts.widest = max(self.facts.widest, self._column_number(letters))
        if self._is_too_large():
            self._refuse_size()

    def _is_too_large(self) -> bool:
        return (
            self.facts.last_row > MAX_ROWS
            or self.facts.widest > MAX_COLUMNS
            or self.facts.cells > MAX_CELLS
            or self.facts.last_row * self.facts.widest > MAX_AREA
        )

    def _column_number(self, letters: str) -> int:
        if len(letters) > 3 or not (letters.isascii() and (letters.isalpha() or not letters)):
            raise broken(f"{self.part} has a cell in column '{letters[:20]}'")
        number = 0
        for letter in letters.upper():
            number = number * 26 + ord(letter) - 64
        return number

    def _refuse_size(self) -> None:
        raise beyond(
            f"{self.part} is filled up to row {self.facts.last_row:,} and column {self.facts.widest:,}; the most are "
            f"{MAX_ROWS:,} rows, {MAX_COLUMNS:,} columns and {MAX_CELLS:,} cells"
        )


def broken(why: str) -> GridFault:
    """The fault of a workbook that is damaged."""
    remedy = "Open it in a spreadsheet program and save it again."
    return GridFault("broken-workbook", f"The workbook cannot be read: {why[:200]}.", remedy)


def beyond(why: str) -> GridFault:
    """The fault of a workbook that would cost too much."""
    remedy = "If the file is honest, clear what lies outside its table, or split it; else look where it comes from."
    return GridFault("beyond-limits", f"The workbook cannot be read: {why}.", remedy)


def encrypted() -> GridFault:
    """The fault of a workbook with a password."""
    what = "The workbook is protected by a password."
    return GridFault("encrypted", what, "Open it with its password, save it without one, and import that.")
