"""Charges for use: minutes, kilowatt hours, hours of remote hands."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tools.demo_company.arithmetic import cents, next_month
from tools.demo_company.calls import minutes_of
from tools.demo_company.calls_abroad import CODE, STEPS, usage_of
from tools.demo_company.carriers import CONTRACT
from tools.demo_company.catalogue import name_of
from tools.demo_company.prices import BURST, POWER, price_for
from tools.demo_company.recurring import bill_dates, end_of_life
from tools.demo_company.traffic import PERCENTILE, RECORDED, burst_of
from tools.demo_company.values import RECURRING, USAGE, Account, Charge, Service


def usage_charge(service: Service, account: Account, month: date) -> Charge | None:
    """What was used up to the bill of `month`; None where nothing was."""
    if service.usage_code == "LD-US":
        billed = bill_dates(account, month)[0]
        tenths = random.Random(f"toll {service.tn} {month}").randrange(180, 620)
        return _charge(service, account, next_month(billed, -1), billed, Decimal(tenths), "min")
    start = next_month(month, -1)
    if service.usage_code == "KWH":
        gone = end_of_life(service, account)
        if gone is not None and gone <= start:
            return None
        used = random.Random(f"power {service.circuit} {month}").randrange(1480, 2260)
        return _charge(service, account, start, month, Decimal(used), "kWh")
    if service.usage_code == "PWR-KW":
        return _power(service, account, month)
    if service.usage_code == "BURST-95":
        return _burst(service, start, month) if start in RECORDED else None
    if service.usage_code == CODE:
        calls = usage_of(service.tn, start, STEPS)
        return _sized(service, calls.amount, calls.minutes, "min", start, month)
    if service.usage_code:
        minutes = minutes_of(service.tn, start)
        return _charge(service, account, start, month, minutes, "min") if minutes else None
    return None


def remote_hands(service: Service, account: Account, month: date, hours: str) -> Charge:
    """Hours that the data centre's people worked on a rack in the month before the bill's."""
    start = next_month(month, -1)
    price = price_for(account.contract, "RH-STD", USAGE, service, start).amount
    quantity = Decimal(hours)
    return Charge(
        USAGE,
        "RH-STD",
        name_of("RH-STD"),
        cents(price * quantity),
        quantity,
        "h",
        price,
        start,
        month,
        circuit=service.circuit,
        site=service.site,
    )


def _power(service: Service, account: Account, month: date) -> Charge:
    """The peak demand of the month before: the committed kW at their price, those above with the premium."""
    demand = Decimal(random.Random(f"demand {service.circuit} {month}").randrange(46, 64)) / 10
    amount = power_amount(demand, POWER.premium)
    return _sized(service, amount, demand, "kW", next_month(month, -1), month)


def power_amount(demand: Decimal, premium: int) -> Decimal:
    """What a demand of kW costs where those above the commitment cost `premium` per cent more."""
    above = max(Decimal(0), demand - POWER.commit)
    return cents(POWER.commit * POWER.price + above * POWER.price * (100 + premium) / 100)


def _burst(service: Service, start: date, end: date) -> Charge:
    mbps = burst_of(service.circuit, start, PERCENTILE)
    charge = _sized(service, burst_amount(mbps), mbps, "Mbps", start, end)
    return at_mean_price(replace(charge, kind=RECURRING))


def at_mean_price(charge: Charge) -> Charge:
    """The charge with a price of a unit, as Northbeam's bill has one in each row: here what one comes to."""
    return replace(charge, rate=cents(charge.amount / (charge.quantity or Decimal(1)), 4))


def burst_amount(mbps: Decimal) -> Decimal:
    """What so many Mbit/s cost: the committed ones at their price, those above at theirs."""
    return cents(BURST.commit * BURST.price + max(Decimal(0), mbps - BURST.commit) * BURST.overage)


def _sized(service: Service, amount: Decimal, quantity: Decimal, unit: str, start: date, end: date) -> Charge:
    """A charge for use that is no single price × quantity: the bill states no price."""
    code = service.usage_code
    return Charge(
        USAGE,
        code,
        name_of(code),
        amount,
        quantity,
        unit,
        None,
        start,
        end,
        circuit=service.circuit,
        tn=service.tn,
        site=service.site,
    )


def _charge(service: Service, account: Account, start: date, end: date, quantity: Decimal, unit: str) -> Charge:
    contract = CONTRACT[account.contract]
    price = price_for(contract.number, service.usage_code, USAGE, service, start).amount
    return Charge(
        USAGE,
        service.usage_code,
        name_of(service.usage_code),
        cents(price * quantity),
        quantity,
        unit,
        price,
        start,
        end,
        circuit=service.circuit,
        tn=service.tn,
        site=service.site,
    )
