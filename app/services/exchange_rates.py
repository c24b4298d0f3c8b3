"""Exchange rates: saved as dated facts with their source, read back for rating."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models.contracts import ExchangeRate
from app.services.record_book import Kind, RecordBook

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.parsed_records import ParsedExchangeRate

DatedRate = tuple[str, str, date, Decimal]  # base, quote, day, how many of quote one of base was worth


def save_exchange_rates(book: RecordBook, parsed: list[ParsedExchangeRate]) -> None:
    """Add rates, and correct those of a day that is known; raises ContradictingRows where a day has two."""
    if not parsed:
        return
    stored = {(row.base, row.quote, row.day): row for row in book.session.scalars(select(ExchangeRate))}
    for one in parsed:
        key = (one.base, one.quote, one.day)
        subject = f"the rate from {one.base} to {one.quote} of {one.day}"
        if book.is_repeated(Kind.EXCHANGE_RATE, key, one, subject):
            continue
        values = {"base": one.base, "quote": one.quote, "day": one.day, "rate": one.rate, "source": one.said_by}
        given = {"source" if name == "said_by" else name for name in one.given}
        stored[key] = book.upsert(Kind.EXCHANGE_RATE, stored.get(key), ExchangeRate, values, given, subject)


def load_rates(session: Session) -> tuple[DatedRate, ...]:
    """All rates, by currencies and day."""
    selected = select(ExchangeRate.base, ExchangeRate.quote, ExchangeRate.day, ExchangeRate.rate).order_by(
        ExchangeRate.base, ExchangeRate.quote, ExchangeRate.day
    )
    return tuple((base, quote, day, rate) for base, quote, day, rate in session.execute(selected))
