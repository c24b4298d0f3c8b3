"""Taking hold of bills and payments for a change: locked, named as people name them, moved along their flow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.vocabulary import InvoiceStatus, PaymentStatus
from app.domain.workflow import INVOICE_FLOW, PAYMENT_FLOW, check
from app.errors import UserError
from app.models.inventory import Carrier
from app.models.invoices import Invoice
from app.models.payments import Approval, Payment

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class BillMissing(UserError):
    """There is no bill number {invoice_id} in this workspace: list the bills to see which there are."""


class PaymentMissing(UserError):
    """There is no payment number {payment_id} in this workspace: list the payments to see which there are."""


def load_bill(session: Session, invoice_id: int) -> Invoice:
    """The bill, for reading; raises BillMissing."""
    bill = session.get(Invoice, invoice_id)
    if bill is None:
        raise BillMissing(invoice_id=invoice_id)
    return bill


def lock_bills(session: Session, invoice_ids: Collection[int]) -> list[Invoice]:
    """The bills in order of id, locked until the transaction ends, as they are now; raises BillMissing.

    Every command locks bills before payments and both before it logs, each in order of id, so that two commands
    never wait for each other.
    """
    wanted = sorted(set(invoice_ids))
    statement = select(Invoice).where(Invoice.id.in_(wanted)).order_by(Invoice.id)
    bills = list(session.scalars(statement.with_for_update().execution_options(populate_existing=True)))
    for invoice_id in wanted:
        if not any(bill.id == invoice_id for bill in bills):
            raise BillMissing(invoice_id=invoice_id)
    return bills


def lock_payments(session: Session, payment_ids: Collection[int]) -> list[Payment]:
    """The payments in order of id, locked, as they are now; raises PaymentMissing."""
    wanted = sorted(set(payment_ids))
    statement = select(Payment).where(Payment.id.in_(wanted)).order_by(Payment.id)
    payments = list(session.scalars(statement.with_for_update().execution_options(populate_existing=True)))
    for payment_id in wanted:
        if not any(payment.id == payment_id for payment in payments):
            raise PaymentMissing(payment_id=payment_id)
    return payments


def lock_bills_of_payments(session: Session, payment_ids: Collection[int]) -> tuple[list[Invoice], list[Payment]]:
    """The payments and the bills they pay, both locked, bills first."""
    wanted = sorted(set(payment_ids))
    invoice_ids = session.scalars(select(Payment.invoice_id).where(Payment.id.in_(wanted))).all()
    return lock_bills(session, invoice_ids), lock_payments(session, wanted)


def name_bill(session: Session, bill: Invoice) -> str:
    """ "bill INV-1 of Calder Fiber" """
    carrier = session.scalar(select(Carrier.name).where(Carrier.id == bill.carrier_id))
    return f"bill {bill.number} of {carrier}"


def move_bill(session: Session, bill: Invoice, wanted: InvoiceStatus) -> None:
    """Set the bill's status; raises IllegalTransition naming the bill and what is possible."""
    bill.status = check(INVOICE_FLOW, bill.status, wanted, name_bill(session, bill))


def move_payment(payment: Payment, wanted: PaymentStatus) -> None:
    """Set the payment's status; raises IllegalTransition naming the payment and what is possible."""
    subject = f"payment {payment.id} of {payment.amount:,.2f} {payment.currency}"
    payment.status = check(PAYMENT_FLOW, payment.status, wanted, subject)


def void_approvals(session: Session, bill: Invoice) -> None:
    """An approval that no longer holds stays on record, with the moment it ended."""
    for approval in live_approvals(session, bill.id):
        approval.voided_at = datetime.now(UTC)


def live_approvals(session: Session, invoice_id: int) -> Sequence[Approval]:
    """The approvals of a bill that hold, latest first."""
    statement = select(Approval).where(Approval.invoice_id == invoice_id, Approval.voided_at.is_(None))
    return session.scalars(statement.order_by(Approval.id.desc())).all()
