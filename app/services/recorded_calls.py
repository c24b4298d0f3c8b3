"""Our own call records as facts: what they say of the usage that a bill charges."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.evidence import UsageFacts
from app.domain.moments import utc_bounds
from app.domain.period import Period
from app.domain.vocabulary import ChargeType
from app.models.documents import SourceDocument, UsageBatch
from app.usage.calls import durations_by_number, holds_calls, longest_silence
from app.usage.store import CALLS, months_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.domain.history import InvoiceFacts, ServiceFacts
    from app.usage.store import UsageStore


LONGEST_SILENCE = 5  # days without a call of any number: a long weekend; beyond it records are taken to be missing
File = tuple[str, str]  # its path in the store, the name under which it came


@dataclass(frozen=True, slots=True)
class Records:
    """The files of call records that cover charges of some accounts for a period, as moments of the contract's zone."""

    period: Period
    start: int  # UTC seconds
    end: int
    paths: tuple[str, ...]
    names: tuple[str, ...]  # of the documents


@dataclass(frozen=True, slots=True)
class Billed:
    """Charges that bill the usage of a number each, on one set of accounts and for one period: number → charge."""

    accounts: tuple[int, ...]
    period: Period
    charge_of: Mapping[str, int]
    services: Mapping[int, int]  # charge → service


def load_usage(
    session: Session, store: UsageStore, invoice: InvoiceFacts, services: Mapping[int, ServiceFacts], zone: str
) -> dict[int, UsageFacts]:
    """The recorded calls of the usage charges that our records cover in full, by charge id.

    Months and days are those of the time zone `zone`, the contract's. The records cover a charge where, for every month
    that its period touches, call records of the invoice's account (or of its service's own) are here, and the account's
    calls leave no more than LONGEST_SILENCE days of it out: a file that ends early, or reaches a few hours into the
    month, covers none. A covered number without calls has none, which is a fact too. A service that has moved between
    accounts has the calls of both. Where a bill splits one number's usage over several charges of one period, the
    records do not tell which calls are whose: none is covered.
    """
    usage: dict[int, UsageFacts] = {}
    groups = billed_numbers(invoice, services)
    for billed, records in zip(groups, find_records(session, store, groups, zone), strict=True):
        if records is None:
            continue
        files = store.files(records.paths)
        for number, durations in durations_by_number(
            files, sorted(billed.charge_of), records.start, records.end
        ).items():
            charge = billed.charge_of[number]
            usage[charge] = UsageFacts(billed.services[charge], billed.period, durations, records.names)
    return usage


def billed_numbers(invoice: InvoiceFacts, services: Mapping[int, ServiceFacts]) -> list[Billed]:
    """The usage charges of an invoice that bill one number's usage of one period alone, by accounts and period."""
    charges: dict[tuple[int, Period], list[int]] = defaultdict(list)
    for charge in invoice.charges:
        period = invoice.period_of(charge)
        if charge.charge_type is ChargeType.USAGE and charge.service_id is not None and period is not None:
            charges[charge.service_id, period].append(charge.id)
    numbers: dict[tuple[tuple[int, ...], Period], dict[str, int]] = defaultdict(dict)  # → number → charge
    services_of: dict[int, int] = {}
    for (service_id, period), ids in charges.items():
        service = services.get(service_id)
        if service is None or not service.tn or len(ids) > 1:
            continue
        services_of[ids[0]] = service_id
        accounts = tuple(sorted({invoice.account_id, service.account_id or invoice.account_id}))
        numbers[accounts, period][service.tn] = ids[0]
    return [Billed(accounts, period, of, services_of) for (accounts, period), of in numbers.items()]


def find_records(session: Session, store: UsageStore, groups: Sequence[Billed], zone: str) -> list[Records | None]:
    """The call records that cover each group of charges, as `load_usage` says; None where none do."""
    batches = _call_batches(session, {account_id for billed in groups for account_id in billed.accounts})
    covered: dict[tuple[int, Period], list[File]] = {}
    found: list[Records | None] = []
    for billed in groups:
        start, end = utc_bounds(billed.period, zone)
        files: list[File] = []
        for account_id in billed.accounts:
            key = account_id, billed.period
            if key not in covered:
                covered[key] = _cover(store, batches, account_id, billed.period, start, end)
            files.extend(covered[key])
        names = tuple(dict.fromkeys(name for _, name in files))
        paths = tuple(path for path, _ in files)
        found.append(Records(billed.period, start, end, paths, names) if files else None)
    return found


def _cover(
    store: UsageStore,
    batches: Mapping[tuple[int, date], list[File]],
    account_id: int,
    period: Period,
    start: int,
    end: int,
) -> list[File]:
    """The account's files of call records that together cover `period`; none where they do not.

    The store files calls by months of UTC: a month of the contract's zone may begin in the one before or end in the one
    after, which need not be there.
    """
    if not all((account_id, month) in batches for month in months_of(period)):
        return []
    months = months_of(Period(_utc_day(start), _utc_day(end - 1) + timedelta(days=1)))
    near = [file for month in months for file in batches.get((account_id, month), [])]
    files = [(path, name) for path, name in near if holds_calls(store.folder / path, start, end)]
    if longest_silence(store.files(path for path, _ in files), start, end) > LONGEST_SILENCE:
        return []
    return files


def _utc_day(moment: int) -> date:
    return datetime.fromtimestamp(moment, UTC).date()


def _call_batches(session: Session, account_ids: set[int]) -> dict[tuple[int, date], list[File]]:
    """(account, month) → paths of its call records, with the names of the files they came in."""
    batches: dict[tuple[int, date], list[File]] = defaultdict(list)
    if account_ids:
        for row in session.execute(
            select(UsageBatch.account_id, UsageBatch.month, UsageBatch.path, SourceDocument.name)
            .join(SourceDocument, SourceDocument.id == UsageBatch.document_id)
            .where(UsageBatch.kind == CALLS, UsageBatch.account_id.in_(account_ids))
            .order_by(UsageBatch.month, UsageBatch.path)
        ):
            batches[row.account_id, row.month].append((row.path, row.name))
    return batches
