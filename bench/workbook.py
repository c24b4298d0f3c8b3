"""A bill of 200,000 rows as XLSX: our reader, pre-flight and exact cells included, against openpyxl, read-only."""

from __future__ import annotations

import io
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal

import openpyxl

from app.importers.tabular.workbook import read_workbook
from bench._timing import compare

ROWS = 200_000
HEADER = ("Invoice", "Circuit", "Description", "Class", "From", "Quantity", "Amount")


def make(rows: int) -> bytes:
    """The workbook: texts, dates and amounts as a carrier's billing system writes them."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Charges")
    sheet.append(HEADER)
    first = date(2026, 9, 1)
    for number in range(rows):
        amount = Decimal(number % 9_973) / 100
        kind = ("Recurring", "Usage", "Tax")[number % 3]
        start = first + timedelta(days=number % 30)
        sheet.append(("Q-1", f"QH/{number % 4_000:06d}/A", f"Wavelength {number}", kind, start, number % 7, amount))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def main(rows: int = ROWS) -> None:
    """Read it both ways, see that the values are equal, and time them in turn."""
    content = make(rows)
    print(f"{rows:,} rows of {len(HEADER)} columns, {len(content) >> 20} MB")

    def by_openpyxl() -> list[tuple[object, ...]]:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        found: list[tuple[object, ...]] = [tuple(row) for row in book["Charges"].iter_rows(values_only=True)]
        book.close()
        return found

    def by_tollbook() -> list[tuple[object, ...]]:
        (sheet,) = read_workbook(content).sheets
        return [row.cells for row in sheet.rows]

    theirs, ours = by_openpyxl(), by_tollbook()
    if [tuple(map(_exact, row)) for row in theirs] != [tuple(map(_exact, row)) for row in ours]:
        raise AssertionError("the two readers give different values")
    compare(
        f"reading {rows:,} rows of XLSX",
        ("openpyxl, read-only", lambda: len(by_openpyxl())),
        ("Tollbook", lambda: len(by_tollbook())),
        runs=3,
    )


def _exact(value: object) -> object:
    """A number as the decimal that it shows, a moment at midnight as its day."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, Decimal):
        return value.normalize()
    if isinstance(value, int | float):
        return Decimal(repr(value)).normalize()
    return value


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
