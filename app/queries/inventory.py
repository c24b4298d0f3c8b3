"""The inventory: services with what they are billed for, carriers with their accounts and bank details, locations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from app.domain.money import ZERO
from app.domain.vocabulary import (
    BillingMode,
    ChargeType,
    FindingStatus,
    InvoiceStatus,
    PaymentMethod,
    ServiceKind,
    ServiceStatus,
)
from app.models.contracts import Contract
from app.models.findings import Finding
from app.models.inventory import BillingAccount, Carrier, CarrierBankAccount, Location, Service
from app.models.invoices import Charge, ChargeMatch, Invoice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_STANDING = (FindingStatus.OPEN, FindingStatus.DISPUTED)


@dataclass(frozen=True, slots=True)
class Row:
    """One service. `monthly` is what its recurring charges came to on the latest bill that names it, `billed_on` that
    bill's date; `claim` what open and disputed findings claim for it."""

    id: int
    kind: ServiceKind
    status: ServiceStatus
    identifier: str
    description: str
    code: str
    carrier_id: int
    carrier: str
    ban: str
    location: str
    location_code: str
    far_end: str
    quantity: Decimal
    bandwidth_kbps: int | None
    ordered: date | None
    installed: date | None
    disconnect_requested: date | None
    disconnected: date | None
    cost_centre: str
    currency: str
    monthly: Decimal | None
    billed_on: date | None
    claim: Decimal


