"""Our own meter readings as facts: the energy that a register counted, the power that was drawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.evidence import MeterFacts
from app.domain.money import RATE_SCALE, from_scaled
from app.domain.period import Period
from app.domain.vocabulary import PriceModel, ReadingKind
from app.models.documents import SourceDocument, UsageBatch
from app.services.metered_charges import PricedCharge, priced_by
from app.usage.readings import read_meters
from app.usage.store import READINGS, months_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from app.domain.history import InvoiceFacts, ServiceFacts
    from app.rating.ratebook import Price
    from app.usage.store import UsageStore

METER_MODELS = frozenset({PriceModel.METERED_ENERGY, PriceModel.COMMITTED_POWER})
NEAR = 36 * 3600  # seconds: so far from the period's ends its first and last reading may lie
LONGEST_SILENCE = 86_400  # seconds without a measurement of power; beyond it they are taken to be missing
Values = list[tuple[int, int]]


def load_readings(
    session: Session,
    store: UsageStore,
    invoice: InvoiceFacts,
    services: Mapping[int, ServiceFacts],
    prices: Mapping[int, Price],
    notes: dict[int, str],
) -> dict[int, MeterFacts]:
    """The readings of the charges that are priced by energy or power, by charge id.

    Energy is covered where a reading lies within NEAR of the period's beginning and another of its end; the nearest
    ones are taken, with all between them. Power is covered where its measurements leave no more than LONGEST_SILENCE
    of the period out. `notes` says why records that are there cannot be used.
    """
    found: dict[int, MeterFacts] = {}
    for charge in priced_by(METER_MODELS, invoice, services, prices):
        circuit = charge.service.circuit_id if charge.service else ""
        files = _files(session, charge.accounts, charge.start - NEAR, charge.end + NEAR) if circuit else {}
        shown = read_meters(store.files(files), {circuit}, charge.start - NEAR, charge.end + NEAR).get(circuit)
        if not shown:
            continue
        names = tuple(dict.fromkeys(files.values()))
        if charge.price.element.model is PriceModel.METERED_ENERGY:
            readings, why = _energy(shown.get(ReadingKind.ENERGY, []), charge)
            facts = MeterFacts(charge.service_id, charge.period, readings=_decimals(readings), batches=names)
        else:
            readings, why = _demand(shown.get(ReadingKind.DEMAND, []), charge)
            facts = MeterFacts(charge.service_id, charge.period, demand=_decimals(readings), batches=names)
        if why:
            notes[charge.charge_id] = why
        elif readings:
            found[charge.charge_id] = facts
    return found


def _energy(values: Values, charge: PricedCharge) -> tuple[Values, str]:
    """The readings from the one nearest to the period's beginning to the one nearest to its end."""
    if not values:
        return [], ""
    if clash := _clash(values):
        return [], clash
    first = min(values, key=lambda one: abs(one[0] - charge.start))
    last = min(values, key=lambda one: abs(one[0] - charge.end))
    for one, moment, what in ((first, charge.start, "beginning"), (last, charge.end, "end")):
        if abs(one[0] - moment) > NEAR or first[0] >= last[0]:
            return [], f"Our meter readings do not reach the {what} of the period: they are not compared."
    return [one for one in values if first[0] <= one[0] <= last[0]], ""


def _demand(values: Values, charge: PricedCharge) -> tuple[Values, str]:
    """The measurements within the period, where they cover it."""
    inside = [one for one in values if charge.start <= one[0] < charge.end]
    if not inside:
        return [], ""
    if clash := _clash(inside):
        return [], clash
    moments = [charge.start, *(at for at, _ in inside), charge.end]
    if max(later - earlier for earlier, later in pairwise(moments)) > LONGEST_SILENCE:
        return [], "Our measurements of power leave more than a day of the period out: they are not compared."
    return inside, ""


def _clash(values: Sequence[tuple[int, int]]) -> str:
    """Why readings contradict each other: two values of one moment."""
    if any(earlier[0] == later[0] for earlier, later in pairwise(values)):
        return "Two of our readings are of one moment and differ: they are not compared."
    return ""


def _decimals(values: Values) -> tuple[tuple[int, Decimal], ...]:
    return tuple((at, from_scaled(value, RATE_SCALE)) for at, value in values)


def _files(session: Session, accounts: tuple[int, ...], start: int, end: int) -> dict[str, str]:
    """Paths in the store of the accounts' readings, each with the name of the file it came in."""
    first, last = (datetime.fromtimestamp(moment, UTC).date() for moment in (start, end))
    rows = session.execute(
        select(UsageBatch.path, SourceDocument.name)
        .join(SourceDocument, SourceDocument.id == UsageBatch.document_id)
        .where(
            UsageBatch.kind == READINGS,
            UsageBatch.account_id.in_(accounts),
            UsageBatch.month.in_(months_of(Period(first, last + timedelta(days=1)))),
        )
        .order_by(UsageBatch.month, UsageBatch.path)
    )
    return {row.path: row.name for row in rows}
