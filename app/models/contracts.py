"""Contracts and their effective-dated prices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.money import RoundingMode
from app.domain.vocabulary import ChargeType, PriceModel, ProrationMethod, RoundingScope
from app.models.base import STRICT, Base, EnumType, RateType


class Contract(Base):
    """What was agreed with a carrier. `end` is the first day after the term."""

    __tablename__ = "contracts"
    __table_args__ = (UniqueConstraint("carrier_id", "number"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("carriers.id"))
    number: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    start: Mapped[date]
    end: Mapped[date | None]
    currency: Mapped[str]
    proration: Mapped[ProrationMethod] = mapped_column(EnumType(ProrationMethod))
    disconnect_day_billed: Mapped[bool]
    rounding: Mapped[RoundingMode] = mapped_column(EnumType(RoundingMode))
    rounding_places: Mapped[int]
    rounding_scope: Mapped[RoundingScope] = mapped_column(EnumType(RoundingScope))
    payment_days: Mapped[int]
    dispute_days: Mapped[int]
    withhold_days: Mapped[int]
    notice_days: Mapped[int]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("source_documents.id"), index=True)


class RateElement(Base):
    """One price in force from a day, until another day or for good. Its scope is the narrowest that is filled in."""

    __tablename__ = "rate_elements"
    __table_args__ = (
        CheckConstraint("effective_to IS NULL OR effective_to > effective_from", name="period"),
        STRICT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), index=True)
    code: Mapped[str]
    charge_type: Mapped[ChargeType] = mapped_column(EnumType(ChargeType))
    model: Mapped[PriceModel] = mapped_column(EnumType(PriceModel))
    price: Mapped[Decimal] = mapped_column(RateType)
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"), index=True)
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"), index=True)
    waived: Mapped[bool] = mapped_column(default=False)
    initial_seconds: Mapped[int] = mapped_column(default=60)
    increment_seconds: Mapped[int] = mapped_column(default=60)
    clause: Mapped[str] = mapped_column(default="")
    page: Mapped[int | None]
    description: Mapped[str] = mapped_column(default="")
