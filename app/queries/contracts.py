"""Contracts: their terms, and each price with the days between which it holds and what was billed under it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from app.domain.identifiers import circuit_key
from app.domain.money import RoundingMode
from app.domain.parameters import BadParameters, split_parameters
from app.domain.vocabulary import (
    ChargeType,
    ExchangeDay,
    PriceChange,
    PriceModel,
    ProrationMethod,
    RoundingScope,
    ServiceKind,
)
from app.errors import UserError
from app.models.contracts import Contract, RateElement
from app.models.inventory import BillingAccount, Carrier, Location, Service
from app.models.invoices import ChargeRating
from app.rating.parameters import PER_CENTS, PRICED, find_declaration

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

# where the price is for something else than what quantity counts
_PRICE_UNITS = {PriceModel.PACKAGE: "packages", PriceModel.DATA_CAP: "blocks", PriceModel.REMOTE_HANDS: "hours"}


class UnknownContract(UserError):
    """There is no contract {number} in this workspace: `main.py contracts` lists their numbers."""


class SeveralContracts(UserError):
    """Several carriers have a contract {number}: {carriers}. Name the carrier."""


@dataclass(frozen=True, slots=True)
class Row:
    """One contract or offer. `end` is the first day after its term, `notice_by` the last day to give notice."""

    id: int
    carrier_id: int
    carrier: str
    number: str
    title: str
    start: date
    end: date | None
    notice_by: date | None
    currency: str
    accounts: tuple[str, ...]
    prices: int
    proration: ProrationMethod
    disconnect_day_billed: bool
    rounding: RoundingMode
    rounding_places: int
    rounding_scope: RoundingScope
    price_change: PriceChange
    time_zone: str
    exchange: ExchangeDay
    offer: bool
    payment_days: int
    dispute_days: int
    withhold_days: int
    notice_days: int

    @property
    def last_day(self) -> date | None:
        """The last day of the term, as people write it."""
        return None if self.end is None else self.end - timedelta(days=1)

    @property
    def kind(self) -> str:
        """Whether it prices bills ("contract") or is only compared ("offer")."""
        return "offer" if self.offer else "contract"


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One price in force from a day; `effective_to` is the first day on which it no longer is.

    `scope` names the service, location or kind of services that it is for, "all services" where it is for any. `unit`
    is what it is for, in the plural, "" where it is for no unit. `parameters` are names and values as they stand there,
    `meanings` what each of these names means. `charges` were rated by it.
    """

    id: int
    contract_id: int
    contract: str
    carrier: str
    code: str
    description: str
    charge_type: ChargeType
    model: PriceModel
    price: Decimal
    currency: str
    effective_from: date
    effective_to: date | None
    scope: str
    waived: bool
    parameters: tuple[tuple[str, str], ...]
    clause: str
    page: int | None
    charges: int
    unit: str = ""
    meanings: tuple[str, ...] = ()
    service_kind: ServiceKind | None = None
    zone: str = ""
    amendment: str = ""
    agreed: date | None = None
    reason: str = ""

    @property
    def is_percent(self) -> bool:
        """Whether the price is a per cent; else it is money."""
        if self.model is PriceModel.DISCOUNT:
            return ("kind", "fixed") not in self.parameters
        return self.model in PER_CENTS

    def state(self, today: date) -> str:
        """Whether it holds on `today`: "in force", "from later on" or "ended"."""
        if today < self.effective_from:
            return "from later on"
        return "ended" if self.effective_to is not None and self.effective_to <= today else "in force"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which contracts: `text` in number, title or carrier."""

    text: str = ""
    carrier_id: int | None = None


def fetch(session: Session, wanted: Filter | None = None) -> list[Row]:
    """The contracts, by carrier and start."""
    wanted = wanted or Filter()
    selected = (
        select(Contract, Carrier.name)
        .join(Carrier, Carrier.id == Contract.carrier_id)
        .order_by(Carrier.name, Contract.start, Contract.id)
    )
    if wanted.carrier_id is not None:
        selected = selected.where(Contract.carrier_id == wanted.carrier_id)
    if wanted.text.strip():
        columns = (Contract.number, Contract.title, Carrier.name)
        selected = selected.where(or_(*(column.icontains(wanted.text.strip(), autoescape=True) for column in columns)))
    counted = select(RateElement.contract_id, func.count()).group_by(RateElement.contract_id)
    prices = _count(session.execute(counted).all())
    accounts: dict[int, list[str]] = defaultdict(list)
    for contract_id, ban in session.execute(
        select(BillingAccount.contract_id, BillingAccount.ban)
        .where(BillingAccount.contract_id.is_not(None))
        .order_by(BillingAccount.ban)
    ):
        accounts[contract_id or 0].append(ban)
    return [
        Row(
            id=contract.id,
            carrier_id=contract.carrier_id,
            carrier=carrier,
            number=contract.number,
            title=contract.title,
            start=contract.start,
            end=contract.end,
            notice_by=_notice(contract),
            currency=contract.currency,
            accounts=tuple(accounts[contract.id]),
            prices=prices.get(contract.id, 0),
            proration=contract.proration,
            disconnect_day_billed=contract.disconnect_day_billed,
            rounding=contract.rounding,
            rounding_places=contract.rounding_places,
            rounding_scope=contract.rounding_scope,
            price_change=contract.price_change,
            time_zone=contract.time_zone,
            exchange=contract.exchange,
            offer=contract.offer,
            payment_days=contract.payment_days,
            dispute_days=contract.dispute_days,
            withhold_days=contract.withhold_days,
            notice_days=contract.notice_days,
        )
        for contract, carrier in session.execute(selected)
    ]


def fetch_prices(session: Session, contract_id: int | None = None) -> list[PriceRow]:
    """The prices of a contract, or of all: by code, scope and the day from which they hold."""
    selected = (
        select(RateElement, Contract, Carrier.name, Service, Location.name)
        .join(Contract, Contract.id == RateElement.contract_id)
        .join(Carrier, Carrier.id == Contract.carrier_id)
        .outerjoin(Service, Service.id == RateElement.service_id)
        .outerjoin(Location, Location.id == RateElement.location_id)
        .order_by(RateElement.code, RateElement.charge_type, RateElement.effective_from, RateElement.id)
    )
    if contract_id is not None:
        selected = selected.where(RateElement.contract_id == contract_id)
    counted = select(ChargeRating.rate_element_id, func.count()).group_by(ChargeRating.rate_element_id)
    rated = _count(session.execute(counted).all())
    return [
        _price(element, contract, carrier, _scope(element, service, place), rated.get(element.id, 0))
        for element, contract, carrier, service, place in session.execute(selected)
    ]


def pick_contract(session: Session, number: str, carrier_id: int | None = None) -> int:
    """The contract or offer of that number, whatever its case and punctuation. Raises UnknownContract and
    SeveralContracts."""
    wanted = select(Contract.id, Contract.number, Carrier.name).join(Carrier, Carrier.id == Contract.carrier_id)
    if carrier_id is not None:
        wanted = wanted.where(Contract.carrier_id == carrier_id)
    found = [row for row in session.execute(wanted) if circuit_key(row.number) == circuit_key(number)]
    if not found:
        raise UnknownContract(number=number)
    if len(found) > 1:
        raise SeveralContracts(number=number, carriers=", ".join(sorted(row.name for row in found)))
    return int(found[0].id)


def _price(element: RateElement, contract: Contract, carrier: str, scope: str, charges: int) -> PriceRow:
    declaration = find_declaration(element.model)
    meanings = {one.name: one.meaning for one in declaration.parameters} if declaration is not None else {}
    parameters = _parameters(element.parameters)
    return PriceRow(
        id=element.id,
        contract_id=contract.id,
        contract=contract.number,
        carrier=carrier,
        code=element.code,
        description=element.description,
        charge_type=element.charge_type,
        model=element.model,
        price=element.price,
        currency=contract.currency,
        effective_from=element.effective_from,
        effective_to=element.effective_to,
        scope=scope,
        service_kind=element.service_kind,
        zone=element.zone,
        waived=element.waived,
        unit=_PRICE_UNITS.get(element.model, declaration.unit) if declaration and element.model in PRICED else "",
        parameters=parameters,
        meanings=tuple(meanings.get(name, "") for name, _ in parameters),
        clause=element.clause,
        page=element.page,
        amendment=element.amendment,
        agreed=element.agreed,
        reason=element.reason,
        charges=charges,
    )


def _parameters(text: str) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(split_parameters(text).items())
    except BadParameters:  # stored by another program: shown as it stands
        return (("", text),)


def _count(rows: Iterable[tuple[int | None, int]]) -> dict[int, int]:
    return {key: number for key, number in rows if key is not None}


def _notice(contract: Contract) -> date | None:
    if contract.end is None:
        return None
    return date.fromordinal(contract.end.toordinal() - 1 - contract.notice_days)


def _scope(element: RateElement, service: Service | None, place: str | None) -> str:
    if service is not None:
        return service.circuit_id or service.tn or service.description
    return place or (element.service_kind.value if element.service_kind is not None else "all services")
