"""A one-time charge is billed again, or although the contract waives it.

Formula: claim = amount. Accused where the contract price is marked as waived; or where one-time charges of the
same service (as printed, normalised) and code stand on an earlier bill, or earlier on this one, and are not all
given back by negative charges of the same service, code and amount. Where no service or no code is printed, the
description must be the same too, and without a service only the same account counts.

Fields: printed service, code, description, type (NRC) and amount of the invoice's charges, of the account's
earlier ones and of the carrier's other ones; the mark "waived" of the price.

Remedy: dispute with the waiver's clause, or naming the bill that charged it first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.audit.alike import charges_before, gives_back, likeness
from app.audit.claims import accuse, claim_step
from app.audit.rule import Rule
from app.audit.wording import name_charge, name_price, say
from app.domain.finding import FindingDraft
from app.domain.history import AuditContext, ChargeFacts
from app.domain.money import ZERO
from app.domain.proof import written
from app.domain.rated import RatedCharge
from app.domain.vocabulary import ChargeType, Ledger


def one_time_charge_repeated(context: AuditContext) -> Iterator[FindingDraft]:
    """Yield a finding for each one-time charge that is waived or was billed before."""
    before = list(charges_before(context))
    for charge in sorted(context.invoice.charges, key=lambda each: each.seq):
        if charge.charge_type is not ChargeType.NRC or charge.amount <= 0:
            continue
        rated = context.rated.get(charge.id)
        first = _find_first(charge, [*before, *context.invoice.charges])
        if rated is not None and rated.waived:
            yield _accuse(context, charge, "being waived", name_price(context, rated), rated)
        elif first is not None:
            why = f"for which {say(first.amount)} were billed before, {_say_where(context, first)}"
            yield _accuse(context, charge, "being billed again", why)


def _accuse(
    context: AuditContext, charge: ChargeFacts, basis: str, why: str, rated: RatedCharge | None = None
) -> FindingDraft:
    return accuse(
        RULE,
        context,
        f"Billed {say(charge.amount)} for {name_charge(charge)}, {why}.",
        claim_step(f"The whole charge, {basis}", written(charge.amount)),
        charge=charge,
        rated=rated,
        expected=ZERO,
    )


def _find_first(charge: ChargeFacts, others: Iterable[ChargeFacts]) -> ChargeFacts | None:
    """The first charge for the same thing that no credit has given back; None where all have been."""
    near = [each for each in others if charge.service_key or each.account_id == charge.account_id]
    earlier = [each for each in near if _is_earlier(each, charge)]
    amounts = {charge.amount, *(each.amount for each in earlier)}
    given_back = sum(1 for each in near if gives_back(each, charge, *amounts))
    return earlier[0] if len(earlier) > given_back else None


def _is_earlier(other: ChargeFacts, charge: ChargeFacts) -> bool:
    same = other.charge_type is ChargeType.NRC and other.amount > 0 and likeness(other) == likeness(charge)
    return same and (other.invoice_id != charge.invoice_id or other.seq < charge.seq)


def _say_where(context: AuditContext, first: ChargeFacts) -> str:
    if first.invoice_id == context.invoice.id:
        return "earlier on this bill"
    numbers = {invoice.id: invoice.number for invoice in context.earlier} | dict(context.invoice_numbers)
    number = numbers.get(first.invoice_id, "")
    return f"on bill {number}" if number else "on an earlier bill"


RULE: Rule[AuditContext] = Rule(
    code="A36",
    name="one_time_charge_repeated",
    version=1,
    ledger=Ledger.ERROR,
    check=one_time_charge_repeated,
    summary="A one-time charge is waived, or was billed before.",
)
