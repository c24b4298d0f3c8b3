"""Charges for use: minutes, kilowatt hours, hours of remote hands."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

from tools.demo_company.arithmetic import cents, next_month
from tools.demo_company.calls import minutes_of
from tools.demo_company.carriers import CONTRACT
from tools.demo_company.catalogue import name_of
from tools.demo_company.prices import price_for
from tools.demo_company.recurring import bill_dates, end_of_life
from tools.demo_company.values import USAGE, Account, Charge, Service


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
