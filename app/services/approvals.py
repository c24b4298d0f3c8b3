"""Submitting and approving bills: two people, and what the second one approved is kept as a hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.db.payables import load_payable_facts, load_payables
from app.domain.money import ZERO
from app.domain.vocabulary import PRICED_TYPES, FindingStatus, InvoiceStatus, Ledger, PaymentStatus
from app.errors import UserError
from app.models.findings import DisputeItem, Finding
from app.models.invoices import Charge, ChargeMatch, Invoice
from app.models.payments import Approval, Payment
from app.payments.payable import Payable, unpaid_by_finding, work_out
from app.services.bills import load_bill, lock_bills, lock_payments, move_bill, move_payment, name_bill, void_approvals
from app.services.changes import Changes
from app.services.duties import refuse_same_person, require
from app.services.log import record

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace

_BLOCKING_RULES = ("A01", "A02")  # a bill that does not add up, or is there twice, is not approved by oversight
_ANSWERED = (FindingStatus.DISPUTED, FindingStatus.DISMISSED, FindingStatus.CREDITED)
_STARTED_AGAIN = (InvoiceStatus.PAID, InvoiceStatus.RECONCILED)


class ApprovalBlocked(UserError):
    """{bill} cannot be approved yet: {reasons}. Match the charges, or dispute or dismiss the findings first."""


class NothingLeftToPay(UserError):
    """{bill} is paid, and nothing of it is left to pay: there is nothing to approve."""


class ReasonNeeded(UserError):
    """To {act} {bill}, say in a few words why: whoever works on it next has to know."""


@dataclass(frozen=True, slots=True)
class Review:
    """What the approver should know. `blocks` have to be cleared before approving, `warnings` have to be read."""

    payable: Payable
    blocks: tuple[str, ...]
    warnings: tuple[str, ...]


def review(workspace: Workspace, invoice_id: int) -> Review:
    """What is payable of a bill today, what keeps it from being approved, and what the approver should look at."""
    today = workspace.today()
    with workspace.database.reading() as session:
        return _review(session, load_bill(session, invoice_id), today)


def submit(workspace: Workspace, invoice_id: int, actor: str) -> Changes:
    """Hand an audited bill on for approval. A paid one goes again only where a denied dispute left a rest to pay."""
    today = workspace.today()
    with workspace.database.writing() as session:
        require(session, actor, "submit bills for approval")
        bill = lock_bills(session, [invoice_id])[0]
        name = name_bill(session, bill)
        if bill.status in _STARTED_AGAIN and load_payables(session, [bill.id], today)[bill.id].open <= 0:
            raise NothingLeftToPay(bill=name)
        move_bill(session, bill, InvoiceStatus.IN_APPROVAL)
        bill.submitted_by = actor
        void_approvals(session, bill)
        session.flush()
        record(session, actor, "submitted", name)
    return Changes.INVOICES | Changes.APPROVALS


def approve(workspace: Workspace, invoice_id: int, actor: str) -> Changes:
    """Approve what is payable of a bill today, and what of it is withheld.

    Refused to whoever submitted it (SamePerson), and while charges are without a service or a footing or duplicate
    finding is open (ApprovalBlocked). Other open findings only warn: see `review`.
    """
    today = workspace.today()
    with workspace.database.writing() as session:
        require(session, actor, "approve bills")
        bill = lock_bills(session, [invoice_id])[0]
        name = name_bill(session, bill)
        move_bill(session, bill, InvoiceStatus.APPROVED)
        submitted_by = bill.submitted_by or bill.posted_by
        refuse_same_person(session, actor, submitted_by, f"submitted {name}", "approve it", "approve bills")
        blocks = _blocks(session, bill)
        if blocks:
            raise ApprovalBlocked(bill=name, reasons="; ".join(blocks))
        facts = load_payable_facts(session, [bill.id])[bill.id]
        payable = work_out(facts, today)
        void_approvals(session, bill)
        session.add(
            Approval(
                invoice_id=bill.id,
                submitted_by=submitted_by,
                approved_by=actor,
                approved_at=datetime.now(UTC),
                payable=payable.amount,
                withheld=payable.withheld,
                payload=payable.payload,
            )
        )
        for finding_id, withheld in unpaid_by_finding(facts, today).items():
            item = session.get_one(DisputeItem, finding_id)
            item.withheld = withheld
        session.flush()
        record(session, actor, "approved", name, payable=payable.amount, withheld=payable.withheld)
    return Changes.INVOICES | Changes.APPROVALS | Changes.DISPUTES


def send_back(workspace: Workspace, invoice_id: int, actor: str, reason: str) -> Changes:
    """Return a bill to those who review it; an approval it has ends."""
    with workspace.database.writing() as session:
        require(session, actor, "send bills back")
        bill = lock_bills(session, [invoice_id])[0]
        name = name_bill(session, bill)
        why = _reason(reason, "send back", name)
        move_bill(session, bill, InvoiceStatus.RETURNED)
        bill.submitted_by = None
        void_approvals(session, bill)
        session.flush()
        record(session, actor, "sent back", name, reason=why)
    return Changes.INVOICES | Changes.APPROVALS


def hold(workspace: Workspace, invoice_id: int, actor: str, reason: str) -> Changes:
    """Stop a bill: its approval ends and scheduled payments of it are void. What is released can no longer be held."""
    with workspace.database.writing() as session:
        require(session, actor, "hold bills")
        bill = lock_bills(session, [invoice_id])[0]
        name = name_bill(session, bill)
        why = _reason(reason, "hold", name)
        live = select(Payment.id).where(
            Payment.invoice_id == bill.id,
            Payment.status.in_((PaymentStatus.SCHEDULED, PaymentStatus.RELEASED)),
        )
        for payment in lock_payments(session, session.scalars(live).all()):
            move_payment(payment, PaymentStatus.VOID)
        move_bill(session, bill, InvoiceStatus.ON_HOLD)
        bill.submitted_by = None
        void_approvals(session, bill)
        session.flush()
        record(session, actor, "held", name, reason=why)
    return Changes.INVOICES | Changes.APPROVALS | Changes.PAYMENTS


def release_hold(workspace: Workspace, invoice_id: int, actor: str) -> Changes:
    """Let a held bill go on: it is audited, and has to be submitted and approved again."""
    with workspace.database.writing() as session:
        require(session, actor, "hold bills")
        bill = lock_bills(session, [invoice_id])[0]
        move_bill(session, bill, InvoiceStatus.AUDITED)
        session.flush()
        record(session, actor, "released from hold", name_bill(session, bill))
    return Changes.INVOICES | Changes.APPROVALS


def _reason(reason: str, act: str, bill: str) -> str:
    why = " ".join(reason.split())
    if not why:
        raise ReasonNeeded(act=act, bill=bill)
    return why


def _review(session: Session, bill: Invoice, today: date) -> Review:
    payable = load_payables(session, [bill.id], today)[bill.id]
    return Review(payable, tuple(_blocks(session, bill)), tuple(_warnings(session, bill, payable, today)))


def _blocks(session: Session, bill: Invoice) -> list[str]:
    answered = select(Finding.charge_id).where(Finding.invoice_id == bill.id, Finding.status.in_(_ANSWERED))
    unmatched = session.execute(
        select(Charge.seq, Charge.description)
        .outerjoin(ChargeMatch, ChargeMatch.charge_id == Charge.id)
        .where(
            Charge.invoice_id == bill.id,
            Charge.charge_type.in_(PRICED_TYPES),
            Charge.amount != ZERO,
            ChargeMatch.charge_id.is_(None),
            Charge.id.not_in(answered.where(Finding.charge_id.is_not(None))),
        )
        .order_by(Charge.seq)
    ).all()
    blocks = []
    if unmatched:
        shown = ", ".join(f"“{row.description}”" for row in unmatched[:3]) + (" …" if len(unmatched) > 3 else "")
        noun = "charge belongs" if len(unmatched) == 1 else "charges belong"
        blocks.append(f"{len(unmatched)} {noun} to no known service ({shown})")
    findings = session.scalars(
        select(Finding)
        .where(
            Finding.invoice_id == bill.id,
            Finding.rule.in_(_BLOCKING_RULES),
            Finding.ledger == Ledger.ERROR,
            Finding.status == FindingStatus.OPEN,
        )
        .order_by(Finding.id)
    )
    return blocks + [f"finding {finding.rule} is open: {finding.message}" for finding in findings]


def _warnings(session: Session, bill: Invoice, payable: Payable, today: date) -> list[str]:
    warnings = []
    if payable.amount < 0:
        warnings.append("The bill is a credit: it is carried and set off against the account's next bills, never paid.")
    findings = session.scalars(
        select(Finding)
        .where(
            Finding.invoice_id == bill.id,
            Finding.ledger == Ledger.ERROR,
            Finding.status == FindingStatus.OPEN,
            Finding.claim > ZERO,
        )
        .order_by(Finding.claim.desc(), Finding.id)
    ).all()
    for finding in findings:
        late = finding.withhold_by is not None and finding.withhold_by < today
        until = f", withholding was possible until {finding.withhold_by}" if late else ""
        warnings.append(
            f"{finding.rule} {finding.message} {finding.claim:,.2f} {finding.currency} would be paid although it is"
            f" overcharged: dispute it before approving{until}."
        )
    return warnings
