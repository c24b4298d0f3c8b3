"""The fields of a bill mapping in words, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.vocabulary import ChargeType
from app.importers.tabular.kinds import BILL
from app.importers.tabular.table_kind import TableKind

CHARGE_FIELDS: tuple[tuple[str, str], ...] = (
    ("charges.amount", "Amount"),
    ("charges.description", "Description"),
    ("charges.code", "Charge code"),
    ("charges.type", "Type of charge"),
    ("charges.quantity", "Quantity"),
    ("charges.unit", "Unit"),
    ("charges.unit_price", "Unit price"),
    ("charges.circuit_id", "Circuit"),
    ("charges.tn", "Telephone number"),
    ("charges.location", "Location"),
    ("charges.period_start", "Charged from"),
    ("charges.period_end", "Charged to"),
)
INVOICE_FIELDS: tuple[tuple[str, str], ...] = (
    ("invoice.number", "Bill number"),
    ("invoice.bill_date", "Bill date"),
    ("invoice.due_date", "Due date"),
    ("invoice.ban", "Account"),
    ("invoice.currency", "Currency"),
    ("invoice.period_start", "Billed from"),
    ("invoice.period_end", "Billed to"),
    ("invoice.previous_balance", "Previous balance"),
    ("invoice.payments_applied", "Payments received"),
    ("invoice.current_charges", "Current charges"),
    ("invoice.total_due", "Total due"),
    ("invoice.tax_total", "Tax in all"),
)
TITLES = dict((*CHARGE_FIELDS, *INVOICE_FIELDS))
NEEDED = {
    "carrier": "the carrier",
    "currency": "the currency",
    "invoice.number": "the bill number",
    "invoice.bill_date": "the bill date",
    "invoice.period_start": "where the billing period begins",
    "invoice.period_end": "where the billing period ends",
    "charges.amount": "the amount",
    "charges.period_start": "where the charges’ periods begin",
    "charges.period_end": "where the charges’ periods end",
    "charges.types": "what some types of charges mean",
    "format.date": "how dates are written",
    "format.decimal": "how amounts are written",
    "fixed.decimals": "how many digits of the amounts are decimals (Digits, below the lines)",
}
EMPTY = "(empty)"  # how the empty cells of the column of types are listed
# what a value of the column of types can mean beside the types of charges
SKIP, PREVIOUS, PAYMENT, PAYMENT_PLUS = "skip", "previous_balance", "payments_applied", "payments_applied+"
MEANINGS: tuple[tuple[str, str], ...] = (
    (ChargeType.MRC, "Monthly charge"),
    (ChargeType.NRC, "One-time charge"),
    (ChargeType.USAGE, "Usage"),
    (ChargeType.OCC, "Other charge"),
    (ChargeType.TAX, "Tax"),
    (ChargeType.SURCHARGE, "Surcharge"),
    (ChargeType.FEE, "Fee"),
    (ChargeType.LPC, "Late payment charge"),
    (ChargeType.CREDIT, "Credit"),
    (ChargeType.ADJUSTMENT, "Adjustment"),
    (SKIP, "No charge: leave out"),
    (PREVIOUS, "Previous balance"),
    (PAYMENT, "Payment, printed negative"),
    (PAYMENT_PLUS, "Payment, printed positive"),
)
COUNTED = (("skip", "is passed over"),)  # what a word of the column that counts rows can mean
ROW_KIND = ("rows.counted", "Kind of row")
MOMENT_FORMATS = (
    "YYYY-MM-DD hh:mm:ss",
    "YYYY-MM-DD hh:mm",
    "YYYY-MM-DDThh:mm:ss",
    "YYYY-MM-DDThh:mm:ssZZ",
    "MM/DD/YYYY hh:mm:ss",
    "MM/DD/YYYY hh:mm",
    "M/D/YYYY h:mm AM",
    "DD/MM/YYYY hh:mm:ss",
    "DD/MM/YYYY hh:mm",
    "DD.MM.YYYY hh:mm:ss",
    "DD.MM.YYYY hh:mm",
    "epoch",
    "epoch_ms",
)
ZONES = (
    "UTC",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Madrid",
)
DATE_FORMATS = (
    "YYYY-MM-DD",
    "MM/DD/YYYY",
    "DD/MM/YYYY",
    "DD.MM.YYYY",
    "M/D/YYYY",
    "D/M/YYYY",
    "D.M.YYYY",
    "YYYY/MM/DD",
    "YYYYMMDD",
    "MM/DD/YY",
    "DD/MM/YY",
    "DD.MM.YY",
    "D MMM YYYY",
    "MMM D, YYYY",
    "YYYY-MM-DD 00:00:00",
)
NUMBERS = (
    ("1,234.56", ".", ","),
    ("1.234,56", ",", "."),
    ("1 234,56", ",", " "),
    ("1'234.56", ".", "'"),
    ("1 234.56", ".", " "),
)
DELIMITERS = ((",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Bar |"), ("fixed", "Fixed width"))
ENCODING_WORDS = {
    "cp1252": "Windows, Western Europe (cp1252)",
    "iso-8859-1": "Latin-1 (iso-8859-1)",
    "iso-8859-15": "Latin-9 with € (iso-8859-15)",
    "cp1250": "Windows, Central Europe (cp1250)",
    "cp437": "DOS, United States (cp437)",
    "cp850": "DOS, Western Europe (cp850)",
    "mac_roman": "Macintosh",
    "cp037": "EBCDIC (cp037)",
}


def fields_of(kind: TableKind) -> tuple[tuple[str, str], ...]:
    """What a column can be chosen for: the key and its title."""
    if kind is BILL:
        return (*CHARGE_FIELDS, *INVOICE_FIELDS)
    fields = tuple((f"columns.{field.key}", field.title) for field in kind.shown)
    return (*fields, *((ROW_KIND,) if kind.counts_rows else ()))


def name_parts(kind: TableKind, mapping: Mapping[str, Any], account: str) -> list[str]:
    """The words of which the name of a new mapping is made."""
    if kind is BILL:
        said = [mapping["carrier"], account]
    else:
        said = [mapping.get("carrier") or mapping.get("bank") or "", kind.title]
    return [word for word in said if word]


def tell(key: str, kind: TableKind) -> str:
    """What is still to choose, in words."""
    if kind is BILL:
        return NEEDED.get(key, key)
    room, _, name = key.partition(".")
    field = kind.field(name) if room == "columns" else None
    setting = next((one for one in kind.settings if one.key == key), None)
    if field is not None:
        alternatives = [one for group in kind.either for one in group if group[0][0] == name]
        titles = [" and ".join(_title(kind, one) for one in keys) for keys in alternatives]
        return f"the column of {' or of '.join(titles)}" if titles else f"“{field.title}”"
    if key == "header":
        return "the row with the names of the columns (Header in row)"
    return f"“{setting.title}”" if setting is not None else key


def _title(kind: TableKind, key: str) -> str:
    field = kind.field(key)
    return f"“{field.title}”" if field is not None else key
