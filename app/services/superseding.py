"""Taking a bill out of the books because a corrected one takes its place; both are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.vocabulary import FindingStatus, InvoiceStatus
from app.errors import UserError
from app.models.findings import Finding
from app.services.bills import lock_bills, move_bill, name_bill
from app.services.changes import Changes
from app.services.log import record

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace


class StillDisputed(UserError):
    """{bill} cannot be superseded while {count} of its findings are in a dispute: withdraw the dispute first."""


class NoReason(UserError):
    """A bill is superseded for a reason: say in a few words why the carrier corrected it."""


def supersede(workspace: Workspace, invoice_id: int, actor: str, reason: str) -> Changes:
    """Take a bill that nobody has submitted out of the books, with its open findings.

    The corrected bill can then be imported under the same number. Raises StillDisputed, and IllegalTransition once the
    bill is submitted, approved or paid.
    """
    with workspace.database.writing() as session:
        supersede_within(session, invoice_id, actor, reason)
    return Changes.INVOICES | Changes.FINDINGS


def supersede_within(session: Session, invoice_id: int, actor: str, reason: str) -> None:
    """`supersede` inside the caller's transaction."""
    why = " ".join(reason.split())
    if not why:
        raise NoReason
    (bill,) = lock_bills(session, [invoice_id])
    disputed = session.scalar(
        select(func.count()).where(Finding.invoice_id == invoice_id, Finding.status == FindingStatus.DISPUTED)
    )
    if disputed:
        raise StillDisputed(count=disputed, bill=name_bill(session, bill))
    move_bill(session, bill, InvoiceStatus.SUPERSEDED)
    for finding in session.scalars(
        select(Finding).where(Finding.invoice_id == invoice_id, Finding.status == FindingStatus.OPEN)
    ):
        finding.status = FindingStatus.CLEARED
    record(session, actor, "superseded", name_bill(session, bill), invoice=invoice_id, reason=why)
