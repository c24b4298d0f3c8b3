"""Inventory without a price: active services whose monthly charge no contract prices on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.history import ServiceFacts
from app.domain.vocabulary import ChargeType, ServiceStatus
from app.rating.ratebook import NoPrice, PriceQuestion, RateBook

_BILLED = frozenset({ServiceStatus.ACTIVE, ServiceStatus.DISCONNECT_REQUESTED})
NO_ACCOUNT = 0  # no account has this id: only contracts for all accounts fit


@dataclass(frozen=True, slots=True)
class UnpricedService:
    """`service` has no price in force on `day`; `reason` says what comes nearest."""

    service: ServiceFacts
    day: date
    reason: str

    @property
    def message(self) -> str:
        return (
            f"{self.service.label} ({self.service.code}) has no monthly price on {self.day.isoformat()}: {self.reason} "
            "Add its price to the contract, or correct the service's code."
        )


def find_unpriced_services(services: Iterable[ServiceFacts], book: RateBook, day: date) -> tuple[UnpricedService, ...]:
    """The services in use on `day` whose code has no price in force, in any currency of their carrier's contracts.

    A service without a code is judged by the codes of its charges, and a service of no account by the contracts of any.
    Several prices at once are a fault of another kind.
    """
    found = []
    for service in services:
        if not service.code or not _is_used(service, day):
            continue
        answers = [book.find(question) for question in _questions(service, book, day)]
        if all(isinstance(answer, NoPrice) for answer in answers):
            reasons = [answer.reason for answer in answers if isinstance(answer, NoPrice)]
            found.append(UnpricedService(service, day, reasons[0] if reasons else "its carrier has no contract."))
    return tuple(found)


def _is_used(service: ServiceFacts, day: date) -> bool:
    begun = service.installed is None or service.installed <= day
    return service.status in _BILLED and begun and (service.disconnected is None or day < service.disconnected)


def _questions(service: ServiceFacts, book: RateBook, day: date) -> list[PriceQuestion]:
    contracts = [each for each in book.contracts if each.carrier_id == service.carrier_id and not each.offer]
    if service.account_id is None:
        accounts = [NO_ACCOUNT, *sorted({account for each in contracts for account in each.account_ids})]
    else:
        accounts = [service.account_id]
    return [
        PriceQuestion(service.carrier_id, account, service.code, ChargeType.MRC, day, currency, service)
        for account in accounts
        for currency in dict.fromkeys(each.currency for each in contracts)
    ]
