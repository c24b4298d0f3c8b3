"""Auditing: the rules' findings, kept by fingerprint. A second run adds nothing twice, and a dismissal sticks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.audit.packs import ACCOUNT_RULES, INVOICE_RULES
from app.audit.run import audit_account
from app.audit.run import audit_invoice as run_rules
from app.domain.history import AccountContext, AuditContext, StandingFacts
from app.domain.money import ZERO
from app.domain.stored import proof_to_text
from app.domain.vocabulary import DocumentKind, FindingStatus, InvoiceStatus
from app.models.findings import Finding
from app.services.bills import lock_bills, move_bill
from app.services.changes import Changes
from app.services.facts import load_accounts, load_histories, load_payments, load_peers, load_withheld
from app.services.log import record
from app.services.matching import AUTOMATIC
from app.services.rerating import compute

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.domain.finding import FindingDraft
    from app.domain.history import InvoiceFacts
    from app.domain.terms import ContractTerms
    from app.services.rerating import RatedInvoice
    from app.services.workspace import Workspace

# what the carrier has been told, or has answered, is not rewritten by a later audit
_FROZEN = frozenset({FindingStatus.DISPUTED, FindingStatus.CREDITED})


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Until when a finding can be filed, and until when filing it gives the right to withhold its amount."""

    file_by: date | None = None
    withhold_by: date | None = None


def audit_invoice(workspace: Workspace, invoice_id: int, as_of: date, *, actor: str = AUTOMATIC) -> Changes:
    """Run the rules on a rated invoice and bring its findings up to date.

    A finding that is no longer found and still open is cleared, and opened again when it comes back; amounts are
    refreshed, except of what has been disputed.
    """
    with workspace.database.writing() as session:
        (row,) = lock_bills(session, [invoice_id])
        move_bill(session, row, InvoiceStatus.AUDITED)
        judged = compute(session, workspace, invoice_id)
        context = replace(_context(session, judged, row.kind, as_of), standing=_standing(session, invoice_id))
        drafts = run_rules(context)
        existing = session.scalars(
            select(Finding).where(
                or_(
                    Finding.invoice_id == invoice_id,
                    Finding.fingerprint.in_([draft.fingerprint for draft in drafts]),
                ),
                Finding.rule.in_({rule.code for rule in INVOICE_RULES}),
            )
        ).all()
        deadlines = {draft.fingerprint: find_deadlines(draft, judged) for draft in drafts}
        found = _upsert(session, drafts, existing, deadlines, judged.invoice.currency)
        record(session, actor, "audited", f"bill {row.number}", invoice=invoice_id, findings=found)
    return Changes.INVOICES | Changes.FINDINGS


def audit_accounts(
    workspace: Workspace, as_of: date, *, account_ids: Sequence[int] | None = None, actor: str = AUTOMATIC
) -> Changes:
    """Run the rules that look at accounts as a whole (missing bills), on all of them or those given."""
    with workspace.database.writing() as session:
        accounts = load_accounts(session, account_ids)
        histories = load_histories(session, [account.id for account in accounts], with_charges=False)
        existing: dict[int, list[Finding]] = defaultdict(list)
        for finding in session.scalars(
            select(Finding).where(
                Finding.account_id.in_(histories), Finding.rule.in_({rule.code for rule in ACCOUNT_RULES})
            )
        ):
            existing[finding.account_id].append(finding)
        found = 0
        for account in accounts:
            drafts = audit_account(AccountContext(account, tuple(histories[account.id]), as_of))
            found += _upsert(session, drafts, existing[account.id], {}, account.currency)
        record(session, actor, "audited", "accounts", as_of=as_of, findings=found)
    return Changes.FINDINGS


