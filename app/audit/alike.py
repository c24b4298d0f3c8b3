"""When two charges are for the same thing, and which credits take one back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from app.domain.finding import FindingDraft
from app.domain.history import AuditContext, ChargeFacts

Likeness = tuple[str, str, str]
_THEMSELVES = ("A03", "A36")


def likeness(charge: ChargeFacts) -> Likeness:
    """Service and code, the same for charges for one thing.

    Where either is not printed the description counts too: two empty codes or services say nothing.
    """
    code = _code(charge)
    described = "" if code and charge.service_key else " ".join(charge.description.casefold().split())
    return charge.service_key, code, described


def charges_before(context: AuditContext) -> Iterator[ChargeFacts]:
    """The charges of the account's earlier invoices and the carrier's other ones before this, each once.

    A charge without a period of its own has its invoice's, where that is known; a credit says no days of its own.
    """
    seen = {charge.id for charge in context.invoice.charges}
    earlier = (
        charge if charge.period or charge.amount < 0 else replace(charge, period=invoice.period_of(charge))
        for invoice in context.earlier
        for charge in invoice.charges
    )
    for charge in (*earlier, *context.peers):
        if charge.id not in seen:
            seen.add(charge.id)
            yield charge


def gives_back(credit: ChargeFacts, charge: ChargeFacts, *amounts: Decimal) -> bool:
    """Whether `credit` is a negative charge of the same service and code over one of `amounts`."""
    same = credit.service_key == charge.service_key and _code(credit) == _code(charge)
    return same and credit.amount < 0 and -credit.amount in amounts


def dated_credits(context: AuditContext) -> dict[str, list[ChargeFacts]]:
    """The credits on this bill and on the carrier's others that print service and days, by service."""
    given: dict[str, list[ChargeFacts]] = defaultdict(list)
    for credit in (*context.invoice.charges, *context.peers):
        if credit.amount < 0 and credit.period is not None and credit.service_key:
            given[credit.service_key].append(credit)
    return given


def is_given_back(
    context: AuditContext, charge: ChargeFacts, draft: FindingDraft, given: Mapping[str, Sequence[ChargeFacts]]
) -> bool:
    """Whether one of `given` (see dated_credits), for days of `charge`, of the same service and code, gives back
    exactly what `draft` claims.

    Only a credit that prints its days counts: one without may be for another month. A03 and A36 look at credits
    themselves.
    """
    period = context.invoice.period_of(charge)
    if period is None or not charge.service_key or draft.claim == 0 or draft.rule in _THEMSELVES:
        return False
    return any(
        credit.period is not None
        and credit.period.overlap(draft.days or period)
        and gives_back(credit, charge, draft.claim)
        for credit in given.get(charge.service_key, ())
    )


def _code(charge: ChargeFacts) -> str:
    return charge.code.strip().casefold()
