"""Which charges of a bill are priced by records of meters, work or outages, with their accounts and days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.moments import utc_bounds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from app.domain.history import InvoiceFacts, ServiceFacts
    from app.domain.period import Period
    from app.domain.vocabulary import PriceModel
    from app.rating.ratebook import Price


@dataclass(frozen=True, slots=True)
class PricedCharge:
    """A charge, its service (None: the bill names none), its days as moments of the contract's zone, and its price."""

    charge_id: int
    service: ServiceFacts | None
    accounts: tuple[int, ...]
    period: Period
    start: int
    end: int
    price: Price

    @property
    def service_id(self) -> int:
        return self.service.id if self.service else 0


def priced_by(
    models: Collection[PriceModel],
    invoice: InvoiceFacts,
    services: Mapping[int, ServiceFacts],
    prices: Mapping[int, Price],
) -> Iterator[PricedCharge]:
    """The charges of `invoice` that have a period and one of these models."""
    for charge in invoice.charges:
        price, period = prices.get(charge.id), invoice.period_of(charge)
        if price is None or period is None or price.element.model not in models:
            continue
        service = None if charge.service_id is None else services.get(charge.service_id)
        accounts = {invoice.account_id, (service.account_id if service else None) or invoice.account_id}
        bounds = utc_bounds(period, price.contract.time_zone)
        yield PricedCharge(charge.id, service, tuple(sorted(accounts)), period, *bounds, price)
