"""Scheduling one bill: what of it is paid now, how, and on which day. `app.services.payments` has the commands."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.db.payables import NOT_PAYING, load_account_credit, load_due_dates, load_method
from app.domain.vocabulary import PaymentStatus
from app.errors import UserError
from app.models.payments import Payment
from app.payments.calendar import payment_days
from app.services.bills import live_approvals, name_bill

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.invoices import Invoice
    from app.payments.payable import Payable


class NotApproved(UserError):
    """{bill} is {status} and nobody has approved what is to be paid: submit it, and have a second person approve it."""


class ApprovalStale(UserError):
    """{bill} has changed since {approver} approved {approved}: now {payable} is payable and {withheld} withheld. Send
    it back and have it approved again."""


class NothingToPay(UserError):
    """{bill} has nothing to pay now: {reason}. It is carried until a later bill of the account needs it."""


class NoMethod(UserError):
    """{bill} is in {currency}, which neither ACH (USD) nor SEPA (EUR) can pay: pay it in your bank's own program."""


def check_approval(session: Session, bill: Invoice, payable: Payable) -> None:
    """Raise NotApproved or ApprovalStale unless the bill has an approval for exactly what is payable now."""
    approval = next(iter(live_approvals(session, bill.id)), None)
    if approval is None:
        raise NotApproved(bill=name_bill(session, bill), status=bill.status.replace("_", " "))
    if approval.payload != payable.payload or approval.payable != payable.amount:
        currency = bill.currency
        raise ApprovalStale(
            bill=name_bill(session, bill),
            approver=approval.approved_by,
            approved=f"{approval.payable:,.2f} {currency}",
            payable=f"{payable.amount:,.2f} {currency}",
            withheld=f"{payable.withheld:,.2f} {currency}",
        )


def is_scheduled(session: Session, payable: Payable) -> bool:
    keys = select(Payment.idempotency_key).where(
        Payment.invoice_id == payable.invoice_id, Payment.status.not_in(NOT_PAYING)
    )
    return any(key.startswith(_key(payable)) for key in session.scalars(keys))


def _key(payable: Payable) -> str:
    return f"invoice:{payable.invoice_id}:payable:{payable.payload}"


def make_payment(session: Session, bill: Invoice, payable: Payable, actor: str, today: date) -> Payment:
    name = name_bill(session, bill)
    if payable.open <= 0:
        raise NothingToPay(bill=name, reason="it is a credit" if payable.amount < 0 else "it is paid")
    credit = load_account_credit(session, bill.account_id, bill.currency, today, for_bill=bill.id)
    if credit >= payable.open:
        raise NothingToPay(bill=name, reason=f"credits of {credit:,.2f} {bill.currency} on the account cover it")
    method = load_method(session, bill.carrier_id, bill.currency)
    if method is None:
        raise NoMethod(bill=name, currency=bill.currency)
    days = payment_days(load_due_dates(session, [bill.id])[bill.id], today, method)
    failed = session.scalar(
        select(func.count()).select_from(Payment).where(Payment.invoice_id == bill.id, Payment.status.in_(NOT_PAYING))
    )
    return Payment(
        invoice_id=bill.id,
        account_id=bill.account_id,
        amount=payable.open - credit,
        credit=credit,
        currency=bill.currency,
        method=method,
        status=PaymentStatus.SCHEDULED,
        send_on=days.send_on,
        pay_on=days.pay_on,
        # after a void or returned payment the same amount is a new act
        idempotency_key=_key(payable) + (f":after:{failed}" if failed else ""),
        scheduled_by=actor,
        scheduled_at=datetime.now(UTC),
    )
