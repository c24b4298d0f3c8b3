"""What a contract says: its prices with their scope and days, and how it counts and rounds. Variants are fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.domain.money import RoundingMode
from app.domain.vocabulary import (
    ChargeType,
    ExchangeDay,
    PriceChange,
    PriceModel,
    ProrationMethod,
    RoundingScope,
    ServiceKind,
)


@dataclass(frozen=True, slots=True)
class RateElementTerms:
    """One price in a contract, or a change of prices, with the scope that it holds for: None means any.

    `parameters` are those that its model declares (app.domain.parameters). `amendment` names the amendment that brought
    it, `agreed` the day that was agreed on and `reason` why: bills dated before that day were billed without it.
    """

    id: int
    contract_id: int
    code: str
    charge_type: ChargeType
    model: PriceModel
    price: Decimal
    effective_from: date
    effective_to: date | None = None
    service_id: int | None = None
    location_id: int | None = None
    service_kind: ServiceKind | None = None
    zone: str = ""
    waived: bool = False
    parameters: str = ""
    clause: str = ""
    page: int | None = None
    description: str = ""
    amendment: str = ""
    agreed: date | None = None
    reason: str = ""

    def in_force(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """A contract, or an offer for one: its variants are fields, never constants in code."""

    id: int
    carrier_id: int
    number: str
    start: date
    end: date | None
    currency: str
    elements: tuple[RateElementTerms, ...]
    account_ids: tuple[int, ...] = ()  # empty: all of the carrier's accounts
    proration: ProrationMethod = ProrationMethod.ACTUAL
    disconnect_day_billed: bool = False
    rounding: RoundingMode = RoundingMode.HALF_UP
    rounding_places: int = 2
    rounding_scope: RoundingScope = RoundingScope.CHARGE
    price_change: PriceChange = PriceChange.SPLIT
    time_zone: str = "UTC"
    exchange: ExchangeDay = ExchangeDay.NONE
    offer: bool = False
    payment_days: int = 30
    dispute_days: int = 60
    withhold_days: int = 30

    def first_unbilled_day(self, disconnected: date) -> date:
        """The first day that may not be billed for a service disconnected on that day."""
        return disconnected + timedelta(days=1) if self.disconnect_day_billed else disconnected
