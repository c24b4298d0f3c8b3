"""What can be offered to who types a bill in: the carriers and their accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models.inventory import BillingAccount, Carrier

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def fetch(session: Session) -> dict[str, tuple[str, ...]]:
    """The names of all carriers in order, each with the numbers of its accounts."""
    rows = session.execute(
        select(Carrier.name, BillingAccount.ban)
        .outerjoin(BillingAccount, BillingAccount.carrier_id == Carrier.id)
        .order_by(Carrier.name, BillingAccount.ban)
    )
    known: dict[str, tuple[str, ...]] = {}
    for name, ban in rows:
        known[name] = (*known.get(name, ()), *([ban] if ban else []))
    return known
