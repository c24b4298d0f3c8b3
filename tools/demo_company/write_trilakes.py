"""Tri-Lakes' bill as a PDF: what a line printer makes, in fixed columns on striped paper, by working number."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import groupby
from typing import Any

from reportlab.lib.colors import HexColor

from tools.demo_company.carriers import CARRIER, TRILAKES
from tools.demo_company.paper import HEIGHT, WIDTH, last_day, new_canvas, plain
from tools.demo_company.sites import COMPANY_ADDRESS, COMPANY_LEGAL, SITE
from tools.demo_company.values import CREDIT, FEE, ONCE, RECURRING, SURCHARGE, TAX, Bill, Charge

COLUMNS = 92
LINES = 62  # printed lines on a page
_SIZE, _STEP, _TOP = 8.8, 11.4, HEIGHT - 44
_LEFT = 63
_STRIPE = HexColor("#e9f5ea")
_PIECE = re.compile(r"\S+(?: \S+)*")


def write_trilakes(bill: Bill) -> bytes:
    """The bill's PDF."""
    pages = _paginate(bill)
    canvas, buffer = new_canvas(f"Bill {bill.number}", TRILAKES)
    for page in pages:
        _print_page(canvas, page)
    canvas.save()
    return buffer.getvalue()


def _print_page(canvas: Any, lines: list[str]) -> None:
    canvas.setFillColor(_STRIPE)
    for stripe in range(0, LINES + 2, 4):
        canvas.rect(30, _TOP - 3 - _STEP * (stripe + 1), WIDTH - 60, _STEP * 2, stroke=0, fill=1)
    canvas.setFillGray(0.72)
    for side in (18, WIDTH - 18):  # the holes of the paper's edge
        for place in range(26):
            canvas.circle(side, 24 + place * 29.5, 3.2, stroke=0, fill=1)
    canvas.setFillGray(0.08)
    canvas.setFont("Courier", _SIZE)
    pitch = canvas.stringWidth("0", "Courier", _SIZE)
    for place, text in enumerate(lines):
        for piece in _PIECE.finditer(text):  # the head jumps over wide gaps, it does not print blanks
            canvas.drawString(_LEFT + pitch * piece.start(), _TOP - _STEP * place, piece.group())
    canvas.showPage()


def _paginate(bill: Bill) -> list[list[str]]:
    """Each page's lines, under the carrier's head. A number's group stays together."""
    blocks = [_summary(bill), *_numbers(bill), _added(bill), _end(bill)]
    pages: list[list[str]] = []
    body: list[str] = []
    room = LINES - 8
    for place, block in enumerate(blocks):
        if place == 1 or len(body) + len(block) > room:
            pages.append(body)
            body = []
        body.extend(block)
    pages.append(body)
    return [_head(bill, number, len(pages)) + page for number, page in enumerate(pages, start=1)]


def _head(bill: Bill, number: int, pages: int) -> list[str]:
    street, town = CARRIER[TRILAKES].address.split(", ")
    return [
        _sides("TRI-LAKES TELEPHONE", f"ACCOUNT NUMBER {bill.account.ban:>20}"),
        _sides(street.upper(), f"BILL NUMBER {bill.number:>23}"),
        _sides(town.upper(), f"BILL DATE {f'{bill.bill_date:%m/%d/%y}':>25}"),
        _sides("218 555-0100", f"PAGE {f'{number} OF {pages}':>30}"),
        "=" * COLUMNS,
        "",
    ]


