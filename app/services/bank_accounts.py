"""Where carriers are paid and from where we pay: typed in by one person, verified by another, never read from bills."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.vocabulary import PaymentMethod
from app.errors import UserError
from app.models.inventory import Carrier, CarrierBankAccount
from app.models.workspace import WorkspaceInfo
from app.payments.identifiers import ach_account, bic, iban, masked, routing_number
from app.services.changes import Changes
from app.services.duties import refuse_same_person, require
from app.services.log import record

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace


class CarrierMissing(UserError):
    """There is no carrier number {carrier_id} in this workspace: load the carriers' workbook first."""


class BankAccountMissing(UserError):
    """There is no bank account number {bank_account_id} in this workspace: enter it first."""


class AlreadyVerified(UserError):
    """The bank account {account} of {carrier} was verified by {verified_by} already: nothing is left to do."""


class BankAccountRetired(UserError):
    """The bank account {account} of {carrier} is retired: enter the details again as a new account."""


class WrongCurrency(UserError):
    """A bank account for {method} is in {wanted}, not in {currency}: choose the other method or another currency."""


_CURRENCY = {PaymentMethod.ACH_CCD: "USD", PaymentMethod.SEPA_CREDIT: "EUR"}


def add_bank_account(
    workspace: Workspace,
    carrier_id: int,
    currency: str,
    actor: str,
    *,
    holder: str = "",
    routing: str = "",
    account: str = "",
    iban: str = "",
    bic: str = "",
) -> tuple[int, Changes]:
    """Enter where a carrier is paid: by `iban` through SEPA, else by `routing` and `account` through ACH.

    Details are checked by their check digits. Nothing is paid there before somebody else has verified it. A change is
    a new account: what was entered is never edited.
    """
    method = PaymentMethod.SEPA_CREDIT if iban else PaymentMethod.ACH_CCD
    details = _checked(method, currency, routing, account, iban, bic)
    with workspace.database.writing() as session:
        require(session, actor, "enter bank details")
        carrier = session.get(Carrier, carrier_id)
        if carrier is None:
            raise CarrierMissing(carrier_id=carrier_id)
        added = CarrierBankAccount(
            carrier_id=carrier_id,
            currency=currency,
            method=method,
            holder=holder,
            created_by=actor,
            created_at=datetime.now(UTC),
            **details,
        )
        session.add(added)
        session.flush()
        record(session, actor, "entered", f"bank account {_shown(added)} of {carrier.name}", currency=currency)
    return added.id, Changes.PAYMENTS | Changes.INVENTORY


def verify_bank_account(workspace: Workspace, bank_account_id: int, actor: str) -> Changes:
    """Confirm a bank account after asking the carrier, on a number that is not from a bill. A second person only."""
    with workspace.database.writing() as session:
        require(session, actor, "verify bank details")
        found, carrier = _lock(session, bank_account_id)
        if found.retired_at is not None:
            raise BankAccountRetired(account=_shown(found), carrier=carrier)
        if found.verified_by is not None:
            raise AlreadyVerified(account=_shown(found), carrier=carrier, verified_by=found.verified_by)
        subject = f"bank account {_shown(found)} of {carrier}"
        refuse_same_person(session, actor, found.created_by, f"entered {subject}", "verify it", "verify bank details")
        _checked(found.method, found.currency, found.routing, found.account, found.iban, found.bic)
        found.verified_by = actor
        found.verified_at = datetime.now(UTC)
        session.flush()
        record(session, actor, "verified", subject)
    return Changes.PAYMENTS | Changes.INVENTORY


def retire_bank_account(workspace: Workspace, bank_account_id: int, actor: str) -> Changes:
    """No longer pay there; what was paid keeps its account."""
    with workspace.database.writing() as session:
        require(session, actor, "enter bank details")
        found, carrier = _lock(session, bank_account_id)
        if found.retired_at is not None:
            raise BankAccountRetired(account=_shown(found), carrier=carrier)
        found.retired_at = datetime.now(UTC)
        session.flush()
        record(session, actor, "retired", f"bank account {_shown(found)} of {carrier}")
    return Changes.PAYMENTS | Changes.INVENTORY


def set_payer(
    workspace: Workspace,
    actor: str,
    *,
    name: str,
    routing: str = "",
    account: str = "",
    iban: str = "",
    bic: str = "",
    company_id: str = "",
    address: str = "",
    contact: str = "",
) -> Changes:
    """Set what payment files draw on and what letters are headed with. Empty details are left out; those that are
    given have to be right by their check digits."""
    checked_routing = routing_number(routing) if routing else ""
    checked_account = ach_account(account) if account else ""
    checked_iban = _iban(iban) if iban else ""
    checked_bic = _bic(bic) if bic else ""
    with workspace.database.writing() as session:
        require(session, actor, "enter bank details")
        info = session.get_one(WorkspaceInfo, 1, with_for_update=True)
        info.payer_name = name.strip()
        info.payer_routing, info.payer_account = checked_routing, checked_account
        info.payer_iban, info.payer_bic = checked_iban, checked_bic
        info.payer_company_id = company_id.strip()
        info.address = address.strip()
        info.contact = contact.strip()
        session.flush()
        accounts = ", ".join(masked(number) for number in (checked_account, checked_iban) if number)
        record(session, actor, "set", "our own bank details", name=name, accounts=accounts)
    return Changes.SETTINGS | Changes.PAYMENTS


_iban, _bic = iban, bic  # the commands' own parameters have these names


def _checked(method: PaymentMethod, currency: str, routing: str, account: str, iban: str, bic: str) -> dict[str, str]:
    if currency != _CURRENCY[method]:
        name = method.replace("_", " ").upper()
        raise WrongCurrency(method=name, wanted=_CURRENCY[method], currency=currency)
    if method is PaymentMethod.SEPA_CREDIT:
        return {"routing": "", "account": "", "iban": _iban(iban), "bic": _bic(bic) if bic else ""}
    return {"routing": routing_number(routing), "account": ach_account(account), "iban": "", "bic": ""}


def _lock(session: Session, bank_account_id: int) -> tuple[CarrierBankAccount, str]:
    statement = select(CarrierBankAccount).where(CarrierBankAccount.id == bank_account_id).with_for_update()
    found = session.scalar(statement)
    if found is None:
        raise BankAccountMissing(bank_account_id=bank_account_id)
    return found, session.scalars(select(Carrier.name).where(Carrier.id == found.carrier_id)).one()


def _shown(found: CarrierBankAccount) -> str:
    return masked(found.iban or found.account)
