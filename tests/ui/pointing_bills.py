"""Bills of an invented colocation carrier that no layout knows: two pages, one table that goes on, its own look."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

CARRIER = "Granite Ridge Data Halls"
WIDTH, HEIGHT = 612.0, 792.0
LEFT, RIGHT = 46.0, WIDTH - 46.0
PINE, STONE, SAND = HexColor("#23493b"), HexColor("#5b6660"), HexColor("#eef1ea")
# left edges of text columns and right edges of number columns
PLACE, WHAT, PERIOD, QUANTITY, EACH, CHARGE = LEFT, 112.0, 270.0, 424.0, 486.0, RIGHT


@dataclass(frozen=True)
class Row:
    """One line of the table; `what` may be two lines long, `amount` is what the carrier charges."""

    place: str
    what: tuple[str, ...]
    quantity: str
    each: str
    amount: Decimal
    dated: bool = True


def rows_of(month: date) -> list[Row]:
    """The lines of a month: cabinets in three halls, cross-connects, power, remote hands, a credit, taxes."""
    rows = []
    for hall in ("A", "B", "C"):
        for number in range(1, 6):
            rows.append(Row(f"{hall}-{number:02}", ("Cabinet, 42 units, locked",), "1", "610.00", Decimal("610.00")))
            power = ("Power feed 208 V 30 A, primary", "metered at the breaker, two feeds")
            rows.append(Row(f"{hall}-{number:02}", power, "2", "187.50", Decimal("375.00")))
    for number in range(1, 7):
        rows.append(Row("MMR-1", (f"Cross-connect XC-{2200 + number}", "single-mode fibre"), "1", "95.00", Decimal(95)))
    rows.append(Row("A-03", ("Remote hands, 1.5 hours",), "1.5", f"{120 + month.month}.00", hands(month)))
    rows.append(Row("B-02", ("Credit for a power outage",), "", "", Decimal("-75.00")))
    return rows


def hands(month: date) -> Decimal:
    """What remote hands cost in that month: it differs, so that no two bills are the same."""
    return Decimal(120 + month.month) * Decimal("1.5")


def taxes_of(rows: list[Row]) -> list[Row]:
    """State tax and a local surcharge on everything above."""
    net = sum((row.amount for row in rows), Decimal(0))
    state, local = (
        (net * Decimal("0.0625")).quantize(Decimal("0.01")),
        (net * Decimal("0.011")).quantize(Decimal("0.01")),
    )
    return [
        Row("", ("State sales tax",), "", "", state, dated=False),
        Row("", ("County utility tax",), "", "", local, dated=False),
    ]


def amounts_of(month: date) -> tuple[Decimal, int]:
    """The current charges of that month's bill, and on how many lines."""
    rows = rows_of(month)
    rows += taxes_of(rows)
    return sum((row.amount for row in rows), Decimal(0)), len(rows)


def number_of(month: date) -> str:
    return f"GR-{month:%Y%m}-0417"


def make_bill(month: date, *, previous: Decimal = Decimal("11840.25"), moved: bool = False) -> bytes:
    """The bill for `month` as a PDF; `moved` shows it after the carrier has redesigned its first page."""
    drawing = _Drawing(month, previous, moved)
    return drawing.draw()


