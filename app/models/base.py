"""The base of all tables and the column types: exact money, and DDL that SQLite's STRICT tables accept."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, DateTime, MetaData, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from app.domain.money import MONEY_SCALE, RATE_SCALE, from_scaled, to_scaled
from app.errors import BugError


@compiles(Date, "sqlite")
@compiles(DateTime, "sqlite")
@compiles(String, "sqlite")
@compiles(Text, "sqlite")
def _text(_type: Any, _compiler: Any, **_: Any) -> str:
    """STRICT knows five types; dates are ISO 8601 text."""
    return "TEXT"


@compiles(Boolean, "sqlite")
@compiles(BigInteger, "sqlite")
def _integer(_type: Any, _compiler: Any, **_: Any) -> str:
    """SQLite's INTEGER has 64 bits, and only INTEGER PRIMARY KEY numbers its rows."""
    return "INTEGER"


class _Scaled(TypeDecorator[Decimal]):
    """A Decimal as a 64-bit integer of fixed scale. SQLAlchemy's Numeric is REAL on SQLite; this is exact on both."""

    impl = BigInteger
    cache_ok = True
    scale = 0

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else to_scaled(value, self.scale)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        # PostgreSQL's SUM of BIGINT is NUMERIC: still whole
        if value is None:
            return None
        if isinstance(value, float):
            raise BugError("a money column came back as a binary fraction: AVG and division do not belong into SQL")
        return from_scaled(int(value), self.scale)


class MoneyType(_Scaled):
    """An amount of money at scale 6."""

    cache_ok = True
    scale = MONEY_SCALE


class RateType(_Scaled):
    """A price or a quantity at scale 10."""

    cache_ok = True
    scale = RATE_SCALE


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Only aware values go in; UTC comes out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise BugError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class EnumType(TypeDecorator[StrEnum]):
    """A word of the vocabulary, stored as its value."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


class Base(DeclarativeBase):
    """Every table: named constraints (migrations need the names), STRICT on SQLite."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    __table_args__: Any = {"sqlite_strict": True}
    type_annotation_map = {str: Text(), datetime: UtcDateTime()}


STRICT = {"sqlite_strict": True}
