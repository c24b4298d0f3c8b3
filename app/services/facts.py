"""Facts for rating and audit, copied out of the store: a fixed number of selects per invoice, however long it is."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from app.domain.history import (
    AccountFacts,
    ChargeFacts,
    ContractTerms,
    InvoiceFacts,
    PaymentFacts,
    RateElementTerms,
    ServiceFacts,
    UsageFacts,
    WithheldFacts,
)
from app.domain.money import ZERO
from app.domain.period import Period
from app.domain.vocabulary import ChargeType, DisputeStatus, DocumentKind, InvoiceStatus, PaymentStatus
from app.models.contracts import Contract, RateElement
from app.models.documents import SourceDocument, UsageBatch
from app.models.findings import Dispute, DisputeItem, Finding
from app.models.inventory import BillingAccount, Carrier, Service
from app.models.invoices import Charge, ChargeMatch, Invoice
from app.models.payments import Payment
from app.rating.engine import charge_period
from app.usage.store import CALLS, months_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from app.usage.store import UsageStore

_OPEN_DISPUTES = (DisputeStatus.DRAFT, DisputeStatus.FILED, DisputeStatus.ACKNOWLEDGED)


def load_account(session: Session, account_id: int) -> AccountFacts:
    """A billing account with its carrier's name."""
    row = session.execute(
        select(BillingAccount, Carrier.name)
        .join(Carrier, Carrier.id == BillingAccount.carrier_id)
        .where(BillingAccount.id == account_id)
    ).one()
    account: BillingAccount = row[0]
    return AccountFacts(
        id=account.id,
        carrier_id=account.carrier_id,
        carrier=row[1],
        ban=account.ban,
        currency=account.currency,
        bill_day=account.bill_day,
    )


def load_invoices(session: Session, invoice_ids: Iterable[int]) -> dict[int, InvoiceFacts]:
    """Invoices with their charges, by id."""
    ids = list(invoice_ids)
    return _invoices(session, select(Invoice).where(Invoice.id.in_(ids)))


def load_account_invoices(session: Session, account_id: int, *, with_charges: bool = True) -> list[InvoiceFacts]:
    """All live bills of an account, oldest first. Credit notes are not among them: no balance runs through them."""
    found = _invoices(
        session,
        select(Invoice).where(
            Invoice.account_id == account_id,
            Invoice.kind == DocumentKind.INVOICE,
            Invoice.status != InvoiceStatus.SUPERSEDED,
        ),
        with_charges=with_charges,
    )
    return sorted(found.values(), key=lambda invoice: (invoice.bill_date, invoice.id))


def _invoices(session: Session, wanted: Select[Invoice], *, with_charges: bool = True) -> dict[int, InvoiceFacts]:
    rows = session.scalars(wanted).all()
    charges: dict[int, list[ChargeFacts]] = defaultdict(list)
    selected = _charges().where(Charge.invoice_id.in_([row.id for row in rows])).order_by(Charge.invoice_id, Charge.seq)
    for charge in _read_charges(session, selected) if with_charges else ():
        charges[charge.invoice_id].append(charge)
    return {
        row.id: InvoiceFacts(
            id=row.id,
            carrier_id=row.carrier_id,
            account_id=row.account_id,
            number=row.number,
            number_key=row.number_key,
            bill_date=row.bill_date,
            currency=row.currency,
            previous_balance=row.previous_balance,
            payments_applied=row.payments_applied,
            current_charges=row.current_charges,
            rounding=row.rounding,
            total_due=row.total_due,
            charges=tuple(charges[row.id]),
            period=_period(row.period_start, row.period_end),
            due_date=row.due_date,
            net_total=row.net_total,
        )
        for row in rows
    }


def load_peers(session: Session, invoice: InvoiceFacts) -> tuple[tuple[ChargeFacts, ...], dict[int, str]]:
    """The carrier's charges on other bills that may bill the same thing as `invoice`, and those bills' numbers.

    Charges of the same printed services, on bills before this one, whose period overlaps one of this bill's or is not
    stated; and credits for those services on any bill, since they may offset.
    """
    keys = {charge.service_key for charge in invoice.charges if charge.service_key}
    periods = [charge.period for charge in invoice.charges if charge.period]
    if not keys:
        return (), {}
    before = or_(
        Invoice.bill_date < invoice.bill_date, and_(Invoice.bill_date == invoice.bill_date, Invoice.id < invoice.id)
    )
    overlapping: ColumnElement[bool] = Charge.period_start.is_(None)
    if periods:
        first, last = min(period.start for period in periods), max(period.end for period in periods)
        overlapping = or_(overlapping, and_(Charge.period_start < last, Charge.period_end > first))
    selected = (
        _charges()
        .where(
            Invoice.carrier_id == invoice.carrier_id,
            Invoice.id != invoice.id,
            Invoice.status != InvoiceStatus.SUPERSEDED,
            or_(Charge.circuit_key.in_(keys), Charge.tn_key.in_(keys)),
            or_(and_(before, overlapping), Charge.amount < ZERO),
        )
        .order_by(Invoice.bill_date, Invoice.id, Charge.seq)
    )
    peers = tuple(charge for charge in _read_charges(session, selected) if charge.service_key in keys)
    numbers = session.execute(
        select(Invoice.id, Invoice.number).where(Invoice.id.in_({charge.invoice_id for charge in peers}))
    )
    return peers, {row.id: row.number for row in numbers}