class _Drawing:
    def __init__(self, month: date, previous: Decimal, moved: bool) -> None:
        self.month, self.previous, self.moved = month, previous, moved
        self.out = BytesIO()
        self.canvas: Any = Canvas(self.out, pagesize=(WIDTH, HEIGHT), invariant=True)
        self.y = 0.0
        self.page = 1

    def draw(self) -> bytes:
        rows = rows_of(self.month)
        net = sum((row.amount for row in rows), Decimal(0))
        taxes = taxes_of(rows)
        current = net + sum((row.amount for row in taxes), Decimal(0))
        self._front(current)
        self._headings()
        for row in rows:
            self._row(row)
        self._sum("Subtotal of services", net)
        for row in taxes:
            self._row(row)
        self._sum("Total new charges", current)
        self._foot()
        self.canvas.save()
        return self.out.getvalue()

    def _front(self, current: Decimal) -> None:
        canvas, down = self.canvas, 64.0 if self.moved else 0.0
        canvas.setFillColor(PINE)
        canvas.roundRect(LEFT, HEIGHT - 82, 26, 38, 4, stroke=0, fill=1)
        canvas.setFont("Times-Bold", 19)
        canvas.drawString(LEFT + 36, HEIGHT - 62, CARRIER)
        canvas.setFillColor(STONE)
        canvas.setFont("Times-Italic", 9)
        canvas.drawString(LEFT + 36, HEIGHT - 76, "1200 Quarry Road, Duluth MN  ·  floor space, power and fibre")
        canvas.setFillGray(0)
        canvas.setFont("Times-Roman", 10)
        for place, text in enumerate(
            ("Meridian Foods, Inc.", "Accounts payable", "400 Harbor Avenue", "Milwaukee WI 53202")
        ):
            canvas.drawString(LEFT, HEIGHT - 118 - 13 * place, text)
        last = calendar.monthrange(self.month.year, self.month.month)[1]
        facts = (
            ("Statement", number_of(self.month)),
            ("Customer", "88-20417-3"),
            ("Statement date", _day(self.month)),
            ("Please pay by", _day(self.month.replace(day=25))),
            ("Service period", f"{_day(self.month)} to {_day(self.month.replace(day=last))}"),
        )
        for place, (name, value) in enumerate(facts):
            y = HEIGHT - 118 - down - 14 * place
            canvas.setFont("Times-Roman", 9.5)
            canvas.drawString(330 - (40 if self.moved else 0), y, name)
            canvas.setFont("Times-Bold", 9.5)
            canvas.drawString(420 - (40 if self.moved else 0), y, value)
        canvas.setFillColor(SAND)
        canvas.rect(LEFT, HEIGHT - 300 - down, RIGHT - LEFT, 84, stroke=0, fill=1)
        canvas.setFillGray(0)
        lines = (
            ("Balance of your last statement", _money(self.previous)),
            ("Payment received, thank you", f"({_money(self.previous)})"),
            ("New charges", _money(current)),
            ("Amount now due", _money(current)),
        )
        for place, (name, value) in enumerate(lines):
            canvas.setFont("Times-Bold" if place == 3 else "Times-Roman", 10.5)
            canvas.drawString(LEFT + 12, HEIGHT - 236 - down - 17 * place, name)
            canvas.drawRightString(RIGHT - 12, HEIGHT - 236 - down - 17 * place, value)
        self.y = HEIGHT - 330 - down

    def _headings(self) -> None:
        canvas = self.canvas
        canvas.setFont("Times-Bold", 8.5)
        canvas.setFillColor(PINE)
        for x, text in ((PLACE, "Location"), (WHAT, "Service"), (PERIOD, "Period")):
            canvas.drawString(x, self.y, text)
        for x, text in ((QUANTITY, "Qty"), (EACH, "Each"), (CHARGE, "Charge")):
            canvas.drawRightString(x, self.y, text)
        canvas.setStrokeColor(PINE)
        canvas.line(LEFT, self.y - 5, RIGHT, self.y - 5)
        canvas.setFillGray(0)
        self.y -= 19

    def _row(self, row: Row) -> None:
        self._room(13 * len(row.what))
        canvas = self.canvas
        canvas.setFont("Times-Roman", 9)
        canvas.drawString(PLACE, self.y, row.place)
        if row.dated:
            last = calendar.monthrange(self.month.year, self.month.month)[1]
            canvas.drawString(PERIOD, self.y, f"{self.month:%m/%d/%Y} - {self.month.replace(day=last):%m/%d/%Y}")
        canvas.drawRightString(QUANTITY, self.y, row.quantity)
        canvas.drawRightString(EACH, self.y, row.each)
        canvas.drawRightString(CHARGE, self.y, _money(row.amount) if row.amount >= 0 else f"({_money(-row.amount)})")
        for text in row.what:
            canvas.drawString(WHAT, self.y, text)
            self.y -= 10.5
        self.y -= 3

    def _sum(self, name: str, amount: Decimal) -> None:
        self._room(16)
        self.canvas.setFont("Times-Bold", 9)
        self.canvas.drawString(PLACE, self.y, name)
        self.canvas.drawRightString(CHARGE, self.y, _money(amount))
        self.y -= 17

    def _room(self, needed: float) -> None:
        if self.y - needed > 62:
            return
        self._foot()
        self.canvas.showPage()
        self.page += 1
        self.canvas.setFont("Times-Bold", 12)
        self.canvas.setFillColor(PINE)
        self.canvas.drawString(LEFT, HEIGHT - 52, CARRIER)
        self.canvas.setFillColor(STONE)
        self.canvas.setFont("Times-Roman", 8.5)
        self.canvas.drawRightString(RIGHT, HEIGHT - 52, f"Statement {number_of(self.month)}, continued")
        self.y = HEIGHT - 84
        self._headings()

    def _foot(self) -> None:
        self.canvas.setFillColor(STONE)
        self.canvas.setFont("Times-Roman", 8)
        self.canvas.drawString(LEFT, 34, "Questions? hello@graniteridge.example")
        self.canvas.drawRightString(RIGHT, 34, f"Sheet {self.page}")
        self.canvas.setFillGray(0)


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"
