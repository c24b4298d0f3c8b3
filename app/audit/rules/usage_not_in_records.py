"""More usage is billed than our call records show.

Formula: claim = what a minute costs × (billed minutes − recorded minutes), accused where it is more than the
usage tolerance: the larger of 5.00 and 1 % of the expected amount. Recorded minutes are the answered calls of the
number and period, each counted in the contract's first and further increments. A minute costs the contract's
price per 60 seconds, in the bill's currency. Where the bill states no minutes, and where the price of calls is not
in proportion to minutes (a connect fee, groups of seconds, rounding of each call), the claim is billed − expected.

Fields: the charge's minutes, amount and period; our call records, where they cover the number and the whole
period; the contract's price, the seconds that it is for, initial seconds and increment seconds.

Remedy: send the carrier our call detail for the period and ask for theirs; check that both count in one time
zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.audit.claims import accuse, claim_step
from app.audit.rule import Rule
from app.audit.tolerance import usage_tolerance
from app.audit.wording import name_price, say, say_minutes
from app.domain.finding import FindingDraft
from app.domain.history import AuditContext, ChargeFacts
from app.domain.proof import written
from app.domain.rated import RatedCharge
from app.domain.vocabulary import ChargeType, Ledger, RatingOutcome


def usage_not_in_records(context: AuditContext) -> Iterator[FindingDraft]:
    """Yield a finding for each usage charge that bills noticeably more than the records show."""
    for charge in context.invoice.charges:
        rated = context.rated.get(charge.id)
        if charge.charge_type is not ChargeType.USAGE or charge.amount <= 0 or rated is None:
            continue
        if rated.outcome is RatingOutcome.RATED and rated.recorded_quantity is not None:
            yield from _compare(context, charge, rated)


def _compare(context: AuditContext, charge: ChargeFacts, rated: RatedCharge) -> Iterator[FindingDraft]:
    expected, recorded, price = rated.expected, rated.recorded_quantity, rated.minute_price
    if expected is None or recorded is None:
        return
    if charge.quantity is None or price is None:
        claim = claim_step("Billed − expected", f"max(0, {written(charge.amount)} − {written(expected)})")
    else:
        formula = f"max(0, {written(price)} × ({written(charge.quantity)} − {written(recorded)}))"
        claim = claim_step("Price × (billed minutes − recorded minutes)", formula)
    if claim.result <= usage_tolerance(context, expected):
        return
    minutes = "without stating minutes" if charge.quantity is None else f"for {say_minutes(charge.quantity)} minutes"
    yield accuse(
        RULE,
        context,
        f"Billed {say(charge.amount)} {minutes}, our call records show {say_minutes(recorded)}, and "
        f"{name_price(context, rated)}{_say_what_it_makes(rated, expected)}: {say(claim.result)} too much.",
        claim,
        charge=charge,
        rated=rated,
        expected=expected,
    )


def _say_what_it_makes(rated: RatedCharge, expected: Decimal) -> str:
    """What the contract's price comes to: of a minute where that can be said, else of all recorded calls."""
    if rated.minute_price is None:
        return f", which makes {say(expected)} for the recorded calls"
    return " a minute" if rated.minute_price == rated.unit_price else f", {say(rated.minute_price)} a minute"


RULE: Rule[AuditContext] = Rule(
    code="A63",
    name="usage_not_in_records",
    version=1,
    ledger=Ledger.ERROR,
    check=usage_not_in_records,
    summary="More usage is billed than our call records show.",
)
