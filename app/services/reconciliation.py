"""What the next bill says of an earlier one: its balance, our payments, and the credits we were granted."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.audit.rules.balance_forward_wrong import carries_balance, follows
from app.db.payables import NOT_PAYING
from app.domain.money import ZERO
from app.domain.period import Period
from app.domain.vocabulary import ChargeType, DisputeStatus, DocumentKind, InvoiceStatus, PaymentStatus
from app.errors import UserError
from app.models.findings import CreditMemo, Dispute, DisputeItem, Finding
from app.models.inventory import BillingAccount, Carrier
from app.models.invoices import Charge, Invoice
from app.models.payments import Payment, Reconciliation
from app.services.bills import lock_bills, move_bill, name_bill
from app.services.changes import Changes
from app.services.disputes import post_credit
from app.services.log import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace

AUTOMATIC = "reconciliation"
_CREDITS = (ChargeType.CREDIT, ChargeType.ADJUSTMENT, ChargeType.OCC)
_SHORTEST_REFERENCE = 4  # what is shorter than that stands in a description by chance

FITS = "fits"
NO_PAYMENT_KNOWN = "fits, no payment of ours known"
NOT_POSTED = "payment not posted"
MISAPPLIED = "payment misapplied"
DISPUTED_CARRIED = "disputed amount carried"
ADJUSTED = "carrier adjustment"


class AccountMissing(UserError):
    """There is no billing account number {account_id} in this workspace: list the accounts to see which there are."""


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Amounts as people say them: payments are positive here. `difference` is shown − expected of what is left."""

    shown_balance: Decimal
    expected_balance: Decimal
    shown_payments: Decimal
    our_payments: Decimal
    difference: Decimal
    cause: str


def reconcile_account(workspace: Workspace, account_id: int, *, actor: str = AUTOMATIC) -> Changes:
    """Compare each bill of an account with the one that follows, and find granted credits on its bills.

    A bill after a gap, or one that carries no balance at all, says nothing about the one before it (as in rule A05).
    A paid bill whose balance and payments the next bill shows to the cent is reconciled. The comparison is kept with
    the class of its difference. Running it again changes only what has changed.
    """
    changes = Changes.NONE
    with workspace.database.writing() as session:
        if session.get(BillingAccount, account_id) is None:
            raise AccountMissing(account_id=account_id)
        live = select(Invoice.id).where(Invoice.account_id == account_id, Invoice.status != InvoiceStatus.SUPERSEDED)
        bills = lock_bills(session, session.scalars(live).all())
        bills.sort(key=lambda bill: (bill.bill_date, bill.id))
        logged = _find_credits(session, account_id, bills)
        if logged:
            changes |= Changes.DISPUTES | Changes.FINDINGS
        judged = list(_pair(bills))
        if _forget(session, bills, {earlier.id for earlier, _ in judged}):
            changes |= Changes.PAYMENTS
        for earlier, later in judged:
            compared = _compare(session, earlier, later)
            if _keep(session, earlier, later, compared):
                changes |= Changes.PAYMENTS
            if compared.difference == 0 and earlier.status is InvoiceStatus.PAID:
                move_bill(session, earlier, InvoiceStatus.RECONCILED)
                changes |= Changes.INVOICES
                logged.append(("reconciled", name_bill(session, earlier), later.number))
        session.flush()
        for verb, subject, number in logged:
            record(session, actor, verb, subject, next_bill=number)
    return changes


def _pair(bills: Sequence[Invoice]) -> Iterator[tuple[Invoice, Invoice]]:
    """Each bill with the next one of its currency, where that says something about it: it follows without a gap and
    carries a balance. Credit notes carry none and stand between no two bills."""
    by_currency: dict[str, list[Invoice]] = defaultdict(list)
    for bill in bills:
        if bill.kind is DocumentKind.INVOICE:
            by_currency[bill.currency].append(bill)
    for owned in by_currency.values():
        for earlier, later in pairwise(owned):
            carries = carries_balance(later.previous_balance, later.payments_applied)
            if carries and follows(_dated(earlier), _dated(later)):
                yield earlier, later


