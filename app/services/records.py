"""Saving inventory and contracts: upserts by natural key inside the caller's transaction, all of a file or nothing."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from app.domain.identifiers import ban_key, circuit_key, name_key, tn_key
from app.domain.parsed_records import (
    ParsedAccount,
    ParsedBankAccount,
    ParsedBudget,
    ParsedCarrier,
    ParsedContract,
    ParsedExchangeRate,
    ParsedLocation,
    ParsedOrder,
    ParsedOutage,
    ParsedRateElement,
    ParsedRecord,
    ParsedService,
    ParsedSurchargeFactor,
    ParsedWork,
)
from app.domain.vocabulary import BillingMode, PaymentMethod
from app.models.contracts import Contract
from app.models.inventory import BillingAccount, Carrier, CarrierBankAccount, Location, Service
from app.models.workspace import WorkspaceInfo
from app.services.changes import Changes
from app.services.duties import require
from app.services.exchange_rates import save_exchange_rates
from app.services.log import lock_workspace, record
from app.services.record_book import Count, Kind, RecordBook, contract_key, service_keys
from app.services.record_budgets import save_budgets, save_surcharge_factors
from app.services.record_orders import save_orders
from app.services.record_prices import save_prices
from app.services.record_tickets import save_outages, save_work

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Parsed = TypeVar("Parsed")
_CHANGES = {
    Kind.CONTRACT: Changes.CONTRACTS,
    Kind.PRICE: Changes.CONTRACTS,
    Kind.EXCHANGE_RATE: Changes.CONTRACTS,
    Kind.SURCHARGE_FACTOR: Changes.CONTRACTS,
    Kind.BANK_ACCOUNT: Changes.INVENTORY | Changes.PAYMENTS,
}


@dataclass(frozen=True, slots=True)
class RecordCounts:
    """What a file brought, by kind of record, and which pages that concerns."""

    counts: dict[Kind, Count]
    changes: Changes

    def __str__(self) -> str:
        parts = []
        for kind, count in self.counts.items():
            words = [
                f"{number:,} {word}" for number, word in ((count.added, "new"), (count.changed, "changed")) if number
            ]
            words += [f"{count.unchanged:,} as before"] if count.unchanged else []
            parts.append(f"{kind}: {', '.join(words)}")
        return "; ".join(parts) or "nothing"


def save_records(session: Session, records: Sequence[ParsedRecord], actor: str) -> RecordCounts:
    """Save all of `records` or raise: what is known already is brought up to date, the rest is added.

    The same records again change nothing. Raises DanglingReferences, ContradictingRows, UnreadableParameters and
    OverlappingPrices; the caller's transaction is to be rolled back then.
    """
    lock_workspace(session)
    book = RecordBook(session)
    _save_carriers(book, _of(records, ParsedCarrier))
    _save_locations(book, _of(records, ParsedLocation))
    _save_accounts(book, _of(records, ParsedAccount))
    _save_contracts(book, _of(records, ParsedContract))
    book.refuse_dangling()
    _link_contracts(book)
    _save_services(book, _of(records, ParsedService))
    book.refuse_dangling()
    save_prices(book, _of(records, ParsedRateElement))
    save_exchange_rates(book, _of(records, ParsedExchangeRate))
    _save_bank_accounts(book, _of(records, ParsedBankAccount), actor)
    save_work(book, _of(records, ParsedWork))
    save_outages(book, _of(records, ParsedOutage))
    save_orders(book, _of(records, ParsedOrder))
    save_budgets(book, _of(records, ParsedBudget))
    save_surcharge_factors(book, _of(records, ParsedSurchargeFactor))
    book.refuse_dangling()
    return _finish(book, actor)


def _finish(book: RecordBook, actor: str) -> RecordCounts:
    changes = Changes.NONE
    for kind, count in book.counts.items():
        if count.added or count.changed:
            changes |= _CHANGES.get(kind, Changes.INVENTORY)
    result = RecordCounts(book.counts, changes)
    if changes:
        added = {kind.value: count.added for kind, count in book.counts.items() if count.added}
        record(book.session, actor, "saved", "inventory and contracts", added=added, changed=book.log)
    return result


def _of(records: Sequence[ParsedRecord], kind: type[Parsed]) -> list[Parsed]:
    return [one for one in records if isinstance(one, kind)]


def _save_carriers(book: RecordBook, parsed: list[ParsedCarrier]) -> None:
    for one in parsed:
        key = name_key(one.name)
        if book.is_repeated(Kind.CARRIER, key, one, f"the carrier {one.name}"):
            continue
        values = {
            "name": one.name,
            "name_key": key,
            "currency": one.currency,
            "dispute_email": one.dispute_email,
            "address": one.address,
        }
        found = book.carriers.get(key)
        book.carriers[key] = book.upsert(Kind.CARRIER, found, Carrier, values, set(one.given), f"carrier {one.name}")


def _save_locations(book: RecordBook, parsed: list[ParsedLocation]) -> None:
    for one in parsed:
        key = circuit_key(one.code)
        if book.is_repeated(Kind.LOCATION, key, one, f"the location {one.code}"):
            continue
        values = {name: getattr(one, name) for name in _names(one)} | {"code_key": key}
        found = book.locations.get(key)
        book.locations[key] = book.upsert(
            Kind.LOCATION, found, Location, values, set(one.given), f"location {one.code}"
        )


def _save_accounts(book: RecordBook, parsed: list[ParsedAccount]) -> None:
    workspace_currency = book.session.scalar(select(WorkspaceInfo.currency)) or ""
    for one in parsed:
        carrier = book.find_carrier(one.carrier, one.source)
        if carrier is None:
            continue
        key = (carrier.id, ban_key(one.ban))
        subject = f"account {one.ban} of {carrier.name}"
        if book.is_repeated(Kind.ACCOUNT, key, one, subject):
            continue
        values = {
            "carrier_id": carrier.id,
            "ban": one.ban,
            "ban_key": key[1],
            "currency": one.currency or carrier.currency or workspace_currency,
            "mode": BillingMode(one.billing_mode),
            "bill_day": one.bill_day,
            "contract_number": one.contract,
            "description": one.description,
        }
        columns = {"billing_mode": "mode", "contract": "contract_number"}
        given = {columns.get(name, name) for name in one.given}
        if not one.currency and one.given:
            given.discard("currency")
        book.accounts[key] = book.upsert(Kind.ACCOUNT, book.accounts.get(key), BillingAccount, values, given, subject)


def _save_contracts(book: RecordBook, parsed: list[ParsedContract]) -> None:
    for one in parsed:
        carrier = book.find_carrier(one.carrier, one.source)
        if carrier is None:
            continue
        key = (carrier.id, contract_key(one.number))
        subject = f"contract {one.number} of {carrier.name}"
        if book.is_repeated(Kind.CONTRACT, key, one, subject):
            continue
        values = {name: getattr(one, name) for name in _names(one) if name not in {"carrier", "accounts"}}
        values["carrier_id"] = carrier.id
        found = book.contracts.get(key)
        book.contracts[key] = book.upsert(Kind.CONTRACT, found, Contract, values, set(one.given), subject)


def _link_contracts(book: RecordBook) -> None:
    """Give each account the contract that our records name for it, whichever of the two was stored first."""
    numbers = {(row.carrier_id, contract_key(row.number)): row.id for row in book.contracts.values()}
    for account in book.accounts.values():
        wanted = numbers.get((account.carrier_id, contract_key(account.contract_number)))
        if account.contract_id != wanted:
            book.log.append({"subject": f"account {account.ban}", "contract_id": [account.contract_id, wanted]})
            account.contract_id = wanted
            if id(account) not in book.added:
                book.count(Kind.ACCOUNT).changed += 1
    book.session.flush()


def _save_services(book: RecordBook, parsed: list[ParsedService]) -> None:
    for one in parsed:
        carrier = book.find_carrier(one.carrier, one.source)
        if carrier is None:
            continue
        account = book.find_account(carrier, one.ban, one.source) if one.ban else None
        site_a = book.find_location(one.location_a, one.source) if one.location_a else None
        site_z = book.find_location(one.location_z, one.source) if one.location_z else None
        values = {name: getattr(one, name) for name in _names(one)}
        for name in ("carrier", "ban", "location_a", "location_z"):
            del values[name]
        values |= {
            "carrier_id": carrier.id,
            "account_id": account and account.id,
            "location_a_id": site_a and site_a.id,
            "location_z_id": site_z and site_z.id,
            "circuit_key": circuit_key(one.circuit_id),
            "tn_key": tn_key(one.tn) if one.tn else "",
        }
        wanted = service_keys(Service(**values))
        subject = f"service {one.circuit_id or one.tn or one.description or one.code} of {carrier.name}"
        if book.is_repeated(Kind.SERVICE, wanted[0], one, subject):
            continue
        found = _find_known(book, wanted, bool(one.circuit_id))
        for key in [] if found is None else service_keys(found):
            if book.services.get(key) is found:
                del book.services[key]
        row = book.upsert(Kind.SERVICE, found, Service, values, _given_columns(one), subject)
        book.services.update(dict.fromkeys(service_keys(row), row))


def _find_known(book: RecordBook, keys: list[tuple[Hashable, ...]], has_circuit: bool) -> Service | None:
    """The stored service of one of the keys. One found by its number alone must not be another circuit's."""
    for key in keys:
        row = book.services.get(key)
        if row is not None and (key == keys[0] or not (has_circuit and row.circuit_key)):
            return row
    return None


