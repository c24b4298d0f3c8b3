"""Northbeam's bill as a PDF: a designed first page with a remittance slip, then one section per location."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import Any

from tools.demo_company.carriers import CARRIER, NORTHBEAM
from tools.demo_company.northbeam_style import (
    AMOUNT,
    BOTTOM,
    CODE,
    DETAIL,
    LEFT,
    NAVY,
    PERIOD,
    QUANTITY,
    RATE,
    RIGHT,
    draw_banner,
    draw_front,
    draw_head,
)
from tools.demo_company.paper import HEIGHT, last_day, money, new_canvas, plain
from tools.demo_company.sites import SITE
from tools.demo_company.values import CREDIT, FEE, ONCE, RECURRING, SURCHARGE, TAX, USAGE, Bill, Charge

_GROUPS = (
    ("Monthly charges", (RECURRING,)),
    ("One-time charges", (ONCE,)),
    ("Usage charges", (USAGE,)),
    ("Credits", (CREDIT,)),
)
_ADDED = (("Surcharges", (SURCHARGE,)), ("Fees", (FEE,)), ("Taxes", (TAX,)))
_ROW = 12


def write_northbeam(bill: Bill) -> bytes:
    """The bill's PDF."""
    pages = _paginate(bill)
    canvas, buffer = new_canvas(f"Invoice {bill.number}", NORTHBEAM)
    draw_front(canvas, bill, CARRIER[NORTHBEAM], len(pages) + 1)
    for number, rows in enumerate(pages, start=2):
        canvas.showPage()
        draw_head(canvas, bill, number, len(pages) + 1)
        y = HEIGHT - 106
        for row in rows:
            y = row.draw(canvas, y)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


class _Banner:
    height = 26

    def __init__(self, text: str, note: str) -> None:
        self.text, self.note = text, note

    def draw(self, canvas: Any, y: float) -> float:
        draw_banner(canvas, y - 18, self.text, self.note)
        return y - self.height


class _Heading:
    height = 14

    def __init__(self, text: str) -> None:
        self.text = text

    def draw(self, canvas: Any, y: float) -> float:
        canvas.setFillColor(NAVY)
        canvas.setFont("Helvetica-Bold", 8)
        canvas.drawString(LEFT, y - 9, self.text)
        return y - self.height


class _Charge:
    height = _ROW

    def __init__(self, charge: Charge) -> None:
        self.charge = charge

    def draw(self, canvas: Any, y: float) -> float:
        charge, base = self.charge, y - 8
        canvas.setFillGray(0.1)
        canvas.setFont("Helvetica", 7.6)
        canvas.drawString(LEFT + 4, base, charge.circuit or charge.tn)
        canvas.drawString(DETAIL, base, charge.description)
        canvas.drawString(CODE, base, charge.code)
        if charge.start and charge.end:
            canvas.drawString(PERIOD, base, f"{charge.start:%m/%d/%Y} - {last_day(charge.end):%m/%d/%Y}")
        if charge.quantity is not None:
            canvas.drawRightString(QUANTITY, base, plain(charge.quantity))
        if charge.rate is not None:
            canvas.drawRightString(RATE, base, plain(charge.rate))
        canvas.drawRightString(AMOUNT, base, money(charge.amount))
        canvas.setStrokeGray(0.88)
        canvas.setLineWidth(0.4)
        canvas.line(LEFT, y - self.height + 1, RIGHT, y - self.height + 1)
        return y - self.height


class _Subtotal:
    height = 20

    def __init__(self, text: str, amount: Decimal) -> None:
        self.text, self.amount = text, amount

    def draw(self, canvas: Any, y: float) -> float:
        canvas.setFillColor(NAVY)
        canvas.setFont("Helvetica-Bold", 8)
        canvas.drawRightString(RATE, y - 9, self.text)
        canvas.drawRightString(AMOUNT, y - 9, money(self.amount))
        return y - self.height


_Row = _Banner | _Heading | _Charge | _Subtotal


def _paginate(bill: Bill) -> list[list[_Row]]:
    """The rows of each detail page; a section's head never stands alone at the foot of a page."""
    pages: list[list[_Row]] = [[]]
    room = HEIGHT - 106 - BOTTOM
    left = room
    for block in _blocks(bill):
        for place, row in enumerate(block):
            needed = row.height + (40 if isinstance(row, _Banner) else 16 if isinstance(row, _Heading) else 0)
            if needed > left:
                pages.append([])
                left = room
                if place and isinstance(block[0], _Banner) and not isinstance(row, _Banner):
                    again = _Banner(f"{block[0].text} (continued)", "")
                    pages[-1].append(again)
                    left -= again.height
            pages[-1].append(row)
            left -= row.height
    return pages


def _blocks(bill: Bill) -> list[list[_Row]]:
    """One block per location in the order of the sites, then taxes and surcharges."""
    blocks: list[list[_Row]] = []
    order = list(SITE)
    placed = sorted((charge for charge in bill.charges if charge.site), key=lambda charge: order.index(charge.site))
    for code, charges in groupby(placed, key=lambda charge: charge.site):
        site, there = SITE[code], list(charges)
        block: list[_Row] = [
            _Banner(f"{code}  {site.name}", f"{site.street}, {site.city}, {site.region} {site.postcode}")
        ]
        block.extend(_grouped(there, _GROUPS))
        block.append(_Subtotal(f"Subtotal {site.name}", sum((charge.amount for charge in there), Decimal(0))))
        blocks.append(block)
    added = [charge for charge in bill.charges if not charge.site]
    block = [_Banner("Taxes, surcharges and fees", "")]
    block.extend(_grouped(added, _ADDED))
    block.append(_Subtotal("Total taxes, surcharges and fees", sum((charge.amount for charge in added), Decimal(0))))
    blocks.append(block)
    blocks.append([_Subtotal("Total current charges", bill.current)])
    return blocks


def _grouped(charges: list[Charge], groups: tuple[tuple[str, tuple[str, ...]], ...]) -> list[_Row]:
    rows: list[_Row] = []
    for name, kinds in groups:
        chosen = [charge for charge in charges if charge.kind in kinds]
        if chosen:
            rows.append(_Heading(name))
            rows.extend(_Charge(charge) for charge in chosen)
    return rows
