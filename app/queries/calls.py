"""The recorded calls behind a usage charge: those of its number in its period, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.domain.identifiers import tn_key
from app.domain.moments import utc_bounds
from app.domain.money import MONEY_SCALE, from_scaled
from app.domain.period import Period
from app.domain.vocabulary import ChargeType, PriceModel
from app.models.contracts import Contract, RateElement
from app.models.documents import SourceDocument, UsageBatch
from app.models.inventory import Service
from app.models.invoices import Charge, ChargeMatch, ChargeRating, Invoice
from app.usage.drill_down import PAGE as PAGE
from app.usage.drill_down import calls_of
from app.usage.store import CALLS, months_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from app.usage.drill_down import CallRow
    from app.usage.store import UsageStore


@dataclass(frozen=True, slots=True)
class Row:
    """One recorded call. `started` is in the contract's time zone; `number` is the other party's, "" where it is not
    known; `document` is the file that it came in; `call` is it as it is stored."""

    started: datetime
    number: str
    seconds: int
    billed: Decimal | None
    document: str
    call: CallRow


@dataclass(frozen=True, slots=True)
class Filter:
    """Which calls: those of one number on these accounts in days of a time zone."""

    line: str
    account_ids: tuple[int, ...]
    period: Period
    zone: str


@dataclass(frozen=True, slots=True)
class Drill:
    """A charge whose calls our records hold; `by_deck` says that a rate deck prices them, so each can be proved."""

    charge_id: int
    description: str
    wanted: Filter
    by_deck: bool


def find_calls(session: Session, store: UsageStore, charge_id: int) -> Drill | None:
    """The recorded calls of a charge; None where there is none."""
    wanted = filter_of(session, charge_id)
    if wanted is None or not fetch(session, store, wanted, limit=1):
        return None
    model = session.scalar(
        select(RateElement.model)
        .join(ChargeRating, ChargeRating.rate_element_id == RateElement.id)
        .where(ChargeRating.charge_id == charge_id)
    )
    charge = session.get_one(Charge, charge_id)
    return Drill(charge_id, charge.description, wanted, model is PriceModel.CALLS)


def find_number(session: Session, store: UsageStore, invoice_id: int, number: str) -> list[Drill]:
    """The usage charges of a telephone number on a bill that have recorded calls: those by rate deck first."""
    charges = session.scalars(
        select(Charge.id)
        .join(ChargeMatch, ChargeMatch.charge_id == Charge.id)
        .join(Service, Service.id == ChargeMatch.service_id)
        .where(Charge.invoice_id == invoice_id, Charge.charge_type == ChargeType.USAGE)
        .where(Service.tn_key == tn_key(number))
        .order_by(Charge.seq)
    ).all()
    found = [find_calls(session, store, charge_id) for charge_id in charges]
    return sorted((drill for drill in found if drill is not None), key=lambda drill: not drill.by_deck)


def filter_of(session: Session, charge_id: int) -> Filter | None:
    """The calls that a charge bills; None where it is no usage of a known number in a known period.

    The time zone is that of the contract that it was rated by, UTC where it was not.
    """
    found = session.execute(
        select(Charge, Invoice, Service.tn_key, Service.account_id, Contract.time_zone)
        .join(Invoice, Invoice.id == Charge.invoice_id)
        .join(ChargeMatch, ChargeMatch.charge_id == Charge.id)
        .join(Service, Service.id == ChargeMatch.service_id)
        .outerjoin(ChargeRating, ChargeRating.charge_id == Charge.id)
        .outerjoin(RateElement, RateElement.id == ChargeRating.rate_element_id)
        .outerjoin(Contract, Contract.id == RateElement.contract_id)
        .where(Charge.id == charge_id, Charge.charge_type == ChargeType.USAGE)
    ).one_or_none()
    if found is None or not found.tn_key:
        return None
    charge, bill = found.Charge, found.Invoice
    start, end = charge.period_start or bill.period_start, charge.period_end or bill.period_end
    if start is None or end is None or start >= end:
        return None
    accounts = tuple(sorted({bill.account_id, found.account_id or bill.account_id}))
    return Filter(found.tn_key, accounts, Period(start, end), found.time_zone or "UTC")


def fetch(
    session: Session, store: UsageStore, wanted: Filter, *, limit: int = PAGE, after: Row | None = None
) -> list[Row]:
    """The first `limit` calls, after the row `after`, in the order of their starts."""
    start, end = utc_bounds(wanted.period, wanted.zone)
    days = Period(_utc_day(start), _utc_day(end - 1) + timedelta(days=1))
    batches = session.execute(
        select(UsageBatch.path, SourceDocument.sha256, SourceDocument.name)
        .join(SourceDocument, SourceDocument.id == UsageBatch.document_id)
        .where(
            UsageBatch.kind == CALLS,
            UsageBatch.account_id.in_(wanted.account_ids),
            UsageBatch.month.in_(months_of(days)),
        )
    ).all()
    names = {batch.sha256: batch.name for batch in batches}
    files = store.files(batch.path for batch in batches)
    clock = ZoneInfo(wanted.zone)
    return [
        Row(
            started=datetime.fromtimestamp(call.started, clock),
            number=call.number,
            seconds=call.seconds,
            billed=None if call.billed is None else from_scaled(call.billed, MONEY_SCALE),
            document=names[call.document],
            call=call,
        )
        for call in calls_of(files, wanted.line, start, end, limit, None if after is None else after.call.key)
    ]


def fetch_all(session: Session, store: UsageStore, wanted: Filter) -> Iterator[Row]:
    """All wanted calls in the order of their starts, read a page at a time."""
    last: Row | None = None
    while page := fetch(session, store, wanted, after=last):
        yield from page
        last = page[-1]


def _utc_day(moment: int) -> date:
    return datetime.fromtimestamp(moment, UTC).date()
