"""Service orders: saved by carrier, number and what they name."""

from __future__ import annotations

from dataclasses import fields

from sqlalchemy import select

from app.domain.identifiers import circuit_key, tn_key
from app.domain.parsed_records import ParsedOrder
from app.models.operations import ServiceOrder
from app.services.record_book import Kind, RecordBook

_COLUMNS = {
    "ban": {"account_id"},
    "location": {"location_id"},
    "circuit_id": {"circuit_id", "circuit_key"},
    "tn": {"tn", "tn_key"},
}


def save_orders(book: RecordBook, parsed: list[ParsedOrder]) -> None:
    """Add orders, and bring those that are known up to date; notes carriers, accounts and locations that are not."""
    if not parsed:
        return
    stored = {_key(row): row for row in book.session.scalars(select(ServiceOrder))}
    for one in parsed:
        carrier = book.find_carrier(one.carrier, one.source)
        if carrier is None:
            continue
        account = book.find_account(carrier, one.ban, one.source) if one.ban else None
        location = book.find_location(one.location, one.source) if one.location else None
        values = {each.name: getattr(one, each.name) for each in fields(one)}
        for name in ("carrier", "ban", "location", "source", "given"):
            del values[name]
        values |= {
            "carrier_id": carrier.id,
            "account_id": account and account.id,
            "location_id": location and location.id,
            "circuit_key": circuit_key(one.circuit_id),
            "tn_key": tn_key(one.tn) if one.tn else "",
        }
        key = _key(ServiceOrder(**values))
        subject = f"order {one.number} of {carrier.name}"
        if book.is_repeated(Kind.ORDER, key, one, subject):
            continue
        given = {column for name in one.given for column in _COLUMNS.get(name, {name})}
        stored[key] = book.upsert(Kind.ORDER, stored.get(key), ServiceOrder, values, given, subject)


def _key(row: ServiceOrder) -> tuple[int, str, str, str, str]:
    return row.carrier_id, circuit_key(row.number), row.circuit_key, row.tn_key, row.code.casefold()
