"""Our own call records as facts: what they say of the usage that a bill charges."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.history import UsageFacts
from app.domain.period import Period
from app.domain.vocabulary import ChargeType
from app.models.documents import SourceDocument, UsageBatch
from app.usage.store import CALLS, months_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from app.domain.history import InvoiceFacts, ServiceFacts
    from app.usage.store import UsageStore


LONGEST_SILENCE = 5  # days without a call of any number: a long weekend; beyond it records are taken to be missing
File = tuple[str, str]  # its path in the store, the name under which it came


def load_usage(
    session: Session, store: UsageStore, invoice: InvoiceFacts, services: Mapping[int, ServiceFacts]
) -> dict[int, UsageFacts]:
    """The recorded calls of the usage charges that our records cover in full, by charge id.

    They cover a charge where, for every month that its period touches, call records of the invoice's account (or of
    its service's own) are here, and the account's calls leave no more than LONGEST_SILENCE days of it out: a file that
    ends early, or reaches a few hours into the month, covers none. A covered number without calls has none, which is a
    fact too. A service that has moved between accounts has the calls of both. Where a bill splits one number's usage
    over several charges of one period, the records do not tell which calls are whose: none is covered.
    """
    billed: dict[tuple[int, Period], list[int]] = defaultdict(list)
    for charge in invoice.charges:
        period = invoice.period_of(charge)
        if charge.charge_type is ChargeType.USAGE and charge.service_id is not None and period is not None:
            billed[charge.service_id, period].append(charge.id)
    numbers: dict[tuple[tuple[int, ...], Period], dict[str, int]] = defaultdict(dict)  # → number → charge
    services_of: dict[int, int] = {}
    for (service_id, period), charges in billed.items():
        service = services.get(service_id)
        if service is None or not service.tn or len(charges) > 1:
            continue
        services_of[charges[0]] = service_id
        accounts = tuple(sorted({invoice.account_id, service.account_id or invoice.account_id}))
        numbers[accounts, period][service.tn] = charges[0]
    batches = _call_batches(session, {account_id for accounts, _ in numbers for account_id in accounts})
    covered = {
        (account_id, period): _cover(store, batches, account_id, period)
        for accounts, period in numbers
        for account_id in accounts
    }
    usage: dict[int, UsageFacts] = {}
    for (accounts, period), charge_of in numbers.items():
        files = [file for account_id in accounts for file in covered[account_id, period]]
        if not files:
            continue
        names = tuple(dict.fromkeys(name for _, name in files))
        paths = [path for path, _ in files]
        for tn, durations in store.durations_by_number(paths, sorted(charge_of), period).items():
            usage[charge_of[tn]] = UsageFacts(services_of[charge_of[tn]], period, durations, names)
    return usage


def _cover(
    store: UsageStore, batches: Mapping[tuple[int, date], list[File]], account_id: int, period: Period
) -> list[File]:
    """The account's files of call records that together cover `period`; none where they do not."""
    months = [batches.get((account_id, month), []) for month in months_of(period)]
    files = [file for month in months for file in month]
    if not all(months) or store.longest_silence([path for path, _ in files], period) > LONGEST_SILENCE:
        return []
    return files


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
