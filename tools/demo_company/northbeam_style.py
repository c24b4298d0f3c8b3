"""How Northbeam's bill looks: its mark, its colours, its first page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from reportlab.lib.colors import HexColor

from tools.demo_company.paper import HEIGHT, WIDTH, last_day, money
from tools.demo_company.sites import COMPANY_ADDRESS, COMPANY_LEGAL, SITE
from tools.demo_company.values import CREDIT, FEE, ONCE, RECURRING, SURCHARGE, TAX, USAGE, Bill, Carrier

NAVY, BEAM, MIST, PALE = HexColor("#12355b"), HexColor("#f08a24"), HexColor("#e8eef5"), HexColor("#fdf1e4")
LEFT, RIGHT, BOTTOM = 40, WIDTH - 40, 56
DETAIL, CODE, PERIOD = 148, 292, 352
QUANTITY, RATE, AMOUNT = 484, 526, RIGHT - 4


def draw_front(canvas: Any, bill: Bill, carrier: Carrier, pages: int) -> None:
    """The first page: mark, key facts, the account summary, news and the remittance slip."""
    _draw_mark(canvas, LEFT, HEIGHT - 76, 1.0)
    _draw_facts(canvas, bill)
    canvas.setFillGray(0.1)
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawString(LEFT, HEIGHT - 134, COMPANY_LEGAL)
    canvas.setFont("Helvetica", 9.5)
    for place, text in enumerate(COMPANY_ADDRESS):
        canvas.drawString(LEFT, HEIGHT - 147 - 12.5 * place, text)
    _draw_summary(canvas, bill)
    _draw_news(canvas, bill)
    _draw_shares(canvas, bill)
    _draw_slip(canvas, bill, carrier)
    canvas.setFont("Helvetica", 7)
    canvas.setFillGray(0.4)
    canvas.drawRightString(RIGHT, 24, f"Page 1 of {pages}")


def draw_head(canvas: Any, bill: Bill, number: int, pages: int) -> None:
    """The head and foot of a page of charges, with the names of the columns."""
    _draw_mark(canvas, LEFT, HEIGHT - 58, 0.6)
    canvas.setFillGray(0.25)
    canvas.setFont("Helvetica", 8)
    canvas.drawRightString(RIGHT, HEIGHT - 38, f"Account {bill.account.ban}    Invoice {bill.number}")
    canvas.drawRightString(RIGHT, HEIGHT - 50, f"Bill date {bill.bill_date:%m/%d/%Y}    Page {number} of {pages}")
    canvas.setStrokeColor(NAVY)
    canvas.setLineWidth(1)
    canvas.line(LEFT, HEIGHT - 66, RIGHT, HEIGHT - 66)
    canvas.setFillColor(NAVY)
    canvas.setFont("Helvetica-Bold", 13)
    canvas.drawString(LEFT, HEIGHT - 82, "Current charges by location" if number == 2 else "Current charges, continued")
    canvas.setFont("Helvetica-Bold", 7.2)
    y = HEIGHT - 97
    for x, text in ((LEFT + 4, "Service ID"), (DETAIL, "Description"), (CODE, "Code"), (PERIOD, "Service period")):
        canvas.drawString(x, y, text)
    for x, text in ((QUANTITY, "Quantity"), (RATE, "Rate"), (AMOUNT, "Amount")):
        canvas.drawRightString(x, y, text)
    canvas.setFont("Helvetica", 7)
    canvas.setFillGray(0.4)
    canvas.drawString(LEFT, 36, "Questions? Business Care 800-555-0100, Monday to Friday, 7 am to 7 pm Central.")


def draw_banner(canvas: Any, y: float, text: str, note: str) -> None:
    """The head of a location's section."""
    canvas.setFillColor(MIST)
    canvas.rect(LEFT, y, RIGHT - LEFT, 16, stroke=0, fill=1)
    canvas.setFillColor(NAVY)
    canvas.rect(LEFT, y, 3, 16, stroke=0, fill=1)
    canvas.setFont("Helvetica-Bold", 8.6)
    canvas.drawString(LEFT + 10, y + 5, text)
    canvas.setFont("Helvetica", 7.6)
    canvas.setFillGray(0.3)
    canvas.drawRightString(RIGHT - 6, y + 5, note)


