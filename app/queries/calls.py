"""The recorded calls behind a usage charge: those of its number in its period, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.domain.moments import utc_bounds
from app.domain.money import MONEY_SCALE, from_scaled
from app.domain.period import Period
from app.domain.vocabulary import ChargeType
from app.models.contracts import Contract, RateElement
from app.models.documents import SourceDocument, UsageBatch
from app.models.inventory import Service
from app.models.invoices import Charge, ChargeMatch, ChargeRating, Invoice
from app.usage.drill_down import PAGE as PAGE
from app.usage.drill_down import calls_of
from app.usage.store import CALLS, months_of

if TYPE_CHECKING:
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


def _utc_day(moment: int) -> date:
    return datetime.fromtimestamp(moment, UTC).date()
