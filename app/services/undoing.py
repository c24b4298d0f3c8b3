"""Taking an import back: all that a file brought, as long as nothing depends on it. Its bytes go into quarantine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Table, and_, delete, func, insert, select, update

from app.domain.vocabulary import InvoiceStatus
from app.domain.workflow import UNSUBMITTED
from app.errors import UserError
from app.models import Base
from app.models.base import EnumType, MoneyType, RateType, UtcDateTime
from app.models.documents import DocumentIssue, SourceDocument, UsageBatch
from app.models.findings import CreditMemo, DisputeItem, Finding
from app.models.intake import HeldDocument, ImportChange, QuarantinedFile, RejectedRow
from app.models.invoices import Charge, ChargeMatch, ChargeRating, Invoice
from app.models.payments import Approval, Payment, Reconciliation
from app.services.changes import Changes
from app.services.journal import ADDED, CHANGED, SEEN, plain
from app.services.log import lock_workspace, record
from app.services.quarantine import keep_undone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from sqlalchemy.types import TypeEngine

    from app.services.workspace import Workspace

# what the application works out by itself, and works out again: it is no reason to keep what it was worked out from
_DERIVED = (ChargeRating, ChargeMatch, Finding, Reconciliation)
# the first bill of a new account brings it in; what came after it goes on having one
_KEPT_IF_USED = frozenset({"carriers", "billing_accounts", "charge_codes"})
_MOVING = frozenset({"invoices"})  # matched, rated and audited since: what must not have happened is looked at before
_COUNTED = frozenset({"version"})


class DocumentUnknown(UserError):
    """There is no import number {document_id} in this workspace: list them with `main.py documents`."""


class StillNeeded(UserError):
    """{name} cannot be taken back: {why}."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, and the accounts whose bills have to be judged again."""

    names: tuple[str, ...]
    invoice_ids: tuple[int, ...]
    changes: Changes


def undo_import(workspace: Workspace, document_id: int, actor: str, reason: str) -> Undone:
    """Take back all that a file brought, and where it is a container all that the files in it brought.

    Raises StillNeeded where something depends on it: a bill that is submitted, disputed or paid, or a record that
    another file or a person has built upon. Then nothing is changed. Usage files are removed once all is committed.
    """
    why = " ".join(reason.split()) or "no reason given"
    with workspace.database.writing() as session:
        lock_workspace(session)
        documents = list(_family(session, document_id))
        family = {document.id for document in documents}
        invoice_ids: list[int] = []
        paths: list[str] = []
        for document in reversed(documents):  # members before their container
            invoice_ids += _take_bills_back(session, document)
            paths += session.scalars(select(UsageBatch.path).where(UsageBatch.document_id == document.id))
            for table in (DocumentIssue, RejectedRow, UsageBatch):
                session.execute(delete(table).where(table.document_id == document.id))
            _take_rows_back(session, document)
            session.execute(delete(ImportChange).where(ImportChange.document_id == document.id))
            _let_members_go(session, document)
            container = None if document.container_id in family else document.container_id
            keep_undone(session, document.name, document.sha256, document.size, actor, why, container)
            session.execute(delete(SourceDocument).where(SourceDocument.id == document.id))
            session.expire_all()
        names = tuple(document.name for document in documents)
        record(session, actor, "took back", f"import of {names[0]}", document=document_id, reason=why, files=len(names))
    for path in paths:
        (workspace.usage.folder / path).unlink(missing_ok=True)  # what is left here is swept when the workspace opens
    return Undone(names, tuple(invoice_ids), ~Changes.NONE)


@dataclass(frozen=True, slots=True)
class _Document:
    id: int
    name: str
    sha256: str
    size: int
    container_id: int | None


