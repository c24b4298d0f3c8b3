"""A glance into a workbook: sheet names and first rows, in bounded time and memory.

Of an XLSX it reads the parts of the archive themselves: a workbook library would load all of it first. The other kinds
are measured, and then opened as they are when they are read.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from struct import error
from typing import IO, Any

from app.importers.faults import BeyondLimits, BrokenFile, DocumentFault, EncryptedFile, OldWorkbook
from app.importers.registry import DocumentHead, Media
from app.importers.tabular.cells import Cell
from app.importers.tabular.ods_preflight import is_open_workbook
from app.importers.tabular.ole2 import MAGIC, NotOle2, Ole2
from app.importers.tabular.sheets import GridFault
from app.importers.tabular.workbook import read_workbook
from app.importers.values import clean_text

MOST_SHEETS = 30
MOST_COLUMNS = 300
MOST_ROWS = 20  # of each sheet, for the head's text
MOST_PART_BYTES = 32 * 1024 * 1024  # of one part, unpacked, before a glance gives up
MOST_ELEMENTS = 200_000
LONGEST_ELEMENT = 4 * 1024 * 1024  # bytes of one row or one shared text
_COLUMN = re.compile(r"[A-Z]{1,3}")

Cells = dict[int, tuple[str, str]]  # column number → (kind of value, value)


def look_into_workbook(name: str, content: bytes) -> DocumentHead:
    """The head of a workbook of any kind; its columns are the first filled row of each sheet in turn."""
    from lxml import etree

    if content.startswith(MAGIC):
        return _look_at_grid(name, content, "xls")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if is_open_workbook(archive):
                return _look_at_grid(name, content, "ods")
            return _read_head(name, len(content), archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError, NotImplementedError) as fault:
        raise BrokenFile(name=name, why=f"its archive cannot be opened ({str(fault)[:80]})") from fault
    except etree.XMLSyntaxError as fault:
        raise BrokenFile(name=name, why=f"a part of the workbook is not well-formed ({str(fault)[:80]})") from fault
    except RuntimeError as fault:  # zipfile's word for a part with a password
        raise EncryptedFile(name=name) from fault


def is_old_workbook(content: bytes) -> bool:
    """Whether a file of the old container is a workbook, or one with a password, and not a message or a text."""
    try:
        return Ole2(content).find("Workbook", "Book", "EncryptedPackage", "EncryptionInfo") is not None
    except (NotOle2, error):
        return True  # damaged: as a workbook it is told so


def _look_at_grid(name: str, content: bytes, media: Media) -> DocumentHead:
    """The head of a workbook that is measured as a whole and then opened."""
    try:
        grid = read_workbook(content, MOST_ROWS)
    except GridFault as fault:
        raise _as_fault(name, fault) from fault
    sheets = (*grid.sheets, *grid.unseen)[:MOST_SHEETS]
    tables = [[_show_row(row.cells) for row in sheet.rows] for sheet in sheets]
    columns = tuple(cell for table in tables for cell in (table[0] if table else ()))
    text = "\n".join("\t".join(row) for table in tables for row in table)
    return DocumentHead(name, len(content), media, text, columns, tuple(sheet.name for sheet in sheets))


def _as_fault(name: str, fault: GridFault) -> DocumentFault:
    """The fault of a table as one of the whole file."""
    if fault.code == "encrypted":
        return EncryptedFile(name=name)
    if fault.code == "old-workbook":
        return OldWorkbook(name=name)
    kind = BeyondLimits if fault.code == "beyond-limits" else BrokenFile
    return kind(name=name, why=fault.what.partition(": ")[2].rstrip(".") or fault.what)


def _show_row(cells: Sequence[Cell]) -> list[str]:
    """The cells as texts up to the last filled one."""
    shown = [clean_text(cell if isinstance(cell, str) else str(cell), 200) for cell in cells[:MOST_COLUMNS]]
    while shown and not shown[-1]:
        shown.pop()
    return shown


def _read_head(name: str, size: int, archive: zipfile.ZipFile) -> DocumentHead:
    parts = set(archive.namelist())
    book = next((part for part in ("xl/workbook.xml", "xl/workbook.bin") if part in parts), "")
    if book != "xl/workbook.xml":
        return DocumentHead(name, size, "unknown", note="it is an archive, but not an XLSX workbook")
    targets = {
        relation.get("Id"): posixpath.normpath(posixpath.join("xl", relation.get("Target", "")).lstrip("/"))
        for relation in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship", parts)
    }
    sheets: list[tuple[str, str]] = []
    for sheet in _elements(archive, book, "sheet", parts):
        key = next((value for attribute, value in sheet.attrib.items() if attribute.endswith("}id")), "")
        sheets.append((clean_text(sheet.get("name", ""), 100), targets.get(key, "")))
    rows = [list(_first_rows(archive, part, parts)) for _title, part in sheets[:MOST_SHEETS]]
    words = _shared_strings(archive, rows, parts)
    tables = [[_spell(row, words) for row in table] for table in rows]
    columns = tuple(cell for table in tables for cell in (table[0] if table else ()))
    text = "\n".join("\t".join(row) for table in tables for row in table)
    return DocumentHead(name, size, "xlsx", text, columns, tuple(title for title, _part in sheets))


class _Metered:
    """A part of the archive that is read no further where one element of it does not end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.seen = 0  # bytes since the last element that ended

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self.seen += len(piece)
        if self.seen > LONGEST_ELEMENT:
            raise ValueError(f"a row or a text of it is longer than {LONGEST_ELEMENT >> 20} MB")
        return piece


