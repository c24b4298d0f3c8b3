"""The records of a NACHA file as tables of fields: name, first and last place (from 1), and how a value stands there.

Kinds: "n" digits, right-aligned with zeros; "a" text, left-aligned with blanks; "r" text, right-aligned with blanks.
Source: the record layouts of the Nacha operating rules (docs/formats/nacha.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import BugError

RECORD_LENGTH = 94
BLOCKING = 10
FILLER = "9" * RECORD_LENGTH


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record; `always` is what stands in it in every file."""

    name: str
    first: int
    last: int
    kind: str
    always: str = ""

    @property
    def width(self) -> int:
        return self.last - self.first + 1


FILE_HEADER = (
    Field("priority", 2, 3, "n", "01"),
    Field("destination", 4, 13, "r"),
    Field("origin", 14, 23, "r"),
    Field("date", 24, 29, "n"),
    Field("time", 30, 33, "n"),
    Field("modifier", 34, 34, "a"),
    Field("record_size", 35, 37, "n", "094"),
    Field("blocking", 38, 39, "n", "10"),
    Field("format", 40, 40, "n", "1"),
    Field("destination_name", 41, 63, "a"),
    Field("origin_name", 64, 86, "a"),
    Field("reference", 87, 94, "a"),
)
BATCH_HEADER = (
    Field("service_class", 2, 4, "n", "220"),
    Field("company", 5, 20, "a"),
    Field("discretionary", 21, 40, "a"),
    Field("company_id", 41, 50, "a"),
    Field("entry_class", 51, 53, "a", "CCD"),
    Field("description", 54, 63, "a"),
    Field("descriptive_date", 64, 69, "a"),
    Field("effective", 70, 75, "n"),
    Field("settlement", 76, 78, "a"),
    Field("status", 79, 79, "n", "1"),
    Field("odfi", 80, 87, "n"),
    Field("batch", 88, 94, "n"),
)
ENTRY = (
    Field("transaction", 2, 3, "n", "22"),
    Field("rdfi", 4, 11, "n"),
    Field("check_digit", 12, 12, "n"),
    Field("account", 13, 29, "a"),
    Field("cents", 30, 39, "n"),
    Field("identification", 40, 54, "a"),
    Field("receiver", 55, 76, "a"),
    Field("discretionary", 77, 78, "a"),
    Field("addenda", 79, 79, "n", "1"),
    Field("odfi", 80, 87, "n"),
    Field("sequence", 88, 94, "n"),
)
ADDENDA = (
    Field("type", 2, 3, "n", "05"),
    Field("remittance", 4, 83, "a"),
    Field("addenda_sequence", 84, 87, "n", "0001"),
    Field("sequence", 88, 94, "n"),
)
BATCH_CONTROL = (
    Field("service_class", 2, 4, "n", "220"),
    Field("count", 5, 10, "n"),
    Field("hash", 11, 20, "n"),
    Field("debits", 21, 32, "n"),
    Field("credits", 33, 44, "n"),
    Field("company_id", 45, 54, "a"),
    Field("authentication", 55, 73, "a"),
    Field("reserved", 74, 79, "a"),
    Field("odfi", 80, 87, "n"),
    Field("batch", 88, 94, "n"),
)
FILE_CONTROL = (
    Field("batches", 2, 7, "n"),
    Field("blocks", 8, 13, "n"),
    Field("count", 14, 21, "n"),
    Field("hash", 22, 31, "n"),
    Field("debits", 32, 43, "n"),
    Field("credits", 44, 55, "n"),
    Field("reserved", 56, 94, "a"),
)
LAYOUTS: Mapping[str, tuple[Field, ...]] = {
    "1": FILE_HEADER,
    "5": BATCH_HEADER,
    "6": ENTRY,
    "7": ADDENDA,
    "8": BATCH_CONTROL,
    "9": FILE_CONTROL,
}


def write_record(kind: str, **values: str | int) -> str:
    """One record of 94 characters. A value that does not fit its field is our fault: BugError, never cut off."""
    line = kind
    for field in LAYOUTS[kind]:
        text = str(values.pop(field.name, field.always))
        if len(text) > field.width or (field.kind == "n" and not (text or "0").isdigit()) or not text.isascii():
            raise BugError(f"'{text}' does not fit field {field.name} of a record {kind}")
        if field.kind == "n":
            line += text.rjust(field.width, "0")
        else:
            line += text.ljust(field.width) if field.kind == "a" else text.rjust(field.width)
    if values or len(line) != RECORD_LENGTH:
        raise BugError(f"a record {kind} of {len(line)} characters, with unknown fields {sorted(values)}")
    return line


def read_record(line: str) -> dict[str, str]:
    """The fields of one record; raises BugError where its length or a fixed value is wrong."""
    layout = LAYOUTS.get(line[:1])
    if layout is None or len(line) != RECORD_LENGTH or not line.isascii():
        raise BugError(f"not a record of a payment file: {line[:20]!r}, {len(line)} characters")
    values: dict[str, str] = {}
    for field in layout:
        text = line[field.first - 1 : field.last]
        if field.kind == "n" and not text.isdigit():
            raise BugError(f"field {field.name} of a record {line[0]} is not a number: {text!r}")
        if field.always and text != field.always:
            raise BugError(f"field {field.name} of a record {line[0]} is {text!r}, not {field.always!r}")
        values[field.name] = text if field.kind == "n" else text.strip()
    return values
