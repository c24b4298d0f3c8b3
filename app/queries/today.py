"""The day at a glance: what arrived, what is overcharged and until when, what is due, what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.db.payables import load_due_dates, load_payables
from app.domain.money import ZERO
from app.domain.vocabulary import DisputeStatus, FindingStatus, InvoiceStatus, Ledger, PaymentStatus
from app.models.findings import Finding
from app.models.inventory import BillingAccount, Carrier
from app.models.invoices import Invoice
from app.queries import approvals, bills, disputes, payments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


class Kind(StrEnum):
    """The sections of the page, in their order."""

    ARRIVED = "arrived"
    OVERCHARGED = "overcharged"  # open findings of one bill that nobody has disputed or dismissed
    DISPUTE = "dispute"  # one whose next day is near or past
    WAITING = "waiting"  # for approval
    DUE = "due"  # to be paid: not paid yet, whatever its status
    TO_SEND = "to_send"  # scheduled, to be released
    MISSING = "missing"  # a bill that should have come


# not paid yet, and somebody's to pay
_UNPAID = (
    InvoiceStatus.POSTED,
    InvoiceStatus.MATCHED,
    InvoiceStatus.RATED,
    InvoiceStatus.AUDITED,
    InvoiceStatus.IN_APPROVAL,
    InvoiceStatus.APPROVED,
    InvoiceStatus.RETURNED,
    InvoiceStatus.ON_HOLD,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page. `day` is what it is sorted by (arrival, deadline, due date), `days_left` from the asked day
    to it (negative: past). `subject` names it, `detail` says what of it. Ids are filled in where there is something to
    open."""

    kind: Kind
    day: date | None
    days_left: int | None
    carrier: str
    subject: str
    detail: str
    amount: Decimal | None
    currency: str
    count: int = 1
    status: str = ""
    invoice_id: int | None = None
    dispute_id: int | None = None
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """As of which day, how far back `arrived` looks, and how far ahead deadlines and due dates do."""

    as_of: date
    back_days: int = 31
    ahead_days: int = 31


def fetch(session: Session, wanted: Filter) -> list[Row]:
    """All lines, section by section, within a section by day."""
    rows = [
        *_arrived(session, wanted),
        *_overcharged(session, wanted),
        *_disputes(session, wanted),
        *_waiting(session, wanted),
        *_due(session, wanted),
        *_to_send(session, wanted),
        *_missing(session, wanted),
    ]
    order = list(Kind)
    newest_first = {Kind.ARRIVED}
    return sorted(
        rows,
        key=lambda row: (
            order.index(row.kind),
            -(row.day or date.min).toordinal() if row.kind in newest_first else (row.day or date.max).toordinal(),
            row.carrier,
            row.subject,
        ),
    )


def total(rows: list[Row], kind: Kind) -> dict[str, Decimal]:
    """The amounts of a section, per currency."""
    totals: dict[str, Decimal] = {}
    for row in rows:
        if row.kind is kind and row.amount is not None:
            totals[row.currency] = totals.get(row.currency, ZERO) + row.amount
    return totals


def _left(day: date | None, wanted: Filter) -> int | None:
    return None if day is None else (day - wanted.as_of).days


def _arrived(session: Session, wanted: Filter) -> Iterator[Row]:
    """Bills taken in lately. In a workspace that stands still on an earlier day, the bill date says when that was."""
    since = wanted.as_of - timedelta(days=wanted.back_days)
    taken_in = {row.id: row.posted_at.date() for row in session.execute(select(Invoice.id, Invoice.posted_at))}
    for bill in bills.fetch(session, bills.Filter()):
        arrived = taken_in[bill.id] if taken_in[bill.id] <= wanted.as_of else bill.bill_date
        if arrived < since:
            continue
        detail = f"{bill.findings} findings" if bill.findings != 1 else "1 finding"
        yield Row(
            kind=Kind.ARRIVED,
            day=arrived,
            days_left=_left(arrived, wanted),
            carrier=bill.carrier,
            subject=bill.number,
            detail=detail,
            amount=bill.billed,
            currency=bill.currency,
            count=bill.findings,
            status=bill.status,
            invoice_id=bill.id,
            account_id=bill.account_id,
        )


