"""Amounts in another currency, at the rate of a day: never at a rate that nobody has entered."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from app.domain.money import EXACT, RATE_SCALE, round_amount
from app.domain.period import Period
from app.domain.proof import written
from app.domain.terms import ContractTerms
from app.domain.vocabulary import ExchangeDay
from app.errors import BugError

MAX_AGE_DAYS = 7


class DatedRate(NamedTuple):
    """How many units of `quote` one unit of `base` was worth on a day; above 0."""

    base: str
    quote: str
    day: date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class NoRate:
    """No rate may be used; `reason` says what is missing."""

    reason: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """The rate by which an amount is converted, what a formula appends for it ("× 1.08") and the words for it."""

    rate: DatedRate
    formula: str
    basis: str

    def convert(self, amount: Decimal) -> Decimal:
        """`amount` converted, at the ten places of rates."""
        rate = Fraction(self.rate.rate)
        exact = Fraction(amount) * rate if self.formula.startswith("×") else Fraction(amount) / rate
        return round_amount(EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator)), RATE_SCALE)


def round_in_currency(contract: ContractTerms, currency: str) -> ContractTerms:
    """`contract` with the decimal places of the bill's currency, where its own are those of its currency: yen have
    none, dollars two."""
    from babel.numbers import get_currency_precision

    if contract.currency == currency or contract.rounding_places != get_currency_precision(contract.currency):
        return contract
    return replace(contract, rounding_places=get_currency_precision(currency))


class RateTable:
    """Exchange rates by day; raises BugError for a rate of 0 or less, and for two rates of one day."""

    def __init__(self, rows: Iterable[tuple[str, str, date, Decimal]] = ()) -> None:
        self._by_pair: dict[tuple[str, str], list[DatedRate]] = defaultdict(list)
        for rate in sorted((DatedRate(*row) for row in rows), key=lambda each: each.day):
            known = self._by_pair[rate.base, rate.quote]
            if rate.rate <= 0 or (known and known[-1].day == rate.day):
                raise BugError(f"one exchange rate above 0 for a day is wanted: {rate}")
            known.append(rate)

    def find(
        self, base: str, quote: str, day: date, max_age_days: int = MAX_AGE_DAYS, inverse: bool = False
    ) -> DatedRate | NoRate:
        """The rate from `base` to `quote` of the day, or of the last earlier day within `max_age_days`.

        With `inverse` a rate from `quote` to `base` serves too where none is entered in this direction. A currency is
        worth itself.
        """
        if base == quote:
            return DatedRate(base, quote, day, Decimal(1))
        found = self._last(base, quote, day)
        other = self._last(quote, base, day) if inverse else None
        oldest = day - timedelta(days=max_age_days)
        for rate in (found, other):
            if rate is not None and rate.day >= oldest:
                return rate
        last = f"the last is of {found.day.isoformat()}" if found else "there is none before"
        days = f"{max_age_days} days before it" if max_age_days else "that day alone"
        return NoRate(f"No rate from {base} to {quote} is entered for {day.isoformat()} ({days}): {last}.")

    def _last(self, base: str, quote: str, day: date) -> DatedRate | None:
        rates = self._by_pair.get((base, quote), [])
        place = bisect_right(rates, day, key=lambda rate: rate.day)
        return rates[place - 1] if place else None


def exchange_day(contract: ContractTerms, bill_date: date, period: Period | None) -> date | None:
    """The day whose rate the contract takes; None where it does not convert. Without a period the bill date's."""
    match contract.exchange:
        case ExchangeDay.NONE:
            return None
        case ExchangeDay.BILL_DATE:
            return bill_date
        case ExchangeDay.PERIOD_START:
            return bill_date if period is None else period.start
        case ExchangeDay.PERIOD_END:
            return bill_date if period is None else period.last


def find_conversion(
    contract: ContractTerms, quote: str, bill_date: date, period: Period | None, rates: RateTable
) -> Conversion | NoRate | None:
    """How amounts of the contract become amounts in `quote` on a bill; None where both are in one currency.

    A rate entered in the other direction serves too where none is entered in this one.
    """
    if contract.currency == quote:
        return None
    day = exchange_day(contract, bill_date, period)
    if day is None:
        return NoRate(f"Contract {contract.number} is in {contract.currency} and does not convert to {quote}.")
    found = rates.find(contract.currency, quote, day, inverse=True)
    if isinstance(found, NoRate):
        return found
    sign = "×" if found.base == contract.currency else "÷"
    basis = f"1 {found.base} = {found.rate:f} {found.quote} on {found.day.isoformat()}"
    return Conversion(found, f"{sign} {written(found.rate)}", basis)
