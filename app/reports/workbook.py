"""The report as a workbook: figures, bills, overcharges with their proofs, disputes and the payment run."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.reports.table import guard_text
from app.reports.wording import long_day

if TYPE_CHECKING:
    from app.reports.data import CurrencySummary, ReportData

_AMOUNT, _DAY = "#,##0.00;[Red]-#,##0.00", "yyyy-mm-dd"
_INK, _BAND, _RULE = "1B2430", "E8EEF5", "C9D0D9"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its head, the value of a row, and its width in characters."""

    head: str
    value: Callable[[Any], object]
    width: int
    wrap: bool = False


BILLS = (
    Column("Carrier", lambda row: row.carrier, 28),
    Column("Account", lambda row: row.ban, 20),
    Column("Bill", lambda row: row.number, 20),
    Column("Bill date", lambda row: row.bill_date, 12),
    Column("Due", lambda row: row.due_date, 12),
    Column("Currency", lambda row: row.currency, 10),
    Column("Current charges", lambda row: row.current_charges, 16),
    Column("Total due", lambda row: row.total_due, 16),
    Column("Overcharged", lambda row: row.overcharged, 14),
    Column("Withheld", lambda row: row.withheld, 14),
    Column("Payable", lambda row: row.payable, 16),
    Column("Status", lambda row: row.status, 14),
)
OVERCHARGES = (
    Column("Rule", lambda row: row.rule, 7),
    Column("Accusation", lambda row: row.name, 26, wrap=True),
    Column("Carrier", lambda row: row.carrier, 26, wrap=True),
    Column("Account", lambda row: row.ban, 18),
    Column("Bill", lambda row: row.number, 18),
    Column("Bill date", lambda row: row.bill_date, 12),
    Column("Service", lambda row: row.service, 26, wrap=True),
    Column("Charge", lambda row: row.description, 32, wrap=True),
    Column("Currency", lambda row: row.currency, 10),
    Column("Billed", lambda row: row.billed, 14),
    Column("Expected", lambda row: row.expected, 14),
    Column("Claim", lambda row: row.claim, 14),
    Column("Status", lambda row: row.status, 12),
    Column("File by", lambda row: row.file_by, 12),
    Column("Finding", lambda row: row.message, 48, wrap=True),
    Column("Proof", lambda row: row.proof, 70, wrap=True),
)
DISPUTES = (
    Column("Dispute", lambda row: row.number, 14),
    Column("Carrier", lambda row: row.carrier, 30),
    Column("Status", lambda row: row.status, 14),
    Column("Currency", lambda row: row.currency, 10),
    Column("Charges", lambda row: row.items, 10),
    Column("Claim", lambda row: row.claim, 14),
    Column("Granted", lambda row: row.granted, 14),
    Column("Withhold if filed by", lambda row: row.withhold_by, 20),
    Column("File by", lambda row: row.file_by, 12),
    Column("Filed on", lambda row: row.filed_on, 12),
)
PAYMENTS = (
    Column("Status", lambda row: row.status, 12),
    Column("Carrier", lambda row: row.carrier, 28),
    Column("Account", lambda row: row.ban, 20),
    Column("Bill", lambda row: row.number, 20),
    Column("Due", lambda row: row.due_date, 12),
    Column("Currency", lambda row: row.currency, 10),
    Column("Gross", lambda row: row.gross, 16),
    Column("Withheld", lambda row: row.withheld, 14),
    Column("Credit", lambda row: row.credit, 14),
    Column("To pay", lambda row: row.net, 16),
    Column("Send on", lambda row: row.send_on, 12),
    Column("Arrives on", lambda row: row.pay_on, 12),
    Column("Late", lambda row: "late" if row.late else "", 8),
)


