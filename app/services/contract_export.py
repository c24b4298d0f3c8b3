"""Contracts, prices and exchange rates as the workbook that they are imported from: for editing and importing again."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.importers.records.columns import CONTRACTS, EXCHANGE_RATES, PRICES
from app.importers.records.templates import Values, contracts_workbook
from app.models.contracts import Contract, ExchangeRate, RateElement
from app.models.inventory import Carrier, Location, Service

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def export_contracts(session: Session, contract_ids: Collection[int] | None = None) -> bytes:
    """The workbook of these contracts (None: of all) with their prices, and of all exchange rates, as XLSX.

    Importing it unchanged changes nothing.
    """
    sheets = {
        CONTRACTS.name: _contracts(session, contract_ids),
        PRICES.name: _prices(session, contract_ids),
        EXCHANGE_RATES.name: _rates(session),
    }
    return contracts_workbook(sheets)


def _contracts(session: Session, wanted: Collection[int] | None) -> list[Values]:
    selected = select(Contract, Carrier.name).join(Carrier, Carrier.id == Contract.carrier_id)
    if wanted is not None:
        selected = selected.where(Contract.id.in_(wanted))
    rows = session.execute(selected.order_by(Carrier.name, Contract.start, Contract.id))
    names = [column.field for column in CONTRACTS.columns if column.field != "carrier"]
    return [{"carrier": carrier, **{name: getattr(row, name) for name in names}} for row, carrier in rows]


def _prices(session: Session, wanted: Collection[int] | None) -> list[Values]:
    selected = (
        select(RateElement, Contract.number, Carrier.name, Service, Location.code)
        .join(Contract, Contract.id == RateElement.contract_id)
        .join(Carrier, Carrier.id == Contract.carrier_id)
        .outerjoin(Service, Service.id == RateElement.service_id)
        .outerjoin(Location, Location.id == RateElement.location_id)
    )
    if wanted is not None:
        selected = selected.where(RateElement.contract_id.in_(wanted))
    selected = selected.order_by(
        Carrier.name, Contract.start, Contract.id, RateElement.code, RateElement.effective_from, RateElement.id
    )
    elsewhere = {"contract", "carrier", "circuit_id", "tn", "location"}
    names = [column.field for column in PRICES.columns if column.field not in elsewhere]
    return [
        {
            "contract": number,
            "carrier": carrier,
            "circuit_id": service.circuit_id if service is not None else "",
            "tn": service.tn if service is not None and not service.circuit_id else "",
            "location": place,
            **{name: getattr(row, name) for name in names},
        }
        for row, number, carrier, service, place in session.execute(selected)
    ]


def _rates(session: Session) -> list[Values]:
    rates = session.scalars(select(ExchangeRate).order_by(ExchangeRate.base, ExchangeRate.quote, ExchangeRate.day))
    return [
        {"base": row.base, "quote": row.quote, "day": row.day, "rate": row.rate, "said_by": row.source} for row in rates
    ]
