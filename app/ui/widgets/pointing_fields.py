"""What can be said of a place on a bill: the header fields and the columns of a table, with their names and colours.

A page is paper in both themes, so these colours are for white ground: at least 4.5:1, also under white text.
"""

from __future__ import annotations

from dataclasses import dataclass

IDENTITY, DATES, AMOUNTS, TABLE, WORDS = "#0B6275", "#6A3D9A", "#17633A", "#9A4B00", "#48535F"


@dataclass(frozen=True, slots=True)
class FieldName:
    """A header field: its key in the layout, its name for a person, the colour of its box."""

    key: str
    title: str
    ink: str
    group: str


FIELDS = (
    FieldName("number", "Invoice number", IDENTITY, "Which bill it is"),
    FieldName("ban", "Account number", IDENTITY, "Which bill it is"),
    FieldName("bill_date", "Bill date", DATES, "Dates"),
    FieldName("due_date", "Due date", DATES, "Dates"),
    FieldName("billing_period", "Billing period", DATES, "Dates"),
    FieldName("previous_balance", "Previous balance", AMOUNTS, "Totals"),
    FieldName("payments_applied", "Payments received", AMOUNTS, "Totals"),
    FieldName("net_total", "Charges before tax", AMOUNTS, "Totals"),
    FieldName("tax_total", "Taxes", AMOUNTS, "Totals"),
    FieldName("rounding", "Rounding", AMOUNTS, "Totals"),
    FieldName("current_charges", "Current charges", AMOUNTS, "Totals"),
    FieldName("total_due", "Total due", AMOUNTS, "Totals"),
    FieldName("currency", "Currency", IDENTITY, "Which bill it is"),
)
FIELD = {field.key: field for field in FIELDS}

# what a column of the table can be; "" is read by nobody
COLUMNS = (
    ("description", "Description"),
    ("code", "Code"),
    ("location", "Location"),
    ("circuit_id", "Circuit"),
    ("tn", "Telephone number"),
    ("period", "Period"),
    ("period_start", "Period from"),
    ("period_end", "Period to"),
    ("quantity", "Quantity"),
    ("unit", "Unit"),
    ("unit_price", "Unit price"),
    ("tax_percent", "Tax per cent"),
    ("amount", "Amount"),
    ("", "Not read"),
)
COLUMN = dict(COLUMNS)
