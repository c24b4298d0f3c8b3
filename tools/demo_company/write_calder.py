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
    for charge, following in pairwise([*bill.charges, None]):
        if charge is None or charge.kind == TAX:
            continue
        tax = following.amount if following is not None and following.kind == TAX else None
        number += 1
        rows.writerow(
            (
                *whole,
                number,
                charge.site,
                charge.circuit,
                charge.code,
                charge.description,
                _CLASSES[charge.kind],
                charge.start.isoformat() if charge.start else "",
                last_day(charge.end).isoformat() if charge.end else "",
                "" if charge.quantity is None else charge.quantity,
                "" if charge.rate is None else charge.rate,
                f"{charge.amount:.2f}",
                "" if tax is None else f"{tax:.2f}",
            )
        )
    return written.getvalue().encode("utf-8")
