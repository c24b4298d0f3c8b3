"""Findings, the disputes made of them, and what the carrier granted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.money import ZERO
from app.domain.vocabulary import DisputeStatus, FindingStatus, Ledger
from app.models.base import STRICT, Base, EnumType, MoneyType


class Finding(Base):
    """One accusation, recognised by its fingerprint: a second audit never adds it again, a dismissal sticks."""

    __tablename__ = "findings"
    __table_args__ = (CheckConstraint("claim >= 0", name="claim_not_negative"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    rule: Mapped[str] = mapped_column(index=True)
    rule_name: Mapped[str]
    rule_version: Mapped[int]
    ledger: Mapped[Ledger] = mapped_column(EnumType(Ledger))
    status: Mapped[FindingStatus] = mapped_column(EnumType(FindingStatus), index=True)
    message: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("billing_accounts.id"), index=True)
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"), index=True)
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("charges.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"), index=True)
    currency: Mapped[str]
    billed: Mapped[Decimal | None] = mapped_column(MoneyType)
    expected: Mapped[Decimal | None] = mapped_column(MoneyType)
    claim: Mapped[Decimal] = mapped_column(MoneyType)
    proof: Mapped[str] = mapped_column(default="")
    file_by: Mapped[date | None]
    withhold_by: Mapped[date | None]
    found_at: Mapped[datetime]
    dismissed_by: Mapped[str | None]
    dismissed_reason: Mapped[str] = mapped_column(default="")


class Dispute(Base):
    """What we claim from one carrier in one letter. `file_by` and `withhold_by` are the next of its findings' days that
    lay ahead when it was opened."""

    __tablename__ = "disputes"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("carriers.id"), index=True)
    status: Mapped[DisputeStatus] = mapped_column(EnumType(DisputeStatus), index=True)
    currency: Mapped[str]
    claim: Mapped[Decimal] = mapped_column(MoneyType)
    file_by: Mapped[date | None]
    withhold_by: Mapped[date | None]
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    filed_on: Mapped[date | None]
    carrier_reference: Mapped[str] = mapped_column(default="")
    letter: Mapped[str] = mapped_column(default="")  # path of the written letter, relative to the workspace

    items: Mapped[list[DisputeItem]] = relationship(back_populates="dispute")


class DisputeItem(Base):
    """A finding in a dispute; a finding is claimed once.

    `withheld` is what of the claim the approved bill left unpaid; `granted` the carrier's answer, None before it.
    """

    __tablename__ = "dispute_items"
    __table_args__ = (CheckConstraint("claim > 0", name="claim_positive"), STRICT)

    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"), primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"), index=True)
    claim: Mapped[Decimal] = mapped_column(MoneyType)
    withheld: Mapped[Decimal] = mapped_column(MoneyType, default=ZERO)
    granted: Mapped[Decimal | None] = mapped_column(MoneyType)

    dispute: Mapped[Dispute] = relationship(back_populates="items")


class CreditMemo(Base):
    """What the carrier granted on a dispute, and the invoice on which it arrived."""

    __tablename__ = "credit_memos"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(MoneyType)
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"), index=True)
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("charges.id"), unique=True)
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