def _summary(bill: Bill) -> list[str]:
    forward = bill.previous + bill.payments
    paid = f"PAYMENT {bill.paid_on:%m/%d/%y} THANK YOU" if bill.paid_on and bill.payments else "PAYMENTS"
    lines = [
        *(f"     {text.upper()}" for text in (COMPANY_LEGAL, *COMPANY_ADDRESS)),
        "",
        "",
        "-" * 24 + " SUMMARY OF YOUR ACCOUNT " + "-" * 43,
        "",
        _entry("PREVIOUS BILL", bill.previous),
        _entry(paid, bill.payments),
        _entry("BALANCE FORWARD", forward),
        "",
        f"     SERVICE {bill.start:%m/%d/%y} THRU {last_day(bill.end):%m/%d/%y}",
    ]
    for name, kinds in (
        ("LOCAL SERVICE", (RECURRING,)),
        ("OTHER CHARGES AND CREDITS", (ONCE, CREDIT)),
        ("SURCHARGES", (SURCHARGE, FEE)),
        ("TAXES", (TAX,)),
    ):
        if any(charge.kind in kinds for charge in bill.charges):
            lines.append(_entry(name, bill.sum_of(*kinds)))
    lines += [
        _entry("CURRENT CHARGES", bill.current),
        "",
        _entry("AMOUNT DUE", bill.total),
        f"     PAY BY {bill.due:%m/%d/%y}",
        "",
        "-" * COLUMNS,
        "",
        "     A LATE CHARGE OF 1.5 PERCENT A MONTH MAY BE MADE ON AMOUNTS UNPAID BY THEN.",
        "     CR AFTER AN AMOUNT MEANS A CREDIT.   CALL BEFORE YOU DIG.",
    ]
    if forward > 0:
        lines += ["", "     *** YOUR ACCOUNT IS PAST DUE.  PLEASE PAY THE BALANCE FORWARD AT ONCE. ***"]
    return lines


def _numbers(bill: Bill) -> list[list[str]]:
    """A block per working number, with its subtotal, and the site's subtotal after the last."""
    blocks: list[list[str]] = []
    placed = [charge for charge in bill.charges if charge.site]
    for site_code, at_site in groupby(placed, key=lambda charge: charge.site):
        site, there = SITE[site_code], sorted(at_site, key=lambda charge: charge.tn)
        for tn, group in groupby(there, key=lambda charge: charge.tn):
            charges = list(group)
            blocks.append(
                [
                    f"WORKING NUMBER {tn[:3]} {tn[4:]}     {site.name.upper()}  {site.street.upper()}",
                    *(_charge(charge) for charge in charges),
                    _total(f"SUBTOTAL {tn[:3]} {tn[4:]}", charges),
                    "",
                ]
            )
        blocks[-1].append(_total(f"SUBTOTAL {site.name.upper()}", there))
        blocks[-1].append("")
    return blocks


def _added(bill: Bill) -> list[str]:
    charges = [charge for charge in bill.charges if not charge.site]
    return [
        "TAXES AND SURCHARGES",
        *(f"{'':22}{charge.code:<8}{charge.description:<46}{_amount(charge.amount):>16}" for charge in charges),
        _total("SUBTOTAL TAXES AND SURCHARGES", charges),
        "",
    ]


def _end(bill: Bill) -> list[str]:
    return [f"{'TOTAL OF THIS BILL':<72}{_amount(bill.current):>20}", "", f"{'*** END OF BILL ***':^{COLUMNS}}"]


def _charge(charge: Charge) -> str:
    """04/19/26-05/18/26   1FB     BUSINESS LINE                  1 @     38.50             38.50"""
    days = f"{charge.start:%m/%d/%y}-{last_day(charge.end):%m/%d/%y}" if charge.start and charge.end else ""
    each = f"{plain(charge.quantity):>4} @ {charge.rate:>9,.2f}" if charge.quantity and charge.rate else ""
    return f"  {days:<20}{charge.code:<8}{charge.description:<30}{each:<16}{_amount(charge.amount):>16}"


def _total(text: str, charges: list[Charge]) -> str:
    amount = sum((charge.amount for charge in charges), Decimal(0))
    return f"{text:>74}{_amount(amount):>18}"


def _entry(text: str, amount: Decimal) -> str:
    return f"     {text:<52}{_amount(amount):>19}"


def _amount(amount: Decimal) -> str:
    """12.50CR for a credit; a blank stands where the CR would, so that the points line up."""
    return f"{-amount:,.2f}CR" if amount < 0 else f"{amount:,.2f}  "


def _sides(left: str, right: str) -> str:
    return f"{left:<{COLUMNS - len(right)}}{right}"
