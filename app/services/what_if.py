"""What a period would have cost under other contracts: its bills rated again, and nothing stored.

An offer takes the place of a contract, or of all contracts of its carrier. It prices every day: its own term counts for
nothing here. One that begins after the period's first day is taken as if it had begun with it, moved back by whole
months with all its days, so that rises and discounts come as in its first months. An offer in another currency than the
bill's is converted at the bill's date, unless it says which day's rate holds.

On both sides a percentage of other charges is taken of what these cost on that side, not of what was billed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.money import ZERO
from app.domain.vocabulary import FindingStatus, InvoiceStatus, RatingOutcome
from app.models.findings import Finding
from app.models.inventory import BillingAccount, Carrier
from app.models.invoices import Invoice
from app.rating.currency import RateTable
from app.rating.engine import pricing_day
from app.services.evidence import load_evidence
from app.services.exchange_rates import load_rates
from app.services.facts import load_invoices, load_services
from app.services.what_if_books import Instead as Instead
from app.services.what_if_books import check_instead, make_books
from app.services.what_if_rating import rate_by_own_prices

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.domain.history import ChargeFacts, InvoiceFacts, ServiceFacts
    from app.domain.rated import RatedCharge
    from app.services.workspace import Workspace

NO_SERVICE = "no service"
_Key = tuple[int, int, int | None, str]  # carrier, account, service, currency
_NotOwed = dict[tuple[int | None, int | None], str]  # invoice, charge
_NOT_OWED = ("A02", "A03", "A21", "A22")  # billed twice, after the disconnect, before the install


@dataclass(frozen=True, slots=True)
class Wanted:
    """Bills dated from `start` up to, and not with, `end`, of a carrier, of an account, or of all; and what is put in
    place of what. Without `instead` both sides are today's contracts."""

    start: date
    end: date
    instead: tuple[Instead, ...] = ()
    carrier_id: int | None = None
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """Charges that have a price on both sides, added up: what was billed, expected under today's contracts, and under
    the other ones."""

    charges: int
    billed: Decimal
    expected: Decimal
    other: Decimal

    @property
    def difference(self) -> Decimal:
        """other − expected: below 0 where the other contracts are cheaper."""
        return self.other - self.expected

    @property
    def against_billed(self) -> Decimal:
        """other − billed."""
        return self.other - self.billed


@dataclass(frozen=True, slots=True)
class Row:
    """A service, or what an account pays without one (`service_id` None), in one currency.

    `left_out` charges have a price on one side alone or on none, although one is needed, or are not owed; they are in
    no sum.
    """

    carrier: str
    ban: str
    service_id: int | None
    label: str
    currency: str
    sums: Sums
    left_out: int