def _context(session: Session, judged: RatedInvoice, kind: DocumentKind, as_of: date) -> AuditContext:
    invoice = judged.invoice
    earlier: tuple[InvoiceFacts, ...] = ()
    if kind is DocumentKind.INVOICE:  # no balance runs through a credit note: it follows no bill and repeats none
        place = (invoice.bill_date, invoice.id)
        history = load_histories(session, [invoice.account_id])[invoice.account_id]
        earlier = tuple(
            other for other in history if (other.bill_date, other.id) < place and other.currency == invoice.currency
        )  # amounts of two currencies are never compared
    peers, numbers = load_peers(session, invoice)
    (account,) = load_accounts(session, [invoice.account_id])
    return AuditContext(
        account=account,
        invoice=invoice,
        rated=judged.rated,
        services=judged.services,
        contracts=judged.contracts,
        as_of=as_of,
        earlier=earlier,
        peers=peers,
        invoice_numbers=numbers,
        payments=load_payments(session, invoice.account_id),
        withheld=load_withheld(session, invoice.account_id),
    )


def _standing(session: Session, invoice_id: int) -> tuple[StandingFacts, ...]:
    """What people have decided on the bill's findings."""
    decided = (*_FROZEN, FindingStatus.DISMISSED)
    rows = session.scalars(
        select(Finding).where(Finding.invoice_id == invoice_id, Finding.status.in_(decided)).order_by(Finding.id)
    )
    return tuple(
        StandingFacts(row.fingerprint, row.rule, row.charge_id, row.claim if row.status in _FROZEN else ZERO)
        for row in rows
    )


def find_deadlines(draft: FindingDraft, judged: RatedInvoice) -> Deadlines:
    """By the contract that priced the charge, else by the account's contract on the bill date, the shortest of several:

    file_by = bill date + the contract's dispute days; withhold_by = bill date + its withhold days, the last day on
    which filing gives the right to keep the amount back. Without a contract nothing is known of filing, and the right
    to withhold ends with the due date.
    """
    invoice = judged.invoice
    rated = judged.rated.get(draft.charge_id) if draft.charge_id is not None else None
    contracts = [contract for contract in judged.contracts if rated and contract.id == rated.contract_id]
    contracts = contracts or _contracts_of(invoice, judged.contracts)
    if not contracts:
        return Deadlines(None, invoice.due_date)
    return Deadlines(
        invoice.bill_date + timedelta(days=min(contract.dispute_days for contract in contracts)),
        invoice.bill_date + timedelta(days=min(contract.withhold_days for contract in contracts)),
    )


def _contracts_of(invoice: InvoiceFacts, contracts: Iterable[ContractTerms]) -> list[ContractTerms]:
    """The account's contracts on the bill date: those that name it before those for all; ended ones if none runs."""
    started = [
        contract
        for contract in contracts
        if contract.start <= invoice.bill_date
        and (not contract.account_ids or invoice.account_id in contract.account_ids)
    ]
    started = [contract for contract in started if contract.account_ids] or started
    return [contract for contract in started if contract.end is None or invoice.bill_date < contract.end] or started


def _upsert(
    session: Session,
    drafts: Sequence[FindingDraft],
    existing: Iterable[Finding],
    deadlines: dict[str, Deadlines],
    currency: str,
) -> int:
    """Bring the stored findings in line with `drafts`; return how many stand."""
    stored = {finding.fingerprint: finding for finding in existing}
    for draft in drafts:
        until = deadlines.get(draft.fingerprint, Deadlines())
        finding = stored.pop(draft.fingerprint, None)
        if finding is None:
            finding = Finding(
                fingerprint=draft.fingerprint,
                rule=draft.rule,
                account_id=draft.account_id,
                invoice_id=draft.invoice_id,
                charge_id=draft.charge_id,
                service_id=draft.service_id,
                currency=currency,
                status=FindingStatus.OPEN,
                found_at=datetime.now(UTC),
            )
            session.add(finding)
        if finding.status in _FROZEN:
            continue
        if finding.status is FindingStatus.CLEARED:
            finding.status = FindingStatus.OPEN
        finding.rule_name = draft.name
        finding.rule_version = draft.version
        finding.ledger = draft.ledger
        finding.message = draft.message
        finding.billed = draft.billed
        finding.expected = draft.expected
        finding.claim = draft.claim
        finding.proof = proof_to_text(draft.proof)
        finding.file_by = until.file_by
        finding.withhold_by = until.withhold_by
    for gone in stored.values():
        if gone.status is FindingStatus.OPEN:
            gone.status = FindingStatus.CLEARED
    session.flush()
    return len(drafts)
