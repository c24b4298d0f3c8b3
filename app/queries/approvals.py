"""Bills on their way to being paid: what waits for whom, how much of it is payable, and how it compares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.db.payables import load_due_dates, load_payables
from app.domain.money import ZERO
from app.domain.vocabulary import FindingStatus, InvoiceStatus, Ledger
from app.models.findings import Finding
from app.models.inventory import BillingAccount, Carrier
from app.models.invoices import Invoice
from app.models.payments import Approval
from app.queries.bills import LIVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

WAITING = (InvoiceStatus.IN_APPROVAL,)
READY = (InvoiceStatus.AUDITED, InvoiceStatus.RETURNED)


@dataclass(frozen=True, slots=True)
class Row:
    """One bill. `overcharged` is billed − expected; `open_claims` the part of it that nobody has disputed or dismissed;
    `change` is what the account's bill before it was less, None for the first. Amounts payable are as of the asked
    day. `approved_by` is filled in where an approval holds."""

    invoice_id: int
    carrier_id: int
    carrier: str
    account_id: int
    ban: str
    number: str
    bill_date: date
    due: date
    days_left: int
    currency: str
    billed: Decimal
    overcharged: Decimal
    open_claims: Decimal
    change: Decimal | None
    withheld: Decimal
    payable: Decimal
    status: InvoiceStatus
    submitted_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which bills, and as of which day. `not_by` leaves out what that person submitted and so cannot approve."""

    as_of: date
    statuses: tuple[InvoiceStatus, ...] = WAITING
    carrier_id: int | None = None
    not_by: str = ""


def fetch(session: Session, wanted: Filter) -> list[Row]:
    """The bills, those due first."""
    selected = (
        select(Invoice, Carrier.name, BillingAccount.ban)
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .join(BillingAccount, BillingAccount.id == Invoice.account_id)
        .where(Invoice.status.in_(wanted.statuses))
    )
    if wanted.carrier_id is not None:
        selected = selected.where(Invoice.carrier_id == wanted.carrier_id)
    if wanted.not_by:
        selected = selected.where(Invoice.submitted_by.is_distinct_from(wanted.not_by))
    found = session.execute(selected).all()
    ids = [row.Invoice.id for row in found]
    payables = load_payables(session, ids, wanted.as_of)
    due = load_due_dates(session, ids)
    overcharged = _claims(session, LIVE)
    open_claims = _claims(session, (FindingStatus.OPEN,))
    before = _before(session, {row.Invoice.account_id for row in found})
    approved = _approved_by(session, ids)
    rows = []
    for row in found:
        bill, payable = row.Invoice, payables[row.Invoice.id]
        previous = before.get(bill.id)
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
                days_left=(due[bill.id] - wanted.as_of).days,
                currency=bill.currency,
                billed=bill.current_charges,
                overcharged=overcharged.get(bill.id, ZERO),
                open_claims=open_claims.get(bill.id, ZERO),
                change=None if previous is None else bill.current_charges - previous,
                withheld=payable.withheld,
                payable=payable.amount,
                status=bill.status,
                submitted_by=bill.submitted_by or "",
                approved_by=approved.get(bill.id, ""),
            )
        )
    return sorted(rows, key=lambda row: (row.due, row.carrier, row.invoice_id))


def _claims(session: Session, statuses: Sequence[FindingStatus]) -> dict[int, Decimal]:
    rows = session.execute(
        select(Finding.invoice_id, func.sum(Finding.claim))
        .where(Finding.invoice_id.is_not(None), Finding.ledger == Ledger.ERROR, Finding.status.in_(statuses))
        .group_by(Finding.invoice_id)
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}


def _before(session: Session, account_ids: set[int]) -> dict[int, Decimal]:
    """Per bill of these accounts the current charges of the account's live bill before it."""
    rows = session.execute(
        select(Invoice.id, Invoice.account_id, Invoice.current_charges)
        .where(Invoice.account_id.in_(account_ids), Invoice.status != InvoiceStatus.SUPERSEDED)
        .order_by(Invoice.account_id, Invoice.bill_date, Invoice.id)
    )
    before: dict[int, Decimal] = {}
    last: dict[int, Decimal] = {}
    for row in rows:
        if row.account_id in last:
            before[row.id] = last[row.account_id]
        last[row.account_id] = row.current_charges
    return before


def _approved_by(session: Session, ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        select(Approval.invoice_id, Approval.approved_by)
        .where(Approval.invoice_id.in_(ids), Approval.voided_at.is_(None))
        .order_by(Approval.id)
    )
    return {row[0]: row[1] for row in rows}
