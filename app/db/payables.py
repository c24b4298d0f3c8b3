"""Reads what decides how much of a bill is payable: services decide with it, queries show it, one reading for both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.domain.money import ZERO
from app.domain.vocabulary import InvoiceStatus, PaymentMethod, PaymentStatus
from app.models.contracts import Contract
from app.models.findings import CreditMemo, Dispute, DisputeItem, Finding
from app.models.inventory import BillingAccount, CarrierBankAccount
from app.models.invoices import Charge, Invoice
from app.models.payments import Payment
from app.payments.calendar import USUAL_METHOD
from app.payments.payable import ClaimFacts, Payable, PayableFacts, work_out

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOT_PAYING = (PaymentStatus.VOID, PaymentStatus.RETURNED)
DEFAULT_PAYMENT_DAYS = 30  # where neither the bill nor a contract says when it is due
_CHUNK = 500  # SQLite takes a limited number of parameters


def load_payables(session: Session, invoice_ids: Collection[int], as_of: date) -> dict[int, Payable]:
    """What is payable of each bill as things stand on `as_of`."""
    facts = load_payable_facts(session, invoice_ids)
    return {invoice_id: work_out(facts[invoice_id], as_of) for invoice_id in facts}


def load_payable_facts(session: Session, invoice_ids: Collection[int]) -> dict[int, PayableFacts]:
    """The facts of each bill, by its id; an id that is no bill is absent."""
    ordered = sorted(set(invoice_ids))
    facts: dict[int, PayableFacts] = {}
    for start in range(0, len(ordered), _CHUNK):
        facts |= _load_chunk(session, ordered[start : start + _CHUNK])
    return facts


def _load_chunk(session: Session, ids: list[int]) -> dict[int, PayableFacts]:
    charges: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for row in session.execute(select(Charge.invoice_id, Charge.seq, Charge.amount).where(Charge.invoice_id.in_(ids))):
        charges[row.invoice_id].append((row.seq, row.amount))
    claims = _load_claims(session, ids)
    restored = _load_restored(session, ids)
    paid = load_paid(session, ids)
    first = _first_of_account(session, ids)
    return {
        invoice.id: PayableFacts(
            invoice_id=invoice.id,
            number=invoice.number,
            currency=invoice.currency,
            current_charges=invoice.current_charges,
            total_due=invoice.total_due,
            charges=tuple(sorted(charges[invoice.id])),
            opening=invoice.previous_balance + invoice.payments_applied if invoice.id in first else ZERO,
            restored=restored.get(invoice.id, ZERO),
            paid=paid.get(invoice.id, ZERO),
            claims=tuple(claims[invoice.id]),
        )
        for invoice in session.scalars(select(Invoice).where(Invoice.id.in_(ids)).order_by(Invoice.id))
    }


def load_paid(session: Session, invoice_ids: Collection[int]) -> dict[int, Decimal]:
    """Per bill: what its payments settle that are neither void nor returned, with the credits set off in them."""
    rows = session.execute(
        # two sums: an expression of two columns would lose their type
        select(Payment.invoice_id, func.sum(Payment.amount).label("paid"), func.sum(Payment.credit).label("set_off"))
        .where(Payment.invoice_id.in_(invoice_ids), Payment.status.not_in(NOT_PAYING))
        .group_by(Payment.invoice_id)
    )
    return {row.invoice_id: row.paid + row.set_off for row in rows}


def _load_claims(session: Session, ids: list[int]) -> Mapping[int, list[ClaimFacts]]:
    claims: dict[int, list[ClaimFacts]] = defaultdict(list)
    rows = session.execute(
        select(Finding.id, Finding.invoice_id, Finding.withhold_by, DisputeItem, Dispute.status, Dispute.filed_on)
        .join(DisputeItem, DisputeItem.finding_id == Finding.id)
        .join(Dispute, Dispute.id == DisputeItem.dispute_id)
        .where(Finding.invoice_id.in_(ids))
        .order_by(Finding.id)
    )
    for row in rows:
        item = row.DisputeItem
        claims[row.invoice_id].append(
            ClaimFacts(row.id, item.claim, row.status, row.withhold_by, row.filed_on, item.withheld, item.granted)
        )
    return claims


def _load_restored(session: Session, ids: list[int]) -> dict[int, Decimal]:
    """Per bill: credits on it for what we had withheld. A dispute's credits restore at most what it withheld, the
    earlier ones first."""
    disputes = select(CreditMemo.dispute_id).where(CreditMemo.invoice_id.in_(ids))
    left = {
        row.dispute_id: row.withheld
        for row in session.execute(
            select(DisputeItem.dispute_id, func.sum(DisputeItem.withheld).label("withheld"))
            .where(DisputeItem.dispute_id.in_(disputes))
            .group_by(DisputeItem.dispute_id)
        )
    }
    restored: dict[int, Decimal] = defaultdict(lambda: ZERO)
    memos = select(CreditMemo).where(CreditMemo.dispute_id.in_(disputes), CreditMemo.invoice_id.is_not(None))
    for memo in session.scalars(memos.order_by(CreditMemo.id)):
        share = min(memo.amount, left.get(memo.dispute_id, ZERO))
        left[memo.dispute_id] = left.get(memo.dispute_id, ZERO) - share
        if memo.invoice_id is not None:
            restored[memo.invoice_id] += share
    return restored


def _first_of_account(session: Session, ids: list[int]) -> set[int]:
    """Which of the bills are the first that we know of their account."""
    earlier = aliased(Invoice)
    before = or_(
        earlier.bill_date < Invoice.bill_date,
        and_(earlier.bill_date == Invoice.bill_date, earlier.id < Invoice.id),
    )
    exists = (
        select(earlier.id)
        .where(earlier.account_id == Invoice.account_id, earlier.status != InvoiceStatus.SUPERSEDED, before)
        .exists()
    )
    return set(session.scalars(select(Invoice.id).where(Invoice.id.in_(ids), ~exists)))


def load_due_dates(session: Session, invoice_ids: Collection[int]) -> dict[int, date]:
    """Per bill the printed due date, else the contract's days after the bill date, else DEFAULT_PAYMENT_DAYS."""
    due = {}
    ordered = sorted(set(invoice_ids))
    for start in range(0, len(ordered), _CHUNK):
        rows = session.execute(
            select(Invoice.id, Invoice.due_date, Invoice.bill_date, Contract.payment_days)
            .join(BillingAccount, BillingAccount.id == Invoice.account_id)
            .outerjoin(Contract, Contract.id == BillingAccount.contract_id)
            .where(Invoice.id.in_(ordered[start : start + _CHUNK]))
        )
        for row in rows:
            days = DEFAULT_PAYMENT_DAYS if row.payment_days is None else row.payment_days
            due[row.id] = row.due_date or row.bill_date + timedelta(days=days)
    return due


