"""A charge with all that rates it, and how a change of the contract is tried on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.domain.evidence import CallTotals, Evidence, MeterFacts, TrafficFacts, UsageFacts
from app.domain.history import ChargeFacts, InvoiceFacts, ServiceFacts
from app.domain.parameters import Parameter, split_parameters, write_parameters
from app.domain.period import Period
from app.domain.proof import ProofStep
from app.domain.rated import RatedCharge
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import MODIFIERS, PriceModel
from app.errors import BugError
from app.rating.ratebook import code_key

RECORDS = (UsageFacts, CallTotals, TrafficFacts, MeterFacts)


@dataclass(frozen=True, slots=True)
class Case:
    """A charge, what it is rated by, and the price found for it.

    `contracts` hold only what may price the charge; `stale` says that its records were counted under other terms and
    have to be counted anew; `lead` are steps that come before the proof's own.
    """

    charge: ChargeFacts
    invoice: InvoiceFacts
    service: ServiceFacts | None
    contracts: tuple[ContractTerms, ...]
    contract_id: int
    element_id: int
    evidence: Evidence | None = None
    stale: bool = False
    lead: tuple[ProofStep, ...] = ()

    @property
    def contract(self) -> ContractTerms:
        return next(each for each in self.contracts if each.id == self.contract_id)

    @property
    def element(self) -> RateElementTerms:
        for each in self.contract.elements:
            if each.id == self.element_id:
                return each
        raise BugError(f"the contract of charge {self.charge.id} has lost the price {self.element_id}")

    @property
    def period(self) -> Period | None:
        return self.invoice.period_of(self.charge)


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which a bill may have been counted otherwise, tried on a case.

    `name` and `says` are the same for every charge to which the change is applied; `contract_says` is the charge's own.
    """

    name: str
    says: str
    contract_says: str
    case: Case


Candidate = Callable[[Case], Iterator[Change]]


def build_cases(
    invoice: InvoiceFacts,
    services: Mapping[int, ServiceFacts],
    contracts: tuple[ContractTerms, ...],
    evidence: Mapping[int, Evidence],
    rated: Mapping[int, RatedCharge],
) -> tuple[tuple[Case, RatedCharge], ...]:
    """The charges of `invoice` that have a price, each with its rating."""
    prices = {element.id: element for contract in contracts for element in contract.elements}
    reduced: dict[int, tuple[ContractTerms, ...]] = {}
    cases = []
    for charge in invoice.charges:
        result = rated.get(charge.id)
        if result is None or result.expected is None or result.contract_id is None or result.rate_element_id is None:
            continue
        element = prices[result.rate_element_id]
        if element.id not in reduced:
            reduced[element.id] = tuple(_reduce(contracts, element))
        service = None if charge.service_id is None else services.get(charge.service_id)
        case = Case(
            charge, invoice, service, reduced[element.id], result.contract_id, element.id, evidence.get(charge.id)
        )
        cases.append((case, result))
    return tuple(cases)


def change_contract(case: Case, **fields: Any) -> Case:
    """The case with other terms of its contract."""
    changed = replace(case.contract, **fields)
    contracts = tuple(changed if each.id == case.contract_id else each for each in case.contracts)
    return replace(case, contracts=contracts, stale=case.stale or isinstance(case.evidence, CallTotals))


def change_elements(case: Case, change: Callable[[RateElementTerms], RateElementTerms | None]) -> Case:
    """The case with the elements of its contract changed; None takes one out."""
    changed = [change(element) for element in case.contract.elements]
    return change_contract(case, elements=tuple(element for element in changed if element is not None))


def change_prices(case: Case, **parameters: str | None) -> Case:
    """The case with other parameters of its price, and of those of its code and model that follow or precede it."""
    model = case.element.model
    return change_elements(
        case, lambda each: set_parameters(each, **parameters) if each.model is model and not each.zone else each
    )


def set_parameters(element: RateElementTerms, **parameters: str | None) -> RateElementTerms:
    """The element with other parameters; None leaves one out."""
    given: dict[str, str | None] = {**split_parameters(element.parameters), **parameters}
    text = write_parameters({name: value for name, value in given.items() if value is not None})
    return replace(element, parameters=text)


def value_of(element: RateElementTerms, parameter: Parameter) -> str:
    """A parameter as the element gives it, or its default; "" where there is neither."""
    return split_parameters(element.parameters).get(parameter.name, parameter.default or "")


def _reduce(contracts: tuple[ContractTerms, ...], element: RateElementTerms) -> Iterator[ContractTerms]:
    """The contracts with what may price or change charges of the element's code; leaving is counted from all prices."""
    code = code_key(element.code)
    for contract in contracts:
        kept = [
            each
            for each in contract.elements
            if element.model is PriceModel.EARLY_TERMINATION
            or (each.charge_type is element.charge_type and (each.model in MODIFIERS or code_key(each.code) == code))
        ]
        yield replace(contract, elements=tuple(kept))
