"""What was billed under a contract in the year or the month of which a commitment's shortfall is charged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.evidence import SpendFacts, SpendLine
from app.domain.period import Period, add_months, whole_months
from app.domain.vocabulary import ChargeType, InvoiceStatus
from app.models.inventory import BillingAccount
from app.models.invoices import Charge, Invoice
from app.rating.charge_models import commitment
from app.rating.charge_models.measure import Measure
from app.rating.engine import ONE

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from app.domain.history import ChargeFacts, InvoiceFacts
    from app.domain.terms import ContractTerms
    from app.rating.ratebook import Price


def load_spend(
    session: Session, invoice: InvoiceFacts, charge: ChargeFacts, price: Price
) -> tuple[SpendFacts | None, str]:
    """The contributing charges of the contract's accounts in the days that `charge` is for, by bill; None, and why,
    where those days or their spend cannot be told.

    A charge counts in the days that it is for, not on its bill's date: bills in arrears are dated in the next year.
    Bills in other currencies than the contract's do not count.
    """
    contract = price.contract
    if invoice.currency != contract.currency:
        return None, f"The commitment is in {contract.currency}, the bill in {invoice.currency}: they are not compared."
    settings = Measure(contract, price.element, ONE).settings(commitment.PARAMETERS)
    monthly = settings.word("committed", commitment.CommitmentPeriod) is commitment.CommitmentPeriod.MONTHLY
    days = _months(invoice, charge) if monthly else _year(contract, invoice, charge)
    if days is None:
        return None, "The days of the shortfall are not whole months, so their spend is not compared."
    types = [kind for kind in ChargeType if commitment.contributes(kind, settings)]
    accounts = contract.account_ids or tuple(
        session.scalars(select(BillingAccount.id).where(BillingAccount.carrier_id == contract.carrier_id))
    )
    day = func.coalesce(Charge.period_start, Invoice.period_start, Invoice.bill_date)
    rows = session.execute(
        select(Invoice.number, func.sum(Charge.amount).label("amount"))
        .join(Charge, Charge.invoice_id == Invoice.id)
        .where(
            Invoice.account_id.in_(accounts),
            Invoice.currency == contract.currency,
            Invoice.status != InvoiceStatus.SUPERSEDED,
            day >= days.start,
            day < days.end,
            Charge.id != charge.id,
            Charge.charge_type.in_(types),
        )
        .group_by(Invoice.id, Invoice.number, Invoice.bill_date)
        .order_by(Invoice.bill_date, Invoice.id)
    )
    lines = tuple(SpendLine(f"bill {row.number}", row.amount) for row in rows)
    return SpendFacts(invoice.period_of(charge) or days, lines), ""


def _year(contract: ContractTerms, invoice: InvoiceFacts, charge: ChargeFacts) -> Period:
    """The contract year of a shortfall: the one that it prints, else the last that had ended by its bill's days.

    A bill in arrears has ended with its period, one in advance begins with it.
    """
    if charge.period is not None and whole_months(charge.period) == 12:
        return charge.period
    day, period = invoice.bill_date, charge.period or invoice.period
    if period is not None:
        day = max(day, period.end if charge.period or day >= period.last else period.start)
    return _year_before(contract, day)


def _months(invoice: InvoiceFacts, charge: ChargeFacts) -> Period | None:
    """The whole months of a monthly shortfall: those that it prints, else the bill's in arrears, or those before it."""
    if charge.period is not None:
        return charge.period if whole_months(charge.period) else None
    period = invoice.period_of(charge)
    if period is None:
        return Period(add_months(invoice.bill_date, -1), invoice.bill_date)
    months = whole_months(period)
    if not months or invoice.bill_date >= period.last:
        return period if months else None
    return Period(add_months(period.start, -months), period.start)


def _year_before(contract: ContractTerms, day: date) -> Period:
    """The last whole contract year up to `day`; the first one where none has ended yet."""
    years = 1
    while add_months(contract.start, 12 * (years + 1)) <= day:
        years += 1
    return Period(add_months(contract.start, 12 * (years - 1)), add_months(contract.start, 12 * years))
