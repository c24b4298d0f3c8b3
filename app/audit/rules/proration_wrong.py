"""A recurring charge for part of a month is not what the contract's proration method gives.

Formula: claim = billed − price × quantity × fraction of the month by the contract's method (actual days,
thirtieths, 30/360, months and days, none). Accused where the difference is more than the recurring tolerance
(0.01). Where too little is billed nothing is claimed and a person should look.

Fields: the charge's amount, quantity and period; the contract's price in force on the first day, its proration
method and rounding. Not accused: whole months (rate_above_contract judges those). Of a charge with days before
install or after disconnect only what those rules leave is claimed.

Remedy: dispute with the contract's clause on partial months.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.audit.claims import accuse, claim_step
from app.audit.rule import Rule
from app.audit.wording import name_price, say, say_days
from app.domain.finding import FindingDraft
from app.domain.history import AuditContext
from app.domain.proof import written
from app.domain.vocabulary import ChargeType, Ledger, RatingOutcome


def proration_wrong(context: AuditContext) -> Iterator[FindingDraft]:
    """Yield a finding for each recurring charge of part of a month that differs from the contract's proration."""
    for charge in context.invoice.charges:
        rated = context.rated.get(charge.id)
        period = context.invoice.period_of(charge)
        if charge.charge_type is not ChargeType.MRC or charge.amount <= 0 or period is None:
            continue
        if rated is None or rated.outcome is not RatingOutcome.RATED or rated.expected is None or not rated.prorated:
            continue
        difference = charge.amount - rated.expected
        if abs(difference) <= context.tolerances.recurring:
            continue
        claim = claim_step("Billed − expected", f"max(0, {written(charge.amount)} − {written(rated.expected)})")
        verdict = "too much" if difference > 0 else "too little, in our favour"
        yield accuse(
            RULE,
            context,
            f"Billed {say(charge.amount)} for {say_days(period)}, {name_price(context, rated)} a month, which makes "
            f"{say(rated.expected)} for these days: {say(abs(difference))} {verdict}.",
            claim,
            charge=charge,
            rated=rated,
            expected=rated.expected,
        )


RULE: Rule[AuditContext] = Rule(
    code="A37",
    name="proration_wrong",
    version=1,
    ledger=Ledger.ERROR,
    check=proration_wrong,
    summary="A charge for part of a month is not prorated as the contract says.",
    yields_to=("A21", "A22"),
)
