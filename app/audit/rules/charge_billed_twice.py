"""A recurring charge is billed again for days that were billed before.

Formula: claim = smaller amount × days in both periods ÷ days of the smaller one's period. The same service (as
printed, normalised) and code, and where no code is printed the same description; periods that share at least
one day; on the same bill, an earlier one, or one of another account of the carrier. The later charge is
accused. Each day is claimed once, however often it was billed before.

Not accused where a negative charge of the same service and code gives the amount back: the amount of either
charge or of the claim, for days in common (a credit without a period: on either of the two bills); or, for all
the days in common, what they cost on the earlier charge, within a tenth, as methods of proration differ.

Fields: printed service, code, type (MRC), amount and period of the invoice's charges and of the carrier's
earlier ones.

Remedy: dispute naming both bills; where the service has moved between accounts, ask for the old one's credit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.audit.alike import Likeness, charges_before, gives_back, likeness
from app.audit.claims import accuse, claim_step
from app.audit.rule import Rule
from app.audit.wording import count, name_charge, say, say_days
from app.domain.finding import FindingDraft
from app.domain.history import AuditContext, ChargeFacts
from app.domain.period import Period
from app.domain.proof import ProofStep, written
from app.domain.vocabulary import ChargeType, Ledger


@dataclass(frozen=True, slots=True)
class Repeat:
    """A charge beside an earlier one for the same thing, and the days that both bill."""

    charge: ChargeFacts
    earlier: ChargeFacts
    earlier_period: Period
    days: Period
    claim: ProofStep


def charge_billed_twice(context: AuditContext) -> Iterator[FindingDraft]:
    """Yield a finding for each earlier charge that a recurring charge repeats, in the order of the invoice."""
    before, negative = _known_charges(context)
    for charge in sorted(context.invoice.charges, key=lambda each: each.seq):
        period = context.invoice.period_of(charge)
        if charge.charge_type is not ChargeType.MRC or charge.amount <= 0 or not charge.service_key or period is None:
            continue
        for repeat in _repeats(charge, period, before[likeness(charge)]):
            credit = next((each for each in negative if _offsets(each, repeat)), None)
            if credit is None:
                yield _accuse(context, repeat)
            else:
                negative.remove(credit)  # it gives back one of them, not all
        before[likeness(charge)].append((charge, period))


def _known_charges(
    context: AuditContext,
) -> tuple[dict[Likeness, list[tuple[ChargeFacts, Period]]], list[ChargeFacts]]:
    """Recurring charges before this invoice by what they are for, and all negative ones, this invoice's among them."""
    before: dict[Likeness, list[tuple[ChargeFacts, Period]]] = defaultdict(list)
    negative = [charge for charge in context.invoice.charges if charge.amount < 0]
    for charge in charges_before(context):
        if charge.amount < 0:
            negative.append(charge)
        elif charge.amount > 0 and charge.charge_type is ChargeType.MRC and charge.period is not None:
            before[likeness(charge)].append((charge, charge.period))
    return before, negative


def _repeats(charge: ChargeFacts, period: Period, before: list[tuple[ChargeFacts, Period]]) -> list[Repeat]:
    """What `charge` repeats, the largest claim first."""
    found = []
    for earlier, earlier_period in before:
        days = period.overlap(earlier_period)
        if days is None:
            continue
        # of two equal amounts the longer period's day costs less, and the claim stays on the safe side
        amount, length = min((charge.amount, -period.days), (earlier.amount, -earlier_period.days))
        claim = claim_step(
            "The smaller of both charges × days billed twice ÷ days of its period",
            f"{written(amount)} × {days.days} ÷ {-length}",
        )
        found.append(Repeat(charge, earlier, earlier_period, days, claim))
    return sorted(found, key=lambda repeat: (-repeat.claim.result, repeat.earlier.id))


def _offsets(credit: ChargeFacts, repeat: Repeat) -> bool:
    """Whether `credit` takes one of both charges back."""
    if credit.period is None:
        near = credit.invoice_id in (repeat.charge.invoice_id, repeat.earlier.invoice_id)
    else:
        near = credit.period.overlap(repeat.days) is not None
        if credit.period.overlap(repeat.days) == repeat.days and gives_back(credit, repeat.charge, -credit.amount):
            share = repeat.earlier.amount * repeat.days.days / repeat.earlier_period.days
            if abs(share + credit.amount) * 10 <= share:
                return True
    return near and gives_back(credit, repeat.charge, repeat.charge.amount, repeat.earlier.amount, repeat.claim.result)


def _accuse(context: AuditContext, repeat: Repeat) -> FindingDraft:
    charge, earlier, claim = repeat.charge, repeat.earlier, repeat.claim.result
    return accuse(
        RULE,
        context,
        f"Billed {say(charge.amount)} for {name_charge(charge)}, but {_name_bill(context, earlier)} already bills "
        f"{say(earlier.amount)} for {say_days(repeat.earlier_period)}: {count(repeat.days.days, 'day')} "
        f"({say_days(repeat.days)}) billed twice, {say(claim)} too much.",
        repeat.claim,
        charge=charge,
        expected=max(charge.amount - claim, Decimal(0)),
        key=f"charge {earlier.id}",
        days=repeat.days,
    )


def _name_bill(context: AuditContext, earlier: ChargeFacts) -> str:
    if earlier.invoice_id == context.invoice.id:
        return "an earlier charge of this bill"
    numbers = {invoice.id: invoice.number for invoice in context.earlier} | dict(context.invoice_numbers)
    number = numbers.get(earlier.invoice_id, "")
    bill = f"bill {number}" if number else "an earlier bill"
    return bill if earlier.account_id == context.invoice.account_id else f"{bill} of another account"


RULE: Rule[AuditContext] = Rule(
    code="A03",
    name="charge_billed_twice",
    version=1,
    ledger=Ledger.ERROR,
    check=charge_billed_twice,
    summary="A recurring charge is billed again for days already billed.",
)