def _draw_mark(canvas: Any, x: float, y: float, scale: float) -> None:
    """A beam over the horizon, and the name."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(scale, scale)
    canvas.setFillColor(NAVY)
    canvas.circle(18, 18, 18, stroke=0, fill=1)
    canvas.setFillColor(BEAM)
    beam = canvas.beginPath()
    beam.moveTo(11, 9)
    beam.lineTo(36, 24)
    beam.lineTo(31, 31)
    beam.close()
    canvas.drawPath(beam, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#ffffff"))
    canvas.circle(11, 9, 3.4, stroke=0, fill=1)
    canvas.setFillColor(NAVY)
    canvas.setFont("Helvetica-Bold", 25)
    canvas.drawString(46, 13, "northbeam")
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(BEAM)
    canvas.drawString(47, 2, "C O M M U N I C A T I O N S")
    canvas.restoreState()


def _draw_facts(canvas: Any, bill: Bill) -> None:
    x, top = 352, HEIGHT - 40
    canvas.setFillColor(NAVY)
    canvas.roundRect(x, top - 96, RIGHT - x, 100, 6, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#ffffff"))
    canvas.setFont("Helvetica-Bold", 11)
    canvas.drawString(x + 12, top - 13, "Your business bill")
    rows = (
        ("Account number", bill.account.ban),
        ("Invoice number", bill.number),
        ("Bill date", f"{bill.bill_date:%m/%d/%Y}"),
        ("Billing period", f"{bill.start:%m/%d/%Y} - {last_day(bill.end):%m/%d/%Y}"),
        ("Payment due date", f"{bill.due:%m/%d/%Y}"),
    )
    for place, (label, value) in enumerate(rows):
        y = top - 31 - 14 * place
        canvas.setFont("Helvetica", 8.4)
        canvas.drawString(x + 12, y, label)
        canvas.setFont("Helvetica-Bold", 8.4)
        canvas.drawRightString(RIGHT - 12, y, value)


def _draw_summary(canvas: Any, bill: Bill) -> None:
    y, right = HEIGHT - 224, 330
    canvas.setFillColor(NAVY)
    canvas.setFont("Helvetica-Bold", 13)
    canvas.drawString(LEFT, y, "Account summary")
    paid = f"Payments received {bill.paid_on:%m/%d/%Y}" if bill.paid_on and bill.payments else "Payments received"
    current: list[tuple[str, str]] = [
        (name, money(bill.sum_of(*kinds)))
        for name, kinds in (
            ("Monthly charges", (RECURRING,)),
            ("One-time charges", (ONCE,)),
            ("Usage charges", (USAGE,)),
            ("Credits", (CREDIT,)),
            ("Surcharges and fees", (SURCHARGE, FEE)),
            ("Taxes", (TAX,)),
        )
        if bill.sum_of(*kinds)
    ]
    y -= 22
    y = _draw_rows(
        canvas,
        y,
        right,
        [
            ("Previous balance", money(bill.previous)),
            (paid, money(bill.payments)),
            ("Balance forward", money(bill.previous + bill.payments)),
        ],
    )
    y = _draw_rows(canvas, y - 8, right, [*current, ("Total current charges", money(bill.current))])
    canvas.setFillColor(PALE)
    canvas.rect(LEFT - 6, y - 22, right - LEFT + 12, 24, stroke=0, fill=1)
    canvas.setFillColor(NAVY)
    canvas.setFont("Helvetica-Bold", 12)
    canvas.drawString(LEFT, y - 15, "Total amount due")
    canvas.drawRightString(right, y - 15, f"${money(bill.total)}")


def _draw_rows(canvas: Any, y: float, right: float, rows: list[tuple[str, str]]) -> float:
    """Label and amount on a line each, the last one bold under a rule."""
    for place, (label, value) in enumerate(rows):
        last = place == len(rows) - 1
        if last:
            canvas.setStrokeColor(NAVY)
            canvas.setLineWidth(0.6)
            canvas.line(LEFT, y + 10, right, y + 10)
        canvas.setFillGray(0.1)
        canvas.setFont("Helvetica-Bold" if last else "Helvetica", 9.5)
        canvas.drawString(LEFT, y, label)
        canvas.drawRightString(right, y, value)
        y -= 15
    return y


def _draw_news(canvas: Any, bill: Bill) -> None:
    x, top = 356, HEIGHT - 212
    canvas.setFillColor(MIST)
    canvas.roundRect(x, top - 196, RIGHT - x, 196, 6, stroke=0, fill=1)
    canvas.setFillColor(NAVY)
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawString(x + 12, top - 20, "News for your business")
    canvas.setFont("Helvetica", 8.4)
    canvas.setFillGray(0.2)
    past_due = bill.previous + bill.payments
    first = (
        (f"Your account shows a past due balance of ${money(past_due)}.", "Please pay it at once.")
        if past_due > 0
        else ("Thank you for your payment.", "Your account is in good standing.")
    )
    lines = (
        *first,
        "",
        "Go paperless: sign in to My Northbeam to",
        "download bills and circuit reports.",
        "",
        "Planning a move or a disconnect? Tell us 30",
        "days ahead and your last bill is prorated",
        "to the day.",
        "",
        "Disputes: disputes@northbeam.example",
    )
    for place, text in enumerate(lines):
        canvas.drawString(x + 12, top - 38 - 13 * place, text)


def _draw_shares(canvas: Any, bill: Bill) -> None:
    """Bars of what each location costs, in two columns."""
    shares: dict[str, Decimal] = {}
    for charge in bill.charges:
        if charge.site:
            shares[charge.site] = shares.get(charge.site, Decimal(0)) + charge.amount
    top = max(shares.values())
    y = 372
    canvas.setFillColor(NAVY)
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawString(LEFT, y, "Charges by location")
    half = (len(shares) + 1) // 2
    for place, (site, amount) in enumerate(shares.items()):
        x = LEFT + (0 if place < half else 278)
        base = y - 20 - 16 * (place % half)
        canvas.setFillGray(0.2)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(x, base, SITE[site].name)
        canvas.drawRightString(x + 254, base, money(amount))
        canvas.setFillColor(BEAM)
        canvas.rect(x + 118, base - 1, max(1, int(92 * amount / top)), 7, stroke=0, fill=1)


def _draw_slip(canvas: Any, bill: Bill, carrier: Carrier) -> None:
    top = 190
    canvas.setStrokeGray(0.5)
    canvas.setDash(3, 3)
    canvas.line(LEFT, top, RIGHT, top)
    canvas.setDash()
    canvas.setFillGray(0.4)
    canvas.setFont("Helvetica-Oblique", 7)
    canvas.drawCentredString(WIDTH / 2, top + 4, "Please detach and return this part with your payment")
    _draw_mark(canvas, LEFT, top - 46, 0.7)
    canvas.setFillGray(0.15)
    canvas.setFont("Helvetica", 8.6)
    for place, text in enumerate(("Remit to", carrier.name, *carrier.address.split(", ", 1))):
        canvas.drawString(LEFT, top - 66 - 12 * place, text)
    rows = (
        ("Account", bill.account.ban),
        ("Invoice", bill.number),
        ("Pay by", f"{bill.due:%m/%d/%Y}"),
        ("Please pay", f"${money(bill.total)}"),
    )
    for place, (label, value) in enumerate(rows):
        y = top - 30 - 18 * place
        canvas.setFont("Helvetica", 8.6)
        canvas.drawString(352, y, label)
        canvas.setFont("Helvetica-Bold", 9.5)
        canvas.drawRightString(RIGHT, y, value)
        canvas.setStrokeGray(0.75)
        canvas.line(352, y - 5, RIGHT, y - 5)
    canvas.drawString(352, top - 116, "Amount enclosed  $")
    canvas.rect(446, top - 121, RIGHT - 446, 16, stroke=1, fill=0)
    canvas.setFont("Courier", 9)
    scan = f"{bill.account.ban.replace('-', '')} {bill.number} {str(bill.total).replace('.', ''):0>12}"
    canvas.drawString(LEFT, 44, scan)
