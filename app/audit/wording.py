"""Amounts, days and charges in the words of a finding's message."""

from __future__ import annotations

from decimal import Decimal

from app.domain.history import AuditContext, ChargeFacts
from app.domain.period import Period
from app.domain.rated import RatedCharge
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import PriceModel


def say(amount: Decimal) -> str:
    """1,234.50; more places only where there are some."""
    trimmed = amount.normalize()
    places = max(2, -int(trimmed.as_tuple().exponent))
    return f"{amount:,.{places}f}"


def say_minutes(minutes: Decimal) -> str:
    """1,000 or 36.6: minutes have no cents."""
    return f"{minutes.normalize():,f}"


def say_days(period: Period) -> str:
    """As a bill prints it, both days billed."""
    return f"{period.start.isoformat()} to {period.last.isoformat()}"


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def name_service(charge: ChargeFacts) -> str:
    """The service as the carrier printed it; else what the charge is for."""
    return charge.printed_service or charge.service_key or charge.description


def name_charge(charge: ChargeFacts) -> str:
    """The charge's code, else its description, and the service that it names."""
    what = charge.code or charge.description
    return f"{what} ({name_service(charge)})" if charge.service_key else what


def name_price(context: AuditContext, rated: RatedCharge) -> str:
    """ "contract NB-2024-17 clause 4.2 says 500.00 from 2026-01-01": the price that `rated` was rated by."""
    contract = find_contract(context, rated)
    element = find_element(contract, rated)
    if contract is None or element is None:
        return "the contract says"
    clause = f" clause {element.clause}" if element.clause else ""
    says = "waives it" if element.waived else f"says {say(element.price)}"
    if element.model is PriceModel.CALLS and not element.waived:
        says = f"prices calls by a rate deck ({element.parameters})"
    changed = rated.unit_price is not None and rated.unit_price != element.price
    by_now = f", by now {say(rated.unit_price)}" if changed and rated.unit_price is not None else ""
    return f"contract {contract.number}{clause} {says} from {element.effective_from.isoformat()}{by_now}"


def find_contract(context: AuditContext, rated: RatedCharge | None) -> ContractTerms | None:
    """The contract whose price `rated` was rated by."""
    if rated is None:
        return None
    return next((contract for contract in context.contracts if contract.id == rated.contract_id), None)


def find_element(contract: ContractTerms | None, rated: RatedCharge) -> RateElementTerms | None:
    if contract is None:
        return None
    return next((element for element in contract.elements if element.id == rated.rate_element_id), None)
