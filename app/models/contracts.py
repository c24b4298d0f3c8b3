"""Contracts and their effective-dated prices."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.money import RoundingMode
from app.domain.vocabulary import (
    ChargeType,
    DeckKind,
    ExchangeDay,
    PriceChange,
    PriceModel,
    ProrationMethod,
    RoundingScope,
    ServiceKind,
)
from app.models.base import STRICT, Base, EnumType, RateType, UtcDateTime


class Contract(Base):
    """What was agreed with a carrier, or offered by it. `end` is the first day after the term."""

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
    price_change: Mapped[PriceChange] = mapped_column(EnumType(PriceChange), default=PriceChange.SPLIT)
    time_zone: Mapped[str] = mapped_column(default="UTC")
    exchange: Mapped[ExchangeDay] = mapped_column(EnumType(ExchangeDay), default=ExchangeDay.NONE)
    offer: Mapped[bool] = mapped_column(default=False)
    payment_days: Mapped[int]
    dispute_days: Mapped[int]
    withhold_days: Mapped[int]
    notice_days: Mapped[int]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("source_documents.id"), index=True)


class RateElement(Base):
    """One price in force from a day, until another day or for good. Its scope is the narrowest that is filled in.

    `parameters` is written as `name=value; name=value`; the model declares which there are. `agreed` is the day on
    which its amendment was agreed on.
    """

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
    service_kind: Mapped[ServiceKind | None] = mapped_column(EnumType(ServiceKind))
    zone: Mapped[str] = mapped_column(default="")
    waived: Mapped[bool] = mapped_column(default=False)
    parameters: Mapped[str] = mapped_column(default="")
    clause: Mapped[str] = mapped_column(default="")
    page: Mapped[int | None]
    description: Mapped[str] = mapped_column(default="")
    amendment: Mapped[str] = mapped_column(default="")
    agreed: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")


class RateDeck(Base):
    """A version of a carrier's table of number prefixes: its rows stand in a Parquet file at `path` of the usage store.

    Of the versions of one name the latest is in force; earlier ones stay for the bills that were rated by them.
    """

    __tablename__ = "rate_decks"
    __table_args__ = (UniqueConstraint("carrier_id", "kind", "name", "sha256"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("carriers.id"))
    kind: Mapped[DeckKind] = mapped_column(EnumType(DeckKind))
    name: Mapped[str]
    path: Mapped[str]
    rows: Mapped[int]
    sha256: Mapped[str]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("source_documents.id"), index=True)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ExchangeRate(Base):
    """How many units of `quote` one unit of `base` was worth on a day, and who says so."""

    __tablename__ = "exchange_rates"
    __table_args__ = (UniqueConstraint("base", "quote", "day"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    base: Mapped[str]
    quote: Mapped[str]
    day: Mapped[date]
    rate: Mapped[Decimal] = mapped_column(RateType)
    source: Mapped[str] = mapped_column(default="")
