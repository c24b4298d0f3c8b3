"""Saving tickets of remote hands and of outages: a ticket is known by its reference and brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.identifiers import circuit_key, tn_key
from app.domain.parsed_records import ParsedOutage, ParsedWork
from app.models.operations import OutageTicket, WorkTicket
from app.services.record_book import Kind, RecordBook

if TYPE_CHECKING:
    from app.models.inventory import Carrier

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# what a field of a ticket fills
_COLUMNS = {
    "ban": {"account_id"},
    "location": {"location_id"},
    "circuit_id": {"circuit_id", "circuit_key"},
    "tn": {"tn", "tn_key"},
    "start": {"started"},
    "end": {"ended", "minutes"},
}


def save_work(book: RecordBook, rows: Sequence[ParsedWork]) -> None:
    """Save jobs; one that is known by carrier and reference is brought up to date. A carrier, account or location that
    is not known is a dangling reference of the book."""
    known = {(row.carrier_id, row.reference): row for row in book.session.scalars(select(WorkTicket))} if rows else {}
    for one in rows:
        carrier = book.find_carrier(one.carrier, one.source)
        if carrier is None:
            continue
        subject = f"ticket {one.reference} of {carrier.name}"
        if book.is_repeated(Kind.WORK, (carrier.id, one.reference), one, subject):
            continue
        location = book.find_location(one.location, one.source) if one.location else None
        values = {
            "carrier_id": carrier.id,
            "account_id": _account(book, carrier, one),
            "location_id": location.id if location else None,
            "reference": one.reference,
            "circuit_id": one.circuit_id,
            "circuit_key": circuit_key(one.circuit_id),
            "started": moment_of(one.started),
            "minutes": one.minutes,
            "after_hours": one.after_hours,
            "expedited": one.expedited,
            "description": one.description,
        }
        found = known.get((carrier.id, one.reference))
        known[carrier.id, one.reference] = book.upsert(Kind.WORK, found, WorkTicket, values, _given(one), subject)


def save_outages(book: RecordBook, rows: Sequence[ParsedOutage]) -> None:
    """Save outages; one that is known by carrier, reference and what was out is brought up to date."""
    stored = book.session.scalars(select(OutageTicket)) if rows else ()
    known = {(row.carrier_id, row.reference, row.circuit_key, row.tn_key): row for row in stored}
    for one in rows:
        carrier = book.find_carrier(one.carrier, one.source)
        if carrier is None:
            continue
        key = carrier.id, one.reference, circuit_key(one.circuit_id), tn_key(one.tn) if one.tn else ""
        subject = f"outage {one.reference} of {one.circuit_id or one.tn} ({carrier.name})"
        if book.is_repeated(Kind.OUTAGE, key, one, subject):
            continue
        values = {
            "carrier_id": carrier.id,
            "account_id": _account(book, carrier, one),
            "reference": one.reference,
            "circuit_id": one.circuit_id,
            "circuit_key": key[2],
            "tn": one.tn,
            "tn_key": key[3],
            "started": moment_of(one.started),
            "ended": None if one.ended is None else moment_of(one.ended),
            "excluded": one.excluded,
            "description": one.description,
        }
        known[key] = book.upsert(Kind.OUTAGE, known.get(key), OutageTicket, values, _given(one), subject)


def moment_of(seconds: int) -> datetime:
    """UTC seconds as the moment that a table keeps."""
    return _EPOCH + timedelta(seconds=seconds)


def _account(book: RecordBook, carrier: Carrier, one: ParsedWork | ParsedOutage) -> int | None:
    account = book.find_account(carrier, one.ban, one.source) if one.ban else None
    return account.id if account else None


def _given(one: ParsedWork | ParsedOutage) -> set[str]:
    return {column for name in one.given for column in _COLUMNS.get(name, {name})}
