"""What an importer is, what it sees of a file before it claims it, and where the declared ones come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from app.domain.parsed import ParsedDocument

# "csv" is any text in columns; "xls" and "ods" are the other workbooks; "bank" a statement in a text form of its own
Media = Literal[
    "pdf",
    "image",
    "xml",
    "json",
    "x12",
    "edifact",
    "bank",
    "csv",
    "xlsx",
    "xls",
    "ods",
    "parquet",
    "zip",
    "email",
    "unknown",
]


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """What is known of a file before it is read.

    `text` is the first page's text of a PDF, the root tag "{namespace}name" of an XML, the first 4 KB of a text file,
    the first rows of each sheet of a workbook (cells joined by tabs); `columns` are the cells of the first filled row
    (of each sheet in turn), as printed; `note` says why a file of a known kind could not be looked into.
    """

    name: str
    size: int
    media: Media
    text: str = ""
    columns: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    note: str = ""
    attachment: str = ""


@runtime_checkable
class Importer(Protocol):
    """Reads one kind of file. Exactly one importer claims a file."""

    @property
    def name(self) -> str:
        """A stable name such as "pdf:hetzner", "ubl", "csv-bill:calder"."""
        ...

    def claims(self, head: DocumentHead) -> bool:
        """Whether this file is of its kind; decided from the head alone."""
        ...

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        """Read all of it. Faults of the document are issues of the result, never exceptions."""
        ...


@dataclass(frozen=True, slots=True)
class Definitions:
    """Texts of the TOML files that declare importers: PDF layouts and column mappings."""

    layouts: tuple[str, ...] = ()
    mappings: tuple[str, ...] = ()
