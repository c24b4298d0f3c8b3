"""Bank statements and answers of a document into their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.source import ParseIssue
from app.errors import BugError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.parsed import ParsedDocument


def store_bank(_session: Session, document: ParsedDocument, _document_id: int) -> list[ParseIssue]:
    """Store the statements and answers of a bank; what is to be said of them."""
    if document.statements or document.answers:
        raise BugError("no importer reads bank files yet")
    return []
