"""Disputes: findings claimed from a carrier in one letter, the carrier's answer, and the credit that follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.db.payables import load_payable_facts
from app.domain.money import CENT, ZERO
from app.domain.vocabulary import DisputeStatus, FindingStatus, InvoiceStatus, Ledger
from app.domain.workflow import DISPUTE_FLOW, check
from app.errors import UserError
from app.models.findings import CreditMemo, Dispute, DisputeItem, Finding
from app.models.invoices import Invoice
from app.services.changes import Changes
from app.services.duties import require
from app.services.log import lock_workspace, record

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace

DUTY = "dispute charges"
_CHANGED = Changes.DISPUTES | Changes.FINDINGS


class DisputeMissing(UserError):
    """There is no dispute number {dispute_id} in this workspace: list the disputes to see which there are."""


class NothingToDispute(UserError):
    """No open finding with a claim is left to dispute{where}: they are in disputes, dismissed or credited already."""


class NotClaimable(UserError):
    """Finding {finding_id} ({rule}) cannot be disputed: {reason}."""


class GrantedTooMuch(UserError):
    """{granted} is more than the {claim} that dispute {number} claims: check the carrier's answer; what it grants
    beyond the claim comes as a credit of its own."""


class GrantedNegative(UserError):
    """{granted} is not an amount that a carrier grants: 0 for a denial, else a positive amount."""


class FiledTooEarly(UserError):
    """Dispute {number} cannot be filed on {filed_on}, after today ({today}): give the day on which it was sent."""


def open_disputes(
    workspace: Workspace,
    actor: str,
    *,
    carrier_id: int | None = None,
    finding_ids: Collection[int] | None = None,
) -> tuple[list[int], Changes]:
    """Put open, claimable findings into new drafts: one dispute per carrier and currency; return their ids.

    `finding_ids` asks for exactly those (NotClaimable says what is wrong with one); without it all are taken, of
    `carrier_id` or of every carrier, and none is no error. A finding is claimed once: what is disputed, credited or
    dismissed is not taken, nor what belongs to a superseded bill.
    """
    today = workspace.today()
    with workspace.database.writing() as session:
        require(session, actor, DUTY)
        lock_workspace(session)  # numbers are given one after the other
        findings = _claimable(session, carrier_id, finding_ids)
        groups: dict[tuple[int, str], list[Finding]] = defaultdict(list)
        for finding, carrier in findings:
            groups[carrier, finding.currency].append(finding)
        if finding_ids is not None and not groups:
            raise NothingToDispute(where=" among those chosen")
        opened = []
        for key in sorted(groups):
            dispute = _open(session, key, groups[key], actor, today)
            opened.append(dispute.id)
            numbers = [finding.id for finding in groups[key]]
            record(
                session, actor, "opened", f"dispute {dispute.number}", claim=dispute.claim,
                currency=dispute.currency, findings=numbers,
            )  # fmt: skip
    return opened, _CHANGED if opened else Changes.NONE


def file_dispute(workspace: Workspace, dispute_id: int, actor: str, filed_on: date) -> Changes:
    """The letter has been sent on `filed_on`. After a denial, filing again is the appeal."""
    today = workspace.today()
    with workspace.database.writing() as session:
        require(session, actor, DUTY)
        dispute = _lock(session, dispute_id)
        if filed_on > today:
            raise FiledTooEarly(number=dispute.number, filed_on=filed_on, today=today)
        appeal = dispute.status is DisputeStatus.DENIED
        _move(dispute, DisputeStatus.FILED)
        if not appeal:  # the right to withhold hangs on the first letter
            dispute.filed_on = filed_on
        for item in dispute.items:
            item.granted = None
        session.flush()
        record(session, actor, "appealed" if appeal else "filed", f"dispute {dispute.number}", filed_on=filed_on)
    return Changes.DISPUTES


def acknowledge(workspace: Workspace, dispute_id: int, actor: str, reference: str) -> Changes:
    """The carrier has received the dispute and calls it `reference`."""
    with workspace.database.writing() as session:
        require(session, actor, DUTY)
        dispute = _lock(session, dispute_id)
        _move(dispute, DisputeStatus.ACKNOWLEDGED)
        dispute.carrier_reference = reference.strip()
        session.flush()
        record(session, actor, "acknowledged", f"dispute {dispute.number}", reference=dispute.carrier_reference)
    return Changes.DISPUTES


def record_answer(
    workspace: Workspace,
    dispute_id: int,
    granted: Decimal,
    reference: str,
    actor: str,
    *,
    shares: Mapping[int, Decimal] | None = None,
) -> Changes:
    """The carrier grants `granted` of the claim (0: denied). A credit of it is then expected on a later bill.

    `shares` says how much of it falls on each finding; without it a partial grant falls on them in proportion to
    their claims, to the cent. What is not granted has to be paid: its bill can be submitted for approval again.
    """
    with workspace.database.writing() as session:
        require(session, actor, DUTY)
        dispute = _lock(session, dispute_id)
        if granted < 0:
            raise GrantedNegative(granted=granted)
        if granted > dispute.claim:
            raise GrantedTooMuch(granted=granted, claim=dispute.claim, number=dispute.number)
        _move(dispute, DisputeStatus.APPROVED if granted else DisputeStatus.DENIED)
        dispute.carrier_reference = reference.strip() or dispute.carrier_reference
        parts = (
            dict(shares) if shares is not None else share_out(granted, [(i.finding_id, i.claim) for i in dispute.items])
        )
        for item in dispute.items:
            item.granted = parts.get(item.finding_id, ZERO)
            if item.granted > item.claim or item.granted < 0:
                raise GrantedTooMuch(granted=item.granted, claim=item.claim, number=dispute.number)
        if sum((item.granted or ZERO for item in dispute.items), ZERO) != granted:
            raise GrantedTooMuch(granted=sum(parts.values(), ZERO), claim=granted, number=dispute.number)
        if granted:
            session.add(
                CreditMemo(dispute_id=dispute.id, amount=granted, recorded_by=actor, recorded_at=datetime.now(UTC))
            )
        session.flush()
        subject = f"dispute {dispute.number}"
        record(session, actor, "recorded the answer to", subject, granted=granted, reference=dispute.carrier_reference)
    return _CHANGED


def withdraw(workspace: Workspace, dispute_id: int, actor: str) -> Changes:
    """Take a dispute back: its findings are open again and can be dismissed or disputed anew."""
    with workspace.database.writing() as session:
        require(session, actor, DUTY)
        dispute = _lock(session, dispute_id)
        _move(dispute, DisputeStatus.WITHDRAWN)
        claims = {item.finding_id: item.claim for item in dispute.items}
        for finding in _findings_of(session, dispute):
            finding.status = FindingStatus.OPEN
        for item in list(dispute.items):
            session.delete(item)
        session.flush()
        record(session, actor, "withdrew", f"dispute {dispute.number}", claims=claims)
    return _CHANGED


def close(workspace: Workspace, dispute_id: int, actor: str) -> Changes:
    """End a dispute: one whose credit has come, or a denied one that is not appealed (its findings are dismissed)."""
    with workspace.database.writing() as session:
        require(session, actor, DUTY)
        dispute = _lock(session, dispute_id)
        denied = dispute.status is DisputeStatus.DENIED
        _move(dispute, DisputeStatus.CLOSED)
        if denied:
            for finding in _findings_of(session, dispute):
                finding.status = FindingStatus.DISMISSED
                finding.dismissed_by = actor
                finding.dismissed_reason = f"The carrier denied dispute {dispute.number}."
        session.flush()
        record(session, actor, "closed", f"dispute {dispute.number}")
    return _CHANGED


def post_credit(session: Session, memo: CreditMemo, invoice_id: int, charge_id: int | None) -> None:
    """The credit of a granted dispute has arrived on a bill, inside the caller's transaction. With the last of them the
    dispute is credited, and so are its findings."""
    memo.invoice_id, memo.charge_id = invoice_id, charge_id
    session.flush()
    waiting = select(CreditMemo.id).where(CreditMemo.dispute_id == memo.dispute_id, CreditMemo.invoice_id.is_(None))
    if session.scalar(waiting.limit(1)) is not None:
        return
    dispute = session.get_one(Dispute, memo.dispute_id)
    _move(dispute, DisputeStatus.CREDITED)
    for finding in _findings_of(session, dispute):
        finding.status = FindingStatus.CREDITED


def share_out(amount: Decimal, claims: Sequence[tuple[int, Decimal]]) -> dict[int, Decimal]:
    """`amount` over `claims` in proportion, in whole cents, the sum exact: largest remainders first."""
    total = sum((claim for _, claim in claims), ZERO)
    exact = {key: amount * claim / total for key, claim in claims}
    parts = {key: value.quantize(CENT, rounding=ROUND_DOWN) for key, value in exact.items()}
    left = amount - sum(parts.values(), ZERO)
    for key, _ in sorted(claims, key=lambda pair: (parts[pair[0]] - exact[pair[0]], pair[0])):
        step = min(CENT, left)
        parts[key] += step
        left -= step
    return parts


def _claimable(
    session: Session, carrier_id: int | None, finding_ids: Collection[int] | None
) -> list[tuple[Finding, int]]:
    statement = (
        select(Finding, Invoice.carrier_id)
        .join(Invoice, Invoice.id == Finding.invoice_id)
        .where(
            Finding.status == FindingStatus.OPEN,
            Finding.ledger == Ledger.ERROR,
            Finding.claim > ZERO,
            Invoice.status != InvoiceStatus.SUPERSEDED,
            Finding.id.not_in(select(DisputeItem.finding_id)),
        )
        .order_by(Finding.id)
    )
    if carrier_id is not None:
        statement = statement.where(Invoice.carrier_id == carrier_id)
    if finding_ids is not None:
        statement = statement.where(Finding.id.in_(finding_ids))
    found = [(row.Finding, row.carrier_id) for row in session.execute(statement.with_for_update(of=Finding))]
    for finding_id in sorted(set(finding_ids or ()) - {finding.id for finding, _ in found}):
        finding = session.get(Finding, finding_id)
        if finding is None:
            raise NotClaimable(finding_id=finding_id, rule="unknown", reason="there is no such finding")
        raise NotClaimable(finding_id=finding_id, rule=finding.rule, reason=_why_not(session, finding))
    return found


def _why_not(session: Session, finding: Finding) -> str:
    if finding.claim <= 0:
        return "it claims nothing"
    if finding.status is not FindingStatus.OPEN:
        return f"it is {finding.status}"
    number = session.scalar(
        select(Dispute.number)
        .join(DisputeItem, DisputeItem.dispute_id == Dispute.id)
        .where(DisputeItem.finding_id == finding.id)
    )
    if number is not None:
        return f"the carrier has answered it in dispute {number}, and a finding is claimed once"
    return "its bill is superseded, or belongs to another carrier"


def _open(session: Session, key: tuple[int, str], findings: list[Finding], actor: str, today: date) -> Dispute:
    carrier_id, currency = key
    dispute = Dispute(
        number=_next_number(session, today),
        carrier_id=carrier_id,
        status=DisputeStatus.DRAFT,
        currency=currency,
        claim=sum((finding.claim for finding in findings), ZERO),
        file_by=_next([finding.file_by for finding in findings], today),
        withhold_by=_next([finding.withhold_by for finding in findings], today),
        opened_by=actor,
        opened_at=datetime.now(UTC),
    )
    session.add(dispute)
    session.flush()
    items = {finding.id: DisputeItem(finding_id=finding.id, claim=finding.claim) for finding in findings}
    dispute.items.extend(items.values())
    for finding in findings:
        finding.status = FindingStatus.DISPUTED
    session.flush()
    bills = {finding.invoice_id for finding in findings if finding.invoice_id is not None}
    for facts in load_payable_facts(session, bills).values():
        for claim in facts.claims:
            if claim.finding_id in items:  # what is in no payment is unpaid from the start
                items[claim.finding_id].withheld = claim.outside
    session.flush()
    return dispute


def _next(days: Sequence[date | None], today: date) -> date | None:
    """The first of the days that is still ahead: what has passed for one finding is no deadline for the others."""
    return min((day for day in days if day is not None and day >= today), default=None)


def _next_number(session: Session, today: date) -> str:
    """ "D-2026-0007": counted within the year of `today`."""
    prefix = f"D-{today.year}-"
    used = session.scalars(select(Dispute.number).where(Dispute.number.startswith(prefix, autoescape=True)))
    last = max((int(number.removeprefix(prefix)) for number in used), default=0)
    return f"{prefix}{last + 1:04}"


def _lock(session: Session, dispute_id: int) -> Dispute:
    dispute = session.scalar(select(Dispute).where(Dispute.id == dispute_id).with_for_update())
    if dispute is None:
        raise DisputeMissing(dispute_id=dispute_id)
    return dispute


def _move(dispute: Dispute, wanted: DisputeStatus) -> None:
    dispute.status = check(DISPUTE_FLOW, dispute.status, wanted, f"dispute {dispute.number}")


def _findings_of(session: Session, dispute: Dispute) -> Sequence[Finding]:
    ids = [item.finding_id for item in dispute.items]
    return session.scalars(select(Finding).where(Finding.id.in_(ids)).order_by(Finding.id).with_for_update()).all()
