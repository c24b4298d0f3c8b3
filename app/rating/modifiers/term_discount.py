"""Term discounts: a per cent off by the length of the term, until it ends (domain/rating, 5.3).

Prices of the contract are those of a month; after the term the price is that of month-to-month service. An element is
for the charges of its own type: the table `mrc` is read for monthly prices, `nrc` for one-time ones.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.domain.parameters import BadParameters, Form, Parameter, Settings, Table, read_settings
from app.domain.period import Period, add_months
from app.domain.proof import written
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import ChargeType
from app.rating.modifiers.change import ROUNDING, Change, price_step, within

PARAMETERS = (
    Parameter("mrc", Form.TABLE, "per cent off monthly prices by months of term: 1:0, 12:4, 24:9, 36:14", ""),
    Parameter("nrc", Form.TABLE, "per cent off one-time prices by months of term", ""),
    Parameter("usage", Form.TABLE, "per cent off prices of usage by months of term", ""),
    Parameter("term", Form.WHOLE, "months of the term from the element's first day; empty: the contract's term", ""),
    Parameter("kept", Form.YES_NO, "whether the discount is kept after the term", "no"),
    Parameter("month_to_month", Form.DECIMAL, "price after the term; empty: the table's for one month", ""),
    ROUNDING,
)
_TABLES = {ChargeType.MRC: "mrc", ChargeType.NRC: "nrc", ChargeType.USAGE: "usage"}


def change(
    price: Decimal, element: RateElementTerms, contract: ContractTerms, day: date, since: date = date.min
) -> Change:
    """`price` less the term's discount, or the month-to-month price once the term has ended."""
    settings = read_settings(element.parameters, PARAMETERS)
    if not element.in_force(day) or element.charge_type not in _TABLES:
        return Change(price)
    end = term_end(element, contract, settings)
    ended = end is not None and day >= end and not settings.flag("kept")
    if ended and settings.has("month_to_month"):
        monthly = written(settings.decimal("month_to_month"))
        step = price_step(f"Month to month: the term ended on {end}", monthly, settings, element, contract)
        return Change(step.result, (step,))
    months = 1 if ended else _term_months(element, contract, settings)
    percent = _find_percent(settings.table(_TABLES[element.charge_type]), months)
    if not percent:
        return Change(price)
    basis = f"Month to month: the term ended on {end}" if ended else f"Discount for a term of {months} months"
    formula = f"{written(price)} × (1 − {written(percent)} ÷ 100)"
    step = price_step(f"{basis}, {percent:f} %", formula, settings, element, contract)
    return Change(step.result, (step,))


def next_changes(element: RateElementTerms, contract: ContractTerms, period: Period) -> tuple[date, ...]:
    """The end of the term, where it lies within `period`."""
    return within([term_end(element, contract, read_settings(element.parameters, PARAMETERS))], element, period)


def term_end(element: RateElementTerms, contract: ContractTerms, settings: Settings) -> date | None:
    """The first day after the term; None where it is open."""
    return add_months(element.effective_from, settings.whole("term")) if settings.has("term") else contract.end


def _term_months(element: RateElementTerms, contract: ContractTerms, settings: Settings) -> int:
    """The whole months of the term; 1 where it is open, for then it is from month to month."""
    if settings.has("term"):
        return settings.whole("term")
    if contract.end is None:
        return 1
    months = 0
    while add_months(contract.start, months + 1) <= contract.end:
        months += 1
    return months


def _find_percent(table: Table, months: int) -> Decimal:
    """That of the longest term in the table that is not longer than `months`; 0 below them all."""
    found, longest = Decimal(0), 0
    for term, percent in table:
        if not term.isascii() or not term.isdecimal() or percent > 100:
            raise BadParameters(text=f"{term}:{percent}"[:80], why="a table of months with their per cents is wanted")
        if longest <= int(term) <= months:
            found, longest = percent, int(term)
    return found
