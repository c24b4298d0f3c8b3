"""What an import adds, changes and removes, row by row: kept beside the document, so that it can be taken back.

Rows are noted as the session writes them. Charges, usage files and issues go with their bill or document and are not
noted one by one, and the log is never taken back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, insert, inspect

from app.models.base import Base
from app.models.documents import DocumentIssue, SourceDocument, UsageBatch
from app.models.intake import HeldDocument, ImportChange, QuarantinedFile, RejectedRow
from app.models.invoices import Charge, ChargeMatch, ChargeRating
from app.models.workspace import LogEntry

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, UOWTransaction

ADDED, CHANGED, REMOVED, SEEN = "added", "changed", "removed", "seen"
_NOTES = "import_notes"
_NOT_NOTED = (
    Charge,
    ChargeMatch,
    ChargeRating,
    DocumentIssue,
    HeldDocument,
    ImportChange,
    LogEntry,
    QuarantinedFile,
    RejectedRow,
    SourceDocument,
    UsageBatch,
)


@contextmanager
def journal(session: Session, document_id: int) -> Iterator[None]:
    """Note every row that the session writes within the block as a change that the document brought."""
    notes: list[dict[str, Any]] = []

    def note(writing: Session, _context: UOWTransaction) -> None:
        for row in writing.new:
            if not isinstance(row, _NOT_NOTED):
                notes.append(_note(row, ADDED, {}, _values(row)))
        for row in writing.dirty:
            if not isinstance(row, _NOT_NOTED) and (before := _before(row)):
                notes.append(_note(row, CHANGED, before, {name: getattr(row, name) for name in before}))
        for row in writing.deleted:
            if not isinstance(row, _NOT_NOTED):
                notes.append(_note(row, REMOVED, _values(row), {}))

    session.flush()
    session.info[_NOTES] = notes
    event.listen(session, "after_flush", note)
    try:
        yield
        session.flush()
    finally:
        event.remove(session, "after_flush", note)
        session.info.pop(_NOTES, None)
    if notes:
        session.execute(insert(ImportChange), [{"document_id": document_id, **one} for one in notes])


def note_seen(session: Session, table: str, row_id: int) -> None:
    """Note that the document being stored says what a row says already: the import that added it is not taken back
    before this one. Outside of an import nothing is noted."""
    notes = session.info.get(_NOTES)
    if notes is not None:
        empty = _text({})
        notes.append(
            {
                "table_name": table,
                "row_key": json.dumps([row_id]),
                "kind": SEEN,
                "before": empty,
                "after": empty,
            }
        )


def plain(value: object) -> Any:
    """A column's value as JSON has it: amounts, days and moments as text."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # 1 and 1.00 are one amount
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _note(row: Base, kind: str, before: dict[str, object], after: dict[str, object]) -> dict[str, Any]:
    state = inspect(row)
    keys = state.mapper.primary_key_from_instance(row)
    return {
        "table_name": row.__tablename__,
        "row_key": json.dumps([plain(key) for key in keys]),
        "kind": kind,
        "before": _text(before),
        "after": _text(after),
    }


def _values(row: Base) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in inspect(row).mapper.column_attrs}


def _before(row: Base) -> dict[str, object]:
    """What of a changed row was otherwise before, by column."""
    state = inspect(row)
    found = {}
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        if history.has_changes() and history.deleted:
            found[column.key] = history.deleted[0]
    return found


def _text(values: dict[str, object]) -> str:
    return json.dumps({name: plain(value) for name, value in values.items()}, ensure_ascii=False, sort_keys=True)