def _elements(archive: zipfile.ZipFile, part: str, tag: str, parts: set[str]) -> Iterator[Any]:
    """Elements of that local name, one after the other; gives up after MOST_ELEMENTS or MOST_PART_BYTES."""
    from lxml import etree

    if part not in parts:
        return
    if archive.getinfo(part).file_size > MOST_PART_BYTES and tag not in {"row", "si"}:
        raise ValueError(f"{part} is too large")
    with archive.open(part) as stream:
        metered = _Metered(stream)
        walk = etree.iterparse(
            metered, tag=f"{{*}}{tag}", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        for count, (_event, element) in enumerate(walk):
            if count > MOST_ELEMENTS or stream.tell() > MOST_PART_BYTES:
                return
            metered.seen = 0
            yield element
            element.clear()


def _first_rows(archive: zipfile.ZipFile, part: str, parts: set[str]) -> Iterator[Cells]:
    """The first filled rows of a sheet, values still as they are stored."""
    found = 0
    for row in _elements(archive, part, "row", parts):
        cells: Cells = {}
        for place, cell in enumerate(row):
            if place >= MOST_COLUMNS:
                break
            letters = _COLUMN.match(cell.get("r", ""))
            column = _column_number(letters[0]) if letters else place
            text = "".join(cell.itertext()).strip()
            if text and column < MOST_COLUMNS:
                cells[column] = (cell.get("t", "n"), text)
        if cells:
            yield cells
            found += 1
        if found == MOST_ROWS:
            return


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _shared_strings(archive: zipfile.ZipFile, tables: list[list[Cells]], parts: set[str]) -> dict[int, str]:
    """The texts that these rows refer to."""
    references = {
        int(text)
        for table in tables
        for row in table
        for kind, text in row.values()
        if kind == "s" and text.isascii() and text.isdigit() and len(text) < 8
    }
    words: dict[int, str] = {}
    if references:
        for number, entry in enumerate(_elements(archive, "xl/sharedStrings.xml", "si", parts)):
            if number in references:
                words[number] = clean_text("".join(entry.itertext()), 200)
            if number >= max(references):
                break
    return words


def _spell(row: Cells, words: dict[int, str]) -> tuple[str, ...]:
    """The cells of a row from the first column to its last, empty ones included."""
    spelled = [""] * (max(row) + 1)
    for column, (kind, text) in row.items():
        if kind == "s" and text.isascii() and text.isdigit() and len(text) < 8:
            spelled[column] = words.get(int(text), "")
        else:
            spelled[column] = clean_text(text, 200)
    return tuple(spelled)
