"""What a sheet of our own records is: its columns, how a cell of each is read, and what tells it from others."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.importers.tabular.cells import header_key

EXAMPLE_MARK = "Example:"


class Form(StrEnum):
    """How a cell of a column is read; docs/formats says it in words."""

    TEXT = "text"
    CURRENCY = "currency code"
    DATE = "date"
    LAST_DAY = "last day"  # inclusive in the file, half-open in the house
    MONTH = "month"  # kept as its first day
    RATE = "number"
    AMOUNT = "amount"
    WHOLE = "whole number"
    YES_NO = "yes or no"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it fills, its header and the other headers it is known by.

    `words` are what a WORD may be, `least` and `most` the bounds of a WHOLE. `default` stands where neither the file
    nor the record itself says a value.
    """

    field: str
    header: str
    form: Form
    note: str
    example: str = ""
    required: bool = False
    synonyms: tuple[str, ...] = ()
    words: type[StrEnum] | None = None
    least: int = 0
    most: int = 0
    default: StrEnum | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """All headers it is known by, in the form in which headers are compared."""
        return tuple(header_key(name) for name in (self.header, *self.synonyms))


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A sheet of a workbook or a CSV of its own. `recognised_by`: any of these sets of headers tells it from others."""

    name: str
    record: type
    note: str
    columns: tuple[Column, ...]
    recognised_by: tuple[tuple[str, ...], ...]
