"""The charge is for a service that the inventory does not know.

Formula: the carrier printed a service (circuit id or telephone number), no service of the inventory matches it,
and the amount is above zero. The claim is the whole amount; while the inventory has no service of the carrier at all,
nothing can be claimed and the finding asks for the inventory.

Fields: the charge's printed service, its match, its amount.

Remedy: if the service is ours, add it to the inventory or match the charge by hand and audit again; else
dispute the charge as never ordered.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.audit.claims import accuse, claim_step
from app.audit.rule import Rule
from app.audit.wording import name_service, say
from app.domain.finding import FindingDraft
from app.domain.history import AuditContext
from app.domain.money import ZERO
from app.domain.proof import written
from app.domain.vocabulary import Ledger


def service_unknown(context: AuditContext) -> Iterator[FindingDraft]:
    """Yield a finding for each positive charge whose printed service nothing in the inventory matches."""
    for charge in context.invoice.charges:
        if not (charge.service_key and charge.service_id is None and charge.amount > 0):
            continue
        if not context.services:
            yield accuse(
                RULE,
                context,
                f"Billed {say(charge.amount)} for {name_service(charge)}: the inventory has no service of"
                f" {context.account.carrier} yet. Load them, and the bill is judged again.",
                claim_step("Nothing is claimed before the inventory is loaded", "0"),
                charge=charge,
            )
        else:
            yield accuse(
                RULE,
                context,
                f"Billed {say(charge.amount)} for {name_service(charge)}, which is not in the inventory.",
                claim_step("The whole charge, its service being unknown", written(charge.amount)),
                charge=charge,
                expected=ZERO,
            )


RULE: Rule[AuditContext] = Rule(
    code="A20",
    name="service_unknown",
    version=2,
    ledger=Ledger.ERROR,
    check=service_unknown,
    summary="The charge is for a service that is not in the inventory.",
)
