"""The proposal of a payment run: which approved bills are due, what of each is paid, and what each carrier gets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.db.payables import load_account_credit, load_due_dates, load_method, load_payables
from app.domain.money import ZERO
from app.domain.vocabulary import InvoiceStatus, PaymentMethod
from app.models.findings import Dispute, DisputeItem, Finding
from app.models.inventory import BillingAccount, Carrier, CarrierBankAccount
from app.models.invoices import Invoice
from app.models.payments import Payment
from app.payments.calendar import PaymentDays, payment_days

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Row:
    """One approved bill. `net` = `gross` − `withheld` − `paid` − `credit` is what would be scheduled now; it is 0 where
    the bill is `carried`: a credit itself, or covered by the account's credits. `notes` are what whoever pays should
    see in red."""

    invoice_id: int
    carrier_id: int
    carrier: str
    account_id: int
    ban: str
    number: str
    bill_date: date
    due: date
    currency: str
    gross: Decimal
    withheld: Decimal
    disputes: str
    paid: Decimal
    credit: Decimal
    net: Decimal
    carried: bool
    method: PaymentMethod | None
    send_on: date | None
    pay_on: date | None
    late: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CarrierTotal:
    """What one carrier gets in one currency. `carried` is the credit that stays for later bills and is never paid."""

    carrier_id: int
    carrier: str
    currency: str
    bills: int
    gross: Decimal
    withheld: Decimal
    credit: Decimal
    net: Decimal
    carried: Decimal


@dataclass(frozen=True, slots=True)
class Filter:
    """As of which day; `due_until` leaves out bills that are due later (credits stay)."""

    as_of: date
    due_until: date | None = None
    carrier_id: int | None = None


def fetch(session: Session, wanted: Filter) -> list[Row]:
    """The approved bills that are not scheduled, those to be sent first. Held bills are not among them."""
    selected = (
        select(Invoice, Carrier.name, BillingAccount.ban)
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .join(BillingAccount, BillingAccount.id == Invoice.account_id)
        .where(Invoice.status == InvoiceStatus.APPROVED)
        .order_by(Invoice.bill_date, Invoice.id)
    )
    if wanted.carrier_id is not None:
        selected = selected.where(Invoice.carrier_id == wanted.carrier_id)
    found = session.execute(selected).all()
    ids = [row.Invoice.id for row in found]
    payables = load_payables(session, ids, wanted.as_of)
    due = load_due_dates(session, ids)
    disputes = _disputes(session, ids)
    left = {
        (account_id, currency): load_account_credit(session, account_id, currency, wanted.as_of)
        for account_id, currency in {(row.Invoice.account_id, row.Invoice.currency) for row in found}
    }
    rows = []
    for row in found:
        bill, payable = row.Invoice, payables[row.Invoice.id]
        if wanted.due_until is not None and due[bill.id] > wanted.due_until and payable.amount > 0:
            continue
        credit = min(left[bill.account_id, bill.currency], max(payable.open, ZERO))
        left[bill.account_id, bill.currency] -= credit
        net = max(payable.open - credit, ZERO)
        method = load_method(session, bill.carrier_id, bill.currency)
        days = None if method is None or net == 0 else payment_days(due[bill.id], wanted.as_of, method)
        rows.append(
            Row(
                invoice_id=bill.id,
                carrier_id=bill.carrier_id,
                carrier=row.name,
                account_id=bill.account_id,
                ban=row.ban,
                number=bill.number,
                bill_date=bill.bill_date,
                due=due[bill.id],
                currency=bill.currency,
                gross=payable.gross,
                withheld=payable.withheld,
                disputes=disputes.get(bill.id, ""),
                paid=payable.paid,
                credit=credit,
                net=net,
                carried=net == 0,
                method=method,
                send_on=None if days is None else days.send_on,
                pay_on=None if days is None else days.pay_on,
                late=days is not None and days.late,
                notes=tuple(_notes(session, bill, method, days)) if net else (),
            )
        )
    return sorted(rows, key=lambda row: (row.send_on or date.max, row.carrier, row.invoice_id))


def total_by_carrier(rows: Iterable[Row]) -> list[CarrierTotal]:
    """What each carrier gets, per currency, by name."""
    groups: dict[tuple[str, int, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.carrier, row.carrier_id, row.currency), []).append(row)
    return [
        CarrierTotal(
            carrier_id=carrier_id,
            carrier=carrier,
            currency=currency,
            bills=sum(1 for row in group if row.net),
            gross=sum((row.gross for row in group if row.gross > 0), ZERO),
            withheld=sum((row.withheld for row in group), ZERO),
            credit=sum((row.credit for row in group), ZERO),
            net=sum((row.net for row in group), ZERO),
            carried=sum((-row.gross for row in group if row.gross < 0), ZERO)
            - sum((row.credit for row in group), ZERO),
        )
        for (carrier, carrier_id, currency), group in sorted(groups.items())
    ]


def _notes(session: Session, bill: Invoice, method: PaymentMethod | None, days: PaymentDays | None) -> Iterable[str]:
    if method is None:
        yield f"neither ACH nor SEPA pays in {bill.currency}"
        return
    if days is not None and days.late:
        yield "arrives after the due date"
    accounts = session.scalars(
        select(CarrierBankAccount)
        .where(
            CarrierBankAccount.carrier_id == bill.carrier_id,
            CarrierBankAccount.currency == bill.currency,
            CarrierBankAccount.method == method,
            CarrierBankAccount.retired_at.is_(None),
        )
        .order_by(CarrierBankAccount.id.desc())
    ).all()
    verified = next((account for account in accounts if account.verified_by is not None), None)
    if verified is None:
        yield "bank account is not verified" if accounts else "no bank account of the carrier"
        return
    if accounts[0].id != verified.id:
        yield "a newer bank account waits to be verified"
    used = select(Payment.id).where(Payment.bank_account_id == verified.id).limit(1)
    if session.scalar(used) is None:
        yield "first payment to this bank account"


def _disputes(session: Session, ids: list[int]) -> dict[int, str]:
    rows = session.execute(
        select(Finding.invoice_id, Dispute.number)
        .join(DisputeItem, DisputeItem.finding_id == Finding.id)
        .join(Dispute, Dispute.id == DisputeItem.dispute_id)
        .where(Finding.invoice_id.in_(ids))
        .distinct()
        .order_by(Finding.invoice_id, Dispute.number)
    )
    numbers: dict[int, list[str]] = {}
    for row in rows:
        if row[0] is not None:
            numbers.setdefault(row[0], []).append(row[1])
    return {invoice_id: ", ".join(found) for invoice_id, found in numbers.items()}