def load_services(session: Session, carrier_id: int) -> dict[int, ServiceFacts]:
    """All services of a carrier, by id."""
    rows = session.scalars(select(Service).where(Service.carrier_id == carrier_id))
    return {
        row.id: ServiceFacts(
            id=row.id,
            carrier_id=row.carrier_id,
            account_id=row.account_id,
            kind=row.kind,
            status=row.status,
            label=row.circuit_id or row.tn or row.description or f"service {row.id}",
            circuit_id=row.circuit_key,
            tn=row.tn_key,
            code=row.code,
            location_id=row.location_a_id or row.location_z_id,
            quantity=row.quantity,
            installed=row.installed,
            disconnected=row.disconnected,
        )
        for row in rows
    }


def load_contracts(session: Session, carrier_id: int) -> tuple[ContractTerms, ...]:
    """A carrier's contracts with their prices. One that accounts name holds for those accounts alone."""
    contracts = session.scalars(select(Contract).where(Contract.carrier_id == carrier_id).order_by(Contract.id)).all()
    ids = [contract.id for contract in contracts]
    elements: dict[int, list[RateElementTerms]] = defaultdict(list)
    for row in session.scalars(
        select(RateElement).where(RateElement.contract_id.in_(ids)).order_by(RateElement.contract_id, RateElement.id)
    ):
        elements[row.contract_id].append(_element(row))
    accounts: dict[int, list[int]] = defaultdict(list)
    for account in session.execute(
        select(BillingAccount.id, BillingAccount.contract_id)
        .where(BillingAccount.contract_id.in_(ids))
        .order_by(BillingAccount.id)
    ):
        accounts[account.contract_id].append(account.id)
    return tuple(
        ContractTerms(
            id=row.id,
            carrier_id=row.carrier_id,
            number=row.number,
            start=row.start,
            end=row.end,
            currency=row.currency,
            elements=tuple(elements[row.id]),
            account_ids=tuple(accounts[row.id]),
            proration=row.proration,
            disconnect_day_billed=row.disconnect_day_billed,
            rounding=row.rounding,
            rounding_places=row.rounding_places,
            rounding_scope=row.rounding_scope,
            payment_days=row.payment_days,
            dispute_days=row.dispute_days,
            withhold_days=row.withhold_days,
        )
        for row in contracts
    )


def _element(row: RateElement) -> RateElementTerms:
    return RateElementTerms(
        id=row.id,
        contract_id=row.contract_id,
        code=row.code,
        charge_type=row.charge_type,
        model=row.model,
        price=row.price,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        service_id=row.service_id,
        location_id=row.location_id,
        waived=row.waived,
        initial_seconds=row.initial_seconds,
        increment_seconds=row.increment_seconds,
        clause=row.clause,
        page=row.page,
        description=row.description,
    )


