"""Where a mapping says that a value stands, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from app.domain.money import EXACT
from app.domain.period import Period, add_months, month_start
from app.importers.tabular.cells import Cell, header_key, read_amount, read_date, read_exact, read_rate, read_text
from app.importers.tabular.definition import TomlTable, read_date_formats, read_number_format
from app.importers.values import MONEY_PLACES, PLAIN, RATE_PLACES, BadDate, BadValue, NumberFormat

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """Where one value stands: in `columns` of the rows, right of a `label`, in a `cell` (row, column from 1), or it is
    the `value` itself. A column of another `sheet` is found by its column `match`; without one, its rows all agree."""

    columns: tuple[str, ...] = ()
    sheet: str = ""
    match: str = ""
    label: str = ""
    cell: tuple[int, int] | None = None
    value: str | None = None
    negate: bool = False
    date: tuple[str, ...] = ()
    split: str = ""
    month: bool = False
    optional: bool = False
    values: Mapping[str, str] = field(default_factory=dict)  # by header key

    @property
    def in_rows(self) -> bool:
        """Whether the value stands in the rows of the charges themselves."""
        return bool(self.columns) and not self.match and not self.sheet

    def describe(self) -> str:
        """The place in words: "column 'Amount'", "the cell right of 'Total due'"."""
        if self.columns:
            return "column " + " + ".join(f"'{name}'" for name in self.columns)
        if self.label:
            return f"the cell right of '{self.label}'"
        return "the cell" if self.cell else "the mapping"


@dataclass(frozen=True, slots=True)
class ValueFormat:
    """How a file writes dates and amounts."""

    dates: tuple[str, ...] = ("YYYY-MM-DD",)
    language: str = "en"
    number: NumberFormat = PLAIN
    inclusive: bool = True
    reversed_sign: bool = False
    places: int = MONEY_PLACES
    encoding: str | None = None
    delimiter: str | None = None
    empty: frozenset[str] = frozenset()
    rounded: bool = False


def read_format(table: TomlTable) -> ValueFormat:
    """The table `format` of a mapping."""
    form = table.table("format")
    delimiter = form.text("delimiter", "")
    if delimiter and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise form.fault("delimiter", "one character is wanted")
    found = ValueFormat(
        dates=read_date_formats(form) or ("YYYY-MM-DD",),
        language=form.choice("language", ("en", "de", "fr", "es", "it", "nl", "sv"), "en"),
        number=read_number_format(form),
        inclusive=form.choice("period_end", ("inclusive", "exclusive"), "inclusive") == "inclusive",
        reversed_sign=form.choice("sign", ("normal", "reversed"), "normal") == "reversed",
        places=form.whole("places", MONEY_PLACES, 0, MONEY_PLACES),
        encoding=form.text("encoding", "") or None,
        delimiter=delimiter or None,
        empty=frozenset(form.texts("empty")),
        rounded=form.truth("round"),
    )
    _check_encoding(form, found.encoding)
    form.finish()
    return found


def _check_encoding(form: TomlTable, encoding: str | None) -> None:
    try:
        "a".encode(encoding or "utf-8")
    except LookupError as fault:
        raise form.fault("encoding", f"'{encoding}' is no text encoding; cp1252 or utf-8 are usual") from fault


def read_field(table: TomlTable, key: str) -> FieldSpec | None:
    """The value under `key`: a column name, a list of them, or a table; None where the key is absent."""
    if key not in table:
        return None
    value = table.raw(key)
    if isinstance(value, str) and value:
        return FieldSpec((value,))
    if isinstance(value, list) and value and all(isinstance(name, str) and name for name in value):
        return FieldSpec(tuple(value))
    if not isinstance(value, dict) or not value:
        raise table.fault(key, "a column name, a list of them or a table is wanted")
    return _read_table(table, key, value)


def _read_table(table: TomlTable, key: str, value: dict[str, Any]) -> FieldSpec:
    spec = TomlTable({key: value}, table.mapping, table.path).table(key)
    columns = spec.texts("column")
    cell = spec.text("cell", "")
    found = FieldSpec(
        columns=columns,
        sheet=spec.text("sheet", ""),
        match=spec.text("match", ""),
        label=spec.text("label", ""),
        cell=_read_place(spec, cell) if cell else None,
        value=spec.text("value", "") if "value" in spec else None,
        negate=spec.truth("negate"),
        date=read_date_formats(spec),
        split=spec.text("split", ""),
        month=spec.truth("month"),
        optional=spec.truth("optional"),
        values=_read_values(spec),
    )
    spec.finish()
    forms = [bool(columns), bool(found.label), found.cell is not None, found.value is not None]
    if sum(forms) != 1:
        raise table.fault(key, "one of column, label, cell and value is wanted")
    if found.match and not (columns and found.sheet):
        raise table.fault(key, "only a column of another sheet has match, and it needs sheet as well")
    return found


def _read_values(spec: TomlTable) -> dict[str, str]:
    values = spec.raw("values")
    if not isinstance(values, dict | None) or not all(isinstance(meant, str) for meant in (values or {}).values()):
        raise spec.fault("values", "a table of texts is wanted")
    return {header_key(said): meant for said, meant in (values or {}).items()}


def _read_place(spec: TomlTable, written: str) -> tuple[int, int]:
    place = _CELL.fullmatch(written.upper())
    if place is None:
        raise spec.fault("cell", "a cell such as B7 is wanted")
    column = 0
    for letter in place[1]:
        column = column * 26 + ord(letter) - 64
    return int(place[2]), column


def to_amount(cell: Cell, spec: FieldSpec, form: ValueFormat, currency: str = "") -> Decimal:
    """The amount of money in `cell`, of that `currency`, exact even where it is to be rounded; raises BadValue."""
    if form.rounded:
        value = read_exact(cell, form.number, currency=currency)
    else:
        value = read_amount(cell, form.number, places=form.places, currency=currency)
    return -value if spec.negate and value else value


def to_rate(cell: Cell, form: ValueFormat, currency: str = "") -> Decimal:
    """The quantity in `cell`, or the price in that `currency`; raises BadValue."""
    if not form.rounded:
        return read_rate(cell, form.number, currency=currency)
    return round_half_even(read_exact(cell, form.number, currency=currency), RATE_PLACES)


def round_half_even(value: Decimal, places: int) -> Decimal:
    """`value` with at most `places` decimals."""
    with localcontext(EXACT):
        return value if value.as_tuple().exponent >= -places else value.quantize(Decimal(1).scaleb(-places))  # type: ignore[operator]


def to_date(cell: Cell, spec: FieldSpec, form: ValueFormat) -> date:
    """The date in `cell`; raises BadValue."""
    return read_date(cell, spec.date or form.dates, form.language)


def to_period(cell: Cell, spec: FieldSpec, form: ValueFormat) -> Period:
    """The period in one cell: a month, or two dates with `split` between them; raises BadValue."""
    if spec.month:
        first = month_start(to_date(cell, spec, form))
        return Period(first, add_months(first, 1))
    text = read_text(cell)
    first_text, mark, last_text = text.partition(spec.split)
    if not spec.split or not mark:
        raise BadDate(text=text[:64], formats=f"two dates with '{spec.split}' between them", why="that is not in it")
    return make_period(to_date(first_text.strip(), spec, form), to_date(last_text.strip(), spec, form), form)


def make_period(first: date, last: date, form: ValueFormat) -> Period:
    """The half-open period from what the carrier prints; raises BadValue where it ends before it starts."""
    if last < first or (last == first and not form.inclusive):
        raise BadValue(text=f"{first} to {last}", why="the period ends before it starts")
    return Period.inclusive(first, last) if form.inclusive else Period(first, last)
