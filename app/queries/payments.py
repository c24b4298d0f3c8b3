"""The payments that are scheduled or have left, and the files they left in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.db.payables import load_due_dates
from app.domain.vocabulary import PaymentMethod, PaymentStatus
from app.models.inventory import BillingAccount, Carrier, CarrierBankAccount
from app.models.invoices import Invoice
from app.models.payments import Payment, PaymentBatch
from app.payments.identifiers import masked

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Row:
    """One payment of one bill. `credit` is settled beside it by credits of the account; `late`: the carrier has the
    money after `due`. The batch is empty until the payment is released."""

    id: int
    invoice_id: int
    carrier_id: int
    carrier: str
    account_id: int
    ban: str
    number: str
    bill_date: date
    due: date
    amount: Decimal
    credit: Decimal
    currency: str
    method: PaymentMethod
    status: PaymentStatus
    send_on: date
    pay_on: date
    late: bool
    paid_to: str
    scheduled_by: str
    batch_id: int | None
    batch: str
    released_by: str


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One released file."""

    id: int
    number: str
    method: PaymentMethod
    currency: str
    payments: int
    total: Decimal
    released_by: str
    released_at: datetime
    file_name: str
    file_sha256: str
    waiting: int  # payments of it that are neither settled nor returned


@dataclass(frozen=True, slots=True)
class Filter:
    """Which payments: `text` in carrier, account, bill number or batch; `send_until`: what has to be sent by then."""

    text: str = ""
    statuses: tuple[PaymentStatus, ...] = ()
    carrier_id: int | None = None
    invoice_id: int | None = None
    batch_id: int | None = None
    send_until: date | None = None


def fetch(session: Session, wanted: Filter | None = None) -> list[Row]:
    """The payments, those to be sent first."""
    wanted = wanted or Filter()
    selected = (
        select(Payment, Invoice, Carrier.name, BillingAccount.ban, PaymentBatch, CarrierBankAccount)
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .join(BillingAccount, BillingAccount.id == Payment.account_id)
        .outerjoin(PaymentBatch, PaymentBatch.id == Payment.batch_id)
        .outerjoin(CarrierBankAccount, CarrierBankAccount.id == Payment.bank_account_id)
        .order_by(Payment.send_on, Carrier.name, Payment.id)
    )
    if wanted.text.strip():
        columns = (Carrier.name, BillingAccount.ban, Invoice.number, PaymentBatch.number)
        selected = selected.where(or_(*(column.icontains(wanted.text.strip(), autoescape=True) for column in columns)))
    if wanted.statuses:
        selected = selected.where(Payment.status.in_(wanted.statuses))
    for column, value in (
        (Invoice.carrier_id, wanted.carrier_id),
        (Payment.invoice_id, wanted.invoice_id),
        (Payment.batch_id, wanted.batch_id),
    ):
        if value is not None:
            selected = selected.where(column == value)
    if wanted.send_until is not None:
        selected = selected.where(Payment.send_on <= wanted.send_until)
    found = session.execute(selected).all()
    due = load_due_dates(session, [row.Invoice.id for row in found])
    return [_row(row.Payment, row.Invoice, row.name, row.ban, row.PaymentBatch, row[5], due) for row in found]


def fetch_one(session: Session, payment_id: int) -> Row | None:
    """The payment, or None if there is none of that id."""
    invoice_id = session.scalar(select(Payment.invoice_id).where(Payment.id == payment_id))
    rows = [] if invoice_id is None else fetch(session, Filter(invoice_id=invoice_id))
    return next((row for row in rows if row.id == payment_id), None)


def fetch_batches(session: Session) -> list[BatchRow]:
    """The released files, the latest first."""
    waiting: dict[int | None, int] = {}
    released = select(Payment.batch_id).where(Payment.status == PaymentStatus.RELEASED)
    for batch_id in session.scalars(released):
        waiting[batch_id] = waiting.get(batch_id, 0) + 1
    return [
        BatchRow(
            id=batch.id,
            number=batch.number,
            method=batch.method,
            currency=batch.currency,
            payments=batch.payment_count,
            total=batch.total,
            released_by=batch.released_by,
            released_at=batch.released_at,
            file_name=batch.file_name,
            file_sha256=batch.file_sha256,
            waiting=waiting.get(batch.id, 0),
        )
        for batch in session.scalars(select(PaymentBatch).order_by(PaymentBatch.id.desc()))
    ]


def _row(
    payment: Payment,
    bill: Invoice,
    carrier: str,
    ban: str,
    batch: PaymentBatch | None,
    account: CarrierBankAccount | None,
    due: dict[int, date],
) -> Row:
    return Row(
        id=payment.id,
        invoice_id=bill.id,
        carrier_id=bill.carrier_id,
        carrier=carrier,
        account_id=payment.account_id,
        ban=ban,
        number=bill.number,
        bill_date=bill.bill_date,
        due=due[bill.id],
        amount=payment.amount,
        credit=payment.credit,
        currency=payment.currency,
        method=payment.method,
        status=payment.status,
        send_on=payment.send_on,
        pay_on=payment.pay_on,
        late=payment.pay_on > due[bill.id],
        paid_to="" if account is None else masked(account.iban or account.account),
        scheduled_by=payment.scheduled_by,
        batch_id=None if batch is None else batch.id,
        batch="" if batch is None else batch.number,
        released_by="" if batch is None else batch.released_by,
    )