@dataclass(frozen=True, slots=True)
class Filter:
    """Which services: `text` in identifier, description, code, carrier or location."""

    text: str = ""
    kinds: tuple[ServiceKind, ...] = ()
    statuses: tuple[ServiceStatus, ...] = ()
    carrier_id: int | None = None
    location_id: int | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One billing account with its carrier."""

    id: int
    carrier_id: int
    carrier: str
    ban: str
    description: str
    currency: str
    mode: BillingMode
    bill_day: int | None
    contract: str
    bills: int
    last_bill: date | None
    services: int


@dataclass(frozen=True, slots=True)
class LocationRow:
    """One of our sites, with how many live services end there."""

    id: int
    code: str
    name: str
    address: str
    city: str
    region: str
    country: str
    closed: date | None
    services: int


@dataclass(frozen=True, slots=True)
class BankAccountRow:
    """Where a carrier is paid; the number is shown by its last four characters only."""

    id: int
    carrier: str
    currency: str
    method: PaymentMethod
    holder: str
    number: str
    created_by: str
    verified_by: str | None
    retired: bool


def fetch(session: Session, wanted: Filter | None = None) -> list[Row]:
    """The services, by carrier, location and identifier."""
    wanted = wanted or Filter()
    selected = (
        select(Service, Carrier.name, Carrier.currency, BillingAccount.ban, BillingAccount.currency)
        .join(Carrier, Carrier.id == Service.carrier_id)
        .outerjoin(BillingAccount, BillingAccount.id == Service.account_id)
        .order_by(Carrier.name, Service.circuit_id, Service.tn, Service.id)
    )
    if wanted.kinds:
        selected = selected.where(Service.kind.in_(wanted.kinds))
    if wanted.statuses:
        selected = selected.where(Service.status.in_(wanted.statuses))
    if wanted.carrier_id is not None:
        selected = selected.where(Service.carrier_id == wanted.carrier_id)
    if wanted.location_id is not None:
        ends = (Service.location_a_id, Service.location_z_id)
        selected = selected.where(or_(*(end == wanted.location_id for end in ends)))
    if wanted.text.strip():
        columns = (Service.circuit_id, Service.tn, Service.description, Service.code, Carrier.name)
        text = wanted.text.strip()
        near = select(Location.id).where(Location.name.icontains(text, autoescape=True))
        selected = selected.where(
            or_(*(column.icontains(text, autoescape=True) for column in columns), Service.location_a_id.in_(near))
        )
    found = session.execute(selected).all()
    places: dict[int | None, Location] = {place.id: place for place in session.scalars(select(Location))}
    monthly = _monthly(session)
    claims = _claims(session)
    rows = []
    for service, carrier, carrier_currency, ban, currency in found:
        near_end, far_end = places.get(service.location_a_id), places.get(service.location_z_id)
        amount, billed_on = monthly.get(service.id, (None, None))
        rows.append(
            Row(
                id=service.id,
                kind=service.kind,
                status=service.status,
                identifier=service.circuit_id or service.tn,
                description=service.description,
                code=service.code,
                carrier_id=service.carrier_id,
                carrier=carrier,
                ban=ban or "",
                location=near_end.name if near_end else "",
                location_code=near_end.code if near_end else "",
                far_end=far_end.name if far_end else "",
                quantity=service.quantity,
                bandwidth_kbps=service.bandwidth_kbps,
                ordered=service.ordered,
                installed=service.installed,
                disconnect_requested=service.disconnect_requested,
                disconnected=service.disconnected,
                cost_centre=service.cost_centre,
                currency=currency or carrier_currency,
                monthly=amount,
                billed_on=billed_on,
                claim=claims.get(service.id, ZERO),
            )
        )
    return rows


def fetch_accounts(session: Session) -> list[AccountRow]:
    """All billing accounts, by carrier and number."""
    bills = {
        account: (number, last)
        for account, number, last in session.execute(
            select(Invoice.account_id, func.count(), func.max(Invoice.bill_date))
            .where(Invoice.status != InvoiceStatus.SUPERSEDED)
            .group_by(Invoice.account_id)
        )
    }
    services = _count(session.execute(select(Service.account_id, func.count()).group_by(Service.account_id)).all())
    found = session.execute(
        select(BillingAccount, Carrier.name, Contract.number)
        .join(Carrier, Carrier.id == BillingAccount.carrier_id)
        .outerjoin(Contract, Contract.id == BillingAccount.contract_id)
        .order_by(Carrier.name, BillingAccount.ban)
    )
    return [
        AccountRow(
            id=account.id,
            carrier_id=account.carrier_id,
            carrier=carrier,
            ban=account.ban,
            description=account.description,
            currency=account.currency,
            mode=account.mode,
            bill_day=account.bill_day,
            contract=contract or "",
            bills=bills.get(account.id, (0, None))[0],
            last_bill=bills.get(account.id, (0, None))[1],
            services=services.get(account.id, 0),
        )
        for account, carrier, contract in found
    ]


def fetch_locations(session: Session) -> list[LocationRow]:
    """All locations, by code."""
    live = Service.status != ServiceStatus.DISCONNECTED
    counted: dict[int, int] = defaultdict(int)
    for near, far in session.execute(select(Service.location_a_id, Service.location_z_id).where(live)):
        for end in {near, far}:
            if end is not None:
                counted[end] += 1
    return [
        LocationRow(
            id=place.id,
            code=place.code,
            name=place.name,
            address=place.address,
            city=place.city,
            region=place.region,
            country=place.country,
            closed=place.closed,
            services=counted[place.id],
        )
        for place in session.scalars(select(Location).order_by(Location.code))
    ]


def fetch_bank_accounts(session: Session) -> list[BankAccountRow]:
    """Where carriers are paid, those that wait for a second person first."""
    found = session.execute(
        select(CarrierBankAccount, Carrier.name)
        .join(Carrier, Carrier.id == CarrierBankAccount.carrier_id)
        .order_by(CarrierBankAccount.verified_at.is_not(None), Carrier.name, CarrierBankAccount.id)
    )
    return [
        BankAccountRow(
            id=account.id,
            carrier=carrier,
            currency=account.currency,
            method=account.method,
            holder=account.holder,
            number=f"…{(account.iban or account.account)[-4:]}",
            created_by=account.created_by,
            verified_by=account.verified_by,
            retired=account.retired_at is not None,
        )
        for account, carrier in found
    ]


def _monthly(session: Session) -> dict[int, tuple[Decimal, date]]:
    """The recurring charges of each service on the latest bill that names it."""
    latest: dict[int, tuple[date, int, Decimal]] = {}
    rows = session.execute(
        select(ChargeMatch.service_id, Invoice.bill_date, Invoice.id, func.sum(Charge.amount))
        .join(Charge, Charge.id == ChargeMatch.charge_id)
        .join(Invoice, Invoice.id == Charge.invoice_id)
        .where(
            ChargeMatch.service_id.is_not(None),
            Charge.charge_type == ChargeType.MRC,
            Invoice.status != InvoiceStatus.SUPERSEDED,
        )
        .group_by(ChargeMatch.service_id, Invoice.bill_date, Invoice.id)
    )
    for service_id, billed_on, invoice_id, amount in rows:
        if service_id is None:
            continue
        if service_id not in latest or (billed_on, invoice_id) > latest[service_id][:2]:
            latest[service_id] = (billed_on, invoice_id, amount)
    return {service_id: (amount, billed_on) for service_id, (billed_on, _, amount) in latest.items()}


def _claims(session: Session) -> dict[int, Decimal]:
    rows = session.execute(
        select(Finding.service_id, func.sum(Finding.claim))
        .where(Finding.service_id.is_not(None), Finding.status.in_(_STANDING))
        .group_by(Finding.service_id)
    )
    return {service_id: amount for service_id, amount in rows if service_id is not None}


def _count(rows: Iterable[tuple[int | None, int]]) -> dict[int, int]:
    return {key: number for key, number in rows if key is not None}
