"""What a bank's word does to payments and bills: settled, or come back. Only by the legal transitions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.source import ParseIssue
from app.domain.vocabulary import InvoiceStatus, PaymentStatus, Severity
from app.models.invoices import Invoice
from app.models.payments import Payment
from app.services.bills import move_bill, move_payment, name_bill
from app.services.log import record

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_WITH_MONEY_OUT = frozenset({InvoiceStatus.SCHEDULED, InvoiceStatus.PAID, InvoiceStatus.RECONCILED})
LOOK = "Look at the payment and its bill, and correct there what is not so."


@dataclass(frozen=True, slots=True)
class Effect:
    """A payment is to become SETTLED or RETURNED; `reason` is the bank's code and words.

    `gives_back` says that the money came back, in the amount that was paid; a mere rejection says that it never left.
    """

    payment_id: int
    wanted: PaymentStatus
    reason: str = ""
    gives_back: bool = True


@dataclass(slots=True)
class Done:
    """What has been done, and what is to be said of it."""

    busy: list[int] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    issues: list[ParseIssue] = field(default_factory=list)


def apply_effects(session: Session, effects: Iterable[Effect], actor: str) -> Done:
    """Carry the effects out, what settles before what comes back; what is so already is left as it is.

    The caller holds the workspace's lock, for which commands wait that hold payments: so a payment that is held is
    not waited for. It is told of, and matched again later.
    """
    wanted = sorted(effects, key=lambda one: (one.wanted is PaymentStatus.RETURNED, one.payment_id))
    payments, bills = _hold(session, {one.payment_id for one in wanted})
    done = Done()
    for effect in wanted:
        payment = payments.get(effect.payment_id)
        bill = bills.get(payment.invoice_id) if payment is not None else None
        if payment is None or bill is None:
            done.busy.append(effect.payment_id)
            message = f"Payment TB-{effect.payment_id} is being changed by another command, so it was left as it is."
            done.issues.append(_warn("payment-busy", message, "Match again on the page Bank."))
        elif effect.wanted is PaymentStatus.SETTLED:
            _settle(session, payment, bill, actor, done)
        else:
            _return(session, payment, bill, effect, actor, done)
    session.flush()
    return done


def _hold(session: Session, ids: set[int]) -> tuple[dict[int, Payment], dict[int, Invoice]]:
    """Payments and bills, locked, bills first."""
    bill_ids = session.scalars(select(Payment.invoice_id).where(Payment.id.in_(ids))).all()
    bills = session.scalars(
        select(Invoice)
        .where(Invoice.id.in_(set(bill_ids)))
        .order_by(Invoice.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    payments = session.scalars(
        select(Payment)
        .where(Payment.id.in_(ids))
        .order_by(Payment.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    return {one.id: one for one in payments}, {one.id: one for one in bills}


def _settle(session: Session, payment: Payment, bill: Invoice, actor: str, done: Done) -> None:
    if payment.status is not PaymentStatus.RELEASED:
        return  # settled before, or come back since
    move_payment(payment, PaymentStatus.SETTLED)
    if bill.status is InvoiceStatus.SCHEDULED:
        move_bill(session, bill, InvoiceStatus.PAID)
    else:
        message = f"The bank has carried out payment TB-{payment.id}, and {name_bill(session, bill)} is {bill.status}."
        done.issues.append(_warn("bill-not-scheduled", message, LOOK))
    session.flush()
    record(session, actor, "settled by the bank", _subject(payment), bill=name_bill(session, bill))
    done.settled.append(payment.id)


def _return(session: Session, payment: Payment, bill: Invoice, effect: Effect, actor: str, done: Done) -> None:
    if payment.status is PaymentStatus.RETURNED:
        return
    reason, name = effect.reason, name_bill(session, bill)
    if payment.status is PaymentStatus.SETTLED and not effect.gives_back:
        message = (
            f"The bank says that payment TB-{payment.id} was not carried out ({reason}), and it is settled here: it "
            "stays so."
        )
        remedy = "Ask the bank. Money that came back is booked as a return of the same amount; import that."
        done.issues.append(_warn("settled-and-rejected", message, remedy))
        return
    if payment.status not in (PaymentStatus.RELEASED, PaymentStatus.SETTLED):
        message = f"The bank says that payment TB-{payment.id} came back, and it is {payment.status} here."
        done.issues.append(_warn("payment-not-released", message, LOOK))
        return
    move_payment(payment, PaymentStatus.RETURNED)
    payable = bill.status in _WITH_MONEY_OUT
    if payable:
        move_bill(session, bill, InvoiceStatus.APPROVED)
    session.flush()
    record(session, actor, "marked returned", _subject(payment), bill=name, reason=reason)
    done.returned.append(payment.id)
    after = "waits to be scheduled again" if payable else f"is {bill.status.replace('_', ' ')}"
    message = (
        f"Payment TB-{payment.id} of {payment.amount:,.2f} {payment.currency} came back ({reason}): {name} {after}."
    )
    remedy = "Correct the carrier's bank details if the reason says so, then schedule the bill again."
    done.issues.append(_warn("payment-returned", message, remedy))


def _subject(payment: Payment) -> str:
    return f"payment {payment.id} of {payment.amount:,.2f} {payment.currency}"


def _warn(code: str, message: str, remedy: str) -> ParseIssue:
    return ParseIssue(Severity.WARNING, code, message, remedy)
