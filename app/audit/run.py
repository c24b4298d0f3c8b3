"""Runs the rules and sees to it that no money is claimed twice."""

from __future__ import annotations

from collections import defaultdict

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

    The order of `rules` is their precedence within a charge. Claims on a charge are never more than its amount; where
    the whole bill is a repeat, its charges are not accused one by one.
    """
    on_bill: list[FindingDraft] = []
    by_charge: dict[int, list[FindingDraft]] = defaultdict(list)
    for rule in rules:
        for draft in rule.check(context):
            if draft.charge_id is None:
                on_bill.append(draft)
            elif not any(other.rule in rule.yields_to for other in by_charge[draft.charge_id]):
                by_charge[draft.charge_id].append(draft)
    if any(draft.rule == invoice_billed_twice.RULE.code for draft in on_bill):
        return tuple(on_bill)
    invoice = context.invoice
    charges = sorted(invoice.charges, key=lambda charge: charge.seq)
    settled = (draft for charge in charges for draft in settle(charge, invoice.period_of(charge), by_charge[charge.id]))
    return (*on_bill, *settled)


def audit_account(
    context: AccountContext, rules: tuple[Rule[AccountContext], ...] = ACCOUNT_RULES
) -> tuple[FindingDraft, ...]:
    """The findings of an account as a whole on the day `as_of`."""
    return tuple(draft for rule in rules for draft in rule.check(context))
