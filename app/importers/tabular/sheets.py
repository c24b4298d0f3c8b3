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
class Hidden:
    """What of a sheet cannot be seen when it is opened: itself, numbers of rows, numbers of columns (from 1)."""

    sheet: bool = False
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; the one of a CSV has no name. Empty rows are left out, the numbers of the others stay."""

    name: str
    rows: tuple[Row, ...]
    hidden: Hidden = Hidden()

    def source(self, row: Row) -> Source:
        """The place of `row`."""
        return Source(sheet=self.name, row=row.number)


@dataclass(frozen=True, slots=True)
class Grid:
    """All visible sheets of a file; beside them the hidden ones, which are read only where a mapping names them."""

    sheets: tuple[Sheet, ...]
    unseen: tuple[Sheet, ...] = ()
    issues: tuple[ParseIssue, ...] = ()  # what does not agree in the file itself

    @property
    def hidden(self) -> tuple[str, ...]:
        """Names of the hidden sheets."""
        return tuple(sheet.name for sheet in self.unseen)


def column_letters(number: int) -> str:
    """The letters of a column, 1 for A."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
