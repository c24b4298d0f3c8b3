"""Tables as values: rows of cells with their place, and the fault of a file that is none."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.errors import UserError
from app.importers.tabular.cells import Cell

MAX_COLUMNS = 1_000
MAX_ROWS = 1_048_576


class GridFault(UserError):
    """{place}: {what} {remedy}"""

    def __init__(self, code: str, what: str, remedy: str, source: Source | None = None) -> None:
        self.code, self.what, self.remedy = code, what, remedy
        self.source = source or Source()
        place = self.source.describe()
        super().__init__(place=place[0].upper() + place[1:], what=what, remedy=remedy)

    @property
    def issue(self) -> ParseIssue:
        """The same as an issue of the document."""
        return ParseIssue(Severity.ERROR, self.code, self.what, self.remedy, self.source)


@dataclass(frozen=True, slots=True)
class Row:
    """A filled row: its number in the sheet or file, from 1, and its cells."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; the one of a CSV has no name. Empty rows are left out, the numbers of the others stay."""

    name: str
    rows: tuple[Row, ...]

    def source(self, row: Row) -> Source:
        """The place of `row`."""
        return Source(sheet=self.name, row=row.number)


@dataclass(frozen=True, slots=True)
class Grid:
    """All visible sheets of a file, and the names of those that are hidden and so not read."""

    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()