def _family(session: Session, document_id: int) -> Iterator[_Document]:
    """The document and all that came in it."""
    row = session.get(SourceDocument, document_id)
    if row is None:
        raise DocumentUnknown(document_id=document_id)
    yield _Document(row.id, row.name, row.sha256, row.size, row.container_id)
    members = session.scalars(select(SourceDocument.id).where(SourceDocument.container_id == document_id)).all()
    for member in members:
        yield from _family(session, member)


def _take_bills_back(session: Session, document: _Document) -> list[int]:
    bills = session.scalars(select(Invoice).where(Invoice.document_id == document.id).with_for_update()).all()
    for bill in bills:
        if bill.status not in UNSUBMITTED and bill.status is not InvoiceStatus.SUPERSEDED:
            raise _needed(document, f"bill {bill.number} is {bill.status.replace('_', ' ')}")
    ids = [bill.id for bill in bills]
    charges = select(Charge.id).where(Charge.invoice_id.in_(ids))
    findings = select(Finding.id).where(Finding.invoice_id.in_(ids) | Finding.charge_id.in_(charges))
    for table, condition, what in (
        (DisputeItem, DisputeItem.finding_id.in_(findings), "charges of its bills are in a dispute"),
        (CreditMemo, CreditMemo.invoice_id.in_(ids) | CreditMemo.charge_id.in_(charges), "it brought granted credits"),
        (Approval, Approval.invoice_id.in_(ids), "its bills have been approved"),
        (Payment, Payment.invoice_id.in_(ids), "its bills are paid or scheduled"),
        (Invoice, and_(Invoice.supersedes_id.in_(ids), Invoice.id.not_in(ids)), "a corrected bill took its place"),
    ):
        if session.scalar(select(func.count()).select_from(table).where(condition)):
            raise _needed(document, what)
    noted = Reconciliation.invoice_id.in_(ids) | Reconciliation.next_invoice_id.in_(ids)
    session.execute(delete(Reconciliation).where(noted))
    session.execute(delete(Finding).where(Finding.id.in_(findings)))
    session.execute(delete(ChargeRating).where(ChargeRating.charge_id.in_(charges)))
    session.execute(delete(ChargeMatch).where(ChargeMatch.charge_id.in_(charges)))
    session.execute(delete(Charge).where(Charge.invoice_id.in_(ids)))
    session.expire_all()
    return ids


def _take_rows_back(session: Session, document: _Document) -> None:
    """Undo the noted changes, the last one first."""
    changes = session.execute(
        select(
            ImportChange.table_name, ImportChange.row_key, ImportChange.kind, ImportChange.before, ImportChange.after
        )
        .where(ImportChange.document_id == document.id)
        .order_by(ImportChange.id.desc())
    ).all()
    for name, row_key, kind, before, after in changes:
        table = Base.metadata.tables[name]
        keys = json.loads(row_key)
        here = and_(*(column == key for column, key in zip(table.primary_key.columns, keys, strict=True)))
        if kind == SEEN:
            continue
        if kind == ADDED:
            if name in _KEPT_IF_USED and _is_used(session, table, keys, row_key, document):
                continue
            _refuse_said_again(session, document, table, row_key)
            if name not in _MOVING:
                _refuse_changed(session, document, table, here, json.loads(after))
            _refuse_used(session, document, table, keys)
            session.execute(delete(table).where(here))
            continue
        if kind == CHANGED:
            _refuse_changed(session, document, table, here, json.loads(after))
            session.execute(update(table).where(here).values(_values(table, json.loads(before))))
        else:
            session.execute(insert(table).values(_values(table, json.loads(before))))


def _is_used(session: Session, table: Table, keys: Sequence[Any], row_key: str, document: _Document) -> bool:
    """Whether rows of others refer to this one beside what is worked out by itself, or another file says the same."""
    said = select(func.count()).where(
        ImportChange.table_name == table.name,
        ImportChange.row_key == row_key,
        ImportChange.document_id != document.id,
    )
    if session.scalar(said):
        return True
    derived = {model.__table__ for model in _DERIVED}
    return any(
        session.scalar(select(func.count()).select_from(other).where(column == keys[0]))
        for other in Base.metadata.sorted_tables
        if other not in derived
        for column in other.columns
        if any(key.column.table is table for key in column.foreign_keys)
    )


