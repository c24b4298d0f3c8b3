"""The price books of a comparison: today's contracts, and the same with offers in their places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.parameters import Form, split_parameters, write_parameters
from app.domain.period import add_months
from app.domain.vocabulary import ExchangeDay, PriceModel
from app.errors import UserError
from app.models.contracts import Contract
from app.rating.parameters import declared_parameters
from app.rating.ratebook import RateBook
from app.services.facts import load_contracts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.domain.terms import ContractTerms, RateElementTerms
    from app.rating.currency import RateTable

_NEEDS_ITS_TERM = frozenset({PriceModel.TERM_DISCOUNT, PriceModel.EARLY_TERMINATION, PriceModel.COMMITMENT})


class UnknownOffer(UserError):
    """There is no offer or contract {number} any more: choose another one."""


class NotAnOffer(UserError):
    """{number} is a contract in force, and bills are rated by it already: make an offer of it with `main.py offer`, or
    choose one."""


class OfferOfAnotherCarrier(UserError):
    """{offer} is for another carrier than contract {contract}: compare it with a contract of its own carrier."""


class TwoOffersForOne(UserError):
    """{first} and {second} both take the place of the same contract: compare them one after the other."""


@dataclass(frozen=True, slots=True)
class Instead:
    """An offer, or another contract, in place of a contract; None: of all contracts of its carrier."""

    offer_id: int
    contract_id: int | None = None


def check_instead(session: Session, instead: Sequence[Instead]) -> None:
    """Raise UnknownOffer, OfferOfAnotherCarrier or TwoOffersForOne where the offers cannot be put in place."""
    wanted = select(Contract.id, Contract.number, Contract.carrier_id, Contract.offer)
    rows = {row.id: row for row in session.execute(wanted)}
    taken: dict[tuple[int, int | None], str] = {}
    for each in instead:
        for identity in (each.offer_id, each.contract_id):
            if identity is not None and identity not in rows:
                raise UnknownOffer(number=identity)
        offer = rows[each.offer_id]
        if not offer.offer:
            raise NotAnOffer(number=offer.number)
        if each.contract_id is not None and rows[each.contract_id].carrier_id != offer.carrier_id:
            raise OfferOfAnotherCarrier(offer=offer.number, contract=rows[each.contract_id].number)
        for (carrier_id, contract_id), first in taken.items():
            if carrier_id == offer.carrier_id and (
                None in (contract_id, each.contract_id) or contract_id == each.contract_id
            ):
                raise TwoOffersForOne(first=first, second=offer.number)
        taken[offer.carrier_id, each.contract_id] = offer.number


def make_books(
    session: Session, carrier_id: int, instead: Sequence[Instead], first: date, rates: RateTable
) -> tuple[RateBook, RateBook]:
    """The book of a carrier's contracts of today, and the one with the offers in their places from `first` on."""
    loaded = load_contracts(session, carrier_id, [each.offer_id for each in instead])
    by_id = {contract.id: contract for contract in loaded}
    firm = [contract for contract in loaded if not contract.offer]
    other = list(firm)
    for each in instead:
        offer = by_id.get(each.offer_id)
        if offer is None:
            continue  # of another carrier, whose bills are rated without it
        gone = {each.contract_id} if each.contract_id is not None else {contract.id for contract in firm}
        accounts = offer.account_ids or (by_id[each.contract_id].account_ids if each.contract_id is not None else ())
        other = [contract for contract in other if contract.id not in gone and contract.id != offer.id]
        other.append(replace(take_offer(offer, first), account_ids=accounts))
    return RateBook(firm, rates), RateBook(other, rates)


def take_offer(offer: ContractTerms, first: date) -> ContractTerms:
    """`offer` as a contract that prices every day from `first` on.

    Its days are moved back by whole months where it begins later. Its end is taken off, unless one of its prices is
    counted from the length of the term. All of it counts as agreed on before `first`, in the order in which it was:
    what is offered after a bill prices the bill too.
    """
    months = 0
    while add_months(offer.start, -months) > first:
        months += 1
    known = sorted({element.agreed for element in offer.elements if element.agreed is not None})
    agreed = {day: first - timedelta(days=len(known) - place) for place, day in enumerate(known)}
    elements = tuple(
        replace(_move(element, months), agreed=None if element.agreed is None else agreed[element.agreed])
        for element in offer.elements
    )
    counted = any(element.model in _NEEDS_ITS_TERM for element in elements)
    return replace(
        offer,
        offer=False,
        start=add_months(offer.start, -months),
        end=add_months(offer.end, -months) if offer.end is not None and counted else None,
        elements=elements,
        exchange=ExchangeDay.BILL_DATE if offer.exchange is ExchangeDay.NONE else offer.exchange,
    )


def _move(element: RateElementTerms, months: int) -> RateElementTerms:
    """An element with all its days moved back by whole months, those among its parameters too."""
    if not months:
        return element
    given = split_parameters(element.parameters)
    for parameter in declared_parameters(element.model) or ():
        if parameter.form is Form.DATE and parameter.name in given:
            given[parameter.name] = add_months(date.fromisoformat(given[parameter.name]), -months).isoformat()
    until = element.effective_to
    return replace(
        element,
        effective_from=add_months(element.effective_from, -months),
        effective_to=None if until is None else add_months(until, -months),
        parameters=write_parameters(given),
    )
