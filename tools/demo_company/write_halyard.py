"""Halyard's bill as a workbook: a sheet with the summary, a sheet with the charges."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.styles import Font, PatternFill

from tools.demo_company.carriers import HALYARD
from tools.demo_company.paper import last_day
from tools.demo_company.sites import COMPANY_LEGAL
from tools.demo_company.values import CREDIT, FEE, ONCE, RECURRING, SURCHARGE, TAX, USAGE, Bill
from tools.demo_company.workbook import Cell, add_table, new_workbook, put, save

COLUMNS = (
    "Line",
    "Category",
    "Product",
    "Description",
    "Site",
    "Trunk",
    "Number",
    "From",
    "To",
    "Quantity",
    "Unit",
    "Rate",
    "Amount",
)
_CATEGORIES = {
    RECURRING: "Recurring",
    ONCE: "One-time",
    USAGE: "Usage",
    CREDIT: "Credit",
    SURCHARGE: "Surcharge",
    FEE: "Fee",
    TAX: "Tax",
}


def write_halyard(bill: Bill) -> bytes:
    """The bill's XLSX."""
    workbook = new_workbook()
    _add_summary(workbook.create_sheet("Summary"), bill)
    sheet = add_table(workbook, "Charges", COLUMNS, _rows(bill), top=3)
    put(sheet, 1, 1, f"Charges on invoice {bill.number}").font = Font(bold=True, size=13)
    return save(workbook)


def _rows(bill: Bill) -> Iterator[tuple[Cell, ...]]:
    for number, charge in enumerate(bill.charges, start=1):
        yield (
            number,
            _CATEGORIES[charge.kind],
            charge.code,
            charge.description,
            charge.site,
            charge.circuit,
            charge.tn,
            charge.start,
            last_day(charge.end) if charge.end else None,
            charge.quantity,
            charge.unit,
            charge.rate,
            charge.amount,
        )


def _add_summary(sheet: object, bill: Bill) -> None:
    put(sheet, 1, 1, HALYARD).font = Font(bold=True, size=16, color="0B6E74")
    put(sheet, 2, 1, "Invoice summary").font = Font(size=12, italic=True)
    facts: tuple[tuple[str, Cell], ...] = (
        ("Bill to", COMPANY_LEGAL),
        ("Account number", bill.account.ban),
        ("Invoice number", bill.number),
        ("Invoice date", bill.bill_date),
        ("Period from", bill.start),
        ("Period to", last_day(bill.end)),
        ("Due date", bill.due),
        ("Currency", bill.account.currency),
    )
    totals: tuple[tuple[str, Cell], ...] = (
        ("Previous balance", bill.previous),
        ("Payments received", -bill.payments),
        ("Recurring charges", bill.sum_of(RECURRING)),
        ("One-time charges", bill.sum_of(ONCE)),
        ("Usage charges", bill.sum_of(USAGE)),
        ("Credits", bill.sum_of(CREDIT)),
        ("Surcharges, fees and taxes", bill.sum_of(SURCHARGE, FEE, TAX)),
        ("Current charges", bill.current),
        ("Total due", bill.total),
    )
    for start, rows in ((4, facts), (13, totals)):
        for place, (label, value) in enumerate(rows):
            put(sheet, start + place, 1, label)
            put(sheet, start + place, 2, value)
    for row in (20, 21):
        for column in (1, 2):
            cell = sheet.cell(row, column)  # type: ignore[attr-defined]
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="D8EFF0")
    sheet.column_dimensions["A"].width = 30  # type: ignore[attr-defined]
    sheet.column_dimensions["B"].width = 24  # type: ignore[attr-defined]
