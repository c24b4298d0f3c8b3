"""How reports and letters write amounts, days and names. A currency and its amount stay on one line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal


def amount(value: Decimal | None, currency: str = "") -> str:
    """ "1,234.56", with its currency in front where that is asked for; an empty place where there is none."""
    if value is None:
        return ""
    written = f"{value:,.2f}" if value == value.quantize(Decimal("0.01")) else f"{value:,f}"
    written = written.replace("-", "−")
    return f"{currency}\u00a0{written}" if currency else written


def long_day(day: date) -> str:
    """ "6 October 2026" """
    return f"{day.day} {day:%B %Y}"


def short_day(day: date | None) -> str:
    """ "6 Oct 2026", nothing for no day."""
    return "" if day is None else f"{day.day} {day:%b %Y}"


def span(first: date, last: date) -> str:
    """ "1 – 30 Sep 2026", "14 May – 13 Jun 2026": both days inclusive."""
    if (first.year, first.month) == (last.year, last.month):
        return short_day(first) if first == last else f"{first.day} – {short_day(last)}"
    start = f"{first.day} {first:%b}" if first.year == last.year else short_day(first)
    return f"{start} – {short_day(last)}"


def in_words(name: str) -> str:
    """A rule's or status's name as people read it: rate_above_contract is "Rate above contract"."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def counted(number: int, noun: str, plural: str = "") -> str:
    """ "1 charge", "3 charges" """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names: tuple[str, ...] | list[str]) -> str:
    """ "A", "A and B", "A, B and C" """
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1] if names else "") if part)
