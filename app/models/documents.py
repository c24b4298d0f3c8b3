"""Files that came in: the documents themselves (by SHA-256), their faults, the usage they brought."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import Severity
from app.models.base import STRICT, Base, EnumType


class SourceDocument(Base):
    """A file as received. Its bytes lie in the workspace's documents folder under the hash.

    `container_id` is the archive or e-mail in which it came.
    """

    __tablename__ = "source_documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    size: Mapped[int]
    importer: Mapped[str]
    received_at: Mapped[datetime]
    received_by: Mapped[str]
    container_id: Mapped[int | None] = mapped_column(ForeignKey("source_documents.id"), index=True)


class DocumentIssue(Base):
    """A ParseIssue of a document that was taken in nevertheless (warnings and notes)."""

    __tablename__ = "document_issues"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("source_documents.id"), index=True)
    severity: Mapped[Severity] = mapped_column(EnumType(Severity))
    code: Mapped[str]
    message: Mapped[str]
    remedy: Mapped[str]
    place: Mapped[str]


class UsageBatch(Base):
    """A Parquet file of usage: one document's records of one account and month."""

    __tablename__ = "usage_batches"
    __table_args__ = (UniqueConstraint("path"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("source_documents.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("billing_accounts.id"), index=True)
    kind: Mapped[str]  # "calls", "samples" or "readings"
    month: Mapped[date]
    path: Mapped[str]  # relative to the workspace's usage folder, with "/"
    rows: Mapped[int]
    sha256: Mapped[str]
