"""Circuits and numbers that a file of usage or tickets names and the inventory does not know: kept, and told."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.identifiers import circuit_key, name_key, tn_key
from app.domain.parameters import split_parameters
from app.domain.parsed_records import ParsedOutage, ParsedWork
from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.models.contracts import RateElement
from app.models.inventory import Carrier, Service
from app.usage.store import READINGS, SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.domain.parsed import ParsedDocument

_MOST_LISTED = 8
Named = tuple[str, str, str]  # the carrier, what the file calls the circuit or number, and its key


def tell_unknown_circuits(session: Session, document: ParsedDocument) -> list[ParseIssue]:
    """One warning for each carrier of whose circuits and numbers `document` names some that are in no inventory."""
    missing: defaultdict[str, dict[str, str]] = defaultdict(dict)
    known: dict[str, set[str]] = {}
    for carrier, shown, key in _named(document):
        if carrier not in known:
            known[carrier] = _keys_of(session, carrier)
        if key not in known[carrier]:
            missing[carrier].setdefault(key, shown)
    return [_issue(carrier, sorted(found.values())) for carrier, found in missing.items()]


def _named(document: ParsedDocument) -> Iterator[Named]:
    for samples in document.samples:
        yield from ((samples.carrier, name, circuit_key(name)) for name in dict.fromkeys(samples.circuit_id))
    for readings in document.readings:
        yield from ((readings.carrier, name, circuit_key(name)) for name in dict.fromkeys(readings.circuit_id))
    for part in document.parts:
        if part.kind == SAMPLES:
            yield part.carrier, part.name, circuit_key(part.name)
        elif part.kind == READINGS:
            name = part.name.partition(":")[2]  # its kind stands before it
            yield part.carrier, name, circuit_key(name)
    for one in document.records:
        if isinstance(one, ParsedWork | ParsedOutage) and one.circuit_id:
            yield one.carrier, one.circuit_id, circuit_key(one.circuit_id)
        elif isinstance(one, ParsedOutage) and one.tn:
            yield one.carrier, one.tn, tn_key(one.tn)


def _keys_of(session: Session, carrier: str) -> set[str]:
    """The keys of the carrier's services, and of circuits that prices name because they share a commitment."""
    found: set[str] = set()
    owned = select(Service.circuit_key, Service.tn_key).join(Carrier, Carrier.id == Service.carrier_id)
    for circuit, number in session.execute(owned.where(Carrier.name_key == name_key(carrier))):
        found |= {circuit, number}
    for parameters in session.scalars(
        select(RateElement.parameters).where(RateElement.parameters.contains("circuits"))
    ):
        shared = split_parameters(parameters).get("circuits", "")
        found |= {circuit_key(name) for name in shared.split(",")}
    return found


def _issue(carrier: str, names: list[str]) -> ParseIssue:
    listed = ", ".join(name[:40] for name in names[:_MOST_LISTED])
    more = len(names) - _MOST_LISTED
    many = len(names) != 1
    return ParseIssue(
        Severity.WARNING,
        "circuit-not-in-inventory",
        f"{'These circuits are' if many else 'This circuit is'} in no inventory of {carrier}: {listed}"
        f"{f' and {more:,} more' if more > 0 else ''}. What the file says of {'them' if many else 'it'} is kept, and "
        "compared with no charge.",
        "Add the services to the inventory, or correct their circuit IDs; then what is kept counts.",
    )
