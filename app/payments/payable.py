"""What is to be paid of a bill: its current charges, less what is withheld under a dispute, plus what a later credit or
an opening balance adds. The one place that decides it, for approval, scheduling and display.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.money import ZERO, round_amount
from app.domain.vocabulary import DisputeStatus

_WITHHELD_IF_FILED_IN_TIME = frozenset({DisputeStatus.FILED, DisputeStatus.ACKNOWLEDGED})
_ANSWERED = frozenset({DisputeStatus.APPROVED, DisputeStatus.CREDITED, DisputeStatus.CLOSED})


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """A disputed finding of the bill. `withheld` is what of it stays unpaid since the bill's last approval.

    `outside` is the part of the claim that is no part of what we pay: a balance carried forward wrongly, or a total
    that is more than its charges. It is not withheld, because it was never going to be paid.
    """

    finding_id: int
    claim: Decimal
    status: DisputeStatus
    withhold_by: date | None = None
    filed_on: date | None = None
    withheld: Decimal = ZERO
    granted: Decimal | None = None
    outside: Decimal = ZERO

    def withholds(self, as_of: date) -> Decimal:
        """By how much the claim lowers what is paid, as things stand on `as_of`.

        A draft withholds until the contract's last day for withholding; a filed dispute for as long as it is open, if
        it was filed by that day; without such a day, both withhold. Once the carrier has granted a part, that part
        stays unpaid where it was withheld, because it comes as a credit on a later bill (see `restored`). What was
        denied or withdrawn has to be paid.
        """
        inside = self.claim - self.outside
        if self.status is DisputeStatus.DRAFT:
            in_time = self.withhold_by is None or as_of <= self.withhold_by
            return inside if in_time else ZERO
        if self.status in _WITHHELD_IF_FILED_IN_TIME:
            filed = self.filed_on or as_of
            return inside if self.withhold_by is None or filed <= self.withhold_by else ZERO
        if self.status in _ANSWERED:
            return max(ZERO, min(self.withheld - self.outside, self.granted or ZERO, inside))
        return ZERO


@dataclass(frozen=True, slots=True)
class PayableFacts:
    """A bill as payment sees it.

    `opening` is the balance before the first bill that we know of the account, 0 on every other bill. `restored` are
    credits on this bill for amounts that we had withheld: the carrier returns what we never paid, so it is added back.
    `paid` is what payments that are neither void nor returned have settled of it, credits set off included. `charges`
    are (place, amount) of each charge.
    """

    invoice_id: int
    number: str
    currency: str
    current_charges: Decimal
    total_due: Decimal
    charges: tuple[tuple[int, Decimal], ...] = ()
    opening: Decimal = ZERO
    restored: Decimal = ZERO
    paid: Decimal = ZERO
    claims: tuple[ClaimFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Payable:
    """`amount` = `gross` − `withheld`, negative where the bill is a credit; `open` is what of it is not paid yet.

    `payload` changes whenever anything does that an approval was given for.
    """

    invoice_id: int
    number: str
    currency: str
    gross: Decimal
    withheld: Decimal
    amount: Decimal
    paid: Decimal
    payload: str

    @property
    def open(self) -> Decimal:
        return self.amount - self.paid


def work_out(facts: PayableFacts, as_of: date) -> Payable:
    """What is payable of a bill as things stand on `as_of`, in whole cents."""
    gross = facts.current_charges + facts.opening + facts.restored
    claimed = sum((claim.withholds(as_of) for claim in facts.claims), ZERO)
    withheld = round_amount(min(claimed, max(gross, ZERO)))
    gross = round_amount(gross)
    amount = gross - withheld
    return Payable(
        invoice_id=facts.invoice_id,
        number=facts.number,
        currency=facts.currency,
        gross=gross,
        withheld=withheld,
        amount=amount,
        paid=facts.paid,
        payload=_payload(facts, gross, withheld),
    )


def unpaid_by_finding(facts: PayableFacts, as_of: date) -> dict[int, Decimal]:
    """What of each claim stays unpaid if the bill is paid now: its share of the withheld amount, the same total to the
    cent, and what is outside of the payment anyway."""
    left = work_out(facts, as_of).withheld
    shares: dict[int, Decimal] = {}
    for claim in facts.claims:
        share = min(left, round_amount(claim.withholds(as_of)))
        shares[claim.finding_id] = share + claim.outside
        left -= share
    return shares


def _payload(facts: PayableFacts, gross: Decimal, withheld: Decimal) -> str:
    charges = hashlib.sha256(
        "\n".join(f"{place} {amount.normalize():f}" for place, amount in sorted(facts.charges)).encode()
    ).hexdigest()
    amounts = (facts.current_charges, facts.total_due, gross, withheld)
    written = "|".join(
        [str(facts.invoice_id), facts.currency, *(f"{value.normalize():f}" for value in amounts), charges]
    )
    return hashlib.sha256(written.encode()).hexdigest()
