"""What waits for review: answers to its questions, corrections of what was misread, and posting it at last."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.db.known import answers_to_text, load_known, read_answers
from app.domain.money import NO_CURRENCY
from app.domain.parsed import ParsedDocument
from app.domain.review import DEEDS, REASONED, Answer, Deed, Question, QuestionKind, ask, eyes_key
from app.domain.source import ParseIssue
from app.domain.vocabulary import ChargeType, ServiceKind, Severity
from app.errors import UserError
from app.importers.verify import verify
from app.importers.wire import from_json, to_json
from app.models.intake import HeldDocument
from app.models.inventory import BillingAccount, Service
from app.services.changes import Changes
from app.services.charge_types import guess_charge_type
from app.services.corrections import Place, correct_value, describe
from app.services.incoming import Incoming
from app.services.log import lock_workspace, record
from app.services.quarantine import DISCARDED, keep_aside
from app.services.review_answers import Answers
from app.services.storing import Stored, Written, store_within, take_back

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace

_REREAD = frozenset({"does-not-foot", "due-before-bill", "long-period", "bad-currency"})  # what verify says


class NotHeld(UserError):
    """There is no file number {held_id} waiting for review: list those that are with `main.py review`."""


class StillAsked(UserError):
    """{name} cannot be posted yet, {count} still to be answered. The first: {first}"""


class NoSuchQuestion(UserError):
    """{name} does not ask '{key}': open its review again."""


class WrongAnswer(UserError):
    """'{deed}' is no answer to this question about {subject}: {why}."""


def answer(workspace: Workspace, held_id: int, key: str, given: Answer, actor: str) -> Changes:
    """Note a person's answer to a question; nothing is posted yet. Raises NoSuchQuestion and WrongAnswer."""
    with workspace.database.writing() as session:
        lock_workspace(session)
        row = _load(session, held_id)
        answers = read_answers(row.choices)
        questions = {question.key: question for question in _questions(session, from_json(row.parsed), answers)}
        if key not in questions:
            raise NoSuchQuestion(name=row.name, key=key)
        _check(session, questions[key], given)
        answers[key] = replace(given, by=actor)
        row.choices = answers_to_text(answers)
        session.flush()
        record(
            session,
            actor,
            "answered",
            f"file {row.name}",
            held=row.id,
            question=questions[key].subject,
            deed=given.deed,
            target=given.target,
            reason=given.reason,
        )
    return Changes.INTAKE


def unanswer(workspace: Workspace, held_id: int, key: str, actor: str) -> Changes:
    """Take an answer back."""
    with workspace.database.writing() as session:
        lock_workspace(session)
        row = _load(session, held_id)
        answers = read_answers(row.choices)
        if answers.pop(key, None) is None:
            return Changes.NONE
        row.choices = answers_to_text(answers)
        session.flush()
        record(session, actor, "took back an answer of", f"file {row.name}", held=row.id, question=key)
    return Changes.INTAKE


def correct(workspace: Workspace, held_id: int, place: Place, text: str, actor: str) -> Changes:
    """Put `text`, as a person typed it, in the place of a value that was misread; both are kept in what is said of the
    document. Raises the faults of values that cannot be read."""

    def change(document: ParsedDocument) -> tuple[ParsedDocument, str]:
        return correct_value(document, place, text)

    return _change(workspace, held_id, change, describe(place), actor)


def edit(
    workspace: Workspace,
    held_id: int,
    change: Callable[[ParsedDocument], tuple[ParsedDocument, str]],
    what: str,
    actor: str,
) -> Changes:
    """Change what was read otherwise: add a charge that was not seen, drop one that is none (corrections)."""
    return _change(workspace, held_id, change, what, actor)


def post_held(workspace: Workspace, held_id: int, actor: str) -> Stored:
    """Post a document that waits, by the answers given; raises StillAsked while a question keeps it."""
    written = Written()
    try:
        with workspace.database.writing() as session:
            lock_workspace(session)
            row = _load(session, held_id)
            document, answers = from_json(row.parsed), read_answers(row.choices)
            questions = _questions(session, document, answers)
            asked = [question for question in questions if question.blocks]
            if asked:
                count = f"{len(asked)} question{'s are' if len(asked) > 1 else ' is'}"
                raise StillAsked(name=row.name, count=count, first=asked[0].text)
            path = workspace.documents.path(row.sha256)
            file = Incoming(path, row.name, row.size, row.sha256, container_id=row.container_id)
            session.delete(row)
            session.flush()
            deeds = Answers(session, document, questions, actor)
            looked_at = _looked_at(_in_currencies(document, questions), questions)
            return store_within(workspace, session, file, looked_at, actor, written, deeds.prepare, deeds.finish)
    except BaseException as fault:
        take_back(workspace, written, fault)
        raise


