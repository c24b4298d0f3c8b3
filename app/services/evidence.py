"""What our own records say of a bill's charges, gathered for rating: calls, traffic, meters, work, outages, balances
and spend, by charge id.

Only charges whose price needs or can use such records are looked up; each kind is loaded at once for all of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.vocabulary import PriceModel
from app.rating.engine import ask
from app.rating.ratebook import Price, RateBook
from app.services.rated_calls import load_rated_calls
from app.services.recorded_balances import load_balances
from app.services.recorded_calls import load_usage
from app.services.recorded_outages import load_outages
from app.services.recorded_readings import METER_MODELS, load_readings
from app.services.recorded_spend import load_spend
from app.services.recorded_traffic import TRAFFIC_MODELS, load_traffic
from app.services.recorded_work import load_work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.domain.evidence import Evidence
    from app.domain.history import ChargeFacts, InvoiceFacts, ServiceFacts
    from app.services.workspace import Workspace


def load_evidence(
    session: Session,
    workspace: Workspace,
    invoice: InvoiceFacts,
    services: Mapping[int, ServiceFacts],
    book: RateBook,
    notes: dict[int, str] | None = None,
) -> dict[int, Evidence]:
    """Our records of the charges of `invoice`, by charge id. Months and days are those of the contract's time zone.

    `notes` gets what a reader should know of the records of a charge, or why there are none.
    """
    told = {} if notes is None else notes
    prices = {charge.id: price for charge in invoice.charges if (price := _price(charge, invoice, services, book))}
    models = {identity: price.element.model for identity, price in prices.items()}
    found: dict[int, Evidence] = {}
    for zone in sorted({prices[each].contract.time_zone for each, model in models.items() if _is_minutes(model)}):
        calls = load_usage(session, workspace.usage, invoice, services, zone)
        found |= {
            each: usage
            for each, usage in calls.items()
            if each in prices and _is_minutes(models[each]) and prices[each].contract.time_zone == zone
        }
    if any(model in TRAFFIC_MODELS for model in models.values()):
        found |= load_traffic(session, workspace.usage, invoice, services, prices, told)
    kinds = set(models.values())
    if kinds & METER_MODELS:
        found |= load_readings(session, workspace.usage, invoice, services, prices, told)
    if PriceModel.REMOTE_HANDS in kinds:
        found |= load_work(session, invoice, services, prices, told)
    if PriceModel.SLA_CREDIT in kinds:
        found |= load_outages(session, invoice, services, prices, told)
    if PriceModel.CALLS in kinds:
        wanted_calls = {each: price for each, price in prices.items() if models[each] is PriceModel.CALLS}
        found |= load_rated_calls(session, workspace.usage, invoice, services, wanted_calls, told)
    if PriceModel.LATE_CHARGE in models.values():
        balances, why = load_balances(session, invoice)
        for each in (each for each, model in models.items() if model is PriceModel.LATE_CHARGE):
            _keep(found, told, each, balances, why)
    for charge in invoice.charges:
        if models.get(charge.id) is PriceModel.COMMITMENT:
            spend, why = load_spend(session, invoice, charge, prices[charge.id])
            _keep(found, told, charge.id, spend, why)
    return found


def _keep(found: dict[int, Evidence], told: dict[int, str], charge_id: int, facts: Evidence | None, why: str) -> None:
    if facts is not None:
        found[charge_id] = facts
    elif why:
        told[charge_id] = why


def _price(
    charge: ChargeFacts, invoice: InvoiceFacts, services: Mapping[int, ServiceFacts], book: RateBook
) -> Price | None:
    service = None if charge.service_id is None else services.get(charge.service_id)
    found = book.find(replace(ask(charge, invoice, service), known_on=invoice.bill_date))
    return found if isinstance(found, Price) else None


def _is_minutes(model: PriceModel) -> bool:
    return model is PriceModel.PER_MINUTE
