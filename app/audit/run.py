"""Runs the rules and sees to it that no money is claimed twice."""

from __future__ import annotations

from collections import defaultdict

from app.audit.alike import dated_credits, is_given_back
from app.audit.packs import ACCOUNT_RULES, INVOICE_RULES
from app.audit.rule import Rule
from app.audit.rules import invoice_billed_twice
from app.audit.settle import settle
from app.domain.finding import FindingDraft
from app.domain.history import AccountContext, AuditContext


def audit_invoice(
    context: AuditContext, rules: tuple[Rule[AuditContext], ...] = INVOICE_RULES
) -> tuple[FindingDraft, ...]:
    """The findings of one rated invoice: those on the bill first, then those on its charges in their order.

    The order of `rules` is their precedence within a charge. Claims on a charge, with those that are in a dispute
    already, are never more than its amount; where the whole bill is a repeat, its charges are not accused one by one.
    What a person has dismissed takes nothing from other findings, and what the carrier has given back is not claimed.
    """
    on_bill: list[FindingDraft] = []
    by_charge: dict[int, list[FindingDraft]] = defaultdict(list)
    charges = {charge.id: charge for charge in context.invoice.charges}
    known = {each.fingerprint for each in context.standing}
    given = dated_credits(context)
    for rule in rules:
        for draft in rule.check(context):
            if draft.charge_id is None:
                on_bill.append(draft)
                continue
            explained = any(other.rule in rule.yields_to for other in by_charge[draft.charge_id])
            charge = charges[draft.charge_id]
            given_back = draft.fingerprint not in known and is_given_back(context, charge, draft, given)
            if not given_back and not (explained and draft.claim == 0):
                by_charge[draft.charge_id].append(draft)
    if any(draft.rule == invoice_billed_twice.RULE.code and not _is_dismissed(context, draft) for draft in on_bill):
        return tuple(on_bill)
    invoice = context.invoice
    settled = (
        draft
        for charge in sorted(invoice.charges, key=lambda charge: charge.seq)
        for draft in settle(charge, invoice.period_of(charge), by_charge[charge.id], context.standing)
    )
    return (*on_bill, *settled)


def _is_dismissed(context: AuditContext, draft: FindingDraft) -> bool:
    return any(each.fingerprint == draft.fingerprint and each.claim == 0 for each in context.standing)


def audit_account(
    context: AccountContext, rules: tuple[Rule[AccountContext], ...] = ACCOUNT_RULES
) -> tuple[FindingDraft, ...]:
    """The findings of an account as a whole on the day `as_of`."""
    return tuple(draft for rule in rules for draft in rule.check(context))
