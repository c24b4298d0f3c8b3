"""What leaving a service early is counted from: the months of the term that were used, and its monthly price."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from app.domain.evidence import LeavingFacts
from app.domain.history import ServiceFacts
from app.domain.parameters import BadParameters
from app.domain.period import Period, add_months
from app.domain.terms import ContractTerms
from app.domain.vocabulary import ChargeType
from app.rating.amount import Piece, compute_amount
from app.rating.charge_models import CHARGE_MODELS, METERED
from app.rating.charge_models.measure import Measure
from app.rating.parts import split
from app.rating.proration import ONE_MONTH
from app.rating.ratebook import Price, PriceQuestion, RateBook


def leaving_of(question: PriceQuestion, contract: ContractTerms, book: RateBook) -> LeavingFacts | None:
    """What the question's service, disconnected before its contract's end, had used of its term, in months begun.

    The term ends with the contract: what is left of it are the contract's months that had not begun. It begins with
    the service, or with the contract where the service is the older one. None where the inventory does not know the
    days, the service had left before the contract began, or its monthly price cannot be told.
    """
    service = question.service
    if service is None or service.installed is None or service.disconnected is None or contract.end is None:
        return None
    left_on = service.disconnected
    if left_on <= max(service.installed, contract.start):
        return None
    monthly = _price_of_a_month(replace(question, day=left_on - timedelta(days=1)), service, left_on, contract, book)
    if monthly is None:
        return None
    used = months_begun(Period(max(service.installed, contract.start), left_on))
    rest = months_begun(Period(contract.start, contract.end)) - months_begun(Period(contract.start, left_on))
    served = months_begun(Period(service.installed, left_on))
    return LeavingFacts(monthly, used, used + max(0, rest), served_months=served)


def months_begun(period: Period) -> int:
    """How many months of `period` have begun by its end, counted from its first day."""
    months = 1
    while add_months(period.start, months) < period.end:
        months += 1
    return months


def _price_of_a_month(
    question: PriceQuestion, service: ServiceFacts, left_on: date, contract: ContractTerms, book: RateBook
) -> Decimal | None:
    """What a month of the service cost on its last day, the question's: escalated, discounted and by its own model.

    None where no price is in force on that day or it is waived, and where only a bill or records could tell it.
    """
    question = replace(question, code=service.code, charge_type=ChargeType.MRC)
    price = book.find(question)
    if not isinstance(price, Price) or price.contract.currency != contract.currency:
        return None
    parts, _ = split(book, price, question, Period(question.day, left_on))  # a day has one price: the last one's
    if len(parts) != 1 or parts[0].missing or parts[0].waived:
        return None
    measure = Measure(parts[0].price.contract, parts[0].element, service.quantity, ONE_MONTH)
    model, kind = CHARGE_MODELS[measure.element.model], measure.element.model
    try:
        if model.NEEDS is not None or (kind in METERED and METERED[kind](measure.settings(model.PARAMETERS))):
            return None
        return compute_amount([Piece(replace(parts[0], months=ONE_MONTH), measure)])
    except BadParameters:  # those of another price than the one that is asked about
        return None