@dataclass(frozen=True, slots=True)
class WithoutPrice:
    """A charge that is in no sum, and why: one side cannot price it (`under_other` says which), or it is not owed at
    all (None): billed twice, before the install or after the disconnect."""

    charge_id: int
    invoice: str
    label: str
    code: str
    description: str
    amount: Decimal
    currency: str
    under_other: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The comparison: rows by carrier, account and service, totals by currency, and charges without a price."""

    rows: tuple[Row, ...]
    totals: Mapping[str, Sums]
    without_price: tuple[WithoutPrice, ...]
    invoices: int


_NOTHING = Sums(0, ZERO, ZERO, ZERO)


def compare(workspace: Workspace, wanted: Wanted) -> WhatIf:
    """Rate the period's live bills under today's contracts and under the others, and store nothing.

    Raises UnknownOffer, OfferOfAnotherCarrier and TwoOffersForOne.
    """
    with workspace.database.reading() as session:
        check_instead(session, wanted.instead)
        ids: dict[int, list[int]] = defaultdict(list)
        for row in session.execute(_select_bills(wanted)):
            ids[row.carrier_id].append(row.id)
        names = {row.id: row.name for row in session.execute(select(Carrier.id, Carrier.name))}
        bans = {row.id: row.ban for row in session.execute(select(BillingAccount.id, BillingAccount.ban))}
        adder = _Adder(names, bans, _load_not_owed(session))
        rates = RateTable(load_rates(session))
        for carrier_id, invoice_ids in ids.items():
            services = load_services(session, carrier_id)
            invoices = load_invoices(session, invoice_ids)
            days = [pricing_day(each, invoice) for invoice in invoices.values() for each in invoice.charges]
            books = make_books(session, carrier_id, wanted.instead, min([wanted.start, *days]), rates)
            for invoice_id in invoice_ids:
                invoice = invoices[invoice_id]
                now, other = (
                    rate_by_own_prices(
                        invoice, services, book, load_evidence(session, workspace, invoice, services, book)
                    )
                    for book in books
                )
                adder.add(invoice, services, now, other)
    return adder.result()


def _load_not_owed(session: Session) -> _NotOwed:
    """What findings say is not owed at all, by invoice and charge (None: the whole invoice): no offer saves on it."""
    rows = session.execute(
        select(Finding.invoice_id, Finding.charge_id, Finding.message).where(
            Finding.rule.in_(_NOT_OWED),
            Finding.expected == ZERO,
            Finding.claim > ZERO,
            Finding.status.not_in((FindingStatus.DISMISSED, FindingStatus.CLEARED)),
            Finding.invoice_id.is_not(None),
        )
    )
    return {(row.invoice_id, row.charge_id): row.message for row in rows}


def _select_bills(wanted: Wanted) -> Select[int, int]:
    selected = (
        select(Invoice.id, Invoice.carrier_id)
        .where(
            Invoice.bill_date >= wanted.start,
            Invoice.bill_date < wanted.end,
            Invoice.status != InvoiceStatus.SUPERSEDED,
        )
        .order_by(Invoice.carrier_id, Invoice.account_id, Invoice.bill_date, Invoice.id)
    )
    if wanted.carrier_id is not None:
        selected = selected.where(Invoice.carrier_id == wanted.carrier_id)
    if wanted.account_id is not None:
        selected = selected.where(Invoice.account_id == wanted.account_id)
    return selected


class _Adder:
    """Adds rated charges up by account, service and currency."""

    def __init__(self, carriers: Mapping[int, str], bans: Mapping[int, str], not_owed: _NotOwed) -> None:
        self._carriers, self._bans, self._not_owed = carriers, bans, not_owed
        self._labels: dict[_Key, tuple[str, str, str]] = {}  # carrier, account, label
        self._sums: dict[_Key, Sums] = defaultdict(lambda: _NOTHING)
        self._left_out: dict[_Key, int] = defaultdict(int)
        self._without: list[WithoutPrice] = []
        self._invoices = 0

    def add(
        self,
        invoice: InvoiceFacts,
        services: Mapping[int, ServiceFacts],
        now: Mapping[int, RatedCharge],
        other: Mapping[int, RatedCharge],
    ) -> None:
        """A bill's charges, rated on both sides."""
        self._invoices += 1
        for charge in invoice.charges:
            ours, theirs = now[charge.id], other[charge.id]
            service = None if charge.service_id is None else services.get(charge.service_id)
            label = NO_SERVICE if service is None else service.label
            key = (invoice.carrier_id, invoice.account_id, None if service is None else service.id, invoice.currency)
            names = (self._carriers[invoice.carrier_id], self._bans[invoice.account_id], label)
            reason = self._not_owed.get((invoice.id, charge.id)) or self._not_owed.get((invoice.id, None))
            if reason and _is_wanted(ours, theirs):
                self._labels[key] = names
                self._left_out[key] += 1
                rated = replace(ours, note=reason)
                self._without.append(_say_without(charge, invoice, label, rated, None))
            elif ours.expected is not None and theirs.expected is not None:
                self._labels[key] = names
                single = Sums(1, charge.amount, ours.expected, theirs.expected)
                self._sums[key] = _plus(self._sums[key], single)
            elif _is_wanted(ours, theirs):
                self._labels[key] = names
                self._left_out[key] += 1
                for rated, under_other in ((ours, False), (theirs, True)):
                    if rated.expected is None:
                        self._without.append(_say_without(charge, invoice, label, rated, under_other))

    def result(self) -> WhatIf:
        """All that was added, by carrier, account and label."""
        rows = [
            Row(carrier, ban, key[2], label, key[3], self._sums.get(key, _NOTHING), self._left_out.get(key, 0))
            for key, (carrier, ban, label) in self._labels.items()
        ]
        totals: dict[str, Sums] = {}
        for row in rows:
            totals[row.currency] = _plus(totals.get(row.currency, _NOTHING), row.sums)
        rows.sort(key=lambda row: (row.carrier, row.ban, row.service_id is None, row.label, row.currency))
        return WhatIf(tuple(rows), dict(sorted(totals.items())), tuple(self._without), self._invoices)


def _is_wanted(ours: RatedCharge, theirs: RatedCharge) -> bool:
    """Whether one side has a price, or needs one: taxes and credits without a price on both are left alone."""
    return not {ours.outcome, theirs.outcome} <= {RatingOutcome.NOT_PRICED}


def _say_without(
    charge: ChargeFacts, invoice: InvoiceFacts, label: str, rated: RatedCharge, under_other: bool | None
) -> WithoutPrice:
    reason = rated.note or "These contracts do not price it."
    return WithoutPrice(
        charge.id, invoice.number, label, charge.code, charge.description, charge.amount, invoice.currency, under_other,
        reason,
    )  # fmt: skip


def _plus(one: Sums, other: Sums) -> Sums:
    return Sums(
        one.charges + other.charges, one.billed + other.billed, one.expected + other.expected, one.other + other.other
    )
