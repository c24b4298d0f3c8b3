"""Bills on paper of an invented carrier that no layout knows, as a scanner makes pictures of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from tests.importers.ocr_pictures import dirty, draw, save

CARRIER = "Larkspur Fiber Works"
WIDTH, HEIGHT = 612.0, 792.0
DOTS = 200


def rows_of(month: date) -> list[tuple[str, str, str, Decimal]]:
    """Circuit, description, quantity and amount of each line."""
    metered = Decimal(40 + month.month) * Decimal("7.25")
    return [
        ("LK-4471", "Ethernet access 500 Mbps", "1", Decimal("845.00")),
        ("LK-4472", "Ethernet access 100 Mbps", "1", Decimal("412.50")),
        ("LK-4480", "Wavelength 10 Gbps protected", "1", Decimal("2380.00")),
        ("LK-4480", "Burst above commitment", str(40 + month.month), metered),
        ("LK-4491", "Static address block", "2", Decimal("36.00")),
        ("LK-4471", "Credit for late repair", "1", Decimal("-118.75")),
        ("", "State sales tax", "", Decimal("231.44")),
    ]


def total_of(month: date) -> Decimal:
    return sum((row[3] for row in rows_of(month)), Decimal(0))


def number_of(month: date) -> str:
    return f"LF-{month:%y%m}-7734"


def make_paper(month: date, *, previous: Decimal, moved: float = 0.0) -> bytes:
    """The bill as a PDF with text; `moved`: the totals stand so many points lower than they did."""
    out = BytesIO()
    canvas: Any = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=True)
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(54, HEIGHT - 70, CARRIER)
    canvas.setFont("Helvetica", 10)
    facts = (
        ("Invoice number", number_of(month)),
        ("Account", "5520-118-904"),
        ("Invoice date", f"{month:%m/%d/%Y}"),
        ("Due date", f"{month.replace(day=28):%m/%d/%Y}"),
    )
    for at, (name, value) in enumerate(facts):
        canvas.drawString(340, HEIGHT - 120 - 16 * at, name)
        canvas.drawString(450, HEIGHT - 120 - 16 * at, value)
    for at, text in enumerate(("Meridian Foods, Inc.", "400 Harbor Avenue", "Milwaukee WI 53202")):
        canvas.drawString(54, HEIGHT - 120 - 16 * at, text)
    total = total_of(month)
    sums = (
        ("Previous balance", f"{previous:,.2f}"),
        ("Payments received", f"-{previous:,.2f}"),
        ("Current charges", f"{total:,.2f}"),
        ("Total amount due", f"${total:,.2f}"),
    )
    for at, (name, value) in enumerate(sums):
        canvas.drawString(54, HEIGHT - 220 - moved - 17 * at, name)
        canvas.drawRightString(300, HEIGHT - 220 - moved - 17 * at, value)
    y = HEIGHT - 340
    canvas.setFont("Helvetica-Bold", 10)
    for x, text in ((54, "Circuit"), (130, "Description")):
        canvas.drawString(x, y, text)
    for x, text in ((410, "Quantity"), (558, "Amount")):
        canvas.drawRightString(x, y, text)
    canvas.line(54, y - 6, 558, y - 6)
    canvas.setFont("Helvetica", 10)
    for circuit, description, quantity, amount in rows_of(month):
        y -= 18
        canvas.drawString(54, y, circuit)
        canvas.drawString(130, y, description)
        canvas.drawRightString(410, y, quantity)
        canvas.drawRightString(558, y, f"{amount:,.2f}")
    canvas.drawString(130, y - 30, "Thank you for your business.")
    canvas.save()
    return out.getvalue()


def scan(
    paper: bytes,
    form: str = "PDF",
    *,
    dots: int = DOTS,
    degrees: float = 0.0,
    noise: int = 8,
    shift: tuple[float, float] = (0.0, 0.0),
    scale: float = 1.0,
) -> bytes:
    """What a scanner makes of it: askew by `degrees`, shifted by millimetres right and down, drawn larger or smaller,
    with noise."""
    pages = []
    for drawn in draw(paper, dots):
        width, height = drawn.size
        ground = Image.new("L", (width, height), 255)
        sheet = drawn.resize((int(width * scale), int(height * scale)), Image.Resampling.LANCZOS)
        ground.paste(sheet, (int(shift[0] * dots / 25.4), int(shift[1] * dots / 25.4)))
        pages.append(dirty(ground, degrees, noise))
    return save(pages, form, dots)
