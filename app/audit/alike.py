"""When two charges are for the same thing, and which credits take one back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from app.domain.history import AuditContext, ChargeFacts

Likeness = tuple[str, str, str]


def likeness(charge: ChargeFacts) -> Likeness:
    """Service and code, the same for charges for one thing.

    Where either is not printed the description counts too: two empty codes or services say nothing.
    """
    code = _code(charge)
    described = "" if code and charge.service_key else " ".join(charge.description.casefold().split())
    return charge.service_key, code, described


def charges_before(context: AuditContext) -> Iterator[ChargeFacts]:
    """The charges of the account's earlier invoices and the carrier's other ones before this, each once.

    A charge without a period of its own has its invoice's, where that is known.
    """
    seen = {charge.id for charge in context.invoice.charges}
    earlier = (
        charge if charge.period else replace(charge, period=invoice.period_of(charge))
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


def _code(charge: ChargeFacts) -> str:
    return charge.code.strip().casefold()
