"""What of an account's earlier bills was overdue when a bill charged for it, by the stored bills and payments."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.evidence import BalanceFacts, BalanceLine
from app.domain.money import ZERO
from app.domain.vocabulary import ChargeType, DocumentKind, InvoiceStatus, PaymentStatus
from app.models.invoices import Charge, Invoice
from app.models.payments import Payment
from app.services.facts import load_withheld

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from app.domain.history import InvoiceFacts


POSTING_DAYS = 5  # a payment that left so shortly before a bill may have reached the carrier after it


@dataclass(frozen=True, slots=True)
class _Bill:
    """An earlier document of the account; `charged_late`: it has a late charge of its own."""

    id: int
    number: str
    kind: DocumentKind
    dated: date
    due: date | None
    charges: Decimal
    charged_late: bool


@dataclass(frozen=True, slots=True)
class _Paid:
    """Money that has left, and what it settled of its bill: with credits that the account held, more than itself."""

    day: date
    amount: Decimal
    settled: Decimal


def load_balances(session: Session, invoice: InvoiceFacts) -> tuple[BalanceFacts | None, str]:
    """What was overdue between the bill before `invoice` and this one; None, and why, where our records cannot say.

    Disputed amounts that were withheld are not overdue. A bill that was paid late counts until it was paid, what is
    still owed until this bill's date. Each counts from its due date, less what a bill with a late charge has charged.
    That nothing was overdue is only known where all that was owed is: an earlier bill is stored, the bills that were
    open have due dates, and the balance that `invoice` carries forward is that of the stored bills and payments.
    """
    bills = _load_bills(session, invoice)
    invoices = [bill for bill in bills if bill.kind is DocumentKind.INVOICE]
    if not invoices:
        return None, "No earlier bill of the account is stored, so it cannot be told what was overdue."
    last = invoices[-1].dated
    payments = _load_payments(session, invoice)
    if not _explains(invoice, bills, [paid for each in payments.values() for paid in each], last):
        return None, (
            f"The bill carries {invoice.previous_balance:f} forward, which is not what the stored bills and payments "
            "leave open, so it cannot be told what was overdue."
        )
    since = max((bill.dated for bill in invoices if bill.charged_late), default=None)
    withheld = {each.invoice_id: each.withheld for each in load_withheld(session, invoice.account_id)}
    lines: list[BalanceLine] = []
    for bill in invoices:
        owed, paid = bill.charges - withheld.get(bill.id, ZERO), payments.get(bill.id, [])
        if bill.due is None:
            if owed - sum((each.settled for each in paid if each.day <= last), ZERO) > 0:
                return None, f"Bill {bill.number} has no due date, so it cannot be told what was overdue."
            continue
        lines += _lines(bill, bill.due, owed, paid, last, invoice.bill_date, since)
    return BalanceFacts(tuple(lines)), ""


def _lines(
    bill: _Bill, due: date, owed: Decimal, paid: Sequence[_Paid], last: date, until: date, since: date | None
) -> list[BalanceLine]:
    """What of `bill` was open after its due date and after `last`, the day of the bill before: each payment, the rest.

    A payment that the carrier had before that bill was that bill's to charge for.
    """
    whole = owed - sum((each.settled for each in paid if each.day <= due), ZERO)
    before = since if since is not None and since > due else None
    lines = []
    for each in paid:
        open_then, owed = owed, owed - each.settled
        if each.day > max(due, last - timedelta(days=POSTING_DAYS)) and open_then > 0:
            lines.append(
                BalanceLine(bill.number, min(open_then, each.settled), due, min(each.day, until), before, whole)
            )
    if owed > 0 and due < until:
        lines.append(BalanceLine(bill.number, owed, due, until, before, whole))
    return [line for line in lines if line.due < line.paid]


def _explains(invoice: InvoiceFacts, bills: Sequence[_Bill], payments: Sequence[_Paid], last: date) -> bool:
    """Whether the balance that `invoice` carries forward is what `bills` less `payments` leave open.

    A bill that prints neither a balance nor payments carries none forward. Payments since the bill before may stand in
    the balance already, or beside it, or not yet.
    """
    if not invoice.previous_balance and not invoice.payments_applied:
        return True
    billed = sum((bill.charges for bill in bills), ZERO)
    most = billed - sum((each.amount for each in payments if each.day <= last), ZERO)
    least = billed - sum((each.amount for each in payments if each.day <= invoice.bill_date), ZERO)
    return invoice.previous_balance <= most and least <= invoice.previous_balance + invoice.payments_applied


def _load_bills(session: Session, invoice: InvoiceFacts) -> list[_Bill]:
    """The account's documents dated before `invoice`, in its currency, oldest first."""
    late = select(Charge.invoice_id).where(Charge.charge_type == ChargeType.LPC, Charge.amount > ZERO)
    rows = session.execute(
        select(
            Invoice.id,
            Invoice.number,
            Invoice.kind,
            Invoice.bill_date,
            Invoice.due_date,
            Invoice.current_charges,
            Invoice.rounding,
            Invoice.id.in_(late).label("charged_late"),
        )
        .where(
            Invoice.account_id == invoice.account_id,
            Invoice.currency == invoice.currency,
            Invoice.status != InvoiceStatus.SUPERSEDED,
            Invoice.bill_date < invoice.bill_date,
        )
        .order_by(Invoice.bill_date, Invoice.id)
    )
    return [
        _Bill(
            row.id,
            row.number,
            row.kind,
            row.bill_date,
            row.due_date,
            row.current_charges + row.rounding,
            bool(row.charged_late),
        )
        for row in rows
    ]


def _load_payments(session: Session, invoice: InvoiceFacts) -> dict[int, list[_Paid]]:
    """What the bank has carried out on the account, by bill, oldest first."""
    rows = session.execute(
        select(Payment.invoice_id, Payment.amount, Payment.credit, Payment.pay_on)
        .where(Payment.account_id == invoice.account_id, Payment.status == PaymentStatus.SETTLED)
        .order_by(Payment.pay_on, Payment.id)
    )
    payments: dict[int, list[_Paid]] = defaultdict(list)
    for row in rows:
        payments[row.invoice_id].append(_Paid(row.pay_on, row.amount, row.amount + row.credit))
    return payments