def load_method(session: Session, carrier_id: int, currency: str) -> PaymentMethod | None:
    """How a carrier is paid in a currency: as its newest verified bank account says, else the newest entered one, else
    as is usual for the currency; None where nothing is."""
    method = session.scalar(
        select(CarrierBankAccount.method)
        .where(
            CarrierBankAccount.carrier_id == carrier_id,
            CarrierBankAccount.currency == currency,
            CarrierBankAccount.retired_at.is_(None),
        )
        .order_by(CarrierBankAccount.verified_by.is_(None), CarrierBankAccount.id.desc())
        .limit(1)
    )
    return method or USUAL_METHOD.get(currency)


def load_account_credit(session: Session, account_id: int, as_of: date) -> Decimal:
    """Credits that an account holds: approved bills with a negative payable amount, less what payments set off."""
    approved = session.scalars(
        select(Invoice.id).where(Invoice.account_id == account_id, Invoice.status == InvoiceStatus.APPROVED)
    ).all()
    held = sum(
        (-payable.open for payable in load_payables(session, approved, as_of).values() if payable.open < 0), ZERO
    )
    taken = session.scalar(
        select(func.sum(Payment.credit)).where(Payment.account_id == account_id, Payment.status.not_in(NOT_PAYING))
    )
    return max(held - (taken or ZERO), ZERO)
