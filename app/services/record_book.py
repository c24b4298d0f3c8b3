"""What is stored of inventory and contracts, found by natural keys; and upserts that say what they did."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select

from app.domain.identifiers import ban_key, circuit_key, name_key, tn_key
from app.domain.source import Source
from app.errors import UserError
from app.models.contracts import Contract
from app.models.inventory import BillingAccount, Carrier, Location, Service
from app.services.journal import note_seen

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.base import Base

Row = TypeVar("Row", bound="Base")
MOST_LISTED = 20


class DanglingReferences(UserError):
    """{count} rows name what is not known: {rows}. Add what is missing to the same file or import it first; nothing
    of this file was saved.
    """


class ContradictingRows(UserError):
    """{first} and {second} both describe {subject}, but not alike: keep one of them. Nothing of this file was saved."""


class Kind(StrEnum):
    """The kinds of records, as counts name them."""

    CARRIER = "carriers"
    LOCATION = "locations"
    ACCOUNT = "accounts"
    SERVICE = "services"
    CONTRACT = "contracts"
    PRICE = "prices"
    BANK_ACCOUNT = "bank accounts"
    EXCHANGE_RATE = "exchange rates"
    ORDER = "service orders"
    BUDGET = "budgets"
    SURCHARGE_FACTOR = "surcharge factors"
    WORK = "tickets of remote hands"
    OUTAGE = "outages"


@dataclass(slots=True)
class Count:
    """How many records of a kind a file brought, corrected, and held that were known already."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def total(self) -> int:
        return self.added + self.changed + self.unchanged


class RecordBook:
    """The stored rows by their keys, the counts so far, and the references that lead nowhere."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.counts: dict[Kind, Count] = {}
        self.log: list[dict[str, object]] = []
        self.dangling: list[str] = []
        self.added: dict[int, Base] = {}  # by identity; holding the rows keeps their identities apart
        self._seen: dict[tuple[Kind, Hashable], tuple[object, Source]] = {}
        self.carriers = {row.name_key: row for row in session.scalars(select(Carrier))}
        self.locations = {row.code_key: row for row in session.scalars(select(Location))}
        self.accounts = {(row.carrier_id, row.ban_key): row for row in session.scalars(select(BillingAccount))}
        self.contracts = {(row.carrier_id, contract_key(row.number)): row for row in session.scalars(select(Contract))}
        self.services = {key: row for row in session.scalars(select(Service)) for key in service_keys(row)}

    def is_repeated(self, kind: Kind, key: Hashable, parsed: Any, subject: str) -> bool:
        """Whether the file has said the same of `key` before; raises ContradictingRows where it said something else."""
        said = tuple(getattr(parsed, one.name) for one in fields(parsed) if one.name not in {"source", "given"})
        first = self._seen.setdefault((kind, key), (said, parsed.source))
        if first[0] != said:
            place = first[1].describe()
            raise ContradictingRows(
                first=place[0].upper() + place[1:], second=parsed.source.describe(), subject=subject
            )
        return first[1] is not parsed.source

    def count(self, kind: Kind) -> Count:
        """The count of `kind`."""
        return self.counts.setdefault(kind, Count())

    def upsert(
        self, kind: Kind, row: Row | None, model: type[Row], values: Mapping[str, Any], given: set[str], subject: str
    ) -> Row:
        """Add a row with `values`, or bring `row` up to date in the attributes that are `given` (none: in all)."""
        if row is None:
            row = model(**values)
            self.session.add(row)
            self.session.flush()
            self.count(kind).added += 1
            self.added[id(row)] = row
            return row
        changed = {
            name: (getattr(row, name), value)
            for name, value in values.items()
            if (not given or name in given) and getattr(row, name) != value
        }
        for name, (_before, after) in changed.items():
            setattr(row, name, after)
        if changed:
            self.session.flush()
            self.count(kind).changed += 1
            self.log.append(
                {"subject": subject, **{name: [str(before), str(after)] for name, (before, after) in changed.items()}}
            )
        else:
            self.count(kind).unchanged += 1
            note_seen(self.session, row.__tablename__, row.id)  # type: ignore[attr-defined]  # every row has an id
        return row

    def find_carrier(self, name: str, source: Source) -> Carrier | None:
        """The carrier of that name; a dangling reference where there is none."""
        return self._found(self.carriers.get(name_key(name)), f"carrier '{name}'", source)

    def find_account(self, carrier: Carrier, ban: str, source: Source) -> BillingAccount | None:
        """The carrier's account."""
        row = self.accounts.get((carrier.id, ban_key(ban)))
        return self._found(row, f"account '{ban}' of {carrier.name}", source)

    def find_location(self, code: str, source: Source) -> Location | None:
        """The location of that code."""
        return self._found(self.locations.get(circuit_key(code)), f"location '{code}'", source)

    def find_service(self, carrier_id: int, circuit_id: str, tn: str, source: Source) -> Service | None:
        """The carrier's service with that circuit ID, or else that telephone number."""
        key = (carrier_id, "circuit", circuit_key(circuit_id)) if circuit_id else (carrier_id, "tn", tn_key(tn))
        return self._found(self.services.get(key), f"service '{circuit_id or tn}'", source)

    def find_contract(self, number: str, carrier: Carrier | None, source: Source) -> Contract | None:
        """The contract of that number, of that carrier where one is named."""
        key = contract_key(number)
        rows = [
            row
            for (carrier_id, other), row in self.contracts.items()
            if other == key and (carrier is None or carrier_id == carrier.id)
        ]
        if len(rows) > 1:
            self.dangle(f"contract '{number}', which several carriers have (fill in the column Carrier)", source)
            return None
        return self._found(rows[0] if rows else None, f"contract '{number}'", source)

    def dangle(self, what: str, source: Source) -> None:
        """Note that a row names `what`, which is not known."""
        self.dangling.append(f"{source.describe()}: {what}")

    def refuse_dangling(self) -> None:
        """Raise DanglingReferences where any row named what is not known."""
        if self.dangling:
            listed = "; ".join(self.dangling[:MOST_LISTED])
            more = len(self.dangling) - MOST_LISTED
            raise DanglingReferences(
                count=len(self.dangling), rows=f"{listed}; and {more} more" if more > 0 else listed
            )

    def _found(self, row: Row | None, what: str, source: Source) -> Row | None:
        if row is None:
            self.dangle(what, source)
        return row


def contract_key(number: str) -> str:
    """A contract's number for comparing: letters and digits."""
    return circuit_key(number)


def service_keys(row: Service) -> list[tuple[Hashable, ...]]:
    """The keys under which a service is found: circuit, number, and for one without both account, code and site."""
    keys: list[tuple[Hashable, ...]] = []
    if row.circuit_key:
        keys.append((row.carrier_id, "circuit", row.circuit_key))
    if row.tn_key:
        keys.append((row.carrier_id, "tn", row.tn_key))
    if not keys:
        keys.append((row.carrier_id, "site", row.account_id, row.code.casefold(), row.location_a_id))
    return keys
