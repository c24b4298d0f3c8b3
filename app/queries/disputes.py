"""The disputes: what is claimed from whom, until when, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from app.domain.money import ZERO
from app.domain.vocabulary import DisputeStatus, FindingStatus
from app.models.findings import CreditMemo, Dispute, DisputeItem, Finding
from app.models.inventory import BillingAccount, Carrier
from app.models.invoices import Charge, Invoice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ANSWER_DAYS = 30  # what our letters ask for
UNANSWERED = (DisputeStatus.DRAFT, DisputeStatus.FILED, DisputeStatus.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class Row:
    """One dispute. `granted` is what the carrier has answered, `credited` what of it has arrived on bills; `next_day`
    is the next day that matters: for a draft until when to file it, for a filed one when the answer is due."""

    id: int
    number: str
    carrier_id: int
    carrier: str
    accounts: str
    status: DisputeStatus
    currency: str
    claim: Decimal
    granted: Decimal
    credited: Decimal
    items: int
    file_by: date | None
    withhold_by: date | None
    filed_on: date | None
    next_day: date | None
    reference: str
    letter: str
    opened_by: str


@dataclass(frozen=True, slots=True)
class Item:
    """One finding in a dispute."""

    finding_id: int
    rule: str
    rule_name: str
    message: str
    status: FindingStatus
    ban: str
    invoice_id: int | None
    number: str
    bill_date: date | None
    charge: str
    billed: Decimal | None
    expected: Decimal | None
    claim: Decimal
    withheld: Decimal
    granted: Decimal | None


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit that was granted; `number` is the bill on which it arrived, "" while it is awaited."""

    amount: Decimal
    invoice_id: int | None
    number: str


@dataclass(frozen=True, slots=True)
class Detail:
    """A dispute with its findings and credits."""

    row: Row
    items: tuple[Item, ...]
    credits: tuple[Credit, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which disputes: `text` in number, carrier or the carrier's claim number."""

    text: str = ""
    statuses: tuple[DisputeStatus, ...] = ()
    carrier_id: int | None = None
    ids: tuple[int, ...] = ()


def fetch(session: Session, wanted: Filter | None = None) -> list[Row]:
    """The disputes, the latest first."""
    wanted = wanted or Filter()
    selected = select(Dispute, Carrier.name).join(Carrier, Carrier.id == Dispute.carrier_id).order_by(Dispute.id.desc())
    if wanted.text.strip():
        columns = (Dispute.number, Carrier.name, Dispute.carrier_reference)
        selected = selected.where(or_(*(column.icontains(wanted.text.strip(), autoescape=True) for column in columns)))
    if wanted.statuses:
        selected = selected.where(Dispute.status.in_(wanted.statuses))
    if wanted.carrier_id is not None:
        selected = selected.where(Dispute.carrier_id == wanted.carrier_id)
    if wanted.ids:
        selected = selected.where(Dispute.id.in_(wanted.ids))
    counts = _counts(session)
    accounts = _accounts(session)
    granted = _memos(session, arrived=False)
    credited = _memos(session, arrived=True)
    return [
        _row(
            found.Dispute,
            found.name,
            accounts.get(found.Dispute.id, ""),
            granted.get(found.Dispute.id, ZERO),
            credited.get(found.Dispute.id, ZERO),
            counts.get(found.Dispute.id, 0),
        )
        for found in session.execute(selected)
    ]


def fetch_one(session: Session, dispute_id: int) -> Detail | None:
    """The dispute with its findings and credits, or None if there is none of that id."""
    rows = fetch(session, Filter(ids=(dispute_id,)))
    if not rows:
        return None
    items = session.execute(
        select(DisputeItem, Finding, BillingAccount.ban, Invoice.number, Invoice.bill_date, Charge.description)
        .join(Finding, Finding.id == DisputeItem.finding_id)
        .join(BillingAccount, BillingAccount.id == Finding.account_id)
        .outerjoin(Invoice, Invoice.id == Finding.invoice_id)
        .outerjoin(Charge, Charge.id == Finding.charge_id)
        .where(DisputeItem.dispute_id == dispute_id)
        .order_by(BillingAccount.ban, Invoice.bill_date, Invoice.id, Charge.seq, Finding.id)
    )
    memos = session.execute(
        select(CreditMemo.amount, CreditMemo.invoice_id, Invoice.number)
        .outerjoin(Invoice, Invoice.id == CreditMemo.invoice_id)
        .where(CreditMemo.dispute_id == dispute_id)
        .order_by(CreditMemo.id)
    )
    return Detail(
        row=rows[0],
        items=tuple(
            Item(
                finding_id=found.Finding.id,
                rule=found.Finding.rule,
                rule_name=found.Finding.rule_name,
                message=found.Finding.message,
                status=found.Finding.status,
                ban=found.ban,
                invoice_id=found.Finding.invoice_id,
                number=found.number or "",
                bill_date=found.bill_date,
                charge=found.description or "",
                billed=found.Finding.billed,
                expected=found.Finding.expected,
                claim=found.DisputeItem.claim,
                withheld=found.DisputeItem.withheld,
                granted=found.DisputeItem.granted,
            )
            for found in items
        ),
        credits=tuple(Credit(memo.amount, memo.invoice_id, memo.number or "") for memo in memos),
    )


def _row(dispute: Dispute, carrier: str, accounts: str, granted: Decimal, credited: Decimal, items: int) -> Row:
    return Row(
        id=dispute.id,
        number=dispute.number,
        carrier_id=dispute.carrier_id,
        carrier=carrier,
        accounts=accounts,
        status=dispute.status,
        currency=dispute.currency,
        claim=dispute.claim,
        granted=granted,
        credited=credited,
        items=items,
        file_by=dispute.file_by,
        withhold_by=dispute.withhold_by,
        filed_on=dispute.filed_on,
        next_day=_next_day(dispute),
        reference=dispute.carrier_reference,
        letter=dispute.letter,
        opened_by=dispute.opened_by,
    )


def _next_day(dispute: Dispute) -> date | None:
    if dispute.status is DisputeStatus.DRAFT:
        return min((day for day in (dispute.withhold_by, dispute.file_by) if day is not None), default=None)
    if dispute.status in UNANSWERED and dispute.filed_on is not None:
        return dispute.filed_on + timedelta(days=ANSWER_DAYS)
    return None


def _counts(session: Session) -> dict[int, int]:
    rows = session.execute(select(DisputeItem.dispute_id, func.count()).group_by(DisputeItem.dispute_id))
    return {row[0]: row[1] for row in rows}


def _accounts(session: Session) -> dict[int, str]:
    rows = session.execute(
        select(DisputeItem.dispute_id, BillingAccount.ban)
        .join(Finding, Finding.id == DisputeItem.finding_id)
        .join(BillingAccount, BillingAccount.id == Finding.account_id)
        .distinct()
        .order_by(DisputeItem.dispute_id, BillingAccount.ban)
    )
    accounts: dict[int, list[str]] = {}
    for dispute_id, ban in rows:
        accounts.setdefault(dispute_id, []).append(ban)
    return {dispute_id: ", ".join(bans) for dispute_id, bans in accounts.items()}


def _memos(session: Session, *, arrived: bool) -> dict[int, Decimal]:
    selected = select(CreditMemo.dispute_id, func.sum(CreditMemo.amount)).group_by(CreditMemo.dispute_id)
    if arrived:
        selected = selected.where(CreditMemo.invoice_id.is_not(None))
    return {row[0]: row[1] for row in session.execute(selected)}
