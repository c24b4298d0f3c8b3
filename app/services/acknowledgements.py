"""Acknowledging a carrier's X12 file: the 997 that says which of its sets were accepted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.errors import UserError
from app.importers.x12.head import look_into_edi
from app.importers.x12.receipts import GroupAnswer, InterchangeAnswer, Note, SetAnswer
from app.importers.x12.write997 import write_997
from app.models.documents import SourceDocument
from app.models.workspace import LogEntry
from app.services.files import write_file
from app.services.log import lock_workspace, record
from app.services.mappings import definitions
from app.services.parsing import ask_child

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace

_VERB = "acknowledged"
_GLANCE = 4096  # bytes in which a file shows what it is
_QUESTION = "x12-receipts"


class NothingToAcknowledge(UserError):
    """'{name}' holds nothing to acknowledge: it is itself an acknowledgement, or has no group of sets."""


class NotX12(UserError):
    """'{name}' is EDIFACT, and a 997 answers X12 only: ask the carrier how its EDIFACT files are to be answered."""


class FileUnreadable(UserError):
    """{file} cannot be read: there is no such file."""


class DocumentAbsent(UserError):
    """There is no document {number}: list the bills to see which there are."""


class AnswerUnusable(UserError):
    """What was read of '{name}' cannot be used: {why}. Import the file first; it says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The file that was written, its first control number, and how many sets it accepts and rejects."""

    file: Path
    number: int
    accepted: int
    rejected: int


def acknowledge(
    workspace: Workspace, document: int | Path, actor: str, folder: Path | None = None, *, at: datetime | None = None
) -> Acknowledged:
    """Write the 997 of a document (its id) or of a file into `folder`, else into the workspace's exports.

    Raises NothingToAcknowledge, NotX12, FileUnreadable, DocumentAbsent, or NotAnswered where the file cannot be
    taken apart.
    """
    name, source = _find(workspace, document)
    _expect_x12(name, source)
    reply = ask_child(_QUESTION, name, source, definitions(workspace))
    answers = _read_answers(reply, name)
    if not any(answer.groups for answer in answers):
        raise NothingToAcknowledge(name=name)
    sets = [one for answer in answers for group in answer.groups for one in group.sets]
    rejected = sum(one.status == "R" for one in sets)
    moment = at or datetime.now(UTC)
    target = folder or workspace.exports / "acknowledgements"
    with workspace.database.writing() as session:
        lock_workspace(session)
        number = _next_number(session)
        text = write_997(answers, number, moment)
        used = sum(1 for answer in answers if answer.groups)
        file = write_file(target / f"997-{number:09d}.edi", text.encode("ascii", errors="replace"))
        record(session, actor, _VERB, f"file {name}", number=number, interchanges=used, rejected=rejected)
    return Acknowledged(file, number, len(sets) - rejected, rejected)


def _find(workspace: Workspace, document: int | Path) -> tuple[str, Path]:
    """Name and place of the file; raises FileUnreadable or DocumentAbsent."""
    if isinstance(document, Path):
        if not document.is_file():
            raise FileUnreadable(file=document)
        return document.name, document
    with workspace.database.reading() as session:
        row = session.get(SourceDocument, document)
        if row is None:
            raise DocumentAbsent(number=document)
        return row.name, workspace.documents.path(row.sha256)


def _expect_x12(name: str, source: Path) -> None:
    with source.open("rb") as file:
        head = look_into_edi(name, file.read(_GLANCE))
    if head is not None and head.media == "edifact":
        raise NotX12(name=name)


def _next_number(session: Session) -> int:
    """One more than the interchanges that were written so far; the caller holds the lock of the workspace."""
    numbers = session.scalars(select(LogEntry.details).where(LogEntry.verb == _VERB)).all()
    written = [re.search(r'"interchanges":([0-9]{1,6})', details) for details in numbers]
    return 1 + sum(int(found[1]) for found in written if found is not None)


def _read_answers(reply: Mapping[str, Any], name: str) -> tuple[InterchangeAnswer, ...]:
    """The child's answer as values; nothing of it is believed that is not of the right kind."""
    try:
        return tuple(_read_interchange(one) for one in _sequence(reply["interchanges"]))
    except (KeyError, TypeError, ValueError) as wrong:
        raise AnswerUnusable(name=name, why=str(wrong)[:100]) from wrong


def _read_interchange(one: Mapping[str, Any]) -> InterchangeAnswer:
    elements = tuple(_text(part, 40) for part in _sequence(one["elements"]))
    element, component, terminator = (_text(one[key], 1) for key in ("element", "component", "terminator"))
    if len(elements) != 16 or not (element and component and terminator):
        raise ValueError("it has no opening")
    groups = tuple(_read_group(group) for group in _sequence(one["groups"]))
    return InterchangeAnswer(elements, element, component, terminator, groups)


def _read_group(group: Mapping[str, Any]) -> GroupAnswer:
    sets = tuple(_read_set(one) for one in _sequence(group["sets"]))
    keys = ("kind", "control", "sender", "receiver", "release")
    kind, control, sender, receiver, release = (_text(group[key], 40) for key in keys)
    codes = tuple(_text(code, 3) for code in _sequence(group["codes"]))
    return GroupAnswer(kind, control, sender, receiver, release, int(group["claimed"]), sets, codes)


def _read_set(one: Mapping[str, Any]) -> SetAnswer:
    notes = tuple(
        Note(_text(note["tag"], 3), int(note["position"]), int(note["element"]), _text(note["code"], 3))
        for note in _sequence(one["notes"])
    )
    kind, control, status = (_text(one[key], 40) for key in ("kind", "control", "status"))
    if status not in {"A", "E", "R"}:
        raise ValueError("a set is neither accepted nor rejected")
    return SetAnswer(kind, control, status, tuple(_text(code, 3) for code in _sequence(one["codes"])), notes)


def _sequence(value: object) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError("a list is wanted")
    return value


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value[:longest]
