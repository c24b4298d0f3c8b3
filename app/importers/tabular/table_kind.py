"""What is declared of a kind of table: its fields, what is said of the file as a whole, and by what it is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Choices = tuple[tuple[str, str], ...]  # what is shown, what the mapping says
TIME_OF_DAY = "+time"  # behind a field's key: the time of day, which stands in a column of its own
EPOCHS = ("epoch", "epoch_ms")


TEXT, WHOLE, TRUTH, LIST = "text", "whole", "truth", "list"


class Look(StrEnum):
    """What the values of a field look like."""

    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    TIME = "time"
    AMOUNT = "amount"
    NUMBER = "number"
    DURATION = "duration"
    TELEPHONE = "telephone"
    CURRENCY = "currency"
    SIDE = "side"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the records: `whole` where it may be said once for the whole file, in the key of the mapping itself;
    `constant` where it may be said once, in place of its column."""

    key: str
    title: str
    words: tuple[str, ...] = ()
    look: Look = Look.TEXT
    needed: bool = False
    whole: bool = False
    constant: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """What is said of the whole file under a dotted key: one of `choices`, or a text; `free` where both are possible.
    It counts only where the setting `when[0]` is one of the others of `when`."""

    key: str
    title: str
    choices: Choices = ()
    default: str = ""
    free: bool = False
    when: tuple[str, ...] = ()
    hint: str = ""
    sort: str = TEXT  # how the mapping writes it


@dataclass(frozen=True, slots=True)
class TableKind:
    """A kind of table; `signs` are words of headers that hardly another kind has, `either` fields of which one set has
    to be there."""

    key: str
    title: str
    mapping: str
    importer: str
    record: str = ""
    fields: tuple[Field, ...] = ()
    settings: tuple[Setting, ...] = ()
    signs: tuple[str, ...] = ()
    either: tuple[tuple[tuple[str, ...], ...], ...] = ()
    counts_rows: bool = False  # whether rows can be passed over by what a column of them says
    headless: bool = False  # whether it may come without names of its columns

    def field(self, key: str) -> Field | None:
        return next((one for one in self.shown if one.key == key), None)

    @property
    def moments(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.look is Look.MOMENT)

    @property
    def shown(self) -> tuple[Field, ...]:
        """The fields that a column can be chosen for, moments with their time of day."""
        found: list[Field] = []
        for one in self.fields:
            found.append(one)
            if one.look is Look.MOMENT:
                found.append(Field(one.key + TIME_OF_DAY, f"{one.title}: time of day", look=Look.TIME))
        return tuple(found)
