"""Checking the price books of a workspace: what rating would stumble over, with the remedy. Nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.parameters import read_settings
from app.domain.vocabulary import DeckKind, PriceModel, Severity
from app.models.contracts import Contract
from app.models.inventory import Carrier
from app.rating.charge_models import calls
from app.rating.lint import (
    RiseTwice,
    find_doubled_escalators,
    find_gaps,
    find_overlaps,
    find_unpriced_prefixes,
    find_unpriced_services,
    find_unpriced_zones,
    find_unreachable,
    find_unreadable,
)
from app.rating.ratebook import RateBook, code_key
from app.services.decks import DeckDamaged, DeckMissing, deck_rows, load_deck, place_rows
from app.services.facts import load_contracts, load_services

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from app.domain.history import ServiceFacts
    from app.domain.terms import ContractTerms, RateElementTerms
    from app.rating.ratebook import Price
    from app.services.workspace import Workspace

Found = tuple[Severity, str, str, str]  # contract, code and message
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class PriceFault:
    """One fault of a price book. ERROR keeps charges from being rated, WARNING asks for a look. `contract` and `code`
    are empty where the fault is in none."""

    severity: Severity
    carrier: str
    contract: str
    code: str
    message: str


def run(workspace: Workspace) -> list[PriceFault]:
    """The faults of all contracts and offers, and services in use without a price today: errors first."""
    today = workspace.today()
    with workspace.database.reading() as session:
        carriers = session.execute(select(Carrier.id, Carrier.name).order_by(Carrier.name)).all()
        services = {each: facts for row in carriers for each, facts in load_services(session, row.id).items()}
        found = [
            PriceFault(severity, row.name, contract, code, message)
            for row in carriers
            for severity, contract, code, message in _check_carrier(session, workspace, row.id, services, today)
        ]
    return sorted(found, key=lambda fault: (_ORDER.index(fault.severity), fault.carrier, fault.contract, fault.code))


def _check_carrier(
    session: Session, workspace: Workspace, carrier_id: int, services: Mapping[int, ServiceFacts], today: date
) -> Iterator[Found]:
    offers = session.scalars(select(Contract.id).where(Contract.carrier_id == carrier_id, Contract.offer)).all()
    contracts = load_contracts(session, carrier_id, offers)
    unreadable = find_unreadable(contracts)
    for unread in unreadable:
        yield _at(unread.price, Severity.ERROR, unread.message)
    for overlap in find_overlaps(contracts):
        yield _at(overlap.first, Severity.ERROR, overlap.message)
    for gap in find_gaps(contracts):
        yield _at(gap.price, Severity.WARNING, gap.message)
    for unreachable in find_unreachable(contracts, services):
        yield _at(unreachable.price, Severity.WARNING, unreachable.message)
    for doubled in find_doubled_escalators(contracts):
        price = doubled.later if isinstance(doubled, RiseTwice) else doubled.first
        yield _at(price, Severity.WARNING, doubled.message)
    firm = RateBook(contract for contract in contracts if not contract.offer)
    ours = [service for service in services.values() if service.carrier_id == carrier_id]
    for unpriced in find_unpriced_services(ours, firm, today):
        yield Severity.WARNING, "", unpriced.service.code, unpriced.message
    broken = {fault.price.element.id for fault in unreadable}
    for contract in contracts:
        for element in contract.elements:
            if element.model is PriceModel.CALLS and not element.zone and element.id not in broken:
                for severity, message in _check_deck(session, workspace, contract, element, today):
                    yield severity, contract.number, element.code, message


def _at(price: Price, severity: Severity, message: str) -> Found:
    return severity, price.contract.number, price.element.code, message


def _check_deck(
    session: Session, workspace: Workspace, contract: ContractTerms, element: RateElementTerms, today: date
) -> Iterator[tuple[Severity, str]]:
    """The rate deck of a price of calls: that it is here, prices its zones, and covers the places it is used for."""
    settings = read_settings(element.parameters, calls.PARAMETERS)
    deck, places = settings.text("deck"), settings.text("places")
    try:
        rows = list(deck_rows(load_deck(session, workspace.usage, contract.carrier_id, deck)))
        known = load_deck(session, workspace.usage, contract.carrier_id, places, DeckKind.PLACES) if places else None
    except (DeckMissing, DeckDamaged) as fault:
        yield Severity.ERROR, fault.message
        return
    held = [
        row for row in rows if row.effective_from <= today and (row.effective_to is None or today < row.effective_to)
    ]
    ours = [each.zone for each in contract.elements if each.zone and code_key(each.code) == code_key(element.code)]
    for zones in find_unpriced_zones(deck, {row.zone: row.price for row in held}, ours):
        yield Severity.WARNING, zones.message
    if known is not None:
        wanted = (row.prefix for row in place_rows(known))
        for prefixes in find_unpriced_prefixes(deck, {row.prefix for row in held}, wanted):
            yield Severity.WARNING, prefixes.message
