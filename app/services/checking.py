"""Verifying a workspace: whether what is stored is whole and adds up. Checks never fix."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from app.db.documents import DocumentMissing
from app.domain.money import ZERO
from app.domain.stored import proof_from_text
from app.domain.vocabulary import FindingStatus, PaymentStatus
from app.models.contracts import RateDeck
from app.models.documents import DocumentIssue, SourceDocument, UsageBatch
from app.models.findings import Dispute, DisputeItem, Finding
from app.models.invoices import Charge, ChargeRating, Invoice
from app.models.payments import Payment, PaymentBatch
from app.services.log import verify_log
from app.services.progress import Progress, Reporter, unheard

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace

_UNPAID = (PaymentStatus.VOID, PaymentStatus.RETURNED)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold: by which check, of what, and what to do."""

    check: str
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a verification looked at, and what it found; no faults: the workspace is whole."""

    checked: tuple[str, ...]
    faults: tuple[Fault, ...]


def check_workspace(workspace: Workspace, *, progress: Reporter = unheard) -> CheckResult:
    """Run all checks on one snapshot of the workspace and its files; changes nothing."""
    faults: list[Fault] = []
    with workspace.database.reading() as session:
        for done, (name, check) in enumerate(CHECKS):
            progress(Progress("checking", name, done, len(CHECKS)))
            faults.extend(Fault(name, subject, message) for subject, message in check(workspace, session))
    return CheckResult(tuple(name for name, _ in CHECKS), tuple(faults))


Found = Iterator[tuple[str, str]]


def _check_database(workspace: Workspace, session: Session) -> Found:
    """SQLite's own structures, and every reference between rows; PostgreSQL keeps both by itself."""
    if not workspace.database.is_sqlite:
        return
    for (line,) in session.execute(text("PRAGMA integrity_check(20)")):
        if line != "ok":
            yield "workspace.sqlite", f"{line}. Restore the last backup."
    for table, rowid, parent, _ in session.execute(text("PRAGMA foreign_key_check")):
        yield f"{table} row {rowid}", f"names a row of {parent} that is not there. Restore the last backup."


def _check_log(_workspace: Workspace, session: Session) -> Found:
    broken = verify_log(session)
    if broken is not None:
        yield (
            f"log entry {broken}",
            "does not follow from the entry before it: the log was changed outside the program. Compare with a backup.",
        )


def _check_invoices(_workspace: Workspace, session: Session) -> Found:
    """Σ charges + rounding = current charges, and those with balance and payments = total, except where the bill itself
    did not foot when it came in, which its document's warning says."""
    told = select(DocumentIssue.document_id).where(DocumentIssue.code == "does-not-foot")
    sums = select(Charge.invoice_id, func.sum(Charge.amount).label("total")).group_by(Charge.invoice_id).subquery()
    rows = session.execute(
        select(Invoice, sums.c.total)
        .outerjoin(sums, sums.c.invoice_id == Invoice.id)
        .where(Invoice.document_id.not_in(told))
    )
    for bill, total in rows:
        billed = (total or ZERO) + bill.rounding
        if billed != bill.current_charges:
            yield (
                f"bill {bill.number}",
                (
                    f"its charges make {billed:,.2f}, its current charges are {bill.current_charges:,.2f}, and it was "
                    "not so when it came in. Compare with its document and a backup."
                ),
            )
        due = bill.current_charges + bill.previous_balance + bill.payments_applied
        if due != bill.total_due:
            yield (
                f"bill {bill.number}",
                (
                    f"its parts make {due:,.2f}, its total is {bill.total_due:,.2f}, and it was not so when it came "
                    "in. Compare with its document and a backup."
                ),
            )


def _check_ratings(_workspace: Workspace, session: Session) -> Found:
    """variance = billed − expected, and every proof's arithmetic gives the amount that it proves."""
    rows = session.execute(
        select(Invoice.number, Charge.seq, Charge.amount, ChargeRating)
        .join(Charge, Charge.id == ChargeRating.charge_id)
        .join(Invoice, Invoice.id == Charge.invoice_id)
        .where(ChargeRating.expected.is_not(None))
    )
    for number, seq, amount, rating in rows:
        subject = f"charge {seq} of bill {number}"
        if rating.expected is not None and rating.variance != amount - rating.expected:
            yield subject, "its variance is not billed − expected. Run the audit again."
        proof = proof_from_text(rating.proof)
        if proof is not None and (proof.result != rating.expected or not proof.holds()):
            yield subject, "its proof does not give the expected amount. Run the audit again."


