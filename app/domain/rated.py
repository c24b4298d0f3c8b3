"""The result of rating a charge."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.domain.proof import Proof
from app.domain.vocabulary import RatingOutcome


@dataclass(frozen=True, slots=True)
class RatedCharge:
    """Billed beside expected. Without a price `expected` is None, never 0.

    `unit_price` is the contract's price in force on the first day of the charge, before quantity and proration;
    `recorded_quantity` is what our usage records say where they cover the charge (minutes, under the contract's
    increments), else None. `minute_price` is what one more billed minute costs under the contract, in the bill's
    currency, at 10 places; None where the price of calls is not in proportion to minutes. `amended` is what the charge
    costs under amendments agreed on after the bill; None where none changes it.
    """

    charge_id: int
    billed: Decimal
    outcome: RatingOutcome
    expected: Decimal | None = None
    rate_element_id: int | None = None
    contract_id: int | None = None
    unit_price: Decimal | None = None
    prorated: bool = False
    waived: bool = False
    recorded_quantity: Decimal | None = None
    minute_price: Decimal | None = None
    amended: Decimal | None = None
    proof: Proof | None = None
    note: str = ""

    @property
    def variance(self) -> Decimal | None:
        """billed − expected; positive where the carrier bills too much."""
        return None if self.expected is None else self.billed - self.expected
