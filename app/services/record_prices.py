"""Saving the prices of contracts, and refusing those that cannot be read or hold on the same days."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.parameters import BadParameters, read_settings
from app.domain.vocabulary import MODIFIERS, ChargeType, PriceModel, ServiceKind
from app.errors import UserError
from app.models.contracts import RateElement
from app.rating.parameters import declared_parameters
from app.services.record_book import MOST_LISTED, Kind, RecordBook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.parsed_records import ParsedRateElement
    from app.domain.source import Source
    from app.models.contracts import Contract

Scope = tuple[int | None, int | None, ServiceKind | None, str]  # service, location, kind, zone: the narrowest alone
Series = tuple[int, str, ChargeType, PriceModel | None, Scope]
_FIELDS = (
    "code",
    "charge_type",
    "model",
    "price",
    "effective_from",
    "effective_to",
    "service_kind",
    "zone",
    "waived",
    "parameters",
    "clause",
    "page",
    "description",
    "amendment",
    "agreed",
    "reason",
)


class OverlappingPrices(UserError):
    """Prices that hold on the same days: {pairs}. Give the earlier one a last day before the later one's first day, or
    say in the column Agreed on when the later one was agreed on; nothing of this file was saved.
    """


class UnreadableParameters(UserError):
    """{count} cannot be read: {rows}. Correct the column Parameters as docs/pricing-models.md says for the
    model; nothing of this file was saved.
    """


def save_prices(book: RecordBook, parsed: list[ParsedRateElement]) -> None:
    """Add prices and bring known ones up to date; raises UnreadableParameters, or OverlappingPrices where two of one
    series then overlap.

    A series is the prices of one contract, code, charge type and scope (of a modifier, the model too); in it a price is
    known by its first day and the day on which it was agreed on. What was agreed on another day is an amendment of what
    is there, and holds on the same days.
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
    unreadable: list[str] = []
    for one, contract, scope in resolved:
        key = _key(contract.id, one, scope)
        touched.add(key)
        subject = f"the price of {one.code} ({one.charge_type}) from {one.effective_from} in contract {contract.number}"
        known_by = (one.effective_from, one.agreed)
        if book.is_repeated(Kind.PRICE, (key, known_by), one, subject):
            continue
        values = {name: getattr(one, name) for name in _FIELDS}
        values |= {"contract_id": contract.id, "service_id": scope[0], "location_id": scope[1]}
        found = next((row for row in series[key] if (row.effective_from, row.agreed) == known_by), None)
        row = book.upsert(Kind.PRICE, found, RateElement, values, set(one.given), subject)
        unreadable += [f"{one.source.describe()}: {fault}" for fault in _faults(row)]
        places[row.id] = one.source
        if found is None:
            series[key].append(row)
    if unreadable:
        more = [f"and {len(unreadable) - MOST_LISTED} more"] if len(unreadable) > MOST_LISTED else []
        counted = f"{len(unreadable):,} price" + "s" * (len(unreadable) > 1)
        raise UnreadableParameters(count=counted, rows="; ".join(unreadable[:MOST_LISTED] + more))
    _refuse_overlaps(book, [series[key] for key in sorted(touched, key=str)], places)


def _resolve(book: RecordBook, one: ParsedRateElement) -> list[tuple[Contract, Scope]]:
    """The contract and the narrowest scope that the price names; nothing where one of them is not known."""
    carrier = book.find_carrier(one.carrier, one.source) if one.carrier else None
    if one.carrier and carrier is None:
        return []
    contract = book.find_contract(one.contract, carrier, one.source)
    if contract is None:
        return []
    zone = one.zone.strip().casefold()
    if one.circuit_id or one.tn:
        service = book.find_service(contract.carrier_id, one.circuit_id, one.tn, one.source)
        return [] if service is None else [(contract, (service.id, None, None, zone))]
    if one.location:
        location = book.find_location(one.location, one.source)
        return [] if location is None else [(contract, (None, location.id, None, zone))]
    return [(contract, (None, None, one.service_kind, zone))]


def _series(row: RateElement) -> Series:
    location = None if row.service_id is not None else row.location_id
    kind = row.service_kind if row.service_id is None and row.location_id is None else None
    return _key(row.contract_id, row, (row.service_id, location, kind, row.zone.strip().casefold()))


def _key(contract_id: int, price: RateElement | ParsedRateElement, scope: Scope) -> Series:
    # an escalator and a discount of one code are no two prices of it
    modifier = price.model if price.model in MODIFIERS else None
    return contract_id, price.code.strip().casefold(), price.charge_type, modifier, scope


def _faults(row: RateElement) -> Iterator[str]:
    """What keeps the price from being rated by: a model that nothing rates, or parameters that it does not take."""
    declared = declared_parameters(row.model)
    if declared is None:
        yield f"nothing can rate by the model {row.model} yet"
        return
    try:
        read_settings(row.parameters, declared)
    except BadParameters as fault:
        yield str(fault).rstrip(".")


def _refuse_overlaps(book: RecordBook, series: list[list[RateElement]], places: dict[int, Source]) -> None:
    numbers = {row.id: row.number for row in book.contracts.values()}
    pairs = []
    for rows in series:
        ordered = sorted(rows, key=lambda row: (row.agreed or date.min, row.effective_from))
        for earlier, later in pairwise(ordered):
            if earlier.agreed != later.agreed:
                continue
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
