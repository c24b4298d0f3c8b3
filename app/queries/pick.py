"""From what a person types to the one carrier or bill that is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.identifiers import number_key
from app.domain.vocabulary import InvoiceStatus
from app.errors import UserError
from app.models.inventory import BillingAccount, Carrier
from app.models.invoices import Invoice
from app.queries.carriers import find_carrier, list_carriers

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class UnknownCarrier(UserError):
    """There is no carrier {name} in this workspace; there are: {known}."""


class UnknownBill(UserError):
    """There is no bill {number} in this workspace: `main.py bills` lists their numbers."""


class SeveralBills(UserError):
    """Several bills have the number {number}: {places}. Name the carrier, or do it in the window."""


def pick_carrier(session: Session, name: str) -> int | None:
    """The carrier of that name, whatever its case and punctuation; None for no name. Raises UnknownCarrier."""
    if not name:
        return None
    found = find_carrier(session, name)
    if found is None:
        raise UnknownCarrier(name=name, known=", ".join(list_carriers(session)) or "none yet")
    return found


def pick_bill(session: Session, number: str, carrier_id: int | None = None) -> int:
    """The live bill of that number, whatever its zeros and punctuation. Raises UnknownBill or SeveralBills."""
    wanted = (
        select(Invoice.id, Carrier.name, BillingAccount.ban)
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .join(BillingAccount, BillingAccount.id == Invoice.account_id)
        .where(Invoice.number_key == number_key(number), Invoice.status != InvoiceStatus.SUPERSEDED)
        .order_by(Carrier.name, BillingAccount.ban)
    )
    if carrier_id is not None:
        wanted = wanted.where(Invoice.carrier_id == carrier_id)
    rows = session.execute(wanted).all()
    if not rows:
        raise UnknownBill(number=number)
    if len(rows) > 1:
        raise SeveralBills(number=number, places="; ".join(f"{row.name}, account {row.ban}" for row in rows))
    (found,) = rows
    return int(found.id)
