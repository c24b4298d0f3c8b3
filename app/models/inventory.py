"""Carriers, their accounts and bank details, our locations and services."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import BillingMode, PaymentMethod, ServiceKind, ServiceStatus
from app.models.base import STRICT, Base, EnumType, RateType


class Carrier(Base):
    """Who bills us. `name_key` is the name without case and punctuation: two spellings are one carrier."""

    __tablename__ = "carriers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    currency: Mapped[str] = mapped_column(default="")
    dispute_email: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")


class CarrierBankAccount(Base):
    """Where a carrier is paid. Typed in or loaded by us and verified by a second person; never read from a bill."""

    __tablename__ = "carrier_bank_accounts"
    __table_args__ = (
        CheckConstraint("verified_by IS NULL OR verified_by <> created_by", name="two_people"),
        STRICT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("carriers.id"), index=True)
    currency: Mapped[str]
    method: Mapped[PaymentMethod] = mapped_column(EnumType(PaymentMethod))
    holder: Mapped[str] = mapped_column(default="")
    routing: Mapped[str] = mapped_column(default="")
    account: Mapped[str] = mapped_column(default="")
    iban: Mapped[str] = mapped_column(default="")
    bic: Mapped[str] = mapped_column(default="")
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    verified_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class BillingAccount(Base):
    """The account on the bill. `bill_day` is the day of the month on which its bills are dated."""

    __tablename__ = "billing_accounts"
    __table_args__ = (UniqueConstraint("carrier_id", "ban_key"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("carriers.id"))
    ban: Mapped[str]
    ban_key: Mapped[str]
    currency: Mapped[str]
    mode: Mapped[BillingMode] = mapped_column(EnumType(BillingMode))
    bill_day: Mapped[int | None]
    contract_number: Mapped[str] = mapped_column(default="")  # as our records name it; it may be stored later
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"), index=True)
    description: Mapped[str] = mapped_column(default="")


class Location(Base):
    """One of our sites."""

    __tablename__ = "locations"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    code_key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    closed: Mapped[date | None]


class Service(Base):
    """Something a carrier provides: a circuit, a number, a rack. Raw identifiers are kept beside the matching keys."""

    __tablename__ = "services"

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("carriers.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("billing_accounts.id"), index=True)
    kind: Mapped[ServiceKind] = mapped_column(EnumType(ServiceKind))
    status: Mapped[ServiceStatus] = mapped_column(EnumType(ServiceStatus))
    circuit_id: Mapped[str] = mapped_column(default="")
    circuit_key: Mapped[str] = mapped_column(default="", index=True)
    tn: Mapped[str] = mapped_column(default="")
    tn_key: Mapped[str] = mapped_column(default="", index=True)
    code: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    location_a_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"), index=True)
    location_z_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(RateType)
    bandwidth_kbps: Mapped[int | None]
    ordered: Mapped[date | None]
    installed: Mapped[date | None]
    disconnect_requested: Mapped[date | None]
    disconnected: Mapped[date | None]
    cost_centre: Mapped[str] = mapped_column(default="")
