"""Reads what decides how much of a bill is payable: services decide with it, queries show it, one reading for both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.domain.money import ZERO
from app.domain.vocabulary import DocumentKind, InvoiceStatus, PaymentMethod, PaymentStatus
from app.models.contracts import Contract
from app.models.findings import CreditMemo, Dispute, DisputeItem, Finding
from app.models.inventory import BillingAccount, CarrierBankAccount
from app.models.invoices import Charge, Invoice
from app.models.payments import Payment
from app.payments.calendar import USUAL_METHOD
from app.payments.payable import ClaimFacts, Payable, PayableFacts, work_out

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

BALANCE_RULE, FOOTING_RULE = "A05", "A01"
NOT_PAYING = (PaymentStatus.VOID, PaymentStatus.RETURNED)
_PAID = (InvoiceStatus.PAID, InvoiceStatus.RECONCILED)
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
    bills = session.scalars(select(Invoice).where(Invoice.id.in_(ids)).order_by(Invoice.id)).all()
    restored = _load_restored(session, ids)
    paid = load_paid(session, ids)
    first = _first_of_account(session, ids)
    facts = {}
    for bill in bills:
        opening = bill.previous_balance + bill.payments_applied if bill.id in first else ZERO
        unexplained = bill.current_charges - bill.rounding - sum((amount for _, amount in charges[bill.id]), ZERO)
        # the most of such a claim that is in what we pay; all other claims are on charges that we pay
        limits = {BALANCE_RULE: max(opening, ZERO), FOOTING_RULE: max(unexplained, ZERO)}
        facts[bill.id] = PayableFacts(
            invoice_id=bill.id,
            number=bill.number,
            currency=bill.currency,
            current_charges=bill.current_charges,
            total_due=bill.total_due,
            charges=tuple(sorted(charges[bill.id])),
            opening=opening,
            restored=restored.get(bill.id, ZERO),
            paid=paid.get(bill.id, ZERO),
            claims=tuple(
                replace(claim, outside=max(claim.claim - limits.get(rule, claim.claim), ZERO))
                for rule, claim in claims[bill.id]
            ),
        )
    return facts


def load_paid(session: Session, invoice_ids: Collection[int]) -> dict[int, Decimal]:
    """Per bill: what its payments settle that are neither void nor returned, with the credits set off in them."""
    rows = session.execute(
        # two sums: an expression of two columns would lose their type
        select(Payment.invoice_id, func.sum(Payment.amount).label("paid"), func.sum(Payment.credit).label("set_off"))
        .where(Payment.invoice_id.in_(invoice_ids), Payment.status.not_in(NOT_PAYING))
        .group_by(Payment.invoice_id)
    )
    return {row.invoice_id: row.paid + row.set_off for row in rows}


def _load_claims(session: Session, ids: list[int]) -> Mapping[int, list[tuple[str, ClaimFacts]]]:
    """Per bill the rules and facts of its disputed findings."""
    claims: dict[int, list[tuple[str, ClaimFacts]]] = defaultdict(list)
    rows = session.execute(
        select(Finding, DisputeItem, Dispute.status, Dispute.filed_on)
        .join(DisputeItem, DisputeItem.finding_id == Finding.id)
        .join(Dispute, Dispute.id == DisputeItem.dispute_id)
        .where(Finding.invoice_id.in_(ids))
        .order_by(Finding.id)
    )
    for row in rows:
        finding, item = row.Finding, row.DisputeItem
        claim = ClaimFacts(
            finding.id, item.claim, row.status, finding.withhold_by, row.filed_on, item.withheld, item.granted
        )
        claims[finding.invoice_id].append((finding.rule, claim))
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
        .where(
            earlier.account_id == Invoice.account_id,
            earlier.currency == Invoice.currency,
            earlier.kind == DocumentKind.INVOICE,  # no balance runs through a credit note
            earlier.status != InvoiceStatus.SUPERSEDED,
            before,
        )
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


def load_account_credit(
    session: Session, account_id: int, currency: str, as_of: date, for_bill: int | None = None
) -> Decimal:
    """What of an account's credits in a currency can be set off, less what payments have set off.

    Credits are approved bills with a negative payable amount; and of paid bills what was paid above what they now come
    to, as where the opening balance of the first bill known was paid and the bill that it is from came later. With
    `for_bill` only what the account's older approved bills leave of it: they come first.
    """
    bills = session.execute(
        select(Invoice.id, Invoice.status)
        .where(
            Invoice.account_id == account_id,
            Invoice.currency == currency,
            Invoice.status.in_((InvoiceStatus.APPROVED, *_PAID)),
        )
        .order_by(Invoice.bill_date, Invoice.id)
    ).all()
    payables = load_payables(session, [bill.id for bill in bills], as_of)
    left = ZERO
    for bill in bills:
        payable = payables[bill.id]
        # of a paid bill only the gross counts: what is disputed after it was paid is no credit yet
        left += max(payable.paid - payable.gross if bill.status in _PAID else -payable.open, ZERO)
    taken = session.scalar(
        select(func.sum(Payment.credit)).where(
            Payment.account_id == account_id, Payment.currency == currency, Payment.status.not_in(NOT_PAYING)
        )
    )
    left -= taken or ZERO
    for bill in bills if for_bill is not None else ():
        if bill.id == for_bill:
            break
        if bill.status is InvoiceStatus.APPROVED:
            left -= min(max(left, ZERO), max(payables[bill.id].open, ZERO))
    return max(left, ZERO)
