"""Between a file and the books: what waits for a person, what was kept out, what was learned, and how to undo."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import ChargeType
from app.models.base import STRICT, Base, EnumType


class HeldDocument(Base):
    """A file that was read and waits for a person before anything of it is posted. Its bytes lie in the documents
    folder; `parsed` is what was read (importers.wire), `choices` what the person has said so far (JSON)."""

    __tablename__ = "held_documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    size: Mapped[int]
    importer: Mapped[str]
    parsed: Mapped[str]
    choices: Mapped[str] = mapped_column(default="{}")
    why: Mapped[str]  # the first reason in words
    received_at: Mapped[datetime]
    received_by: Mapped[str]
    container_id: Mapped[int | None] = mapped_column(ForeignKey("source_documents.id"), index=True)


class QuarantinedFile(Base):
    """A file that could not be taken in. Its bytes lie in the documents folder, so that it can be tried again."""

    __tablename__ = "quarantined_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    size: Mapped[int]
    importer: Mapped[str]
    code: Mapped[str]  # the stable reason, such as "encrypted" or "no-importer"
    message: Mapped[str]
    remedy: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime]
    received_by: Mapped[str]
    container_id: Mapped[int | None] = mapped_column(ForeignKey("source_documents.id"), index=True)


class RejectedRow(Base):
    """A row of usage that was left out of a file that was taken in: why, and its text, to be read again."""

    __tablename__ = "rejected_rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("source_documents.id"), index=True)
    row: Mapped[int]
    code: Mapped[str]
    message: Mapped[str]
    text: Mapped[str]


class ChargeCode(Base):
    """The charge-code dictionary: what a carrier's code, or where it prints none its description, is.

    `ignored` with a reason: charges of it are kept, and nobody is asked about them again.
    """

    __tablename__ = "charge_codes"
    __table_args__ = (
        UniqueConstraint("carrier_id", "code_key", "description_key"),
        STRICT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("carriers.id"))
    code_key: Mapped[str] = mapped_column(default="")
    description_key: Mapped[str] = mapped_column(default="")
    code: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    charge_type: Mapped[ChargeType] = mapped_column(EnumType(ChargeType))
    ignored: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    learned_by: Mapped[str]
    learned_at: Mapped[datetime]


class AccountAlias(Base):
    """Another way in which a carrier writes the number of one of our accounts, as a person has said."""

    __tablename__ = "account_aliases"
    __table_args__ = (UniqueConstraint("carrier_id", "ban_key"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("carriers.id"))
    ban: Mapped[str]
    ban_key: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("billing_accounts.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    added_by: Mapped[str]
    added_at: Mapped[datetime]


class ImportChange(Base):
    """One row that an import added, changed or removed, with its values before and after (JSON): what undoing needs."""

    __tablename__ = "import_changes"
    __table_args__ = (
        Index("ix_import_changes_row", "table_name", "row_key"),
        STRICT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("source_documents.id"), index=True)
    table_name: Mapped[str]
    row_key: Mapped[str]
    kind: Mapped[str]  # "added", "changed" or "removed"
    before: Mapped[str] = mapped_column(default="{}")
    after: Mapped[str] = mapped_column(default="{}")
