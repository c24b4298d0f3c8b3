"""What our own records say of a bill's charges, gathered for rating: calls, traffic, balances and spend, by charge id.

Only charges whose price needs or can use such records are looked up; each kind is loaded at once for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.evidence import BalanceFacts, BalanceLine, SpendFacts, SpendLine
from app.domain.money import ZERO
from app.domain.period import Period, add_months
from app.domain.vocabulary import ChargeType, DocumentKind, InvoiceStatus, PriceModel
from app.models.inventory import BillingAccount
from app.models.invoices import Charge, Invoice
from app.rating.charge_models import commitment
from app.rating.charge_models.measure import Measure
from app.rating.engine import ONE, ask
from app.rating.ratebook import Price, RateBook
from app.services.facts import load_payments, load_withheld
from app.services.rated_calls import load_rated_calls
from app.services.recorded_calls import load_usage
from app.services.recorded_traffic import load_traffic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from app.domain.evidence import Evidence
    from app.domain.history import ChargeFacts, InvoiceFacts, ServiceFacts
    from app.domain.terms import ContractTerms
    from app.services.workspace import Workspace

_TRAFFIC = frozenset({PriceModel.PERCENTILE, PriceModel.DATA_CAP})


def load_evidence(
    session: Session,
    workspace: Workspace,
    invoice: InvoiceFacts,
    services: Mapping[int, ServiceFacts],
    book: RateBook,
    notes: dict[int, str] | None = None,
) -> dict[int, Evidence]:
    """Our records of the charges of `invoice`, by charge id. Months and days are those of the contract's time zone.

    `notes` gets what a reader should know of the records of a charge, or why there are none.
    """
    told = {} if notes is None else notes
    prices = {charge.id: price for charge in invoice.charges if (price := _price(charge, invoice, services, book))}
    models = {identity: price.element.model for identity, price in prices.items()}
    found: dict[int, Evidence] = {}
    for zone in sorted({prices[each].contract.time_zone for each, model in models.items() if _is_minutes(model)}):
        calls = load_usage(session, workspace.usage, invoice, services, zone)
        found |= {
            each: usage
            for each, usage in calls.items()
            if each in prices and _is_minutes(models[each]) and prices[each].contract.time_zone == zone
        }
    if any(model in _TRAFFIC for model in models.values()):
        found |= load_traffic(session, workspace.usage, invoice, services, book.contracts, told)
    if PriceModel.CALLS in models.values():
        wanted_calls = {each: price for each, price in prices.items() if models[each] is PriceModel.CALLS}
        found |= load_rated_calls(session, workspace.usage, invoice, services, wanted_calls, told)
    if PriceModel.LATE_CHARGE in models.values():
        balances = _load_balances(session, invoice)
        found |= {each: balances for each, model in models.items() if model is PriceModel.LATE_CHARGE}
    for each, price in prices.items():
        if models[each] is PriceModel.COMMITMENT:
            found[each] = _load_spend(session, invoice, price)
    return found


def _price(
    charge: ChargeFacts, invoice: InvoiceFacts, services: Mapping[int, ServiceFacts], book: RateBook
) -> Price | None:
    service = None if charge.service_id is None else services.get(charge.service_id)
    found = book.find(ask(charge, invoice, service))
    return found if isinstance(found, Price) else None


def _is_minutes(model: PriceModel) -> bool:
    return model is PriceModel.PER_MINUTE


def _load_balances(session: Session, invoice: InvoiceFacts) -> BalanceFacts:
    """What of the account's earlier bills was overdue between the bill before `invoice` and this one.

    Disputed amounts that were withheld are not overdue. A bill that was paid late counts until it was paid, what is
    still owed until this bill's date; days that an earlier bill could have charged for do not count again.
    """
    rows = session.execute(
        select(Invoice.id, Invoice.number, Invoice.bill_date, Invoice.due_date, Invoice.current_charges)
        .where(
            Invoice.account_id == invoice.account_id,
            Invoice.kind == DocumentKind.INVOICE,
            Invoice.status != InvoiceStatus.SUPERSEDED,
            Invoice.bill_date < invoice.bill_date,
        )
        .order_by(Invoice.bill_date, Invoice.id)
    ).all()
    since = rows[-1].bill_date if rows else invoice.bill_date
    paid = defaultdict(list)
    for payment in load_payments(session, invoice.account_id):
        paid[payment.invoice_id].append(payment)
    withheld = {each.invoice_id: each.withheld for each in load_withheld(session, invoice.account_id)}
    lines = []
    for row in rows:
        if row.due_date is None:
            continue
        owed = row.current_charges - withheld.get(row.id, ZERO)
        start = max(row.due_date, since)
        for payment in paid[row.id]:
            owed -= payment.amount
            if payment.paid_on > start:
                until = min(payment.paid_on, invoice.bill_date)
                lines.append(BalanceLine(row.number, payment.amount, start, until))
        if owed > 0 and start < invoice.bill_date:
            lines.append(BalanceLine(row.number, owed, start, invoice.bill_date))
    return BalanceFacts(tuple(lines))


def _load_spend(session: Session, invoice: InvoiceFacts, price: Price) -> SpendFacts:
    """What the contract's accounts were billed in the contract year that ended before the bill, by bill.

    The year runs from the contract's first day. A shortfall is billed after its year: on a bill for the first month of
    a year it is the year before that counts.
    """
    contract = price.contract
    year = _year_before(contract, invoice.period.start if invoice.period else invoice.bill_date)
    settings = Measure(contract, price.element, ONE).settings(commitment.PARAMETERS)
    types = [kind for kind in ChargeType if commitment.contributes(kind, settings)]
    accounts = contract.account_ids or tuple(
        session.scalars(select(BillingAccount.id).where(BillingAccount.carrier_id == contract.carrier_id))
    )
    rows = session.execute(
        select(Invoice.number, func.sum(Charge.amount).label("amount"))
        .join(Charge, Charge.invoice_id == Invoice.id)
        .where(
            Invoice.account_id.in_(accounts),
            Invoice.status != InvoiceStatus.SUPERSEDED,
            Invoice.bill_date >= year.start,
            Invoice.bill_date < year.end,
            Invoice.id != invoice.id,
            Charge.charge_type.in_(types),
        )
        .group_by(Invoice.id, Invoice.number, Invoice.bill_date)
        .order_by(Invoice.bill_date, Invoice.id)
    )
    days = invoice.period or Period(invoice.bill_date, add_months(invoice.bill_date, 1))
    return SpendFacts(days, tuple(SpendLine(f"bill {row.number}", row.amount) for row in rows))


def _year_before(contract: ContractTerms, day: date) -> Period:
    """The last whole contract year up to `day`; the first one where none has ended yet."""
    years = 1
    while add_months(contract.start, 12 * (years + 1)) <= day:
        years += 1
    return Period(add_months(contract.start, 12 * (years - 1)), add_months(contract.start, 12 * years))
