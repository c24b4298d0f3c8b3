"""What banks tell us: statements of our accounts, and answers to our payment files."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import AnswerKind, StatementKind
from app.models.base import STRICT, Base, EnumType, MoneyType


class BankStatement(Base):
    """One statement of one of our accounts; `account_key` is the account without blanks and punctuation."""

    __tablename__ = "bank_statements"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("source_documents.id"), index=True)
    kind: Mapped[StatementKind] = mapped_column(EnumType(StatementKind))
    account: Mapped[str]
    account_key: Mapped[str] = mapped_column(index=True)
    bank: Mapped[str] = mapped_column(default="")
    currency: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    day: Mapped[date | None]
    opening: Mapped[Decimal | None] = mapped_column(MoneyType)
    opening_day: Mapped[date | None]
    closing: Mapped[Decimal | None] = mapped_column(MoneyType)
    closing_day: Mapped[date | None]


class BankLine(Base):
    """One movement: money that leaves is negative. `line_key` tells the same movement in two files apart from two
    movements; `payment_id` is our payment that it is, `matched_how` by what that was found."""

    __tablename__ = "bank_lines"
    __table_args__ = (UniqueConstraint("statement_id", "seq"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statements.id"))
    seq: Mapped[int]
    line_key: Mapped[str] = mapped_column(index=True)
    booked: Mapped[date | None]
    valued: Mapped[date | None]
    amount: Mapped[Decimal] = mapped_column(MoneyType)
    currency: Mapped[str]
    reference: Mapped[str] = mapped_column(default="")
    bank_reference: Mapped[str] = mapped_column(default="")
    party: Mapped[str] = mapped_column(default="")
    party_account: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    code: Mapped[str] = mapped_column(default="")
    returned: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"), index=True)
    matched_how: Mapped[str] = mapped_column(default="")
    matched_by: Mapped[str] = mapped_column(default="")


class PaymentAnswer(Base):
    """What a bank said of a payment or of a whole batch."""

    __tablename__ = "payment_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("source_documents.id"), index=True)
    kind: Mapped[AnswerKind] = mapped_column(EnumType(AnswerKind))
    reference: Mapped[str] = mapped_column(default="")
    file_reference: Mapped[str] = mapped_column(default="")
    amount: Mapped[Decimal | None] = mapped_column(MoneyType)
    currency: Mapped[str] = mapped_column(default="")
    day: Mapped[date | None]
    code: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    party: Mapped[str] = mapped_column(default="")
    party_account: Mapped[str] = mapped_column(default="")
    change: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("payment_batches.id"), index=True)
    told_at: Mapped[datetime]
