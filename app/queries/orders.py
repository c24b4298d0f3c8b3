"""Service orders: what was asked of carriers, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.vocabulary import OrderAction
from app.models.inventory import BillingAccount, Carrier, Location
from app.models.operations import ServiceOrder

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class OrderState(StrEnum):
    """Where an order stands, by its days."""

    ORDERED = "ordered"
    LATE = "late"  # the day that the carrier has committed to is over
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Row:
    """One order."""

    id: int
    number: str
    action: OrderAction
    carrier: str
    ban: str
    identifier: str
    description: str
    code: str
    location: str
    contract: str
    ordered: date
    foc: date | None
    completed: date | None
    cancelled: date | None
    state: OrderState


def fetch(session: Session, today: date) -> list[Row]:
    """All orders, the latest first."""
    rows = session.execute(
        select(ServiceOrder, Carrier.name, BillingAccount.ban, Location.code)
        .join(Carrier, Carrier.id == ServiceOrder.carrier_id)
        .outerjoin(BillingAccount, BillingAccount.id == ServiceOrder.account_id)
        .outerjoin(Location, Location.id == ServiceOrder.location_id)
        .order_by(ServiceOrder.ordered.desc(), ServiceOrder.number, ServiceOrder.id)
    ).all()
    return [
        Row(
            id=one.id,
            number=one.number,
            action=one.action,
            carrier=carrier,
            ban=ban or "",
            identifier=one.circuit_id or one.tn,
            description=one.description,
            code=one.code,
            location=location or "",
            contract=one.contract,
            ordered=one.ordered,
            foc=one.foc,
            completed=one.completed,
            cancelled=one.cancelled,
            state=_state(one, today),
        )
        for one, carrier, ban, location in rows
    ]


def _state(order: ServiceOrder, today: date) -> OrderState:
    if order.cancelled is not None:
        return OrderState.CANCELLED
    if order.completed is not None:
        return OrderState.COMPLETED
    return OrderState.LATE if order.foc is not None and order.foc < today else OrderState.ORDERED
