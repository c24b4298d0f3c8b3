"""The workspace itself: its users, its log, its saved column mappings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import ReviewPolicy, Role
from app.models.base import STRICT, Base, EnumType


class WorkspaceInfo(Base):
    """One row: whose workspace this is. `address` (lines) and `contact` head its letters; its bank account is the one
    that payment files draw on."""

    __tablename__ = "workspace_info"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    company: Mapped[str]
    currency: Mapped[str]
    created_at: Mapped[datetime]
    fixed_day: Mapped[date | None]  # a demo workspace stands still on this day
    address: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    payer_name: Mapped[str] = mapped_column(default="")
    payer_routing: Mapped[str] = mapped_column(default="")
    payer_account: Mapped[str] = mapped_column(default="")
    payer_iban: Mapped[str] = mapped_column(default="")
    payer_bic: Mapped[str] = mapped_column(default="")
    payer_company_id: Mapped[str] = mapped_column(default="")
    review: Mapped[ReviewPolicy] = mapped_column(EnumType(ReviewPolicy), default=ReviewPolicy.NEEDED)


class User(Base):
    """A person who works in the workspace. On SQLite a user is evidence, not enforcement (docs/adr)."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[Role] = mapped_column(EnumType(Role))


class LogEntry(Base):
    """Who did what, in order; `digest` chains each entry to the one before."""

    __tablename__ = "log_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    verb: Mapped[str]
    subject: Mapped[str]
    details: Mapped[str] = mapped_column(default="{}")
    digest: Mapped[str]


class SavedMapping(Base):
    """A column mapping the user has saved, as TOML text (docs/formats)."""

    __tablename__ = "saved_mappings"
    __table_args__ = (UniqueConstraint("name"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    toml: Mapped[str]
    saved_at: Mapped[datetime]
