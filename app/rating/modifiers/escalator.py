"""Escalators: prices that rise every year, by a per cent or by an index and a margin (domain/rating, 5.6).

u_k = round(u₀ × (1 + g)^k) with k whole anniversaries, or u₀ × (1 + g × k) where they are not compounded. The element's
price is the per cent; an index is entered by the year in which the price rises. An anniversary is a day on which the
price has risen already; those outside of the element's own days do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.parameters import Form, Parameter, Settings, read_settings
from app.domain.period import Period, add_months
from app.domain.proof import ProofStep, written
from app.domain.terms import ContractTerms, RateElementTerms
from app.rating.modifiers.change import ROUNDING, Change, price_step, within

Rise = tuple[date, str]  # an anniversary and its per cent, as a formula writes it


class CountedFrom(StrEnum):
    """Which rises a price of a later day has in it already."""

    PRICE = "price"  # all up to its first day
    ESCALATOR = "escalator"  # none: it is of the escalator's first day


class RiseBase(StrEnum):
    """What a year's price is counted from."""

    YEARLY = "yearly"  # the rounded price of the year before
    BASE = "base"  # the first price, rounded once


PARAMETERS = (
    Parameter("from", Form.DATE, "day of the first rise; empty: an interval after the element's first day", ""),
    Parameter("interval", Form.WHOLE, "months between rises", "12", least=1, most=1200),
    Parameter("index", Form.TABLE, "per cent of the index by year; empty: the element's price is the per cent", ""),
    Parameter("margin", Form.DECIMAL, "points on top of the index", "0", least=-100, most=100),
    Parameter("floor", Form.DECIMAL, "least per cent of a rise", "", least=-100),
    Parameter("cap", Form.DECIMAL, "most per cent of a rise", "", least=-100),
    Parameter("compound", Form.YES_NO, "whether a rise is taken of the price before, or of the first", "yes"),
    Parameter("round", Form.WORD, "each year, or counted from the base and rounded once", "yearly", words=RiseBase),
    Parameter("counted", Form.WORD, "whether a later price has the rises before it", "price", words=CountedFrom),
    ROUNDING,
)


def change(
    price: Decimal, element: RateElementTerms, contract: ContractTerms, day: date, since: date = date.min
) -> Change:
    """`price` after the rises up to and with `day`; `missing` names the first year without an index.

    A price that was agreed on after some rises, or from the day of one, has them in it, unless the terms say that it is
    counted from the escalator's own first day.
    """
    settings = read_settings(element.parameters, PARAMETERS)
    rises, missing = list[Rise](), ""
    for anniversary in _anniversaries(element, settings, day):
        if anniversary <= since and settings.word("counted", CountedFrom) is CountedFrom.PRICE:
            continue
        percent = _write_percent(element, settings, anniversary.year)
        if percent is None:
            missing = f"No index is entered for {anniversary.year}: the rise of {anniversary.isoformat()} is unknown."
            break
        rises.append((anniversary, percent))
    steps = tuple(_rise(price, rises, settings, element, contract))
    return Change(steps[-1].result if steps else price, steps, missing)


def next_changes(element: RateElementTerms, contract: ContractTerms, period: Period) -> tuple[date, ...]:
    """The anniversaries within `period`."""
    settings = read_settings(element.parameters, PARAMETERS)
    return within(_anniversaries(element, settings, period.last), element, period)


def _anniversaries(element: RateElementTerms, settings: Settings, until: date) -> Iterator[date]:
    first, interval = settings.day("from"), settings.whole("interval")
    start, count = (first, 0) if first else (element.effective_from, 1)
    while (anniversary := add_months(start, count * interval)) <= until:
        if element.in_force(anniversary):
            yield anniversary
        count += 1


def _write_percent(element: RateElementTerms, settings: Settings, year: int) -> str | None:
    """The per cent of a rise with its margin, floor and cap; None where the index of that year is not entered."""
    percent = written(element.price)
    if index := dict(settings.table("index")):
        if str(year) not in index:
            return None
        percent = written(index[str(year)])
        if margin := settings.decimal("margin"):
            percent = f"({percent} + {written(margin)})"
    if settings.has("floor"):
        percent = f"max({percent}, {written(settings.decimal('floor'))})"
    if settings.has("cap"):
        percent = f"min({percent}, {written(settings.decimal('cap'))})"
    return percent


def _rise(
    price: Decimal, rises: Sequence[Rise], settings: Settings, element: RateElementTerms, contract: ContractTerms
) -> Iterator[ProofStep]:
    compound, base = settings.flag("compound"), written(price)
    if not rises:
        return
    if settings.word("round", RiseBase) is RiseBase.BASE:
        percents = [percent for _, percent in rises]
        factors = [f"(1 + {percent} ÷ 100)" for percent in percents] if compound else [_simple(percents)]
        basis = f"Price after {len(rises)} rise{'s' if len(rises) > 1 else ''}, the last on {rises[-1][0].isoformat()}"
        yield price_step(basis, " × ".join([base, *factors]), settings, element, contract)
        return
    now = base
    for day, percent in rises:
        formula = f"{now} × (1 + {percent} ÷ 100)" if compound else f"{now} + {base} × {percent} ÷ 100"
        step = price_step(f"Rise on {day.isoformat()}", formula, settings, element, contract)
        now = written(step.result)
        yield step


def _simple(percents: Sequence[str]) -> str:
    return f"(1 + ({' + '.join(percents)}) ÷ 100)"
