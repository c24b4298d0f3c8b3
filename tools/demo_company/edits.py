"""Puts the seeded errors into a bill's charges, and says what an audit must claim for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch

from tools.demo_company.arithmetic import cents, next_month
from tools.demo_company.calls_abroad import CODE, steps_billed, usage_of
from tools.demo_company.catalogue import name_of
from tools.demo_company.estate import BY_KEY
from tools.demo_company.prices import price_for
from tools.demo_company.recurring import bill_dates, end_of_life, once_charge, recurring_charge
from tools.demo_company.seeds import (
    EDITS,
    WRONG_LIVES,
    Misfooting,
    MoreMinutes,
    OnceTooOften,
    Stranger,
    TwiceOnOneBill,
    Unpriced,
    WrongPart,
    WrongPercentile,
    WrongPremium,
    WrongRate,
    WrongSteps,
)
from tools.demo_company.traffic import burst_of
from tools.demo_company.usage_charges import at_mean_price, burst_amount, power_amount
from tools.demo_company.values import RECURRING, ZERO, Bill, Charge, Service, Truth

_LIVES = {seed.key: seed for seed in WRONG_LIVES}


def as_carrier_believes(service: Service) -> Service:
    """The service with the life that the carrier bills."""
    seed = _LIVES.get(service.key)
    if seed is None:
        return service
    return replace(
        service,
        installed=seed.installed or service.installed,
        disconnected=seed.disconnected or service.disconnected,
    )


def accuse_lives(bill: Bill) -> list[Truth]:
    """A21 and A22: what of each recurring charge is for days after the disconnect or before the installation."""
    found = []
    for charge in bill.charges:
        seed = _LIVES.get(charge.circuit or charge.tn)
        if seed is None or charge.kind != RECURRING or charge.start is None or charge.end is None:
            continue
        service = BY_KEY[seed.key]
        days = (charge.end - charge.start).days
        gone = end_of_life(service, bill.account)
        late = (charge.end - max(gone, charge.start)).days if gone else 0
        early = (min(service.installed, charge.end) - charge.start).days
        for rule, wrong in (("A21", late), ("A22", early)):
            if wrong > 0:
                claim = cents(Fraction(charge.amount) * wrong / days)
                found.append(accuse(rule, bill, charge.key, claim, f"{seed.note}: {wrong} of {days} days"))
    return found


def seed_errors(bill: Bill) -> list[Truth]:
    """Change the bill's charges as the seeds say, and return what is to be found."""
    found = []
    for seed in EDITS:
        months = seed.months if hasattr(seed, "months") else (seed.month,)
        if seed.account == bill.account.key and bill.month in months:
            found.append(_apply(seed, bill))
    return found


def accuse(rule: str, bill: Bill, charge: str, amount: Decimal, note: str) -> Truth:
    """An entry of the truth file."""
    return Truth(rule, bill.account.carrier, bill.account.ban, bill.number, charge, amount, note)


@singledispatch
def _apply(seed: object, bill: Bill) -> Truth:
    raise TypeError(seed)


@_apply.register
def _(seed: WrongRate, bill: Bill) -> Truth:
    place, charge = _find(bill, seed.key, seed.code)
    right = price_for(bill.account.contract, seed.code, charge.kind, BY_KEY[seed.key], charge.start or bill.bill_date)
    quantity = charge.quantity or Decimal(1)
    wrong = replace(charge, rate=seed.rate, amount=cents(seed.rate * quantity))
    bill.charges[place] = wrong
    claim = cents(wrong.amount - right.amount * quantity)
    return accuse("A30", bill, wrong.key, claim, f"{seed.note}: {seed.rate} for {right.amount}")


@_apply.register
def _(seed: WrongPercentile, bill: Bill) -> Truth:
    place, charge = _find(bill, seed.key, "BURST-95")
    mbps = burst_of(seed.key, next_month(bill.month, -1), seed.percentile)
    return _overcharge(bill, place, at_mean_price(replace(charge, quantity=mbps, amount=burst_amount(mbps))), seed.note)


@_apply.register
def _(seed: WrongPremium, bill: Bill) -> Truth:
    place, charge = _find(bill, seed.key, "PWR-KW")
    amount = power_amount(charge.quantity or ZERO, seed.premium)
    return _overcharge(bill, place, replace(charge, amount=amount), seed.note)


@_apply.register
def _(seed: WrongSteps, bill: Bill) -> Truth:
    place, charge = _find(bill, seed.key, CODE)
    month = next_month(bill.month, -1)
    used = usage_of(seed.key, month, steps_billed(month))
    return _overcharge(bill, place, replace(charge, quantity=used.minutes, amount=used.amount), seed.note)


