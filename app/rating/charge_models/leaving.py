"""What remains of a term that is left early, and what waives its price."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from app.domain.evidence import LeavingFacts
from app.domain.parameters import BadParameters, Settings

MonthsLeft = tuple[str, int, Decimal]  # in words, how many, and the per cent of the monthly charge for each


class Leaving(StrEnum):
    """How the fee is counted."""

    BANDS = "bands"
    PERCENT = "percent"  # of all that remains
    BEFORE_INSTALL = "before_install"  # the order was cancelled: so many monthly charges


def count_term(facts: LeavingFacts, settings: Settings) -> tuple[int, int]:
    """Months used and months of the term: it ends with the contract, unless the service has a term of its own."""
    if not settings.has("term"):
        return facts.used_months, facts.term_months
    served = facts.used_months if facts.served_months is None else facts.served_months
    return served, settings.whole("term")


def find_waiver(facts: LeavingFacts, settings: Settings) -> str:
    """Why nothing is due, in words; "" where the fee is.

    A dearer order waives it, for at least the contract's months and within its days (domain/rating, 5.6).
    """
    used, term = count_term(facts, settings)
    if settings.word("method", Leaving) is not Leaving.BEFORE_INSTALL and used >= term:
        return "The term has ended: no month is left"
    dearer = facts.replaced_by is not None and facts.replaced_by > facts.monthly
    if dearer and settings.has("replaced_months") and facts.replaced_months >= settings.whole("replaced_months"):
        days, within = facts.replaced_days, settings.whole("replaced_days")
        if days <= within:
            months = facts.replaced_months
            return f"Waived: a dearer order of {months} months was placed {days} days after, within {within}"
    return ""


def count_months(facts: LeavingFacts, settings: Settings) -> tuple[MonthsLeft, ...]:
    """The months that are paid for, by their per cent; raises BadParameters where the bands do not ascend."""
    used, term = count_term(facts, settings)
    match settings.word("method", Leaving):
        case Leaving.BEFORE_INSTALL:
            return (("Monthly charges of a cancelled order", settings.whole("months"), Decimal(100)),)
        case Leaving.PERCENT:
            percent = settings.decimal("percent")
            return ((f"Months left of {term}, after {used}, at {percent:f} %", term - used, percent),)
        case Leaving.BANDS:
            found, lower = [], 0
            for upto, percent in _read_bands(settings):
                first, last = max(used, lower) + 1, min(term, upto)
                if last >= first:
                    found.append((f"Months {first} to {last} of {term} at {percent:f} %", last - first + 1, percent))
                lower = upto
            return tuple(found)


def _read_bands(settings: Settings) -> list[tuple[int, Decimal]]:
    table, bands, last = settings.table("bands"), list[tuple[int, Decimal]](), 0
    for key, percent in table:
        if not key.isascii() or not key.isdecimal() or int(key) <= last:
            raise BadParameters(text=str(key), why="bands are ascending months with their per cents, such as 12:100")
        last = int(key)
        bands.append((last, percent))
    if not bands:
        raise BadParameters(text="bands", why="there are none, so what remains has no price: write months:per cent")
    return bands
