"""The bill is one that was billed before.

Formula: an earlier invoice of the same account has the same number (letters and digits compared, leading zeros
left out), or the same period (the same bill date, where neither prints a period) and current charges within
0.01. The claim is the current charges of the later one. Findings on its charges are dropped: the whole bill is
claimed.

Fields: number, billing period, bill date and current charges of the invoice and of the account's earlier ones.
Credit notes, whose current charges are not above zero, are never accused and accuse nothing.

Remedy: do not approve the later bill; ask the carrier to void it.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.audit.claims import accuse, claim_step
from app.audit.rule import Rule
from app.audit.wording import say
from app.domain.finding import FindingDraft
from app.domain.history import AuditContext, InvoiceFacts
from app.domain.money import CENT, ZERO
from app.domain.proof import written
from app.domain.vocabulary import Ledger


def invoice_billed_twice(context: AuditContext) -> Iterator[FindingDraft]:
    """Yield a finding where an earlier invoice is the same bill; the first such one is named."""
    invoice = context.invoice
    if invoice.current_charges <= 0:
        return
    for earlier in context.earlier:
        reason = _same_bill(invoice, earlier)
        if not reason:
            continue
        claim = claim_step("Current charges billed again", written(invoice.current_charges))
        yield accuse(
            RULE,
            context,
            f"Bill {invoice.number} of {invoice.bill_date.isoformat()} has the same {reason} as bill {earlier.number} "
            f"of {earlier.bill_date.isoformat()}: its {say(invoice.current_charges)} are billed twice.",
            claim,
            billed=invoice.current_charges,
            expected=ZERO,
        )
        return


def _same_bill(invoice: InvoiceFacts, earlier: InvoiceFacts) -> str:
    """What makes both one bill, in words; "" where they are two."""
    if earlier.current_charges <= 0:
        return ""
    if invoice.number_key and invoice.number_key == earlier.number_key:
        return "number"
    if invoice.period is None and earlier.period is None:
        same_time = invoice.bill_date == earlier.bill_date
    else:
        same_time = invoice.period == earlier.period
    if same_time and abs(invoice.current_charges - earlier.current_charges) <= CENT:
        return "period and amount"
    return ""


RULE: Rule[AuditContext] = Rule(
    code="A02",
    name="invoice_billed_twice",
    version=1,
    ledger=Ledger.ERROR,
    check=invoice_billed_twice,
    summary="The bill repeats an earlier bill of the account.",
)
