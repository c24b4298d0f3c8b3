"""What the two PDF writers share: a canvas that makes the same bytes each time, and how figures are printed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = letter


def new_canvas(title: str, author: str) -> tuple[Any, BytesIO]:
    """A letter-size canvas without clock or random identifiers in it."""
    rl_config.useA85 = 0
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=letter, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setCreator(f"{author} billing")
    return canvas, buffer


def money(amount: Decimal) -> str:
    """1234.5 as 1,234.50."""
    return f"{amount:,.2f}"


def plain(number: Decimal) -> str:
    """A quantity without needless zeros: 1, 412.6, 0.0390 as it stands."""
    return f"{number:,f}"


def last_day(end: date) -> date:
    """The inclusive last day of a half-open period."""
    return end - timedelta(days=1)
