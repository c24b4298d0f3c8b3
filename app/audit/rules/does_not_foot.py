"""The bill does not add up: its total due is not the sum of what it prints.

Formula: difference = total due − (Σ charges + rounding + previous balance + payments applied); accused where it
is more than 0.01 either way. The claim is the difference where it is in the carrier's favour; where it is in
ours, there is nothing to claim and a person should look.

Fields: the invoice's total due, rounding, previous balance and payments applied (payments are negative), and
the amounts of all its charges, taxes among them.

Remedy: compare the import with the document; if every charge was read, ask the carrier which charge is missing
from the detail or how the total was made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from app.audit.claims import accuse, claim_step
from app.audit.rule import Rule
from app.audit.wording import count, say
from app.domain.finding import FindingDraft
from app.domain.history import AuditContext, InvoiceFacts
from app.domain.money import CENT, ZERO
from app.domain.proof import ProofStep, written
from app.domain.vocabulary import Ledger


def does_not_foot(context: AuditContext) -> Iterator[FindingDraft]:
    """Yield a finding where the total due is not what the bill's own figures come to."""
    invoice = context.invoice
    steps = _add_up(invoice)
    footed = steps[-1].result
    difference = invoice.total_due - footed
    if abs(difference) <= CENT:
        return
    claim = claim_step("Total due above the sum", f"max(0, {written(invoice.total_due)} − {written(footed)})")
    whose = "too much" if difference > 0 else "less than the sum, in our favour"
    yield accuse(
        RULE,
        context,
        f"Total due is {say(invoice.total_due)}, but the {count(len(invoice.charges), 'charge')}, previous balance and "
        f"payments add up to {say(footed)}: {say(abs(difference))} {whose}.",
        claim,
        steps=steps,
        billed=invoice.total_due,
        expected=footed,
    )


def _add_up(invoice: InvoiceFacts) -> list[ProofStep]:
    """The charges of each type, then all that the bill prints."""
    amounts: dict[str, list[Decimal]] = defaultdict(list)
    for charge in invoice.charges:
        amounts[charge.charge_type].append(charge.amount)
    steps = [
        ProofStep(f"{name}, {count(len(parts), 'charge')}", " + ".join(map(written, parts)), sum(parts, ZERO))
        for name, parts in amounts.items()
    ]
    rest = (invoice.rounding, invoice.previous_balance, invoice.payments_applied)
    parts = [*(step.result for step in steps), *rest]
    steps.append(
        ProofStep(
            "Charges + rounding + previous balance + payments applied",
            " + ".join(map(written, parts)),
            sum(parts, ZERO),
        )
    )
    return steps


RULE: Rule[AuditContext] = Rule(
    code="A01",
    name="does_not_foot",
    version=1,
    ledger=Ledger.ERROR,
    check=does_not_foot,
    summary="The bill's total due is not the sum of what it prints.",
)
