"""A column, declared: what it shows, how it is written, aligned and compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, Generic, TypeVar

from app.ui import wording
from app.ui.tokens import Tone

Row = TypeVar("Row")


class Kind(Enum):
    """How a column's values are written and aligned."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    CHIP = "chip"  # a word of the vocabulary, in its tone


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of a table of `Row`s.

    `currency` gives a money column its sign; `tone` colours a cell, `strong` prints it semi-bold; `detail` is a second,
    quieter text behind the value; a column that is `hidden` at first can be chosen.
    """

    key: str
    title: str
    value: Callable[[Row], Any]
    kind: Kind = Kind.TEXT
    width: int = 120
    stretch: bool = False
    currency: Callable[[Row], str] | None = None
    text: Callable[[Row], str] | None = None
    tone: Callable[[Row], Tone] | None = None
    detail: Callable[[Row], str] | None = None
    tooltip: Callable[[Row], str] | None = None
    hidden: bool = False
    strong: bool = False

    @property
    def right(self) -> bool:
        """Whether the column is aligned to the right: amounts and numbers are."""
        return self.kind in (Kind.MONEY, Kind.NUMBER)

    def written(self, row: Row) -> str:
        """The value as the cell shows it."""
        if self.text is not None:
            return self.text(row)
        value = self.value(row)
        if value is None:
            return wording.NOTHING
        if self.kind is Kind.MONEY:
            return wording.money(value, self.currency(row) if self.currency else "")
        if self.kind is Kind.NUMBER:
            return wording.number(value)
        if isinstance(value, date):
            return wording.day(value)
        return wording.word(value) if isinstance(value, StrEnum) else str(value)

    def plain(self, row: Row) -> str:
        """The value as other programs read it: amounts without signs and groups, dates as ISO 8601."""
        value = self.value(row)
        if value is None:
            return ""
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return f"{value:f}"
        return wording.word(value) if isinstance(value, StrEnum) else str(value)

    def colour(self, row: Row) -> Tone | None:
        """The tone of the cell; a chip has its word's."""
        if self.tone is not None:
            return self.tone(row)
        if self.kind is Kind.CHIP:
            value = self.value(row)
            return wording.tone(value) if isinstance(value, StrEnum) else Tone.NEUTRAL
        return None

    def order(self, row: Row) -> tuple[int, Any]:
        """What the column sorts by; nothing comes last."""
        value = self.value(row)
        if value is None:
            return (1, 0)
        if isinstance(value, str) and not isinstance(value, StrEnum):
            return (0, value.casefold())
        return (0, wording.word(value).casefold()) if isinstance(value, StrEnum) else (0, value)