@_apply.register
def _(seed: TwiceOnOneBill, bill: Bill) -> Truth:
    place, first = _find(bill, seed.key, seed.code)
    second = first
    if seed.days:
        second = recurring_charge(BY_KEY[seed.key], bill.account, seed.code, *seed.days)
    bill.charges.insert(place + 1, second)
    (begun, ended), (begun_again, ended_again) = _days(first), _days(second)
    overlap = (min(ended, ended_again) - max(begun, begun_again)).days
    smaller = min(first, second, key=lambda charge: charge.amount)
    start, end = _days(smaller)
    claim = cents(Fraction(smaller.amount) * overlap / (end - start).days)
    return accuse("A03", bill, second.key, claim, f"{seed.note}: {overlap} days")


@_apply.register
def _(seed: Stranger, bill: Bill) -> Truth:
    _, start, end = bill_dates(bill.account, bill.month)
    known = BY_KEY.get(seed.key)
    if known is not None:
        raise ValueError(f"{seed.key} is ours")
    printed = {"tn": seed.key} if seed.key[:3].isdigit() else {"circuit": seed.key}
    charge = Charge(
        RECURRING,
        seed.code,
        name_of(seed.code),
        seed.amount,
        Decimal(1),
        "month",
        seed.amount,
        start,
        end,
        site=seed.site,
        **printed,
    )
    bill.charges.append(charge)
    return accuse("A20", bill, charge.key, charge.amount, seed.note)


@_apply.register
def _(seed: Unpriced, bill: Bill) -> Truth:
    service = BY_KEY[seed.key]
    charge = once_charge(service, seed.code, seed.amount)
    if seed.recurring:
        _, start, end = bill_dates(bill.account, bill.month)
        charge = replace(charge, kind=RECURRING, unit="month", start=start, end=end)
    place, _ = _find(bill, seed.key, service.code)
    bill.charges.insert(place + 1, charge)
    return accuse("A31", bill, charge.key, ZERO, seed.note)


@_apply.register
def _(seed: OnceTooOften, bill: Bill) -> Truth:
    service = BY_KEY[seed.key]
    charge = once_charge(service, seed.code, seed.amount)
    place, _ = _find(bill, seed.key, service.code)
    bill.charges.insert(place + 1, charge)
    return accuse("A36", bill, charge.key, charge.amount, seed.note)


@_apply.register
def _(seed: WrongPart, bill: Bill) -> Truth:
    place, charge = _find(bill, seed.key, seed.code)
    bill.charges[place] = replace(charge, amount=seed.amount)
    return accuse("A37", bill, charge.key, seed.amount - charge.amount, seed.note)


@_apply.register
def _(seed: MoreMinutes, bill: Bill) -> Truth:
    code = BY_KEY[seed.key].usage_code
    place, charge = _find(bill, seed.key, code)
    rate, quantity = charge.rate or ZERO, (charge.quantity or ZERO) + seed.minutes
    bill.charges[place] = replace(charge, quantity=quantity, amount=cents(rate * quantity))
    return accuse("A63", bill, charge.key, cents(rate * seed.minutes), f"{seed.minutes} {seed.note}")


@_apply.register
def _(seed: Misfooting, bill: Bill) -> Truth:
    bill.misfooting = seed.amount
    return accuse("A01", bill, "", seed.amount, seed.note)


def _overcharge(bill: Bill, place: int, wrong: Charge, note: str) -> Truth:
    """Put a charge for use in place of the right one; what it is too much has to be more than is tolerated."""
    right = bill.charges[place].amount
    claim = wrong.amount - right
    if claim <= max(Decimal(5), right / 100):
        raise ValueError(f"{wrong.key} is only {claim} above {right}")
    bill.charges[place] = wrong
    return accuse("A30", bill, wrong.key, claim, f"{note}: {wrong.amount} for {right}")


def _days(charge: Charge) -> tuple[date, date]:
    if charge.start is None or charge.end is None:
        raise ValueError(f"{charge.key} is for no days")
    return charge.start, charge.end


def _find(bill: Bill, key: str, code: str) -> tuple[int, Charge]:
    """The first charge of a service and code, and its place; of a part and a whole month, the first is the part."""
    for place, charge in enumerate(bill.charges):
        if key in (charge.circuit, charge.tn) and charge.code == code:
            return place, charge
    raise LookupError(f"{bill.number} has no {code} for {key}")