def write_workbook(data: ReportData) -> bytes:
    """The bytes of the XLSX: numbers are numbers, days are days, and a text is a text, whatever it begins with."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.title = f"Tollbook report of {data.company}"
    book.properties.creator = "Tollbook"
    book.properties.created = book.properties.modified = datetime(data.as_of.year, data.as_of.month, data.as_of.day)  # noqa: DTZ001 - a workbook's moments have no zone
    _write_summary(book.active, data)
    _write_table(book.create_sheet("Bills"), BILLS, data.bills)
    _write_table(book.create_sheet("Overcharges"), OVERCHARGES, data.overcharges)
    _write_table(book.create_sheet("Disputes"), DISPUTES, data.disputes)
    _write_table(book.create_sheet("Payment run"), PAYMENTS, data.payments)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_table(sheet: Any, columns: Sequence[Column], rows: Sequence[object]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for place, column in enumerate(columns, start=1):
        head = _put(sheet, 1, place, column.head)
        head.font = Font(bold=True, color=_INK)
        head.fill = PatternFill("solid", start_color=_BAND)
        head.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    for number, row in enumerate(rows, start=2):
        for place, column in enumerate(columns, start=1):
            cell = _put(sheet, number, place, column.value(row))
            cell.alignment = Alignment(vertical="top", wrap_text=column.wrap)
    sheet.row_dimensions[1].height = 22
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    _set_page(sheet)


def _write_summary(sheet: Any, data: ReportData) -> None:
    from openpyxl.styles import Font

    sheet.title = "Summary"
    for letter, width in zip("ABC", (44, 14, 18), strict=True):
        sheet.column_dimensions[letter].width = width
    _put(sheet, 1, 1, data.company).font = Font(bold=True, size=16, color=_INK)
    _put(sheet, 2, 1, f"Bills, overcharges and payments as of {long_day(data.as_of)}").font = Font(color="5B6776")
    line = 4
    for currency in data.currencies:
        line = _write_currency(sheet, line, currency)
    _set_page(sheet)


def _write_currency(sheet: Any, line: int, summary: CurrencySummary) -> int:
    """The figures of one currency from `line` on; the line after them."""
    line = _head(sheet, line, f"All bills in {summary.currency}", ("Bills", summary.currency))
    for name, count, value in (
        ("Billed", summary.bills, summary.billed),
        ("Expected by contract", None, summary.expected),
        ("Overcharged", None, summary.overcharged),
        ("of it disputed", None, summary.disputed),
        ("Credits granted", None, summary.credited),
    ):
        line = _line(sheet, line, name, count, value)
    for title, parts in (("Overcharged by rule", summary.by_rule), ("Overcharged by carrier", summary.by_carrier)):
        if parts:
            line = _head(sheet, line + 1, title, ("Findings", summary.currency))
            for part in parts:
                line = _line(sheet, line, part.name, part.count, part.amount)
    if summary.due:
        line = _head(sheet, line + 1, "To pay by due date", ("Bills", summary.currency))
        for due in summary.due:
            line = _line(sheet, line, due.due, due.bills, due.amount)
    return line + 1


def _head(sheet: Any, line: int, title: str, heads: tuple[str, str]) -> int:
    from openpyxl.styles import Alignment, Font, PatternFill

    for place, text in enumerate((title, *heads), start=1):
        cell = _put(sheet, line, place, text)
        cell.font = Font(bold=True, color=_INK)
        cell.fill = PatternFill("solid", start_color=_BAND)
        cell.alignment = Alignment(horizontal="left" if place == 1 else "right")
    return line + 1


def _line(sheet: Any, line: int, name: object, count: int | None, value: Decimal) -> int:
    from openpyxl.styles import Alignment

    _put(sheet, line, 1, name).alignment = Alignment(horizontal="left")
    _put(sheet, line, 2, count)
    _put(sheet, line, 3, value)
    return line + 1


def _put(sheet: Any, row: int, column: int, value: object) -> Any:
    """A cell with `value` in its own type."""
    plain: Any = value
    if not isinstance(plain, int | Decimal | date) and plain is not None:
        plain = "".join(letter for letter in str(plain) if letter >= " " or letter in "\t\n")
    cell = sheet.cell(row, column, plain)
    if isinstance(plain, str):
        cell.data_type = "s"  # or what begins with = would be a formula
        cell.quotePrefix = guard_text(plain) != plain  # and stays a text when somebody edits it
    elif isinstance(plain, Decimal):
        cell.number_format = _AMOUNT
    elif isinstance(plain, date):
        cell.number_format = _DAY
    return cell


def _set_page(sheet: Any) -> None:
    """How it is printed: as wide as a page, heads on each."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if sheet.freeze_panes:
        sheet.print_title_rows = "1:1"
