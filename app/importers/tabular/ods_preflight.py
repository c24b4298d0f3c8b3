"""What an ODS workbook would cost to read: its repeated rows and columns multiplied out before any reader sees it."""

from __future__ import annotations

import zipfile
from xml.parsers import expat

from app.importers.tabular.preflight import (
    MAX_AREA,
    MAX_CELLS,
    MAX_SHEETS,
    PartFacts,
    beyond,
    broken,
    check_parts,
    encrypted,
    open_archive,
    unpack,
)
from app.importers.tabular.sheets import MAX_COLUMNS, MAX_ROWS

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
MOST_STORED = 100_000  # hidden rows and cells with errors that are kept
_DEEPEST = 100
_UNSEEN = {"collapse", "filter"}


def inspect_open_workbook(content: bytes) -> tuple[PartFacts, ...]:
    """What is to be known of each sheet, in the order of the tabs; raises GridFault as `inspect_workbook` does."""
    with open_archive(content) as archive:
        parts = archive.infolist()
        check_parts(parts, len(content), CONTENT)
        facts: tuple[PartFacts, ...] = ()
        for part in parts:
            reader = _Reader() if part.filename == CONTENT else None
            manifest = b""
            for piece in unpack(archive, part):
                if reader is not None:
                    reader.feed(piece)
                elif part.filename == MANIFEST and len(manifest) < 1_000_000:
                    manifest += piece
            if b"encryption-data" in manifest:
                raise encrypted()
            if reader is not None:
                facts = reader.finish()
    return facts


def is_open_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether an archive says that it is an ODS."""
    try:
        kind = archive.read("mimetype")[:80]
    except KeyError:
        return False
    return kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet")


class _Reader:
    """Reads content.xml as it goes by, and counts the cells that are filled, each as often as it is repeated."""

    def __init__(self) -> None:
        self.sheets: list[PartFacts] = []
        self.row = self.column = self.depth = self.cells = 0
        self.repeat_row = self.repeat = 1
        self.filled_to = 0  # the last filled column of the row at hand
        self.filled_cells = 0
        self.in_cell = self.is_error = False
        self.text = ""
        self.errors: dict[int, str] = {}
        self.columns = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def feed(self, piece: bytes) -> None:
        """Read on; raises GridFault."""
        try:
            self.parser.Parse(piece, False)
        except expat.ExpatError as fault:
            raise broken(f"{CONTENT} is not well-formed XML ({fault})") from fault

    def finish(self) -> tuple[PartFacts, ...]:
        """All sheets; raises GridFault where the part ends too early."""
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError as fault:
            raise broken(f"{CONTENT} is not well-formed XML ({fault})") from fault
        return tuple(self.sheets)

    def _refuse_doctype(self, *_: object) -> None:
        raise beyond(f"{CONTENT} declares a document type, which no spreadsheet program writes")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise beyond(f"{CONTENT} is nested more than {_DEEPEST} deep")
        if name == "table:table":
            self.sheets.append(PartFacts())
            self.row = self.columns = 0
            if len(self.sheets) > MAX_SHEETS:
                raise beyond(f"it names more than {MAX_SHEETS} sheets")
        elif not self.sheets:
            return
        elif name == "table:table-column":
            count = self._repeat(attributes, "table:number-columns-repeated")
            if attributes.get("table:visibility") in _UNSEEN:
                self.sheets[-1].hidden_columns.update(
                    range(self.columns + 1, min(self.columns + count, MAX_COLUMNS) + 1)
                )
            self.columns += count
        elif name == "table:table-row":
            self.repeat_row = self._repeat(attributes, "table:number-rows-repeated")
            self.column = self.filled_to = self.filled_cells = 0
            self.errors = {}
            if attributes.get("table:visibility") in _UNSEEN and len(self.sheets[-1].hidden_rows) < MOST_STORED:
                last = min(self.row + self.repeat_row, self.row + MOST_STORED)
                self.sheets[-1].hidden_rows.update(range(self.row + 1, last + 1))
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self.repeat = self._repeat(attributes, "table:number-columns-repeated")
            self.is_error = attributes.get("calcext:value-type") == "error"
            self.in_cell, self.text = True, ""
            if "office:value-type" in attributes or "table:formula" in attributes:
                self._fill()

    def _end(self, name: str) -> None:
        self.depth -= 1
        if name in {"table:table-cell", "table:covered-table-cell"} and self.in_cell:
            if self.text and self.filled_to <= self.column:
                self._fill()
            if self.is_error:
                self.errors[self.column + 1] = self.text.strip()[:40] or "#ERROR"
            self.column += self.repeat
            self.in_cell = False
        elif name == "table:table-row" and self.sheets:
            self._end_row(self.sheets[-1])

    def _end_row(self, sheet: PartFacts) -> None:
        if self.filled_cells:
            sheet.cells += self.filled_cells * self.repeat_row
            sheet.last_row, sheet.widest = self.row + self.repeat_row, max(sheet.widest, self.filled_to)
            if (
                sheet.cells > MAX_CELLS
                or sheet.last_row > MAX_ROWS
                or sheet.widest > MAX_COLUMNS
                or sheet.last_row * sheet.widest > MAX_AREA
            ):
                what = f"a sheet is filled up to row {sheet.last_row:,} and column {sheet.widest:,}"
                raise beyond(f"{what}, with {sheet.cells:,} cells")
            for column, shown in self.errors.items():
                for row in range(self.row + 1, min(self.row + self.repeat_row, self.row + MOST_STORED) + 1):
                    sheet.errors[row, column] = shown
        self.row += self.repeat_row

    def _characters(self, text: str) -> None:
        if self.in_cell and len(self.text) < 200:
            self.text += text.strip()

    def _fill(self) -> None:
        self.filled_to = self.column + self.repeat
        self.filled_cells += self.repeat

    def _repeat(self, attributes: dict[str, str], name: str) -> int:
        written = attributes.get(name, "1")
        if not (written.isascii() and written.isdigit() and len(written) < 10 and int(written) > 0):
            raise broken(f"{CONTENT} repeats something '{written[:20]}' times")
        return int(written)
