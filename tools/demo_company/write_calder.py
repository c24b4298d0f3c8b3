"""Calder's bill as a file of rows: one per charge, its tax in a column, the bill's own figures on each."""

from __future__ import annotations

import csv
from io import StringIO
from itertools import pairwise

from tools.demo_company.paper import last_day
from tools.demo_company.values import CREDIT, ONCE, RECURRING, SURCHARGE, TAX, Bill

COLUMNS = (
    "ACCOUNT",
    "INVOICE",
    "INVOICE DATE",
    "DUE DATE",
    "BILL FROM",
    "BILL TO",
    "PREVIOUS BALANCE",
    "PAYMENTS",
    "CURRENT CHARGES",
    "AMOUNT DUE",
    "ROW",
    "SITE",
    "CIRCUIT",
    "PRODUCT",
    "DESCRIPTION",
    "CLASS",
    "FROM",
    "TO",
    "QTY",
    "UNIT PRICE",
    "NET",
    "STATE TAX",
)
_CLASSES = {RECURRING: "R", ONCE: "N", CREDIT: "C", SURCHARGE: "S"}


def write_calder(bill: Bill) -> bytes:
    """The bill's CSV, with bars between its columns."""
    written = StringIO()
    rows = csv.writer(written, delimiter="|", lineterminator="\r\n")
    rows.writerow(COLUMNS)
    whole = (
        bill.account.ban,
        bill.number,
        bill.bill_date.isoformat(),
        bill.due.isoformat(),
        bill.start.isoformat(),
        last_day(bill.end).isoformat(),
        f"{bill.previous:.2f}",
        f"{bill.payments:.2f}",
        f"{bill.current:.2f}",
        f"{bill.total:.2f}",
    )
    number = 0
    for line, following in pairwise([*bill.lines, None]):
        if line is None or line.kind == TAX:
            continue
        tax = following.amount if following is not None and following.kind == TAX else None
        number += 1
        rows.writerow(
            (
                *whole,
                number,
                line.site,
                line.circuit,
                line.code,
                line.description,
                _CLASSES[line.kind],
                line.start.isoformat() if line.start else "",
                last_day(line.end).isoformat() if line.end else "",
                "" if line.quantity is None else line.quantity,
                "" if line.rate is None else line.rate,
                f"{line.amount:.2f}",
                "" if tax is None else f"{tax:.2f}",
            )
        )
    return written.getvalue().encode("utf-8")