def _given_columns(one: ParsedService) -> set[str]:
    """The columns that the fields given fill."""
    columns = {
        "ban": {"account_id"},
        "location_a": {"location_a_id"},
        "location_z": {"location_z_id"},
        "circuit_id": {"circuit_id", "circuit_key"},
        "tn": {"tn", "tn_key"},
    }
    # an identifier is what the service is known by: an empty cell never takes it away
    empty = {name for name in ("circuit_id", "tn") if not getattr(one, name)}
    return {column for name in one.given if name not in empty for column in columns.get(name, {name})}


def _save_bank_accounts(book: RecordBook, parsed: list[ParsedBankAccount], actor: str) -> None:
    """A bank account that says something new is a new row, unverified, and retires the one before; none is edited."""
    now = datetime.now(UTC)
    for one in parsed:
        carrier = book.find_carrier(one.carrier, one.source)
        if carrier is None:
            continue
        method = PaymentMethod.SEPA_CREDIT if one.iban else PaymentMethod.ACH_CCD
        subject = f"the {one.currency} bank account of {carrier.name}"
        if book.is_repeated(Kind.BANK_ACCOUNT, (carrier.id, one.currency, method), one, subject):
            continue
        details = {name: getattr(one, name) for name in ("holder", "routing", "account", "iban", "bic")}
        active = book.session.scalars(
            select(CarrierBankAccount).where(
                CarrierBankAccount.carrier_id == carrier.id,
                CarrierBankAccount.currency == one.currency,
                CarrierBankAccount.method == method,
                CarrierBankAccount.retired_at.is_(None),
            )
        ).all()
        count = book.count(Kind.BANK_ACCOUNT)
        if any(all(getattr(row, name) == value for name, value in details.items()) for row in active):
            count.unchanged += 1
            continue
        require(book.session, actor, "enter bank details")
        for row in active:
            row.retired_at = now
        added = CarrierBankAccount(
            carrier_id=carrier.id, currency=one.currency, method=method, created_by=actor, created_at=now, **details
        )
        book.session.add(added)
        book.session.flush()
        count.added += 1
        book.log.append({"subject": subject, "retired": [row.id for row in active], "added": added.id})


def _names(parsed: ParsedContract | ParsedLocation | ParsedService) -> list[str]:
    return [one.name for one in fields(parsed) if one.name not in {"source", "given"}]
