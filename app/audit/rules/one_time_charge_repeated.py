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

from collections import defaultdict
from collections.abc import Iterator

from app.audit.alike import Likeness, charges_before, gives_back, likeness
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
    billed: dict[Likeness, list[ChargeFacts]] = defaultdict(list)
    negative: list[ChargeFacts] = []
    for charge in (*charges_before(context), *sorted(context.invoice.charges, key=lambda each: each.seq)):
        if charge.amount < 0:
            negative.append(charge)
        elif charge.charge_type is ChargeType.NRC and charge.amount > 0:
            billed[likeness(charge)].append(charge)
    for charge in context.invoice.charges:
        if charge.charge_type is not ChargeType.NRC or charge.amount <= 0:
            continue
        rated = context.rated.get(charge.id)
        first = _find_first(charge, billed[likeness(charge)], negative)
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


def _find_first(charge: ChargeFacts, alike: list[ChargeFacts], negative: list[ChargeFacts]) -> ChargeFacts | None:
    """The first charge for the same thing that no credit has given back; None where all have been."""
    earlier = [
        other
        for other in alike
        if (charge.service_key or other.account_id == charge.account_id)
        and (other.invoice_id != charge.invoice_id or other.seq < charge.seq)
    ]
    if not earlier:
        return None
    amounts = {charge.amount, *(other.amount for other in earlier)}
    given_back = sum(
        gives_back(credit, charge, *amounts)
        for credit in negative
        if charge.service_key or credit.account_id == charge.account_id
    )
    return earlier[0] if len(earlier) > given_back else None


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