def _refuse_used(session: Session, document: _Document, table: Table, keys: Sequence[Any]) -> None:
    """Raise StillNeeded where rows of others refer to this one; what is worked out by itself is removed instead."""
    derived = {model.__table__ for model in _DERIVED}
    for other in Base.metadata.sorted_tables:
        for column in other.columns:
            if not any(key.column.table is table for key in column.foreign_keys):
                continue
            if other is ChargeMatch.__table__:
                by_hand = and_(column == keys[0], other.c.method == "by_hand")
                if session.scalar(select(func.count()).select_from(other).where(by_hand)):
                    raise _needed(document, "a person has matched charges to a service that it brought")
            if other in derived:
                _refuse_settled(session, document, other, column, keys[0])
                session.execute(delete(other).where(column == keys[0]))
            elif session.scalar(select(func.count()).select_from(other).where(column == keys[0])):
                raise _needed(document, f"{_say(other)} still refer to the {_say(table)} that it brought")


def _refuse_settled(session: Session, document: _Document, other: Table, column: Any, key: object) -> None:
    """What was worked out for bills that somebody has submitted stays as it was when that was done."""
    if other is Finding.__table__:
        disputed = select(func.count()).select_from(DisputeItem).join(Finding, Finding.id == DisputeItem.finding_id)
        if session.scalar(disputed.where(column == key)):
            raise _needed(document, "findings about what it brought are in a dispute")
        return
    if other is Reconciliation.__table__:
        return
    settled = (
        select(func.count())
        .select_from(other)
        .join(Charge, Charge.id == other.c.charge_id)
        .join(Invoice, Invoice.id == Charge.invoice_id)
        .where(column == key, Invoice.status.not_in(UNSUBMITTED), Invoice.status != InvoiceStatus.SUPERSEDED)
    )
    if session.scalar(settled):
        raise _needed(document, "bills that are submitted or paid were judged by what it brought")


def _refuse_said_again(session: Session, document: _Document, table: Table, row_key: str) -> None:
    """Raise StillNeeded where a later file changed this row or said the same: taking this one back would lose that."""
    other = session.scalar(
        select(SourceDocument.name)
        .join(ImportChange, ImportChange.document_id == SourceDocument.id)
        .where(
            ImportChange.table_name == table.name,
            ImportChange.row_key == row_key,
            ImportChange.document_id != document.id,
        )
        .limit(1)
    )
    if other is not None:
        raise _needed(document, f"{other} says the {_say(table)} that it brought as well: take that one back first")


def _refuse_changed(session: Session, document: _Document, table: Table, here: Any, after: dict[str, Any]) -> None:
    row = session.execute(select(*(table.c[name] for name in after)).where(here)).mappings().first()
    own = {name: value for name, value in after.items() if name not in _COUNTED}
    if row is None or any(plain(row[name]) != value for name, value in own.items()):
        raise _needed(document, f"the {_say(table)} that it changed have been changed again since")


def _let_members_go(session: Session, document: _Document) -> None:
    """Files of a container that wait or stand in quarantine do not refer to it any more."""
    for table in (HeldDocument, QuarantinedFile):
        session.execute(update(table).where(table.container_id == document.id).values(container_id=None))


def _values(table: Table, stored: dict[str, Any]) -> dict[str, Any]:
    """Column values from the text of a noted change."""
    return {name: _value(table.c[name].type, value) for name, value in stored.items()}


def _value(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, EnumType):
        return kind.words(value)
    if isinstance(kind, MoneyType | RateType):
        return Decimal(value)
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def _say(table: Table) -> str:
    return table.name.replace("_", " ")


def _needed(document: _Document, why: str) -> StillNeeded:
    return StillNeeded(name=document.name, why=why)
