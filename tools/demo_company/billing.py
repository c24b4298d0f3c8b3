"""All bills of the half-year: right charges first, then what the seeds make of them, then balances month by month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from tools.demo_company.answers import credited_on
from tools.demo_company.arithmetic import next_month
from tools.demo_company.carriers import ACCOUNTS
from tools.demo_company.edits import accuse, accuse_lives, as_carrier_believes, seed_errors
from tools.demo_company.estate import MONTHS, services_of
from tools.demo_company.occasions import occasional_charges
from tools.demo_company.recurring import bill_dates, service_charges
from tools.demo_company.seeds import NEVER_SENT, SECOND_BILLS, WRONG_BALANCES
from tools.demo_company.taxes import added_charges, row_tax
from tools.demo_company.usage_charges import usage_charge
from tools.demo_company.values import TAX, ZERO, Account, Bill, Charge, Company, Truth

# what keeps a bill from being approved is disputed as soon as it is found, and withheld
DISPUTED_AT_ONCE = ("A01", "A20")


def make_company() -> Company:
    """Every bill, and the truth about every seeded error."""
    company = Company()
    for account in ACCOUNTS:
        bills = _bills_of(account, company.truths)
        _carry_balances(account, bills, company.truths)
        company.bills.extend(bills)
    company.bills.sort(key=lambda bill: (bill.bill_date, bill.account.carrier, bill.account.ban))
    company.truths.sort(key=lambda truth: (truth.rule, truth.carrier, truth.ban, truth.invoice, truth.charge))
    return company


def _bills_of(account: Account, truths: list[Truth]) -> list[Bill]:
    bills = []
    for month in MONTHS:
        bill = _bill(account, month, truths)
        if any((seed.account, seed.month) == (account.key, month) for seed in NEVER_SENT):
            note = next(seed.note for seed in NEVER_SENT if seed.account == account.key)
            truths.append(Truth("A04", account.carrier, account.ban, "", f"{bill.bill_date}", ZERO, note))
            continue
        bills.append(bill)
        for seed in SECOND_BILLS:
            if (seed.account, seed.month) == (account.key, month):
                second = replace(
                    bill, number=_number(account, month, 40), bill_date=month.replace(day=seed.day), copy_of=bill.number
                )
                truths.append(accuse("A02", second, "", second.current, f"{seed.note} as {bill.number}"))
                bills.append(second)
    return bills


def _bill(account: Account, month: date, truths: list[Truth]) -> Bill:
    billed, start, end = bill_dates(account, month)
    charges: list[Charge] = []
    for service in services_of(account.key):
        charges.extend(service_charges(as_carrier_believes(service), account, month))
        used = usage_charge(service, account, month)
        if used is not None:
            charges.append(used)
    charges.extend(occasional_charges(account, month))
    due = billed + timedelta(days=account.due_days)
    bill = Bill(account, month, _number(account, month, 0), billed, due, start, end, charges)
    found = seed_errors(bill)
    if found or charges:
        truths.extend(found)
        truths.extend(accuse_lives(bill))
    bill.charges.extend(added_charges(account, bill.charges))
    if account.key.startswith("cf"):
        bill.charges = [piece for charge in bill.charges for piece in _with_row_tax(charge)]
    return bill


def _with_row_tax(charge: Charge) -> list[Charge]:
    """Calder prints the tax of a row in a column of it: one more charge of the same service and days."""
    tax = row_tax(charge)
    if not tax:
        return [charge]
    return [charge, replace(charge, kind=TAX, code="", description="State tax", amount=tax, quantity=None, rate=None)]


def _number(account: Account, month: date, more: int) -> str:
    """Bill numbers as each carrier counts."""
    since = (month.year - 2024) * 12 + month.month
    match account.key:
        case "nb_data":
            return f"44172206{since + 100 + more:04d}"
        case "nb_voice":
            return f"44172207{since + 100 + more:04d}"
        case "tl_duluth":
            return f"0140311-{month:%y%m}{'B' if more else ''}"
        case "tl_brainerd":
            return f"0170284-{month:%y%m}{'B' if more else ''}"
        case "cf_wan":
            return f"INV-{51200 + since * 37 + more}"
        case "cf_wave":
            return f"INV-{51213 + since * 37 + more}"
        case "hv":
            return f"HV{month:%Y%m}-{77120 + more}"
        case "hv_intl":
            return f"HV{month:%Y%m}-{77244 + more}"
        case "sc_fra":
            return f"{month.year}-F-{1180 + since * 21 + more:05d}"
        case _:
            return f"{month.year}-A-{1190 + since * 21 + more:05d}"


def _carry_balances(account: Account, bills: list[Bill], truths: list[Truth]) -> None:
    """What each bill says of the one before it.

    The company pays a bill shortly before it is due: its current charges, less what it disputes at once; the second
    copy of a bill it does not pay. A credit for what it had withheld is not deducted again.
    """
    if account.open_item:
        return
    withheld: dict[str, Decimal] = defaultdict(Decimal)
    for truth in truths:
        if truth.rule in DISPUTED_AT_ONCE:
            withheld[truth.invoice] += truth.amount
    paid: list[tuple[date, Decimal]] = []
    for place, bill in enumerate(bills):
        if place == 0:
            bill.previous = account.first_balance
            bill.payments = account.first_payment
            if not account.first_balance:  # an ordinary month before ours, paid in full
                bill.previous = (bill.current * 97 / 100).quantize(Decimal("0.01"))
                bill.payments = -bill.previous
            bill.paid_on = payment_day(next_month(bill.due, -1))
            paid.append((payment_day(bill.due), bill.total - withheld.get(bill.number, ZERO)))
            continue
        before = bills[place - 1]
        shown = [(day, amount) for day, amount in paid if before.bill_date <= day < bill.bill_date]
        bill.previous = before.total
        bill.payments = -sum((amount for _, amount in shown), ZERO)
        bill.paid_on = shown[-1][0] if shown else None
        for seed in WRONG_BALANCES:
            if (seed.account, seed.month) == (account.key, bill.month):
                lost = -bill.payments if seed.lost is None else seed.lost
                bill.payments += lost
                bill.previous += seed.raised
                truths.append(accuse("A05", bill, "", lost + seed.raised, seed.note))
        if not bill.copy_of:
            answer = credited_on(account.key, bill.month)
            restored = answer.granted if answer and answer.granted else ZERO
            paid.append((payment_day(bill.due), bill.current + restored - withheld.get(bill.number, ZERO)))


def payment_day(due: date) -> date:
    """The last weekday up to the due date."""
    return due - timedelta(days=max(0, due.weekday() - 4))
