"""Makes a finding of an accusation: the claim is what its last formula comes to."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from app.audit.rule import Rule
from app.domain.finding import FindingDraft
from app.domain.history import AuditContext, ChargeFacts
from app.domain.money import RoundingMode
from app.domain.period import Period
from app.domain.proof import Proof, ProofStep
from app.domain.rated import RatedCharge
from app.domain.vocabulary import Ledger

CLAIM_PLACES = 2


def claim_step(basis: str, formula: str) -> ProofStep:
    """A step rounded half up to the cent, as claims are."""
    draft = ProofStep(basis, formula, Decimal(0), RoundingMode.HALF_UP, CLAIM_PLACES)
    return ProofStep(basis, formula, draft.replay(), draft.rounding, draft.places)


def prove_claim(rated: RatedCharge | None, steps: Iterable[ProofStep], claim: ProofStep) -> Proof:
    """The proof of the expected amount (where there is one), then `steps`, then the claim."""
    before = rated.proof if rated is not None and rated.proof is not None else Proof(())
    return Proof(
        steps=(*before.steps, *steps, claim),
        contract=before.contract,
        clause=before.clause,
        page=before.page,
        price_version=before.price_version,
    )


def accuse(
    rule: Rule[Any],
    context: AuditContext,
    message: str,
    claim: ProofStep,
    *,
    charge: ChargeFacts | None = None,
    rated: RatedCharge | None = None,
    steps: Iterable[ProofStep] = (),
    billed: Decimal | None = None,
    expected: Decimal | None = None,
    key: str = "",
    days: Period | None = None,
) -> FindingDraft:
    """A finding of `rule` on the context's invoice, or on `charge` of it; the claim is the result of `claim`.

    With nothing to claim it stands under CHECK, whatever the rule's ledger. `rated` gives the proof of the expected
    amount where that is part of the argument.
    """
    return FindingDraft(
        rule=rule.code,
        name=rule.name,
        version=rule.version,
        ledger=rule.ledger if claim.result > 0 else Ledger.CHECK,
        message=message,
        account_id=context.account.id,
        claim=claim.result,
        billed=charge.amount if billed is None and charge is not None else billed,
        expected=expected,
        invoice_id=context.invoice.id,
        charge_id=None if charge is None else charge.id,
        service_id=None if charge is None else charge.service_id,
        proof=prove_claim(rated, steps, claim),
        key=key,
        days=days,
    )
