"""Posted invoices: immutable. What we think of a charge (its service, its rating) stands in tables beside it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import (
    ChargeType,
    DocumentKind,
    InvoiceStatus,
    MatchMethod,
    RatingOutcome,
)
from app.models.base import STRICT, Base, EnumType, MoneyType, RateType


class Invoice(Base):
    """One carrier document. Amounts never change after posting; `status` and `version` do.

    The same carrier and number may stand here once, beside superseded ones.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        Index(
            "uq_invoices_live_number",
            "carrier_id",
            "account_id",
            "number_key",
            unique=True,
            sqlite_where=text("status <> 'superseded'"),
            postgresql_where=text("status <> 'superseded'"),
        ),
        STRICT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("carriers.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("billing_accounts.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("source_documents.id"), index=True)
    kind: Mapped[DocumentKind] = mapped_column(EnumType(DocumentKind))
    number: Mapped[str]
    number_key: Mapped[str]
    bill_date: Mapped[date] = mapped_column(index=True)
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    due_date: Mapped[date | None]
    currency: Mapped[str]
    previous_balance: Mapped[Decimal] = mapped_column(MoneyType)
    payments_applied: Mapped[Decimal] = mapped_column(MoneyType)
    current_charges: Mapped[Decimal] = mapped_column(MoneyType)
    net_total: Mapped[Decimal | None] = mapped_column(MoneyType)
    tax_total: Mapped[Decimal | None] = mapped_column(MoneyType)
    rounding: Mapped[Decimal] = mapped_column(MoneyType)
    total_due: Mapped[Decimal] = mapped_column(MoneyType)
    field_sources: Mapped[str] = mapped_column(default="{}")  # JSON: field → Source
    corrects: Mapped[str] = mapped_column(default="")
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"), index=True)
    status: Mapped[InvoiceStatus] = mapped_column(EnumType(InvoiceStatus), index=True)
    submitted_by: Mapped[str | None]
    posted_by: Mapped[str]
    posted_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    charges: Mapped[list[Charge]] = relationship(order_by="Charge.seq", back_populates="invoice")

    __mapper_args__ = {"version_id_col": version}


class Charge(Base):
    """One line of an invoice, as printed. Never edited; `source` (JSON) says where it stands in the document."""

    __tablename__ = "charges"
    __table_args__ = (UniqueConstraint("invoice_id", "seq"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    seq: Mapped[int]
    charge_type: Mapped[ChargeType] = mapped_column(EnumType(ChargeType))
    code: Mapped[str] = mapped_column(default="")
    description: Mapped[str]
    quantity: Mapped[Decimal | None] = mapped_column(RateType)
    unit: Mapped[str] = mapped_column(default="")
    unit_price: Mapped[Decimal | None] = mapped_column(RateType)
    amount: Mapped[Decimal] = mapped_column(MoneyType)
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    circuit_id: Mapped[str] = mapped_column(default="")
    circuit_key: Mapped[str] = mapped_column(default="", index=True)
    tn: Mapped[str] = mapped_column(default="")
    tn_key: Mapped[str] = mapped_column(default="", index=True)
    location: Mapped[str] = mapped_column(default="")
    source: Mapped[str]

    invoice: Mapped[Invoice] = relationship(back_populates="charges")


class ChargeMatch(Base):
    """Which service a charge is for. No row: it waits in the worklist."""

    __tablename__ = "charge_matches"

    charge_id: Mapped[int] = mapped_column(ForeignKey("charges.id"), primary_key=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"), index=True)
    method: Mapped[MatchMethod] = mapped_column(EnumType(MatchMethod))
    matched_by: Mapped[str]


class ChargeRating(Base):
    """The latest rating of a charge: billed beside expected, with the proof (JSON)."""

    __tablename__ = "charge_ratings"

    charge_id: Mapped[int] = mapped_column(ForeignKey("charges.id"), primary_key=True)
    outcome: Mapped[RatingOutcome] = mapped_column(EnumType(RatingOutcome))
    expected: Mapped[Decimal | None] = mapped_column(MoneyType)
    amended: Mapped[Decimal | None] = mapped_column(MoneyType)
    variance: Mapped[Decimal | None] = mapped_column(MoneyType)
    rate_element_id: Mapped[int | None] = mapped_column(ForeignKey("rate_elements.id"), index=True)
    proof: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    rated_at: Mapped[datetime]
