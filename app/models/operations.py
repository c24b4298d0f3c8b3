"""What is told of services beside their bills: orders, remote hands, outages, budgets, published surcharge factors."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import OrderAction
from app.models.base import STRICT, Base, EnumType, MoneyType, RateType


class ServiceOrder(Base):
    """What was asked of a carrier, and when it was done. `foc` is the firm order commitment."""

    __tablename__ = "service_orders"
    __table_args__ = (UniqueConstraint("carrier_id", "number", "circuit_key", "tn_key", "code"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("carriers.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("billing_accounts.id"), index=True)
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"), index=True)
    number: Mapped[str]
    action: Mapped[OrderAction] = mapped_column(EnumType(OrderAction))
    circuit_id: Mapped[str] = mapped_column(default="")
    circuit_key: Mapped[str] = mapped_column(default="", index=True)
    tn: Mapped[str] = mapped_column(default="")
    tn_key: Mapped[str] = mapped_column(default="", index=True)
    code: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    contract: Mapped[str] = mapped_column(default="")
    ordered: Mapped[date]
    foc: Mapped[date | None]
    completed: Mapped[date | None]
    cancelled: Mapped[date | None]


class Budget(Base):
    """What a cost centre may spend in a month (its first day)."""

    __tablename__ = "budgets"
    __table_args__ = (UniqueConstraint("cost_centre", "month", "currency", "carrier_key", "service_kind"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    cost_centre: Mapped[str]
    month: Mapped[date]
    currency: Mapped[str]
    carrier_key: Mapped[str] = mapped_column(default="")  # "" for all; a constraint does not hold for NULL
    carrier_id: Mapped[int | None] = mapped_column(ForeignKey("carriers.id"), index=True)
    service_kind: Mapped[str] = mapped_column(default="")  # "" for all
    amount: Mapped[Decimal] = mapped_column(MoneyType)


class SurchargeFactor(Base):
    """A published percentage that carriers may charge from a day on."""

    __tablename__ = "surcharge_factors"
    __table_args__ = (UniqueConstraint("name", "region", "effective_from"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    region: Mapped[str] = mapped_column(default="")
    effective_from: Mapped[date]
    percent: Mapped[Decimal] = mapped_column(RateType)
    base: Mapped[str] = mapped_column(default="")
    said_by: Mapped[str] = mapped_column(default="")


class WorkTicket(Base):
    """A job of remote hands."""

    __tablename__ = "work_tickets"
    __table_args__ = (UniqueConstraint("carrier_id", "reference"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("carriers.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("billing_accounts.id"), index=True)
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"), index=True)
    reference: Mapped[str]
    circuit_id: Mapped[str] = mapped_column(default="")
    circuit_key: Mapped[str] = mapped_column(default="", index=True)
    started: Mapped[datetime] = mapped_column(index=True)
    minutes: Mapped[int]
    after_hours: Mapped[bool] = mapped_column(default=False)
    expedited: Mapped[bool] = mapped_column(default=False)
    description: Mapped[str] = mapped_column(default="")


class OutageTicket(Base):
    """An outage of a service; `excluded` says why the contract does not count it."""

    __tablename__ = "outage_tickets"
    __table_args__ = (UniqueConstraint("carrier_id", "reference", "circuit_key", "tn_key"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("carriers.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("billing_accounts.id"), index=True)
    reference: Mapped[str]
    circuit_id: Mapped[str] = mapped_column(default="")
    circuit_key: Mapped[str] = mapped_column(default="", index=True)
    tn: Mapped[str] = mapped_column(default="")
    tn_key: Mapped[str] = mapped_column(default="", index=True)
    started: Mapped[datetime] = mapped_column(index=True)
    ended: Mapped[datetime | None]
    excluded: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
