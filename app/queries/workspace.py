"""Whose workspace this is, and the bank account that its payment files draw on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.models.workspace import WorkspaceInfo

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Facts:
    """The company, its currency, and the day on which a demo workspace stands still."""

    company: str
    currency: str
    fixed_day: date | None


@dataclass(frozen=True, slots=True)
class Payer:
    """Our own details, in the words of `services.bank_accounts.set_payer`."""

    name: str
    routing: str
    account: str
    iban: str
    bic: str
    company_id: str
    address: str
    contact: str


def fetch(session: Session) -> Facts:
    """The facts of the open workspace."""
    info = session.get_one(WorkspaceInfo, 1)
    return Facts(info.company, info.currency, info.fixed_day)


def fetch_payer(session: Session) -> Payer:
    """What payment files draw on and what letters are headed with."""
    info = session.get_one(WorkspaceInfo, 1)
    return Payer(
        name=info.payer_name or info.company,
        routing=info.payer_routing,
        account=info.payer_account,
        iban=info.payer_iban,
        bic=info.payer_bic,
        company_id=info.payer_company_id,
        address=info.address,
        contact=info.contact,
    )
