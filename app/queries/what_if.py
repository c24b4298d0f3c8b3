"""What a comparison of prices can be made of: the months that have bills, carriers, accounts, contracts and offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.period import month_start
from app.domain.vocabulary import InvoiceStatus
from app.models.contracts import Contract
from app.models.inventory import BillingAccount, Carrier
from app.models.invoices import Invoice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ContractChoice:
    """A contract, or an offer for one, of a carrier. An offer's days say when it would begin."""

    id: int
    carrier_id: int
    carrier: str
    number: str
    title: str
    currency: str
    offer: bool
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """An account that has live bills."""

    id: int
    carrier_id: int
    carrier: str
    ban: str


@dataclass(frozen=True, slots=True)
class Choices:
    """All that can be chosen. `months` are the firsts of the months in which bills are dated, the latest first."""

    months: tuple[date, ...]
    accounts: tuple[AccountChoice, ...]
    contracts: tuple[ContractChoice, ...]
    offers: tuple[ContractChoice, ...]


def fetch(session: Session) -> Choices:
    """The choices, by carrier and number."""
    live = Invoice.status != InvoiceStatus.SUPERSEDED
    days = session.scalars(select(Invoice.bill_date).where(live).distinct())
    accounts = session.execute(
        select(BillingAccount.id, BillingAccount.carrier_id, Carrier.name, BillingAccount.ban)
        .join(Carrier, Carrier.id == BillingAccount.carrier_id)
        .where(BillingAccount.id.in_(select(Invoice.account_id).where(live)))
        .order_by(Carrier.name, BillingAccount.ban)
    )
    rows = session.execute(
        select(Contract, Carrier.name)
        .join(Carrier, Carrier.id == Contract.carrier_id)
        .order_by(Carrier.name, Contract.number)
    )
    contracts = [
        ContractChoice(
            row.id, row.carrier_id, carrier, row.number, row.title, row.currency, row.offer, row.start, row.end
        )
        for row, carrier in rows
    ]
    return Choices(
        months=tuple(sorted({month_start(day) for day in days}, reverse=True)),
        accounts=tuple(AccountChoice(row.id, row.carrier_id, row.name, row.ban) for row in accounts),
        contracts=tuple(each for each in contracts if not each.offer),
        offers=tuple(each for each in contracts if each.offer),
    )
