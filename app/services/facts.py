"""Facts for rating and audit, copied out of the store: a fixed number of selects per invoice, however long it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from app.domain.history import AccountFacts, ChargeFacts, InvoiceFacts, PaymentFacts, ServiceFacts, WithheldFacts
from app.domain.money import ZERO
from app.domain.period import Period
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import ChargeType, DisputeStatus, DocumentKind, InvoiceStatus, PaymentStatus
from app.models.contracts import Contract, RateElement
from app.models.findings import Dispute, DisputeItem, Finding
from app.models.inventory import BillingAccount, Carrier, Service
from app.models.invoices import Charge, ChargeMatch, Invoice
from app.models.payments import Payment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date
    from decimal import Decimal

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

_OPEN_DISPUTES = (DisputeStatus.DRAFT, DisputeStatus.FILED, DisputeStatus.ACKNOWLEDGED)


def load_accounts(session: Session, account_ids: Collection[int] | None = None) -> list[AccountFacts]:
    """Billing accounts with their carriers' names: those given, or all."""
    wanted = (
        select(BillingAccount, Carrier.name)
        .join(Carrier, Carrier.id == BillingAccount.carrier_id)
        .order_by(BillingAccount.id)
    )
    if account_ids is not None:
        wanted = wanted.where(BillingAccount.id.in_(account_ids))
    return [
        AccountFacts(
            id=account.id,
            carrier_id=account.carrier_id,
            carrier=carrier,
            ban=account.ban,
            currency=account.currency,
            bill_day=account.bill_day,
        )
        for account, carrier in session.execute(wanted)
    ]


def load_invoices(session: Session, invoice_ids: Iterable[int]) -> dict[int, InvoiceFacts]:
    """Invoices with their charges, by id."""
    ids = list(invoice_ids)
    return _invoices(session, select(Invoice).where(Invoice.id.in_(ids)))


def load_histories(
    session: Session, account_ids: Collection[int], *, with_charges: bool = True
) -> dict[int, list[InvoiceFacts]]:
    """All live bills of each account, oldest first. Credit notes are not among them: no balance runs through them."""
    found = _invoices(
        session,
        select(Invoice).where(
            Invoice.account_id.in_(account_ids),
            Invoice.kind == DocumentKind.INVOICE,
            Invoice.status != InvoiceStatus.SUPERSEDED,
        ),
        with_charges=with_charges,
    )
    histories: dict[int, list[InvoiceFacts]] = {account_id: [] for account_id in account_ids}
    for invoice in sorted(found.values(), key=lambda invoice: (invoice.bill_date, invoice.id)):
        histories[invoice.account_id].append(invoice)
    return histories


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

    Charges of the same printed services and the same currency, on bills before this one: one-time charges of any day,
    others whose period overlaps one of this bill's or is not known; and credits for those services on any bill, since
    they may offset. A charge that prints no period carries its bill's, but a credit none: it says no days.
    """
    keys = {charge.service_key for charge in invoice.charges if charge.service_key}
    if not keys:
        return (), {}
    periods = [period for charge in invoice.charges if (period := invoice.period_of(charge))]
    before = or_(
        Invoice.bill_date < invoice.bill_date, and_(Invoice.bill_date == invoice.bill_date, Invoice.id < invoice.id)
    )
    start = func.coalesce(Charge.period_start, Invoice.period_start)
    end = func.coalesce(Charge.period_end, Invoice.period_end)
    alike: ColumnElement[bool] = or_(start.is_(None), Charge.charge_type == ChargeType.NRC)
    if periods:
        first, last = min(period.start for period in periods), max(period.end for period in periods)
        alike = or_(alike, and_(start < last, end > first))
    selected = (
        _charges()
        .where(
            Invoice.carrier_id == invoice.carrier_id,
            Invoice.id != invoice.id,
            Invoice.currency == invoice.currency,
            Invoice.status != InvoiceStatus.SUPERSEDED,
            or_(Charge.circuit_key.in_(keys), Charge.tn_key.in_(keys)),
            or_(and_(before, alike), Charge.amount < ZERO),
        )
        .order_by(Invoice.bill_date, Invoice.id, Charge.seq)
    )
    peers = [charge for charge in _read_charges(session, selected) if charge.service_key in keys]
    bills = {
        row.id: row
        for row in session.execute(
            select(Invoice.id, Invoice.number, Invoice.period_start, Invoice.period_end).where(
                Invoice.id.in_({charge.invoice_id for charge in peers})
            )
        )
    }
    for place, charge in enumerate(peers):
        bill = bills[charge.invoice_id]
        if charge.period is None and charge.amount > 0 and charge.charge_type is not ChargeType.NRC:
            peers[place] = replace(charge, period=_period(bill.period_start, bill.period_end))
    return tuple(peers), {bill.id: bill.number for bill in bills.values()}


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


def load_contracts(session: Session, carrier_id: int, with_offers: Collection[int] = ()) -> tuple[ContractTerms, ...]:
    """A carrier's contracts with their prices, and those of its offers that are asked for by id.

    One that accounts name holds for those accounts alone.
    """
    in_force = or_(Contract.offer.is_(False), Contract.id.in_(with_offers))
    contracts = session.scalars(
        select(Contract).where(Contract.carrier_id == carrier_id, in_force).order_by(Contract.id)
    ).all()
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
            price_change=row.price_change,
            time_zone=row.time_zone,
            exchange=row.exchange,
            offer=row.offer,
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
        service_kind=row.service_kind,
        zone=row.zone,
        waived=row.waived,
        parameters=row.parameters,
        clause=row.clause,
        page=row.page,
        description=row.description,
        amendment=row.amendment,
        agreed=row.agreed,
        reason=row.reason,
    )


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
