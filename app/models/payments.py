"""Approvals, payments, the batches they leave in, and what the next bill says of them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.money import ZERO
from app.domain.vocabulary import PaymentMethod, PaymentStatus
from app.models.base import STRICT, Base, EnumType, MoneyType


class Approval(Base):
    """A second person's word that an invoice is to be paid: `payable` of it, `withheld` not.

    `payload` is the hash of what was approved; a change of it voids the approval.
    """

    __tablename__ = "approvals"
    __table_args__ = (CheckConstraint("approved_by <> submitted_by", name="two_people"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), index=True)
    submitted_by: Mapped[str]
    approved_by: Mapped[str]
    approved_at: Mapped[datetime]
    payable: Mapped[Decimal] = mapped_column(MoneyType)
    withheld: Mapped[Decimal] = mapped_column(MoneyType)
    payload: Mapped[str]
    voided_at: Mapped[datetime | None]


class PaymentBatch(Base):
    """Payments released together on one day, as one file. The file's hash is kept: a changed file is recognised."""

    __tablename__ = "payment_batches"
    __table_args__ = (CheckConstraint("released_by <> created_by", name="two_people"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    method: Mapped[PaymentMethod] = mapped_column(EnumType(PaymentMethod))
    currency: Mapped[str]
    created_by: Mapped[str]
    released_by: Mapped[str]
    released_at: Mapped[datetime]
    released_on: Mapped[date]
    file_name: Mapped[str]
    file_sha256: Mapped[str]
    payment_count: Mapped[int]
    total: Mapped[Decimal] = mapped_column(MoneyType)


class Payment(Base):
    """Money scheduled for one invoice. `idempotency_key` makes the same act happen once, whoever repeats it.

    `credit` is what of the invoice is settled by credits that the account holds, beside `amount`.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        UniqueConstraint("idempotency_key"),
        STRICT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("billing_accounts.id"), index=True)
    bank_account_id: Mapped[int | None] = mapped_column(ForeignKey("carrier_bank_accounts.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("payment_batches.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(MoneyType)
    credit: Mapped[Decimal] = mapped_column(MoneyType, default=ZERO)
    currency: Mapped[str]
    method: Mapped[PaymentMethod] = mapped_column(EnumType(PaymentMethod))
    status: Mapped[PaymentStatus] = mapped_column(EnumType(PaymentStatus), index=True)
    send_on: Mapped[date]  # the business day on which the file has to be at the bank
    pay_on: Mapped[date]  # the business day on which the carrier has the money
    idempotency_key: Mapped[str]
    scheduled_by: Mapped[str]
    scheduled_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Reconciliation(Base):
    """What the next bill says of an earlier one: the balance it carries forward against the one we expect."""

    __tablename__ = "reconciliations"

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), unique=True)
    next_invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), index=True)
    shown_balance: Mapped[Decimal] = mapped_column(MoneyType)
    expected_balance: Mapped[Decimal] = mapped_column(MoneyType)
    shown_payments: Mapped[Decimal] = mapped_column(MoneyType)
    our_payments: Mapped[Decimal] = mapped_column(MoneyType)
    difference: Mapped[Decimal] = mapped_column(MoneyType)
    cause: Mapped[str]
    reconciled_at: Mapped[datetime]
