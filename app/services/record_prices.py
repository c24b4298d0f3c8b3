"""Saving the prices of contracts, and refusing those that hold on the same days."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.vocabulary import ChargeType
from app.errors import UserError
from app.models.contracts import RateElement
from app.services.record_book import MOST_LISTED, Kind, RecordBook

if TYPE_CHECKING:
    from app.domain.parsed import ParsedRateElement, Source
    from app.models.contracts import Contract

Scope = tuple[int | None, int | None]  # service, location
Series = tuple[int, str, ChargeType, Scope]
_FIELDS = (
    "code",
    "charge_type",
    "model",
    "price",
    "effective_from",
    "effective_to",
    "waived",
    "initial_seconds",
    "increment_seconds",
    "clause",
    "page",
    "description",
)


class OverlappingPrices(UserError):
    """Prices that hold on the same days: {pairs}. Give the earlier one a last day before the later one's first day;
    nothing of this file was saved.
    """


def save_prices(book: RecordBook, parsed: list[ParsedRateElement]) -> None:
    """Add prices and bring known ones up to date; raises OverlappingPrices where two of one series then overlap.

    A series is the prices of one contract, code, charge type and scope; in it a price is known by its first day.
    """
    if not parsed:
        return
    resolved = [(one, contract, scope) for one in parsed for contract, scope in _resolve(book, one)]
    book.refuse_dangling()
    series: defaultdict[Series, list[RateElement]] = defaultdict(list)
    stored = select(RateElement).where(
        RateElement.contract_id.in_({contract.id for _one, contract, _scope in resolved})
    )
    for row in book.session.scalars(stored):
        series[_series(row)].append(row)
    places: dict[int, Source] = {}
    touched: set[Series] = set()
    for one, contract, scope in resolved:
        key = (contract.id, one.code.strip().casefold(), one.charge_type, scope)
        touched.add(key)
        subject = f"the price of {one.code} ({one.charge_type}) from {one.effective_from} in contract {contract.number}"
        if book.is_repeated(Kind.PRICE, (key, one.effective_from), one, subject):
            continue
        values = {name: getattr(one, name) for name in _FIELDS}
        values |= {"contract_id": contract.id, "service_id": scope[0], "location_id": scope[1]}
        found = next((row for row in series[key] if row.effective_from == one.effective_from), None)
        row = book.upsert(Kind.PRICE, found, RateElement, values, set(one.given), subject)
        places[row.id] = one.source
        if found is None:
            series[key].append(row)
    _refuse_overlaps(book, [series[key] for key in sorted(touched, key=str)], places)


def _resolve(book: RecordBook, one: ParsedRateElement) -> list[tuple[Contract, Scope]]:
    """The contract and the narrowest scope that the price names; nothing where one of them is not known."""
    carrier = book.find_carrier(one.carrier, one.source) if one.carrier else None
    if one.carrier and carrier is None:
        return []
    contract = book.find_contract(one.contract, carrier, one.source)
    if contract is None:
        return []
    if one.circuit_id or one.tn:
        service = book.find_service(contract.carrier_id, one.circuit_id, one.tn, one.source)
        return [] if service is None else [(contract, (service.id, None))]
    if one.location:
        location = book.find_location(one.location, one.source)
        return [] if location is None else [(contract, (None, location.id))]
    return [(contract, (None, None))]


def _series(row: RateElement) -> Series:
    scope = (row.service_id, None if row.service_id is not None else row.location_id)
    return row.contract_id, row.code.strip().casefold(), row.charge_type, scope


def _refuse_overlaps(book: RecordBook, series: list[list[RateElement]], places: dict[int, Source]) -> None:
    numbers = {row.id: row.number for row in book.contracts.values()}
    pairs = []
    for rows in series:
        ordered = sorted(rows, key=lambda row: row.effective_from)
        for earlier, later in pairwise(ordered):
            if earlier.effective_to is None or earlier.effective_to > later.effective_from:
                pairs.append(
                    f"{earlier.code} ({earlier.charge_type}) of contract {numbers[earlier.contract_id]}: "
                    f"{_describe(earlier, places)} and {_describe(later, places)}"
                )
    if pairs:
        listed = "; ".join(pairs[:MOST_LISTED])
        raise OverlappingPrices(
            pairs=f"{listed}; and {len(pairs) - MOST_LISTED} more" if len(pairs) > MOST_LISTED else listed
        )


def _describe(row: RateElement, places: dict[int, Source]) -> str:
    place = places[row.id].describe() if row.id in places else "stored already"
    return f"{row.price} {_days(row.effective_from, row.effective_to)} ({place})"


def _days(first: date, end: date | None) -> str:
    return f"from {first}" if end is None else f"from {first} to {end - timedelta(days=1)}"