@dataclass(frozen=True, slots=True)
class _Dated:
    bill_date: date
    period: Period | None


def _dated(bill: Invoice) -> _Dated:
    start, end = bill.period_start, bill.period_end
    return _Dated(bill.bill_date, Period(start, end) if start and end and start < end else None)


def _forget(session: Session, bills: Sequence[Invoice], judged: set[int]) -> bool:
    """Take back what was said of bills that no later bill says anything about now; whether there was any."""
    stale = session.scalars(
        select(Reconciliation).where(Reconciliation.invoice_id.in_({bill.id for bill in bills} - judged))
    ).all()
    for row in stale:
        session.delete(row)
    return bool(stale)


def _compare(session: Session, earlier: Invoice, later: Invoice) -> _Comparison:
    """Formula: (previous balance − payments shown) − (total due − our payments), all of the same days; where we know
    of no payment of the earlier bill, the balances alone."""
    ours = session.scalar(
        select(func.sum(Payment.amount)).where(
            Payment.account_id == earlier.account_id,
            Payment.status == PaymentStatus.SETTLED,
            Payment.pay_on >= earlier.bill_date,
            Payment.pay_on < later.bill_date,
        )
    )
    known = session.scalar(
        select(func.count()).where(Payment.invoice_id == earlier.id, Payment.status == PaymentStatus.SETTLED)
    )
    shown_payments, our_payments = -later.payments_applied, ours or ZERO
    carried = later.previous_balance - earlier.total_due
    unposted = our_payments - shown_payments if known else ZERO
    return _Comparison(
        shown_balance=later.previous_balance,
        expected_balance=earlier.total_due,
        shown_payments=shown_payments,
        our_payments=our_payments,
        difference=carried + unposted,
        cause=_cause(session, earlier, carried, unposted, shown_payments, known=bool(known)),
    )


def _cause(
    session: Session, earlier: Invoice, carried: Decimal, unposted: Decimal, shown_payments: Decimal, *, known: bool
) -> str:
    if carried + unposted == 0:
        return FITS if known else NO_PAYMENT_KNOWN
    if carried + unposted == _withheld(session, earlier):
        return DISPUTED_CARRIED
    if unposted > 0:
        amounts = session.scalars(
            select(Payment.amount).where(Payment.account_id == earlier.account_id, Payment.status.not_in(NOT_PAYING))
        )
        return NOT_POSTED if shown_payments == 0 or unposted in set(amounts) else MISAPPLIED
    return ADJUSTED


def _withheld(session: Session, bill: Invoice) -> Decimal:
    """What we left unpaid of the bill under disputes that are not answered; −1 where nothing is, which fits nothing."""
    withheld = session.scalar(
        select(func.sum(DisputeItem.withheld))
        .join(Finding, Finding.id == DisputeItem.finding_id)
        .where(Finding.invoice_id == bill.id, DisputeItem.granted.is_(None))
    )
    return withheld or Decimal(-1)


def _keep(session: Session, earlier: Invoice, later: Invoice, compared: _Comparison) -> bool:
    """Store the comparison; whether it is new or another one than before."""
    row = session.scalar(select(Reconciliation).where(Reconciliation.invoice_id == earlier.id))
    facts = {
        "next_invoice_id": later.id,
        "shown_balance": compared.shown_balance,
        "expected_balance": compared.expected_balance,
        "shown_payments": compared.shown_payments,
        "our_payments": compared.our_payments,
        "difference": compared.difference,
        "cause": compared.cause,
    }
    if row is not None and all(getattr(row, name) == value for name, value in facts.items()):
        return False
    if row is None:
        session.add(Reconciliation(invoice_id=earlier.id, reconciled_at=datetime.now(UTC), **facts))
        return True
    for name, value in facts.items():
        setattr(row, name, value)
    row.reconciled_at = datetime.now(UTC)
    return True


