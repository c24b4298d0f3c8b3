"""Offers: contracts that are compared and never price a bill, made from a contract and edited in its workbook."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from app.domain.money import EXACT, RATE_SCALE, round_amount
from app.errors import UserError
from app.models.contracts import Contract, RateElement
from app.models.inventory import BillingAccount, Carrier
from app.models.invoices import ChargeRating
from app.rating.parameters import PRICED, change_prices
from app.services.changes import Changes
from app.services.log import lock_workspace, record
from app.services.record_book import contract_key

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace

_LEAST_PERCENT = Decimal(-100)


class NumberTaken(UserError):
    """{carrier} has a contract or an offer {number} already: give the offer another number."""


class NoNumber(UserError):
    """An offer needs a number of letters and digits, by which it is told from the contract that it is a copy of."""


class PercentOutOfRange(UserError):
    """Prices cannot be changed by {percent} per cent: write a number above -100, such as -10 for a tenth less."""


class NotAnOffer(UserError):
    """{number} is a contract and not an offer: contracts stay, because bills have been rated by them."""


class OfferInUse(UserError):
    """The offer {number} cannot be discarded: {by}. Correct that first."""


def copy_as_offer(
    workspace: Workspace, contract_id: int, number: str, *, percent: Decimal | None = None, actor: str
) -> int:
    """Copy a contract with its prices as an offer under `number`; returns the offer's id.

    `percent` changes what is money for a unit (prices, tiers, connect fees): -10 makes it a tenth less, at the ten
    decimals of rates. Per cents, commitments, minimums, modifiers and rate decks stay as they are. Raises NumberTaken,
    NoNumber and PercentOutOfRange.
    """
    known_by = " ".join(number.split())
    if not contract_key(known_by):
        raise NoNumber
    if percent is not None and not (percent.is_finite() and percent > _LEAST_PERCENT):
        raise PercentOutOfRange(percent=percent)
    with workspace.database.writing() as session:
        lock_workspace(session)
        contract = session.get_one(Contract, contract_id)
        _refuse_taken(session, contract, known_by)
        offer = Contract(**_values(contract), number=known_by, offer=True)
        session.add(offer)
        session.flush()
        elements = session.scalars(
            select(RateElement).where(RateElement.contract_id == contract_id).order_by(RateElement.id)
        ).all()
        for element in elements:
            copy = RateElement(**_values(element), contract_id=offer.id)
            if percent is not None:
                _change(copy, percent)
            session.add(copy)
        session.flush()
        subject = f"contract {contract.number} as offer {known_by}"
        record(session, actor, "copied", subject, prices=len(elements), percent=percent)
        return offer.id


def discard_offer(workspace: Workspace, offer_id: int, *, actor: str) -> Changes:
    """Delete an offer with its prices. Raises NotAnOffer, and OfferInUse where anything was rated by it."""
    with workspace.database.writing() as session:
        lock_workspace(session)
        offer = session.get_one(Contract, offer_id)
        if not offer.offer:
            raise NotAnOffer(number=offer.number)
        _refuse_used(session, offer)
        session.execute(delete(RateElement).where(RateElement.contract_id == offer_id))
        session.delete(offer)
        session.flush()
        record(session, actor, "discarded", f"offer {offer.number}", offer=offer_id)
    return Changes.CONTRACTS


def _values(row: Contract | RateElement) -> dict[str, object]:
    """The columns of a row that a copy has too."""
    own = {"id", "contract_id", "number", "offer", "document_id"}
    return {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in own}


def _change(element: RateElement, percent: Decimal) -> None:
    if element.model not in PRICED:
        return

    def change(price: Decimal) -> Decimal:
        return round_amount(EXACT.multiply(price, EXACT.scaleb(EXACT.add(percent, 100), -2)), RATE_SCALE)

    element.price = change(element.price)
    element.parameters = change_prices(element.model, element.parameters, change)


def _refuse_taken(session: Session, contract: Contract, number: str) -> None:
    numbers = session.scalars(select(Contract.number).where(Contract.carrier_id == contract.carrier_id))
    if contract_key(number) in {contract_key(known) for known in numbers}:
        carrier = session.get_one(Carrier, contract.carrier_id)
        raise NumberTaken(carrier=carrier.name, number=number)


def _refuse_used(session: Session, offer: Contract) -> None:
    accounts = session.scalars(select(BillingAccount.ban).where(BillingAccount.contract_id == offer.id)).all()
    if accounts:
        raise OfferInUse(number=offer.number, by=f"the inventory names it for account {', '.join(accounts)}")
    elements = select(RateElement.id).where(RateElement.contract_id == offer.id)
    rated = session.scalar(select(func.count()).where(ChargeRating.rate_element_id.in_(elements)))
    if rated:
        raise OfferInUse(number=offer.number, by=f"{rated} charges have been rated by it")