def _check_claims(_workspace: Workspace, session: Session) -> Found:
    """Never more is claimed of a charge than was billed, and a dispute claims the sum of its items."""
    live = (FindingStatus.OPEN, FindingStatus.DISPUTED, FindingStatus.CREDITED)
    claims = session.execute(
        select(Invoice.number, Charge.seq, Charge.amount, func.sum(Finding.claim).label("claim"))
        .join(Charge, Charge.id == Finding.charge_id)
        .join(Invoice, Invoice.id == Charge.invoice_id)
        .where(Finding.status.in_(live))
        .group_by(Invoice.number, Charge.seq, Charge.amount, Charge.id)
    )
    for row in claims:
        if row.claim > max(row.amount, ZERO):
            yield (
                f"charge {row.seq} of bill {row.number}",
                f"{row.claim:,.2f} is claimed of {row.amount:,.2f} billed. Run the audit again.",
            )
    items = (
        select(DisputeItem.dispute_id, func.sum(DisputeItem.claim).label("claim"))
        .group_by(DisputeItem.dispute_id)
        .subquery()
    )
    for dispute, total in session.execute(select(Dispute, items.c.claim).join(items, items.c.dispute_id == Dispute.id)):
        if dispute.claim != total:
            yield f"dispute {dispute.number}", f"claims {dispute.claim:,.2f}, its items make {total:,.2f}."


def _check_payments(_workspace: Workspace, session: Session) -> Found:
    """No bill is paid beyond its total, and a batch is the sum of its payments."""
    paid = (
        select(Payment.invoice_id, func.sum(Payment.amount).label("paid"))
        .where(Payment.status.not_in(_UNPAID))
        .group_by(Payment.invoice_id)
        .subquery()
    )
    for bill, amount in session.execute(select(Invoice, paid.c.paid).join(paid, paid.c.invoice_id == Invoice.id)):
        if amount > max(bill.total_due, bill.current_charges):
            yield (
                f"bill {bill.number}",
                f"{amount:,.2f} is paid or scheduled of {bill.total_due:,.2f}. Stop the payment.",
            )
    sums = (
        select(Payment.batch_id, func.sum(Payment.amount).label("total"), func.count().label("count"))
        .where(Payment.batch_id.is_not(None))
        .group_by(Payment.batch_id)
        .subquery()
    )
    rows = session.execute(
        select(PaymentBatch, sums.c.total, sums.c.count).outerjoin(sums, sums.c.batch_id == PaymentBatch.id)
    )
    for batch, total, count in rows:
        if (batch.total, batch.payment_count) != (total or ZERO, count or 0):
            yield (
                f"payment batch {batch.number}",
                (
                    f"left with {batch.payment_count} payments of {batch.total:,.2f}; now they are {count or 0} of "
                    f"{total or ZERO:,.2f}. Compare with the file that left and a backup."
                ),
            )


def _check_documents(workspace: Workspace, session: Session) -> Found:
    for document in session.scalars(select(SourceDocument).order_by(SourceDocument.id)):
        try:
            with workspace.documents.path(document.sha256).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except DocumentMissing as fault:
            yield document.name, str(fault)
            continue
        if found != document.sha256:
            yield document.name, "has been changed since it came in. Restore it from a backup."


def _check_usage(workspace: Workspace, session: Session) -> Found:
    batches = session.scalars(select(UsageBatch).order_by(UsageBatch.id))
    decks = session.scalars(select(RateDeck).order_by(RateDeck.id))
    for batch in (*batches, *decks):
        file = workspace.usage.folder / batch.path
        if not file.is_file():
            yield batch.path, "is not in the usage folder. Restore it from a backup."
            continue
        with file.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
        if found != batch.sha256:
            yield batch.path, "has been changed since it was written. Restore it from a backup."
        elif workspace.usage.count_rows(batch.path) != batch.rows:
            yield batch.path, f"does not hold the {batch.rows} records that were stored. Restore it from a backup."


CHECKS: tuple[tuple[str, Callable[[Workspace, Session], Found]], ...] = (
    ("database", _check_database),
    ("log", _check_log),
    ("bills", _check_invoices),
    ("ratings", _check_ratings),
    ("claims", _check_claims),
    ("payments", _check_payments),
    ("documents", _check_documents),
    ("usage", _check_usage),
)
