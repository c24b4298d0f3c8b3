"""Where in a document a value stands, and what is wrong with a document, told so that it can be mended."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in hundredths of a point, from the top left corner."""

    x0: int
    top: int
    x1: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where in its document a value stands. Pages, sheets' rows and lines count from 1."""

    page: int | None = None
    box: Box | None = None
    sheet: str = ""
    row: int | None = None
    path: str = ""
    confidence: int | None = None  # per cent, where the value was read from a picture

    def describe(self) -> str:
        """The place in words: "page 2", "sheet Charges, row 14", "/Invoice/InvoiceLine[3]"."""
        parts = []
        if self.page is not None:
            parts.append(f"page {self.page}")
        if self.sheet:
            parts.append(f"sheet {self.sheet}")
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.path:
            parts.append(self.path)
        return ", ".join(parts) or "the document as a whole"


@dataclass(frozen=True, slots=True)
class ParseIssue:
    """A fault in a document, told so that the user can mend it: what, where, and the remedy."""

    severity: Severity
    code: str
    message: str
    remedy: str
    source: Source = Source()


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row of a file that was left out while the others were taken: why, and its text as it stood there."""

    row: int
    code: str
    message: str
    text: str
