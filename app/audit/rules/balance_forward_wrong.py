"""The bill carries forward another balance than the last bill and our payments leave.

Formula: expected = total due of the previous bill − our payments of the account from its bill date up to, and
not on, this bill's date; shown = previous balance + payments applied (negative). Where we know of no payment of
the previous bill, only the balances are compared: expected = total due of the previous bill, shown = previous
balance. Accused where they differ by more than 0.01; the claim is what is shown above what is expected. Where
less is shown nothing is claimed and a person should look.

The message names the class: payment not posted (a payment of ours is missing), payment misapplied (a part of
one is missing), disputed amount carried (the difference is what we withhold under a dispute), carrier
adjustment (the rest).

Fields: previous balance, payments applied and dates of the bill; total due of the one before; our payments and
the days on which they left; amounts withheld and credited. Not judged: the first bill known of an account, a
bill after a gap (the period does not follow, or without periods more than 45 days lie between), and bills that
carry no balance at all.

Remedy: send proof of payment with the carrier's account number and the date; for an adjustment ask what it
adjusts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Protocol

from app.audit.claims import accuse, claim_step
from app.audit.rule import Rule
from app.audit.wording import say
from app.domain.finding import FindingDraft
from app.domain.history import AuditContext, InvoiceFacts, PaymentFacts
from app.domain.money import CENT, ZERO
from app.domain.period import Period
from app.domain.proof import ProofStep, written
from app.domain.vocabulary import Ledger

LONGEST_CYCLE_DAYS = 45


def balance_forward_wrong(context: AuditContext) -> Iterator[FindingDraft]:
    """Yield a finding where the balance brought forward is not what the previous bill and our payments leave."""
    invoice, previous = context.invoice, _find_previous(context)
    if previous is None or not carries_balance(invoice.previous_balance, invoice.payments_applied):
        return
    paid = _payments_between(context, previous)
    shown, expected = _compare(invoice, previous, paid)
    difference = shown.result - expected.result
    if abs(difference) <= CENT:
        return
    claim = claim_step("Shown − expected", f"max(0, {written(shown.result)} − {written(expected.result)})")
    if difference > 0:
        verdict = f"{say(difference)} too much ({_classify(context, previous, paid)})"
    else:
        verdict = f"{say(-difference)} less than expected, in our favour"
    yield accuse(
        RULE,
        context,
        f"Balance brought forward is {say(shown.result)}, but bill {previous.number} and our payments leave "
        f"{say(expected.result)}: {verdict}.",
        claim,
        steps=(expected, shown),
        billed=shown.result,
        expected=expected.result,
    )


def _find_previous(context: AuditContext) -> InvoiceFacts | None:
    """The bill just before this one; None where it is not known."""
    if not context.earlier:
        return None
    previous = max(context.earlier, key=lambda each: (each.bill_date, each.id))
    return previous if follows(previous, context.invoice) else None


class Dated(Protocol):
    """A bill's date and the days that it bills, where it prints them."""

    @property
    def bill_date(self) -> date: ...

    @property
    def period(self) -> Period | None: ...


def follows(previous: Dated, bill: Dated) -> bool:
    """Whether `bill` is the next one after `previous`: its period begins where the other's ends, or without periods
    LONGEST_CYCLE_DAYS or less lie between the dates. After a gap a balance says nothing of the bill before it."""
    if bill.period is not None and previous.period is not None:
        return previous.period.end == bill.period.start
    return (bill.bill_date - previous.bill_date).days <= LONGEST_CYCLE_DAYS


def carries_balance(previous_balance: Decimal, payments_applied: Decimal) -> bool:
    """Whether a bill prints any balance brought forward; one that does not says nothing about earlier bills."""
    return previous_balance != 0 or payments_applied != 0


def _payments_between(context: AuditContext, previous: InvoiceFacts) -> tuple[PaymentFacts, ...] | None:
    """Our payments that this bill should show; None where we know of none for the previous bill."""
    if not any(payment.invoice_id == previous.id for payment in context.payments):
        return None
    return tuple(
        payment
        for payment in context.payments
        if payment.account_id == context.account.id
        and previous.bill_date <= payment.paid_on < context.invoice.bill_date
    )


def _compare(
    invoice: InvoiceFacts, previous: InvoiceFacts, paid: tuple[PaymentFacts, ...] | None
) -> tuple[ProofStep, ProofStep]:
    """What is shown and what is expected, as steps."""
    if paid is None:
        return (
            ProofStep("Previous balance shown", written(invoice.previous_balance), invoice.previous_balance),
            ProofStep(f"Total due of bill {previous.number}", written(previous.total_due), previous.total_due),
        )
    shown = f"{written(invoice.previous_balance)} + {written(invoice.payments_applied)}"
    left = " − ".join([written(previous.total_due), *(written(payment.amount) for payment in paid)])
    return (
        ProofStep(
            "Previous balance + payments applied, as shown", shown, invoice.previous_balance + invoice.payments_applied
        ),
        ProofStep(f"Total due of bill {previous.number} − our payments since", left, previous.total_due - _sum(paid)),
    )


def _classify(context: AuditContext, previous: InvoiceFacts, paid: tuple[PaymentFacts, ...] | None) -> str:
    """The likely cause of a balance that is too high, in the order in which causes can be told apart."""
    invoice = context.invoice
    unposted = ZERO if paid is None else _sum(paid) + invoice.payments_applied
    carried = invoice.previous_balance - previous.total_due
    difference = carried + unposted
    if any(each.withheld > each.credited and difference == each.withheld - each.credited for each in context.withheld):
        return "disputed amount carried"
    if paid and unposted > CENT:
        amounts = {payment.amount for payment in paid}
        return "payment not posted" if unposted in amounts or invoice.payments_applied == 0 else "payment misapplied"
    return "carrier adjustment"


def _sum(paid: tuple[PaymentFacts, ...]) -> Decimal:
    return sum((payment.amount for payment in paid), ZERO)


RULE: Rule[AuditContext] = Rule(
    code="A05",
    name="balance_forward_wrong",
    version=1,
    ledger=Ledger.ERROR,
    check=balance_forward_wrong,
    summary="The balance brought forward is not what the last bill and our payments leave.",
)
