"""What a charge is taken of, where the bill itself tells: the base of a percentage, a surcharge or a minimum, and what
leaving a service early is counted from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.domain.evidence import LeavingFacts, SpendFacts, SpendLine
from app.domain.history import ChargeFacts, InvoiceFacts
from app.domain.parameters import Form, Parameter, Settings
from app.domain.period import Period, add_months
from app.domain.terms import ContractTerms
from app.domain.vocabulary import ChargeType
from app.rating.ratebook import Price, PriceQuestion, RateBook

BASE_PARAMETERS = (
    Parameter("base_types", Form.TEXTS, "charge types that it is taken of", "MRC, USAGE, NRC"),
    Parameter("base_codes", Form.TEXTS, "charge codes that it is taken of; empty: all of these types", ""),
    Parameter("fee_codes", Form.TEXTS, "codes of the fees on which it is taken too", ""),
    Parameter("same_service", Form.YES_NO, "whether only charges of the same service count", "no"),
)


def spend_of(charge: ChargeFacts, invoice: InvoiceFacts, settings: Settings) -> SpendFacts | None:
    """The billed charges of the bill that `charge` is taken of, itself never among them; None without any.

    They count as billed, for the carrier has to take its percentage of what it bills: a base that is wrong is a finding
    of its own (domain/rating, 5.7: "of that bill").
    """
    types = {name.upper() for name in settings.texts("base_types")}
    codes = {_key(name) for name in settings.texts("base_codes")}
    fees = {_key(name) for name in settings.texts("fee_codes")}
    others = [
        other
        for other in invoice.charges
        if other.id != charge.id and (not settings.flag("same_service") or other.service_key == charge.service_key)
    ]
    base = [each for each in others if each.charge_type in types and (not codes or _key(each.code) in codes)]
    extra = [each for each in others if _key(each.code) in fees and each not in base]
    if not base and not extra:
        return None
    days = invoice.period_of(charge) or Period(invoice.bill_date, add_months(invoice.bill_date, 1))
    return SpendFacts(days, tuple(map(_line, base)), tuple(map(_line, extra)))


def leaving_of(question: PriceQuestion, contract: ContractTerms, book: RateBook) -> LeavingFacts | None:
    """What the question's service, disconnected before its contract's end, had used of its term, in months begun.

    The term is as long as the contract's and begins with the service. None where the inventory does not know the days,
    or the price book no monthly price on the last of them.
    """
    service = question.service
    if service is None or service.installed is None or service.disconnected is None or contract.end is None:
        return None
    if service.disconnected <= service.installed:
        return None
    last = service.disconnected - timedelta(days=1)
    monthly = book.find(replace(question, code=service.code, charge_type=ChargeType.MRC, day=last))
    if not isinstance(monthly, Price):
        return None
    used = months_begun(Period(service.installed, service.disconnected))
    price = monthly.element.price * service.quantity
    return LeavingFacts(price, used, months_begun(Period(contract.start, contract.end)))


def months_begun(period: Period) -> int:
    """How many months of `period` have begun by its end, counted from its first day."""
    months = 1
    while add_months(period.start, months) < period.end:
        months += 1
    return months


def _line(charge: ChargeFacts) -> SpendLine:
    return SpendLine(charge.description or charge.code or charge.charge_type.value, charge.amount)


def _key(code: str) -> str:
    return code.strip().casefold()
