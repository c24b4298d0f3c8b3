"""Paying: scheduling approved bills, releasing payments as a file, and what the bank then does with them.

The same act happens once: a bill is locked, what it is paid is checked against its approval again, and a payment's
idempotency key is unique in the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.db.payables import load_payables
from app.domain.money import ZERO
from app.domain.vocabulary import InvoiceStatus, PaymentStatus
from app.errors import UserError
from app.models.inventory import BillingAccount
from app.models.payments import Payment, PaymentBatch
from app.payments.calendar import payment_days
from app.services.bills import lock_bills, lock_bills_of_payments, move_bill, move_payment, name_bill
from app.services.changes import Changes
from app.services.duties import refuse_same_person, require
from app.services.log import lock_workspace, record
from app.services.payment_files import build_file, new_batch, pay_to, write_payment_file
from app.services.scheduling import NothingToPay, check_approval, is_scheduled, make_payment

if TYPE_CHECKING:
    from app.services.workspace import Workspace


class BatchMissing(UserError):
    """There is no payment batch number {batch_id} in this workspace: list the payments to see which there are."""


class SeveralFiles(UserError):
    """One file pays by one method and in one currency; these payments are {kinds}: release them separately."""


class BatchNotReleased(UserError):
    """Batch {batch} has no payment that waits to be settled: all of them are settled or returned already."""


def schedule(workspace: Workspace, invoice_ids: Sequence[int], actor: str, today: date) -> Changes:
    """Schedule what is payable of approved bills, each on the last business day that is early enough.

    All of them or none. A bill that is scheduled with the same amount already is left as it is. Credits of the account
    are set off first; a bill that is a credit, or is covered by credits, is carried and not paid. Raises ApprovalStale
    where a bill or its disputes changed after the approval, NothingToPay where there is nothing to schedule at all.
    """
    changed = False
    carried: NothingToPay | None = None
    with workspace.database.writing() as session:
        require(session, actor, "schedule payments")
        bills = lock_bills(session, invoice_ids)
        accounts = sorted({bill.account_id for bill in bills})
        session.execute(
            select(BillingAccount.id)
            .where(BillingAccount.id.in_(accounts))
            .order_by(BillingAccount.id)
            .with_for_update()
        ).all()
        payables = load_payables(session, [bill.id for bill in bills], today)
        logged = []
        for bill in sorted(bills, key=lambda bill: (bill.bill_date, bill.id)):
            payable = payables[bill.id]
            if bill.status is InvoiceStatus.SCHEDULED and is_scheduled(session, payable):
                continue
            name = name_bill(session, bill)
            check_approval(session, bill, payable)
            try:
                payment = make_payment(session, bill, payable, actor, today)
            except NothingToPay as nothing:
                carried = nothing
                continue
            move_bill(session, bill, InvoiceStatus.SCHEDULED)
            session.add(payment)
            session.flush()
            logged.append((name, payment))
            changed = True
        for name, payment in logged:
            record(
                session,
                actor,
                "scheduled",
                name,
                payment=payment.id,
                amount=payment.amount,
                credit=payment.credit,
                currency=payment.currency,
                send_on=payment.send_on,
                pay_on=payment.pay_on,
            )
    if carried is not None and not changed:
        raise carried
    return Changes.INVOICES | Changes.PAYMENTS if changed else Changes.NONE


def release(workspace: Workspace, payment_ids: Sequence[int], actor: str, today: date) -> tuple[int, Path]:
    """Release scheduled payments of one method and currency as one file; return the batch's id and the file's path.

    The file is built and read back before anything is committed, and its hash is kept with the batch. Refused to
    whoever scheduled one of the payments or entered the bank account it goes to (SamePerson). A payment whose day has
    passed moves to the next possible one. If the file cannot be written after the commit, `export_file` writes the
    same bytes again.
    """
    with workspace.database.writing() as session:
        require(session, actor, "release payments")
        bills, payments = lock_bills_of_payments(session, payment_ids)
        _refuse_mixed(payments)
        payables = load_payables(session, [bill.id for bill in bills], today)
        by_id = {bill.id: bill for bill in bills}
        for payment in payments:
            bill = by_id[payment.invoice_id]
            move_payment(payment, PaymentStatus.RELEASED)
            name = name_bill(session, bill)
            refuse_same_person(
                session, actor, payment.scheduled_by, f"scheduled {name}", "release it", "release payments"
            )
            check_approval(session, bill, payables[bill.id])
            payment.bank_account_id = pay_to(session, bill, payment, actor).id
            days = payment_days(payment.pay_on, today, payment.method)
            payment.send_on, payment.pay_on = days.send_on, days.pay_on
        lock_workspace(session)
        batch = new_batch(session, payments, actor, today)
        content = build_file(session, batch, payments)
        session.flush()
        record(
            session,
            actor,
            "released",
            f"batch {batch.number}",
            payments=batch.payment_count,
            total=batch.total,
            currency=batch.currency,
            sha256=batch.file_sha256,
        )
        batch_id, file_name = batch.id, batch.file_name
    return batch_id, write_payment_file(workspace, file_name, content)


def release_each(workspace: Workspace, payment_ids: Sequence[int], actor: str, today: date) -> list[tuple[int, Path]]:
    """Release payments of several methods and currencies: a batch and file for each, one after the other."""
    with workspace.database.reading() as session:
        rows = session.execute(
            select(Payment.id, Payment.method, Payment.currency).where(Payment.id.in_(payment_ids)).order_by(Payment.id)
        ).all()
    groups: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        groups.setdefault((row.method, row.currency), []).append(row.id)
    return [release(workspace, group, actor, today) for group in groups.values()]


def _refuse_mixed(payments: Sequence[Payment]) -> None:
    kinds = sorted({f"{payment.method.replace('_', ' ').upper()} in {payment.currency}" for payment in payments})
    if len(kinds) != 1:
        raise SeveralFiles(kinds=" and ".join(kinds) or "no payment at all")


def settle(workspace: Workspace, batch_id: int, actor: str) -> Changes:
    """The bank has carried out a batch: its released payments are settled and their bills paid."""
    with workspace.database.writing() as session:
        require(session, actor, "record what the bank did")
        batch = session.get(PaymentBatch, batch_id)
        if batch is None:
            raise BatchMissing(batch_id=batch_id)
        wanted = session.scalars(
            select(Payment.id).where(Payment.batch_id == batch_id, Payment.status == PaymentStatus.RELEASED)
        ).all()
        bills, payments = lock_bills_of_payments(session, wanted)
        if not payments:
            raise BatchNotReleased(batch=batch.number)
        for payment in payments:
            move_payment(payment, PaymentStatus.SETTLED)
        for bill in bills:
            move_bill(session, bill, InvoiceStatus.PAID)
        session.flush()
        total = sum((payment.amount for payment in payments), ZERO)
        record(session, actor, "settled", f"batch {batch.number}", payments=len(payments), total=total)
    return Changes.PAYMENTS | Changes.INVOICES


def mark_returned(workspace: Workspace, payment_id: int, actor: str, reason: str) -> Changes:
    """The bank has sent a payment back: its bill is approved again and waits to be scheduled."""
    return _undo(workspace, payment_id, actor, reason, PaymentStatus.RETURNED, "marked returned")


def void(workspace: Workspace, payment_id: int, actor: str, reason: str) -> Changes:
    """Take back a payment that is scheduled and not released; its bill is approved again."""
    return _undo(workspace, payment_id, actor, reason, PaymentStatus.VOID, "voided")


def _undo(workspace: Workspace, payment_id: int, actor: str, reason: str, wanted: PaymentStatus, verb: str) -> Changes:
    duty = "schedule payments" if wanted is PaymentStatus.VOID else "record what the bank did"
    with workspace.database.writing() as session:
        require(session, actor, duty)
        bills, payments = lock_bills_of_payments(session, [payment_id])
        for payment in payments:
            move_payment(payment, wanted)
        for bill in bills:
            move_bill(session, bill, InvoiceStatus.APPROVED)
        session.flush()
        for bill, payment in zip(bills, payments, strict=True):
            subject = f"payment {payment.id} of {payment.amount:,.2f} {payment.currency}"
            record(session, actor, verb, subject, bill=name_bill(session, bill), reason=" ".join(reason.split()))
    return Changes.PAYMENTS | Changes.INVOICES
