"""The log: who did what, each entry chained to the one before, so that a change behind our back is seen."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models.workspace import LogEntry, WorkspaceInfo

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def lock_workspace(session: Session) -> None:
    """Wait until no other writing transaction of the workspace is open, and keep others out until this one ends.

    On SQLite BEGIN IMMEDIATE has done so already; on PostgreSQL it is a lock on the workspace's one row.
    """
    session.execute(select(WorkspaceInfo.id).with_for_update()).all()


def record(session: Session, actor: str, verb: str, subject: str, **details: object) -> None:
    """Append what `actor` did to `subject` ("posted", "bill INV-1 of Calder Fiber") inside the caller's transaction.

    `details` are plain values (text, numbers of whole units, Decimal, dates, enums). Call it last in a transaction:
    on PostgreSQL it waits for other transactions that log.
    """
    lock_workspace(session)
    last = session.execute(select(LogEntry.at, LogEntry.digest).order_by(LogEntry.id.desc()).limit(1)).first()
    at = datetime.now(UTC)
    if last is not None:
        at = max(at, last.at)  # time never runs backwards along the chain, whatever the clock does
    written = json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    entry = LogEntry(at=at, actor=actor, verb=verb, subject=subject, details=written)
    entry.digest = _digest("" if last is None else last.digest, entry)
    session.add(entry)
    session.flush()


def verify_log(session: Session) -> int | None:
    """The id of the first entry that does not follow from the one before it, None if the whole chain holds.

    Entries cut off at the end leave a chain that holds: the last digest has to be kept elsewhere to see that.
    """
    previous = ""
    for entry in session.scalars(select(LogEntry).order_by(LogEntry.id)):
        if entry.digest != _digest(previous, entry):
            return entry.id
        previous = entry.digest
    return None


def _digest(previous: str, entry: LogEntry) -> str:
    fields = [entry.at.astimezone(UTC).isoformat(), entry.actor, entry.verb, entry.subject, entry.details]
    canonical = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256((previous + canonical).encode()).hexdigest()
