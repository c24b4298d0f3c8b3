"""The way of a bill from posted to audited, and back through it when the inventory or a price has changed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select

from app.domain.money import ZERO
from app.domain.vocabulary import DocumentKind, FindingStatus, InvoiceStatus
from app.domain.workflow import INVOICE_FLOW, UNSUBMITTED
from app.models.findings import Finding
from app.models.invoices import Charge, Invoice
from app.services.auditing import audit_accounts, audit_invoice
from app.services.changes import Changes
from app.services.holding import find_held, post_held
from app.services.incoming import Incoming
from app.services.intake import expand_folders, receive_files
from app.services.matching import accounts_of, match_invoice
from app.services.matching import match_charge as match_by_hand
from app.services.progress import Cancelled, Progress, Reporter, never, unheard
from app.services.quarantine import find_quarantined
from app.services.receipts import Outcome, Receipt
from app.services.reconciliation import reconcile_account
from app.services.rerating import rate_invoice
from app.services.rerunning import forget_rows, make_rest
from app.services.storing import Stored
from app.services.undoing import Undone, undo_import

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.services.workspace import Workspace

_AUDITABLE = frozenset(status for status, next_ones in INVOICE_FLOW.items() if InvoiceStatus.AUDITED in next_ones) - {
    InvoiceStatus.ON_HOLD  # a hold ends by being released, not by an audit
}


def take_in(
    workspace: Workspace,
    paths: Sequence[Path],
    actor: str,
    as_of: date,
    *,
    progress: Reporter = unheard,
    cancelled: Cancelled = never,
) -> tuple[list[Receipt], Changes]:
    """Receive files and folders and do all that follows from them: what a drop on the window and `import` do.

    New bills are processed; where inventory, contracts or usage came in, so are the bills that are still open.
    """
    files = [Incoming(path) for path in expand_folders(paths)]
    return take_in_files(workspace, files, actor, as_of, progress=progress, cancelled=cancelled)


def take_in_files(
    workspace: Workspace,
    files: list[Incoming],
    actor: str,
    as_of: date,
    *,
    progress: Reporter = unheard,
    cancelled: Cancelled = never,
) -> tuple[list[Receipt], Changes]:
    """`take_in` of files of which more is known than their path."""
    receipts = receive_files(workspace, files, actor, progress=progress, cancelled=cancelled)
    taken = [receipt for receipt in receipts if receipt.outcome is Outcome.TAKEN]
    kept = (Outcome.HELD, Outcome.REFUSED)
    changes = Changes.INTAKE if any(receipt.outcome in kept for receipt in receipts) else Changes.NONE
    if not taken:
        return receipts, changes
    changes |= Changes.INTAKE
    changes |= Changes.INVOICES | Changes.CHARGES
    if any(not receipt.invoice_ids for receipt in taken):  # facts that bills are judged by
        changes |= Changes.INVENTORY | Changes.CONTRACTS | Changes.USAGE | Changes.BANK | Changes.PAYMENTS
        changes |= reprocess(workspace, None, actor, as_of, progress=progress, cancelled=cancelled)
    else:
        ids = [invoice_id for receipt in taken for invoice_id in receipt.invoice_ids]
        changes |= process(workspace, ids, actor, as_of, progress=progress, cancelled=cancelled)
    return receipts, changes


def try_again(
    workspace: Workspace,
    file_ids: Sequence[int],
    actor: str,
    as_of: date,
    *,
    importer: str = "",
    progress: Reporter = unheard,
    cancelled: Cancelled = never,
) -> tuple[list[Receipt], Changes]:
    """Take files in quarantine in once more, after a layout or mapping was made for them or by an importer that a
    person has chosen."""
    files = [
        Incoming(workspace.documents.path(kept.sha256), kept.name, container_id=kept.container_id, importer=importer)
        for kept in find_quarantined(workspace, file_ids)
    ]
    return take_in_files(workspace, files, actor, as_of, progress=progress, cancelled=cancelled)


def read_again(
    workspace: Workspace, held_id: int, actor: str, as_of: date, *, importer: str = ""
) -> tuple[list[Receipt], Changes]:
    """Read a document that waits for review once more: its layout was mended, or a person has chosen another reader.
    What was answered and corrected before is forgotten."""
    file = find_held(workspace, held_id)
    file.importer = importer
    return take_in_files(workspace, [file], actor, as_of)


def read_rows_again(workspace: Workspace, document_id: int, actor: str, as_of: date) -> tuple[list[Receipt], Changes]:
    """Read the rows that were left out of an import once more; those left out again stand with the new file."""
    with tempfile.TemporaryDirectory(prefix="tollbook-rest-") as folder:
        rest = make_rest(workspace, document_id, Path(folder))
        receipts, changes = take_in_files(workspace, [rest], actor, as_of)
    kept = {Outcome.TAKEN, Outcome.ALREADY_HERE}
    if all(receipt.outcome in kept and receipt.document_id for receipt in receipts):
        forget_rows(workspace, document_id, actor, receipts[0].document_id or 0)
        changes |= Changes.INTAKE
    return receipts, changes


def post_reviewed(workspace: Workspace, held_id: int, actor: str, as_of: date) -> tuple[Stored, Changes]:
    """Post a document that waited for review, and do all that follows from it."""
    stored = post_held(workspace, held_id, actor)
    changes = Changes.INTAKE | Changes.INVOICES | Changes.CHARGES | Changes.INVENTORY | Changes.FINDINGS
    return stored, changes | process(workspace, stored.invoice_ids, actor, as_of)


def undo(workspace: Workspace, document_id: int, actor: str, as_of: date, reason: str) -> tuple[Undone, Changes]:
    """Take an import back and judge what is left anew."""
    undone = undo_import(workspace, document_id, actor, reason)
    return undone, undone.changes | reprocess(workspace, None, actor, as_of)


def process(
    workspace: Workspace,
    invoice_ids: Sequence[int],
    actor: str,
    as_of: date,
    *,
    progress: Reporter = unheard,
    cancelled: Cancelled = never,
) -> Changes:
    """Match, rate and audit bills, oldest first, then whatever they change in others.

    Bills that came in late are judged before those already here that follow them, which are then audited again: a
    balance forward or a charge billed twice shows on the later one. Submitted bills stay as they are.
    """
    with workspace.database.reading() as session:
        new = session.execute(
            select(Invoice.id, Invoice.number)
            .where(Invoice.id.in_(invoice_ids), Invoice.status.in_(UNSUBMITTED))
            .order_by(Invoice.bill_date, Invoice.id)
        ).all()
        after = _followers(workspace, [row.id for row in new])
        accounts = accounts_of(session, [row.id for row in new])
    steps = len(new) + len(after)
    changes = Changes.NONE
    for done, row in enumerate(new):
        if cancelled():
            return changes
        progress(Progress("matching", row.number, done, steps))
        changes |= match_invoice(workspace, row.id, actor)
        progress(Progress("rating", row.number, done, steps))
        changes |= rate_invoice(workspace, row.id, actor=actor)
        progress(Progress("auditing", row.number, done, steps))
        changes |= audit_invoice(workspace, row.id, as_of, actor=actor)
    for done, (invoice_id, number) in enumerate(after, start=len(new)):
        if cancelled():
            return changes
        progress(Progress("auditing", number, done, steps))
        changes |= audit_invoice(workspace, invoice_id, as_of, actor=actor)
    if accounts:
        changes |= audit_accounts(workspace, as_of, account_ids=accounts, actor=actor)
    for account_id in accounts:
        changes |= reconcile_account(workspace, account_id)
    progress(Progress("done", "", steps, steps))
    return changes


def reprocess(
    workspace: Workspace,
    invoice_ids: Sequence[int] | None,
    actor: str,
    as_of: date,
    *,
    progress: Reporter = unheard,
    cancelled: Cancelled = never,
) -> Changes:
    """Process bills again after the inventory, a price or usage has changed; None: all that nobody has submitted."""
    if invoice_ids is None:
        with workspace.database.reading() as session:
            invoice_ids = list(session.scalars(select(Invoice.id).where(Invoice.status.in_(UNSUBMITTED))))
    return process(workspace, invoice_ids, actor, as_of, progress=progress, cancelled=cancelled)


def match_charge(workspace: Workspace, charge_id: int, service_id: int | None, actor: str, as_of: date) -> Changes:
    """Say by hand which service a charge is for (None: the account as a whole), and judge its bill again."""
    changes = match_by_hand(workspace, charge_id, service_id, actor)
    with workspace.database.reading() as session:
        invoice_id = session.scalars(select(Charge.invoice_id).where(Charge.id == charge_id)).one()
    return changes | process(workspace, [invoice_id], actor, as_of)


def _followers(workspace: Workspace, invoice_ids: Sequence[int]) -> list[tuple[int, str]]:
    """The carriers' audited bills dated on or after one of `invoice_ids`, the account's others of a credit note, and
    where the bills bring credits those with open claims, which a credit may give back."""
    if not invoice_ids:
        return []
    with workspace.database.reading() as session:
        first: dict[int, date] = {}
        noted: set[int] = set()
        for row in session.execute(
            select(Invoice.carrier_id, Invoice.account_id, Invoice.bill_date, Invoice.kind).where(
                Invoice.id.in_(invoice_ids)
            )
        ):
            first[row.carrier_id] = min(first.get(row.carrier_id, row.bill_date), row.bill_date)
            if row.kind is DocumentKind.CREDIT_NOTE:
                noted.add(row.account_id)
        later = [and_(Invoice.carrier_id == carrier_id, Invoice.bill_date >= day) for carrier_id, day in first.items()]
        accused = Invoice.id.in_(
            select(Finding.invoice_id).where(Finding.status == FindingStatus.OPEN, Finding.claim > ZERO)
        )
        crediting = exists().where(Charge.invoice_id.in_(invoice_ids), Charge.amount < ZERO)
        rows = session.execute(
            select(Invoice.id, Invoice.number)
            .where(
                or_(*later, Invoice.account_id.in_(noted), and_(Invoice.carrier_id.in_(first), accused, crediting)),
                Invoice.id.not_in(invoice_ids),
                Invoice.status.in_(_AUDITABLE),
            )
            .order_by(Invoice.bill_date, Invoice.id)
        )
        return [(row.id, row.number) for row in rows]
