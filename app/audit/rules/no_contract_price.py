"""A charge that a contract should price cannot be checked: no price is in force, or more than one is.

Formula: none; nothing is claimed. Accused are recurring, one-time and usage charges above zero that rating
could not price, be they for a known service or for the account as a whole. A charge for an unknown service is
accused of that instead.

Fields: the charge's type, code, service and first day; the prices of the carrier's contracts and the days from
and to which they hold; the currencies of bill and contract.

Remedy: add the price to the contract, or mend the price book where two prices hold at once; if nothing was
agreed, ask the carrier on what the charge rests.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.audit.claims import accuse, claim_step
from app.audit.rule import Rule
from app.audit.wording import name_charge, say
from app.domain.finding import FindingDraft
from app.domain.history import AuditContext
from app.domain.vocabulary import PRICED_TYPES, Ledger, RatingOutcome

UNPRICED = frozenset({RatingOutcome.NO_PRICE, RatingOutcome.AMBIGUOUS})


def no_contract_price(context: AuditContext) -> Iterator[FindingDraft]:
    """Yield a finding for each positive charge that rating could not price."""
    for charge in context.invoice.charges:
        rated = context.rated.get(charge.id)
        if rated is None or rated.outcome not in UNPRICED or charge.amount <= 0:
            continue
        if charge.charge_type in PRICED_TYPES:
            yield accuse(
                RULE,
                context,
                f"Billed {say(charge.amount)} for {name_charge(charge)} cannot be checked. {rated.note}",
                claim_step("Without a price nothing can be claimed", "0"),
                charge=charge,
            )


RULE: Rule[AuditContext] = Rule(
    code="A31",
    name="no_contract_price",
    version=1,
    ledger=Ledger.CHECK,
    check=no_contract_price,
    summary="No contract price, or more than one, is in force for a charge that needs one.",
)