def _find_credits(session: Session, account_id: int, bills: Sequence[Invoice]) -> list[tuple[str, str, str]]:
    """Granted credits that have arrived on this account's bills: exactly the amount, on a bill dated after a disputed
    one. One that names the dispute or the carrier's claim number goes before one that only has its amount."""
    found = []
    expected = session.execute(
        select(CreditMemo, Dispute, func.min(Invoice.bill_date).label("since"), Carrier.name)
        .join(Dispute, Dispute.id == CreditMemo.dispute_id)
        .join(DisputeItem, DisputeItem.dispute_id == Dispute.id)
        .join(Finding, Finding.id == DisputeItem.finding_id)
        .join(Invoice, Invoice.id == Finding.invoice_id)
        .join(Carrier, Carrier.id == Dispute.carrier_id)
        .where(
            CreditMemo.invoice_id.is_(None),
            Dispute.status == DisputeStatus.APPROVED,
            Finding.account_id == account_id,
        )
        .group_by(CreditMemo.id, Dispute.id, Carrier.name)
        .order_by(CreditMemo.id)
    ).all()
    for row in expected:
        posted = (
            select(CreditMemo.id)
            .join(Invoice, Invoice.id == CreditMemo.invoice_id)
            .where(CreditMemo.dispute_id == row.Dispute.id, Invoice.account_id == account_id)
        )
        if session.scalar(posted.limit(1)) is not None:
            continue  # this account's part has come; what is awaited is another's
        for bill in bills:
            if bill.bill_date <= row.since:
                continue
            arrived, charge_id = _find_credit(session, bill, row.CreditMemo, row.Dispute)
            memo: CreditMemo | None = row.CreditMemo if arrived else _find_parts(session, bill, row.CreditMemo)
            if memo is not None:
                post_credit(session, memo, bill.id, charge_id)
                found.append(("found the credit of", f"dispute {row.Dispute.number} of {row.name}", bill.number))
                break
    return found


def _find_credit(session: Session, bill: Invoice, memo: CreditMemo, dispute: Dispute) -> tuple[bool, int | None]:
    """Whether `bill` brings the credit, and by which charge (None where several together do)."""
    taken = select(CreditMemo.charge_id).where(CreditMemo.charge_id.is_not(None))
    given = session.scalars(
        select(Charge)
        .where(
            Charge.invoice_id == bill.id,
            Charge.amount < ZERO,
            Charge.charge_type.in_(_CREDITS),
            Charge.id.not_in(taken),
        )
        .order_by(Charge.seq)
    ).all()
    references = [dispute.number, dispute.carrier_reference]
    named = [charge for charge in given if _names(charge.description, references)]
    if named and -sum((charge.amount for charge in named), ZERO) == memo.amount:
        return True, named[0].id if len(named) == 1 else None
    for charge in [*named, *given]:
        if -charge.amount == memo.amount:
            return True, charge.id
    return False, None


def _find_parts(session: Session, bill: Invoice, memo: CreditMemo) -> CreditMemo | None:
    """The credit where `bill` brings what was granted on its own account, in one charge or in one for each finding.

    Where other accounts wait for a part of it, that part is left as a credit of its own.
    """
    items = session.execute(
        select(DisputeItem.granted)
        .join(Finding, Finding.id == DisputeItem.finding_id)
        .where(
            DisputeItem.dispute_id == memo.dispute_id, Finding.account_id == bill.account_id, DisputeItem.granted > ZERO
        )
    ).all()
    parts = [item.granted for item in items]
    total = sum(parts, ZERO)
    if not parts or total > memo.amount:
        return None
    taken = select(CreditMemo.charge_id).where(CreditMemo.charge_id.is_not(None))
    given = session.scalars(
        select(Charge.amount).where(
            Charge.invoice_id == bill.id, Charge.charge_type.in_(_CREDITS), Charge.id.not_in(taken)
        )
    ).all()
    amounts = Counter(-amount for amount in given)
    if not amounts[total] and Counter(parts) - amounts:
        return None
    if total == memo.amount:
        return memo
    memo.amount -= total
    own = CreditMemo(
        dispute_id=memo.dispute_id, amount=total, recorded_by=memo.recorded_by, recorded_at=memo.recorded_at
    )
    session.add(own)
    return own


def _names(description: str, references: Sequence[str]) -> bool:
    folded = description.casefold()
    return any(len(each) >= _SHORTEST_REFERENCE and each.casefold() in folded for each in references)