def _overcharged(session: Session, wanted: Filter) -> Iterator[Row]:
    rows = session.execute(
        select(
            Invoice.id,
            Invoice.number,
            Invoice.account_id,
            Invoice.currency,
            Carrier.name,
            func.sum(Finding.claim).label("claim"),
            func.count(Finding.id).label("findings"),
            func.min(Finding.file_by).label("file_by"),
            func.min(Finding.withhold_by).label("withhold_by"),
        )
        .join(Invoice, Invoice.id == Finding.invoice_id)
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .where(
            Finding.status == FindingStatus.OPEN,
            Finding.ledger == Ledger.ERROR,
            Finding.claim > ZERO,
            Invoice.status != InvoiceStatus.SUPERSEDED,
        )
        .group_by(Invoice.id, Carrier.name)
    )
    for row in rows:
        can_withhold = row.withhold_by is not None and row.withhold_by >= wanted.as_of
        day = row.withhold_by if can_withhold else row.file_by
        detail = "file by then to withhold" if can_withhold else "file by then"
        yield Row(
            kind=Kind.OVERCHARGED,
            day=day,
            days_left=_left(day, wanted),
            carrier=row.name,
            subject=row.number,
            detail=detail if day is not None else "no deadline known",
            amount=row.claim,
            currency=row.currency,
            count=row.findings,
            invoice_id=row.id,
            account_id=row.account_id,
        )


def _disputes(session: Session, wanted: Filter) -> Iterator[Row]:
    until = wanted.as_of + timedelta(days=wanted.ahead_days)
    for dispute in disputes.fetch(session, disputes.Filter(statuses=disputes.UNANSWERED)):
        day = dispute.next_day
        if dispute.status is DisputeStatus.DRAFT and day is not None and day < wanted.as_of:
            day = dispute.file_by  # the chance to withhold has passed, the claim has not
        if day is not None and day > until:
            continue
        draft = dispute.status is DisputeStatus.DRAFT
        withhold = draft and day is not None and day == dispute.withhold_by
        detail = "file by then to withhold" if withhold else "file by then" if draft else "answer due"
        yield Row(
            kind=Kind.DISPUTE,
            day=day,
            days_left=_left(day, wanted),
            carrier=dispute.carrier,
            subject=dispute.number,
            detail=detail,
            amount=dispute.claim,
            currency=dispute.currency,
            count=dispute.items,
            status=dispute.status,
            dispute_id=dispute.id,
        )


def _waiting(session: Session, wanted: Filter) -> Iterator[Row]:
    for bill in approvals.fetch(session, approvals.Filter(wanted.as_of)):
        yield Row(
            kind=Kind.WAITING,
            day=bill.due,
            days_left=bill.days_left,
            carrier=bill.carrier,
            subject=bill.number,
            detail=f"submitted by {bill.submitted_by}",
            amount=bill.payable,
            currency=bill.currency,
            status=bill.status,
            invoice_id=bill.invoice_id,
            account_id=bill.account_id,
        )


def _due(session: Session, wanted: Filter) -> Iterator[Row]:
    until = wanted.as_of + timedelta(days=wanted.ahead_days)
    found = bills.fetch(session, bills.Filter(statuses=_UNPAID))
    ids = [bill.id for bill in found]
    due = load_due_dates(session, ids)
    payables = load_payables(session, ids, wanted.as_of)
    for bill in found:
        if due[bill.id] > until or payables[bill.id].open <= 0:
            continue
        yield Row(
            kind=Kind.DUE,
            day=due[bill.id],
            days_left=_left(due[bill.id], wanted),
            carrier=bill.carrier,
            subject=bill.number,
            detail=bill.status.replace("_", " "),
            amount=payables[bill.id].open,
            currency=bill.currency,
            status=bill.status,
            invoice_id=bill.id,
            account_id=bill.account_id,
        )


def _to_send(session: Session, wanted: Filter) -> Iterator[Row]:
    for payment in payments.fetch(session, payments.Filter(statuses=(PaymentStatus.SCHEDULED,))):
        yield Row(
            kind=Kind.TO_SEND,
            day=payment.send_on,
            days_left=_left(payment.send_on, wanted),
            carrier=payment.carrier,
            subject=payment.number,
            detail=f"scheduled by {payment.scheduled_by}",
            amount=payment.amount,
            currency=payment.currency,
            status=payment.status,
            invoice_id=payment.invoice_id,
            account_id=payment.account_id,
        )


def _missing(session: Session, wanted: Filter) -> Iterator[Row]:
    rows = session.execute(
        select(Finding.message, Finding.found_at, Finding.account_id, BillingAccount.ban, Carrier.name)
        .join(BillingAccount, BillingAccount.id == Finding.account_id)
        .join(Carrier, Carrier.id == BillingAccount.carrier_id)
        .where(Finding.rule == "A04", Finding.status == FindingStatus.OPEN)
        .order_by(Carrier.name, BillingAccount.ban, Finding.id)
    )
    for row in rows:
        yield Row(
            kind=Kind.MISSING,
            day=None,
            days_left=None,
            carrier=row.name,
            subject=row.ban,
            detail=row.message,
            amount=None,
            currency="",
            account_id=row.account_id,
        )
