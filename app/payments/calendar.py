"""When a payment has to leave so that the carrier has the money in time: business days and lead days per method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from app.domain.vocabulary import PaymentMethod


@dataclass(frozen=True, slots=True)
class Clearing:
    """How a method moves money: on which bank calendar, and how many business days before the carrier has it the
    file must be at the bank."""

    calendar: str  # the name of a financial calendar of the library `holidays`
    lead_days: int


CLEARING: Mapping[PaymentMethod, Clearing] = {
    # an ACH credit may settle the next day; one more leaves the bank a day for its own cut-off time
    PaymentMethod.ACH_CCD: Clearing("XFED", 2),
    # a SEPA credit transfer is with the payee's bank on the business day after the order
    PaymentMethod.SEPA_CREDIT: Clearing("XECB", 1),
}


# how a carrier is paid that has no bank account with us yet
USUAL_METHOD: Mapping[str, PaymentMethod] = {"USD": PaymentMethod.ACH_CCD, "EUR": PaymentMethod.SEPA_CREDIT}


@dataclass(frozen=True, slots=True)
class PaymentDays:
    """`send_on`: the file has to be at the bank; `pay_on`: the carrier has the money. `late`: that is after the due
    date, and nothing earlier is possible."""

    send_on: date
    pay_on: date
    late: bool


@lru_cache(maxsize=64)
def _bank_holidays(calendar: str, year: int) -> frozenset[date]:
    from holidays import financial_holidays

    return frozenset(financial_holidays(calendar, years=year))


def is_business_day(day: date, method: PaymentMethod) -> bool:
    """Whether the method's banks work on `day`."""
    return day.weekday() < 5 and day not in _bank_holidays(CLEARING[method].calendar, day.year)


def business_day_on_or_before(day: date, method: PaymentMethod) -> date:
    """`day` itself or the last business day before it."""
    while not is_business_day(day, method):
        day -= timedelta(days=1)
    return day


def business_day_on_or_after(day: date, method: PaymentMethod) -> date:
    """`day` itself or the next business day."""
    while not is_business_day(day, method):
        day += timedelta(days=1)
    return day


def move_business_days(day: date, days: int, method: PaymentMethod) -> date:
    """The business day that lies `days` business days after `day` (before it where `days` is negative).

    `day` has to be a business day itself where `days` is 0.
    """
    step = timedelta(days=1 if days > 0 else -1)
    for _ in range(abs(days)):
        day += step
        while not is_business_day(day, method):
            day += step
    return day


def payment_days(due: date, today: date, method: PaymentMethod) -> PaymentDays:
    """The last business day for sending so that the carrier has the money on or before `due`.

    Where that day is past: the next possible one from `today` on, flagged `late` if the money comes after `due`.
    """
    lead = CLEARING[method].lead_days
    pay_on = business_day_on_or_before(due, method)
    send_on = move_business_days(pay_on, -lead, method)
    if send_on < today:
        send_on = business_day_on_or_after(today, method)
        pay_on = move_business_days(send_on, lead, method)
    return PaymentDays(send_on, pay_on, late=pay_on > due)