def find_held(workspace: Workspace, held_id: int) -> Incoming:
    """The file of a document that waits, to be read again; raises NotHeld."""
    with workspace.database.reading() as session:
        row = _load(session, held_id)
        path = workspace.documents.path(row.sha256)
        return Incoming(path, row.name, row.size, container_id=row.container_id, again=True)


def discard_held(workspace: Workspace, held_id: int, actor: str, reason: str) -> Changes:
    """Do not post a document that waits: its file goes into quarantine with the reason."""
    with workspace.database.writing() as session:
        lock_workspace(session)
        row = _load(session, held_id)
        why = " ".join(reason.split()) or "no reason given"
        told = f"{row.name} was discarded in its review by {actor}: {why}"
        keep_aside(session, row.name, row.sha256, row.size, actor, (DISCARDED, told), row.container_id)
        session.delete(row)
        session.flush()
        record(session, actor, "discarded", f"file {row.name}", held=held_id, reason=why)
    return Changes.INTAKE


def _change(
    workspace: Workspace,
    held_id: int,
    change: Callable[[ParsedDocument], tuple[ParsedDocument, str]],
    what: str,
    actor: str,
) -> Changes:
    with workspace.database.writing() as session:
        lock_workspace(session)
        row = _load(session, held_id)
        document, told = change(from_json(row.parsed))
        note = ParseIssue(Severity.INFO, "corrected-by-hand", f"{told}, by {actor}.", "Both stand in the log.")
        kept = tuple(issue for issue in document.issues if issue.code not in _REREAD)
        found = tuple(issue for invoice in document.invoices for issue in verify(invoice))
        row.parsed = to_json(replace(document, issues=(*kept, note, *found)))
        session.flush()
        record(session, actor, "corrected", f"file {row.name}", held=row.id, what=what, how=told)
    return Changes.INTAKE


def _load(session: Session, held_id: int) -> HeldDocument:
    row = session.get(HeldDocument, held_id)
    if row is None:
        raise NotHeld(held_id=held_id)
    return row


def _questions(session: Session, document: ParsedDocument, answers: dict[str, Answer]) -> tuple[Question, ...]:
    return ask(document, load_known(session, document), guess_charge_type, answers)


def _check(session: Session, question: Question, given: Answer) -> None:
    """Raise WrongAnswer where the answer does not fit the question or names what is not there."""

    def wrong(why: str) -> WrongAnswer:
        return WrongAnswer(deed=given.deed, subject=question.subject, why=why)

    allowed = DEEDS[question.kind]
    if given.deed not in allowed:
        raise wrong(f"there are {', '.join(allowed)}")
    if given.deed in REASONED and not given.reason.strip():
        raise wrong("say in a few words why")
    of_charge = question.kind is QuestionKind.CODE
    if given.deed is Deed.TYPE and of_charge and given.target not in {kind.value for kind in ChargeType}:
        raise wrong(f"name one of {', '.join(ChargeType)}")
    named = re.fullmatch(r"[A-Z]{3}", given.target) and given.target != NO_CURRENCY
    if question.kind is QuestionKind.CURRENCY and not named:
        raise wrong("name the currency by its three letters, such as USD")
    kinds = {kind.value for kind in ServiceKind}
    if given.deed is Deed.CREATE and question.kind is QuestionKind.SERVICE and given.target not in kinds:
        raise wrong(f"say which kind of service it is: {', '.join(ServiceKind)}")
    if given.deed is Deed.MAP:
        table = BillingAccount if question.kind is QuestionKind.ACCOUNT else Service
        if not given.target.isdigit() or session.get(table, int(given.target)) is None:
            raise wrong("what it is mapped to is not in the inventory")


def _in_currencies(document: ParsedDocument, questions: tuple[Question, ...]) -> ParsedDocument:
    """The bills in the currencies that a person has named where they name none."""
    invoices = list(document.invoices)
    for question in questions:
        if question.kind is QuestionKind.CURRENCY and question.answer is not None:
            invoices[question.invoice] = replace(invoices[question.invoice], currency=question.answer.target)
    return replace(document, invoices=tuple(invoices))


def _looked_at(document: ParsedDocument, questions: tuple[Question, ...]) -> ParsedDocument:
    """What had to be looked at has been: it is a warning now that says by whom."""
    seen = {question.key: question.answer for question in questions if question.kind is QuestionKind.EYES}
    issues = []
    for issue in document.issues:
        given = seen.get(eyes_key(issue)) if issue.severity is Severity.REVIEW else None
        if given is not None:
            why = f": {given.reason}" if given.reason else ""
            message = f"{issue.message} Looked at by {given.by}{why}."
            issue = replace(issue, severity=Severity.WARNING, message=message)
        issues.append(issue)
    return replace(document, issues=tuple(issues))
