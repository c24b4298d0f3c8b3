"""What else a contract could have said: proration, days, rounding, changes of prices, exchange, time zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from app.domain.money import RoundingMode
from app.domain.period import Period, is_whole_months
from app.domain.vocabulary import ChargeType, ExchangeDay, PriceChange, ProrationMethod, RoundingScope
from app.rating.reverse.case import RECORDS, Case, Change, change_contract

_METHODS = {
    ProrationMethod.ACTUAL: "days of the month",
    ProrationMethod.ACTUAL_30: "thirtieths of a month",
    ProrationMethod.STRICT_30_360: "months of 30 days",
    ProrationMethod.MONTHS_AND_DAYS: "whole months and then days",
    ProrationMethod.BY_SECOND: "the seconds of a month",
    ProrationMethod.NEXT_MONTH: "months from the first of the next one on",
    ProrationMethod.NONE: "a full month for any part of one",
}
_ZONES = ("UTC", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")
_PLACES = range(5)
_A_DAY = timedelta(days=1)


def proration(case: Case) -> Iterator[Change]:
    """Another method for part of a month."""
    if case.charge.charge_type is not ChargeType.MRC or case.period is None or is_whole_months(case.period):
        return
    agreed = case.contract.proration
    for method in ProrationMethod:
        if method is not agreed:
            yield Change("proration", _METHODS[method], _METHODS[agreed], change_contract(case, proration=method))


def days_counted(case: Case) -> Iterator[Change]:
    """The first or the last day of a monthly charge counted or not."""
    period = case.period
    if case.charge.charge_type is not ChargeType.MRC or period is None or case.evidence is not None:
        return  # our records are of the charge's own days
    for name, says, start, end in (
        ("last_day_left_out", "a last day that is not counted", period.start, period.end - _A_DAY),
        ("last_day_counted", "the day after the last one counted too", period.start, period.end + _A_DAY),
        ("first_day_left_out", "a first day that is not counted", period.start + _A_DAY, period.end),
        ("first_day_counted", "the day before the first one counted too", period.start - _A_DAY, period.end),
    ):
        if start < end:
            charge = replace(case.charge, period=Period(start, end))
            yield Change(name, says, "each day from the first to the last", replace(case, charge=charge))


def whole_month(case: Case) -> Iterator[Change]:
    """One month whatever the days are."""
    if case.charge.charge_type is not ChargeType.MRC or case.period is None or case.evidence is not None:
        return
    month = _month_from(case.period.start)
    if month != case.period:
        charge = replace(case.charge, period=month)
        yield Change("whole_month", "one whole month", f"the days {case.period}", replace(case, charge=charge))


def rounding_mode(case: Case) -> Iterator[Change]:
    """Rounding in another direction."""
    agreed = case.contract.rounding
    for mode in RoundingMode:
        if mode is not agreed:
            says, contract_says = f"rounding {_words(mode)}", f"rounding {_words(agreed)}"
            yield Change("rounding_mode", says, contract_says, change_contract(case, rounding=mode))


def rounding_places(case: Case) -> Iterator[Change]:
    """Rounding to other decimal places."""
    agreed = case.contract.rounding_places
    for places in _PLACES:
        if places != agreed:
            says, contract_says = f"rounding to {places} places", f"{agreed} places"
            yield Change("rounding_places", says, contract_says, change_contract(case, rounding_places=places))


def rounding_scope(case: Case) -> Iterator[Change]:
    """Rounding each call, each zone, each charge or only the bill."""
    agreed = case.contract.rounding_scope
    for scope in RoundingScope:
        if scope is not agreed:
            says, contract_says = f"rounding of each {scope}", f"rounding of each {agreed}"
            yield Change("rounding_scope", says, contract_says, change_contract(case, rounding_scope=scope))


def price_change(case: Case) -> Iterator[Change]:
    """A price that changes within the period, split or not."""
    words = {
        PriceChange.SPLIT: "each price for its own days",
        PriceChange.FIRST_DAY: "the first day's price for all days",
    }
    agreed = case.contract.price_change
    for policy, says in words.items():
        if policy is not agreed and case.charge.charge_type is ChargeType.MRC:
            yield Change("price_change", says, words[agreed], change_contract(case, price_change=policy))


def exchange_day(case: Case) -> Iterator[Change]:
    """Another day's exchange rate."""
    agreed = case.contract.exchange
    if agreed is ExchangeDay.NONE or case.contract.currency == case.invoice.currency:
        return
    for day in ExchangeDay:
        if day not in (agreed, ExchangeDay.NONE):
            says, contract_says = f"the exchange rate of the {_words(day)}", f"that of the {_words(agreed)}"
            yield Change("exchange_day", says, contract_says, change_contract(case, exchange=day))


def time_zone(case: Case) -> Iterator[Change]:
    """Records counted by the clocks of another place: UTC, the United States', those of the carrier's contracts."""
    if not isinstance(case.evidence, RECORDS):
        return
    agreed = case.contract.time_zone
    for zone in dict.fromkeys((*_ZONES, *(each.time_zone for each in case.contracts))):
        if zone != agreed:
            changed = replace(change_contract(case, time_zone=zone), stale=True)
            yield Change("time_zone", f"the clocks of {zone}", f"those of {agreed}", changed)


def _month_from(day: date) -> Period:
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=32)).replace(day=1))


def _words(word: str) -> str:
    return word.replace("_", " ")
