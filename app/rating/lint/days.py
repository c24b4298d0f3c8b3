"""Days of prices, for the checks: half-open, "for good" ends on date.max."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from app.domain.terms import ContractTerms, RateElementTerms
from app.rating.ratebook import Subject, code_key, subject_of

Days = tuple[date, date]
Meant = tuple[str, str, Subject, str]


def meant_for(element: RateElementTerms) -> Meant:
    """What a price is for: its code, charge type, subject and zone. Prices that are alike in it replace each other."""
    return code_key(element.code), element.charge_type.value, subject_of(element), element.zone.strip().casefold()


def days_of(element: RateElementTerms, contract: ContractTerms | None) -> Days:
    """The days of a price; with a contract, those within its term."""
    start, end = element.effective_from, element.effective_to or date.max
    if contract is None:
        return start, end
    return max(start, contract.start), min(end, contract.end or date.max)


def subtract(days: Days, covered: Iterable[Days]) -> Iterator[Days]:
    """The stretches of `days` that none of `covered` holds."""
    start, end = days
    for from_day, to_day in sorted(covered):
        if to_day <= start or from_day >= end:
            continue
        if start < from_day:
            yield start, from_day
        start = to_day
    if start < end:
        yield start, end


def open_end(end: date) -> date | None:
    """The end as messages and rows write it."""
    return None if end == date.max else end


def write_days(start: date, end: date | None) -> str:
    """ "from 2026-01-01 until 2026-02-01"."""
    return f"from {start.isoformat()}" + (f" until {end.isoformat()}" if end else "")
