"""One row of a table, read by the columns of a mapping. A cell that cannot be read is an issue and reads as None."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from app.domain.period import Period
from app.domain.source import Source
from app.importers.tabular.cells import Cell, header_key, read_text
from app.importers.tabular.fields import FieldSpec, ValueFormat, make_period, to_amount, to_date, to_period, to_rate
from app.importers.tabular.header import Header
from app.importers.tabular.issues import IssueList
from app.importers.tabular.sheets import Row, column_letters
from app.importers.values import BadValue

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class RowReader:
    """A row with its header, its place, the format of its values and the list for its faults."""

    header: Header
    row: Row
    form: ValueFormat
    issues: IssueList
    mapping: str
    currency: str = ""  # of the row's amounts; "" where it is not known

    @property
    def source(self) -> Source:
        return Source(sheet=self.header.sheet, row=self.row.number)

    def cell(self, spec: FieldSpec) -> Cell:
        """The cell, or the texts of several cells joined, or the mapping's own value; raises BadValue."""
        if spec.value is not None:
            return spec.value
        cells = [self.header.cell(self.row, name) for name in spec.columns]
        if len(cells) == 1:
            return cells[0]
        return " ".join(text for text in map(read_text, cells) if text)

    def text(self, spec: FieldSpec) -> str:
        """The cell as text, "" where it is empty or faulty."""
        return self._read(spec.describe(), lambda: read_text(self.cell(spec))) or ""

    def amount(self, spec: FieldSpec) -> Decimal | None:
        """An amount with our sign: charges positive, credits negative."""
        amount = self._read(spec.describe(), lambda: to_amount(self.cell(spec), spec, self.form, self.currency))
        return -amount if amount and self.form.reversed_sign else amount

    def rate(self, spec: FieldSpec | None, currency: str = "") -> Decimal | None:
        """A quantity, or a price in that `currency`; None where there is no such column or the cell is empty."""
        if spec is None:
            return None
        value = self._read(spec.describe(), lambda: self._rate(spec, currency))
        return -value if value and spec.negate else value

    def period(self, specs: Mapping[str, FieldSpec]) -> Period | None:
        """The period in `specs`: "period", or "period_start" and "period_end"; None where the cells are empty."""
        return self._read("the period", lambda: self._period(specs))

    def report(self, fault: BadValue, what: str) -> None:
        """Make the fault an issue of this row."""
        remedy = f"Correct the cell ({what}), or the format or the rows in the mapping '{self.mapping}'."
        told = f"{self.place(what)}{fault}"
        self.issues.error("bad-value", told[0].upper() + told[1:], remedy, self.source)

    def place(self, what: str) -> str:
        """'cell G14 (column 'Amount'): ' in a workbook, 'column 'Amount': ' elsewhere."""
        name = what.removeprefix("column '").removesuffix("'")
        place = self.header.positions.get(header_key(name))
        if not self.header.sheet or place is None or not self.header.row.number:
            return f"{what}: "
        return f"cell {column_letters(place + 1)}{self.row.number} ({what}): "

    def _rate(self, spec: FieldSpec, currency: str) -> Decimal | None:
        cell = self.cell(spec)
        return None if cell == "" else to_rate(cell, self.form, currency)

    def _period(self, specs: Mapping[str, FieldSpec]) -> Period | None:
        if "period" in specs:
            cell = self.cell(specs["period"])
            return None if cell == "" else to_period(cell, specs["period"], self.form)
        if "period_start" not in specs:
            return None
        first, last = self.cell(specs["period_start"]), self.cell(specs["period_end"])
        if first == "" and last == "":
            return None
        start = to_date(first, specs["period_start"], self.form)
        return make_period(start, to_date(last, specs["period_end"], self.form), self.form)

    def _read(self, what: str, read: Callable[[], Value]) -> Value | None:
        try:
            return read()
        except BadValue as fault:
            self.report(fault, what)
            return None