def load_usage(
    session: Session, store: UsageStore, invoice: InvoiceFacts, services: Mapping[int, ServiceFacts]
) -> dict[int, UsageFacts]:
    """The recorded calls of the usage charges that our records cover in full, by charge id.

    They cover a charge where, for every month that its period touches, call records of the invoice's account (or of
    its service's own) are here; a covered number without calls has none, which is a fact too. Where a bill splits one
    number's usage over several charges of one period, the records do not tell which calls are whose: none is covered.
    """
    billed: dict[tuple[int, Period], list[int]] = defaultdict(list)
    for charge in invoice.charges:
        period = charge_period(charge, invoice)
        if charge.charge_type is ChargeType.USAGE and charge.service_id is not None and period is not None:
            billed[charge.service_id, period].append(charge.id)
    numbers: dict[tuple[int, Period], dict[str, int]] = defaultdict(dict)  # (account, period) → number → charge
    services_of: dict[int, int] = {}
    for (service_id, period), charges in billed.items():
        service = services.get(service_id)
        if service is None or not service.tn or len(charges) > 1:
            continue
        services_of[charges[0]] = service_id
        for account_id in {invoice.account_id, service.account_id or invoice.account_id}:
            numbers[account_id, period][service.tn] = charges[0]
    batches = _call_batches(session, {account_id for account_id, _ in numbers})
    usage: dict[int, UsageFacts] = {}
    for (account_id, period), charge_of in numbers.items():
        months = [batches.get((account_id, month), []) for month in months_of(period)]
        if not all(months):
            continue
        paths = [path for month in months for path, _ in month]
        names = tuple(dict.fromkeys(name for month in months for _, name in month))
        for tn, durations in store.durations_by_number(paths, sorted(charge_of), period).items():
            charge_id = charge_of[tn]
            if durations or charge_id not in usage:
                usage[charge_id] = UsageFacts(services_of[charge_id], period, durations, names)
    return usage


def _call_batches(session: Session, account_ids: set[int]) -> dict[tuple[int, date], list[tuple[str, str]]]:
    """(account, month) → paths of its call records, with the names of the files they came in."""
    batches: dict[tuple[int, date], list[tuple[str, str]]] = defaultdict(list)
    if account_ids:
        for row in session.execute(
            select(UsageBatch.account_id, UsageBatch.month, UsageBatch.path, SourceDocument.name)
            .join(SourceDocument, SourceDocument.id == UsageBatch.document_id)
            .where(UsageBatch.kind == CALLS, UsageBatch.account_id.in_(account_ids))
            .order_by(UsageBatch.month, UsageBatch.path)
        ):
            batches[row.account_id, row.month].append((row.path, row.name))
    return batches


def load_payments(session: Session, account_id: int) -> tuple[PaymentFacts, ...]:
    """What we have paid on an account and the bank has carried out, oldest first."""
    rows = session.execute(
        select(Payment.id, Payment.account_id, Payment.invoice_id, Payment.amount, Payment.pay_on)
        .where(Payment.account_id == account_id, Payment.status == PaymentStatus.SETTLED)
        .order_by(Payment.pay_on, Payment.id)
    )
    return tuple(PaymentFacts(row.id, row.account_id, row.invoice_id, row.amount, row.pay_on) for row in rows)


def load_withheld(session: Session, account_id: int) -> tuple[WithheldFacts, ...]:
    """Per bill of an account: what was short-paid under disputes still open, and what the carrier has granted on it."""
    withheld: dict[int, Decimal] = defaultdict(lambda: ZERO)
    credited: dict[int, Decimal] = defaultdict(lambda: ZERO)
    items = session.execute(
        select(Finding.invoice_id, DisputeItem.withheld, DisputeItem.granted, Dispute.status)
        .join(DisputeItem, DisputeItem.finding_id == Finding.id)
        .join(Dispute, Dispute.id == DisputeItem.dispute_id)
        .where(Finding.account_id == account_id, Finding.invoice_id.is_not(None))
    )
    for row in items:
        if row.status in _OPEN_DISPUTES:
            withheld[row.invoice_id] += row.withheld
        credited[row.invoice_id] += row.granted or ZERO
    return tuple(
        WithheldFacts(invoice_id, withheld[invoice_id], credited[invoice_id])
        for invoice_id in sorted(withheld.keys() | credited.keys())
        if withheld[invoice_id] or credited[invoice_id]
    )


def _charges() -> Select[Charge, int | None, int]:
    return (
        select(Charge, ChargeMatch.service_id, Invoice.account_id)
        .join(Invoice, Invoice.id == Charge.invoice_id)
        .outerjoin(ChargeMatch, ChargeMatch.charge_id == Charge.id)
    )


def _read_charges(session: Session, selected: Select[Charge, int | None, int]) -> list[ChargeFacts]:
    return [
        ChargeFacts(
            id=row.id,
            invoice_id=row.invoice_id,
            account_id=account_id,
            seq=row.seq,
            charge_type=row.charge_type,
            code=row.code,
            description=row.description,
            amount=row.amount,
            quantity=row.quantity,
            unit_price=row.unit_price,
            period=_period(row.period_start, row.period_end),
            service_id=service_id,
            service_key=row.circuit_key or row.tn_key,
            printed_service=row.circuit_id or row.tn,
        )
        for row, service_id, account_id in session.execute(selected)
    ]


def _period(start: date | None, end: date | None) -> Period | None:
    return Period(start, end) if start and end and start < end else None
