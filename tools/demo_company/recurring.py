"""What a bill charges for a service by right: whole months, the parts at both ends of its life, its installation."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from tools.demo_company.arithmetic import next_month, prorated
from tools.demo_company.carriers import CONTRACT
from tools.demo_company.catalogue import name_of
from tools.demo_company.estate import FIRST_MONTH
from tools.demo_company.prices import price_for
from tools.demo_company.values import ONCE, RECURRING, Account, Charge, Service


def bill_dates(account: Account, month: date) -> tuple[date, date, date]:
    """The bill's date in `month` and the days that its recurring charges are for: [start, end)."""
    billed = month.replace(day=account.bill_day)
    if account.span == "cycle":
        return billed, billed, next_month(billed)
    if account.span == "calendar":
        return billed, month, next_month(month)
    return billed, next_month(month), next_month(month, 2)


def end_of_life(service: Service, account: Account) -> date | None:
    """The first day that may not be billed: the day of the disconnect, or the day after it where the contract says."""
    if service.disconnected is None:
        return None
    billed_day = CONTRACT[account.contract].disconnect_day_billed
    return service.disconnected + timedelta(days=1 if billed_day else 0)


def service_charges(service: Service, account: Account, month: date) -> list[Charge]:
    """The recurring and one-time charges of one service on the account's bill of `month`."""
    billed, start, end = bill_dates(account, month)
    last_billed = bill_dates(account, next_month(month, -1))[0]
    gone = end_of_life(service, account)
    if service.installed > billed or (gone is not None and gone <= start):
        return []
    parts = []
    fresh = month > FIRST_MONTH and service.installed > last_billed
    if fresh and service.installed < start:  # the days before this bill's own, which the last one could not know
        parts.append((service.installed, start))
    parts.append((max(start, service.installed), min(end, gone or end)))
    charges = [
        recurring_charge(service, account, code, first, last)
        for code in (service.code, *service.extras)
        for first, last in parts
    ]
    if fresh and service.install_code:
        charges.extend(installation(service, account, billed))
    return charges


def recurring_charge(service: Service, account: Account, code: str, start: date, end: date) -> Charge:
    """One recurring charge for the days [start, end)."""
    contract = CONTRACT[account.contract]
    price = price_for(contract.number, code, RECURRING, service, start).amount
    quantity = service.quantity if code == service.code else 1
    return Charge(
        RECURRING,
        code,
        name_of(code),
        prorated(price, quantity, start, end, contract.proration),
        Decimal(quantity),
        "month",
        price,
        start,
        end,
        circuit=service.circuit,
        tn=service.tn,
        site=service.site,
    )


def installation(service: Service, account: Account, day: date) -> list[Charge]:
    """The one-time charge of a new service; none where the contract waives it."""
    price = price_for(account.contract, service.install_code, ONCE, service, day)
    return [] if price.waived else [once_charge(service, service.install_code, price.amount)]


def once_charge(service: Service, code: str, amount: Decimal) -> Charge:
    """A one-time charge on a service."""
    return Charge(
        ONCE,
        code,
        name_of(code),
        amount,
        Decimal(1),
        "once",
        amount,
        circuit=service.circuit,
        tn=service.tn,
        site=service.site,
    )
