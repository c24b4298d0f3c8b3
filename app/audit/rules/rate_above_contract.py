"""The price billed is higher than the contract's.

Formula: claim = (u − u_c) × quantity, where u is the billed price per unit and u_c the contract price in force
on the first day of the period: billed − expected. A price that changes within the period counts for its own days,
unless the contract lets the first day decide. Accused where it is more than the tolerance: 0.01 for
recurring and one-time charges; for usage the larger of 5.00 and 1 % of the expected amount. Of usage this is
only the part that the price makes: the expected amount is that of the billed minutes (recorded amount + what a
minute costs × (billed − recorded minutes), where call records exist), and usage_not_in_records accuses the
minutes. A minute costs u_c, per 60 seconds and in the bill's currency. Where call records exist but price and
minutes cannot be told apart (connect fees, groups of seconds, rounding of each call, or no minutes on the bill),
usage_not_in_records accuses the whole difference and this rule nothing.

Fields: the charge's amount, quantity and period; the price in force, its clause and the day from which it
holds. Judged are recurring charges of whole months, one-time charges that are not waived, and usage. Parts of a
month are judged by proration_wrong, waived one-time charges by one_time_charge_repeated.

Remedy: dispute with the contract's clause; ask for the price to be corrected from its first day, and look at
the earlier bills of the same service.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.audit.claims import accuse, claim_step
from app.audit.rule import Rule
from app.audit.tolerance import usage_tolerance
from app.audit.wording import name_price, say
from app.domain.finding import FindingDraft
from app.domain.history import AuditContext, ChargeFacts
from app.domain.proof import ProofStep, written
from app.domain.rated import RatedCharge
from app.domain.vocabulary import ChargeType, Ledger, RatingOutcome


def rate_above_contract(context: AuditContext) -> Iterator[FindingDraft]:
    """Yield a finding for each charge whose price is above the contract's by more than the tolerance."""
    for charge in context.invoice.charges:
        rated = context.rated.get(charge.id)
        if charge.amount <= 0 or rated is None or rated.outcome is not RatingOutcome.RATED or rated.prorated:
            continue
        if charge.charge_type is ChargeType.NRC and rated.waived:
            continue
        steps = _price_billed_minutes(charge, rated)
        if steps is None or rated.expected is None:
            continue
        expected = steps[-1].result if steps else rated.expected
        usage = charge.charge_type is ChargeType.USAGE
        tolerance = usage_tolerance(context, expected) if usage else context.tolerances.recurring
        if charge.amount - expected <= tolerance:
            continue
        claim = claim_step("Billed − expected", f"{written(charge.amount)} − {written(expected)}")
        makes = "" if expected == rated.unit_price or rated.waived else f", which makes {say(expected)}"
        yield accuse(
            RULE,
            context,
            f"Billed {say(charge.amount)}, {name_price(context, rated)}{makes}: {say(claim.result)} too much.",
            claim,
            charge=charge,
            rated=rated,
            steps=steps,
            expected=expected,
        )


def _price_billed_minutes(charge: ChargeFacts, rated: RatedCharge) -> tuple[ProofStep, ...] | None:
    """Steps from the amount of the recorded minutes to that of the billed ones; none where rating used the billed.

    None where price and minutes cannot be told apart beside our records: where the bill states no minutes, or the
    contract's price of calls is not in proportion to them.
    """
    recorded, expected, price = rated.recorded_quantity, rated.expected, rated.minute_price
    if recorded is None or expected is None:
        return ()
    if charge.quantity is None or price is None:
        return None
    formula = f"{written(expected)} + {written(price)} × ({written(charge.quantity)} − {written(recorded)})"
    return (claim_step("The billed minutes at the contract price", formula),)


RULE: Rule[AuditContext] = Rule(
    code="A30",
    name="rate_above_contract",
    version=1,
    ledger=Ledger.ERROR,
    check=rate_above_contract,
    summary="The price billed is above the contract price in force.",
)
