"""Movements and answers of banks ↔ our payments: by reference first, then by amount, day and payee; never guessed.

Where two payments fit a movement, or two movements a payment, nothing is matched and a person does it by hand.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.money import ZERO
from app.domain.source import ParseIssue
from app.domain.vocabulary import AnswerKind, PaymentStatus, Severity
from app.errors import UserError
from app.models.bank import BankLine, PaymentAnswer
from app.services.bank_candidates import BATCH, PaymentBook, Target, answered, load_book, returned_target, targets_of
from app.services.bank_effects import Effect, apply_effects
from app.services.changes import Changes
from app.services.duties import DUTIES, require
from app.services.log import lock_workspace, record
from app.services.users import role_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace

DUTY = "record what the bank did"
TAKEN_BACK, SET_ASIDE, BY_HAND = "taken back", "set aside", "by hand"
CHANGED = Changes.BANK | Changes.PAYMENTS | Changes.INVOICES
_EFFECTS = {
    AnswerKind.SETTLED: PaymentStatus.SETTLED,
    AnswerKind.REJECTED: PaymentStatus.RETURNED,
    AnswerKind.RETURNED: PaymentStatus.RETURNED,
}


class LineMissing(UserError):
    """There is no movement number {line_id} in this workspace: it was taken back with its import."""


class NotFitting(UserError):
    """Payment TB-{payment_id} of {paid} is not this movement of {moved}: amount and currency have to be the same."""


class AlreadyMatched(UserError):
    """This movement is matched already ({how}): take that back first."""


class PaymentNotOut(UserError):
    """Payment TB-{payment_id} has not left in a file, so no movement can be it."""


class PaymentTaken(UserError):
    """Payment TB-{payment_id} is matched with another movement already: take that back first."""


class PaymentBusy(UserError):
    """Payment TB-{payment_id} is being changed by another command just now: try again."""


@dataclass(slots=True)
class Matched:
    """How many movements and answers were matched, and what is to be said."""

    lines: int = 0
    answers: int = 0
    issues: list[ParseIssue] = field(default_factory=list)


def match_open(session: Session, actor: str) -> Matched:
    """Match all movements and answers that are not matched yet, and do what they say to payments and bills.

    The caller holds the workspace's lock. Nothing is done where `actor` may not record what the bank did; that is told,
    and somebody who may matches again.
    """
    matched = Matched()
    if not _may(session, actor):
        message = f"{actor} may not record what the bank did, so payments were not matched with the movements."
        remedy = "Have an approver, an AP clerk or the IT manager match them on the page Bank."
        matched.issues.append(ParseIssue(Severity.WARNING, "not-matched", message, remedy))
        return matched
    book = load_book(session)
    effects = [*_match_debits(session, book, matched), *_match_credits(session, book, matched)]
    effects += _match_answers(session, book, matched)
    done = apply_effects(session, effects, actor)
    if matched.lines or matched.answers:
        message = (
            f"Matched with our payments: {_counted(matched.lines, 'movement')}, {_counted(matched.answers, 'answer')}; "
            f"{_counted(len(done.settled), 'payment')} settled, {len(done.returned)} came back."
        )
        matched.issues.append(ParseIssue(Severity.INFO, "payments-matched", message, "Nothing needs to be done."))
    matched.issues += done.issues
    return matched


def match_again(workspace: Workspace, actor: str) -> Changes:
    """Match what is open; raises RoleMayNot."""
    with workspace.database.writing() as session:
        lock_workspace(session)
        require(session, actor, DUTY)
        matched = match_open(session, actor)
    return CHANGED if matched.lines or matched.answers else Changes.NONE


def match_by_hand(workspace: Workspace, line_id: int, payment_id: int, actor: str) -> Changes:
    """A person says which payment a movement is: a debit settles it, a credit gives it back.

    Raises NotFitting where amount or currency differ, AlreadyMatched, PaymentTaken and PaymentNotOut.
    """
    with workspace.database.writing() as session:
        lock_workspace(session)
        require(session, actor, DUTY)
        book = load_book(session)
        payment = book.by_id.get(payment_id)
        if payment is None:
            raise PaymentNotOut(payment_id=payment_id)
        line = _line(session, line_id)
        if line.payment_id is not None or line.matched_how not in {"", TAKEN_BACK, SET_ASIDE}:
            raise AlreadyMatched(how=line.matched_how)
        if abs(line.amount) != payment.amount or line.currency != payment.currency:
            paid, moved = f"{payment.amount:,.2f} {payment.currency}", f"{line.amount:,.2f} {line.currency}"
            raise NotFitting(payment_id=payment_id, paid=paid, moved=moved)
        debit = line.amount < ZERO
        if debit and payment_id in book.found:
            raise PaymentTaken(payment_id=payment_id)
        wanted = PaymentStatus.SETTLED if debit else PaymentStatus.RETURNED
        reason = line.returned or line.text[:120] or "by a credit on the statement"
        if apply_effects(session, [Effect(payment_id, wanted, reason)], actor).busy:
            raise PaymentBusy(payment_id=payment_id)
        line.payment_id, line.matched_how, line.matched_by = payment_id, BY_HAND, actor
        session.flush()
        record(session, actor, "matched by hand", _name(line), payment=payment_id)
    return CHANGED


def take_match_back(workspace: Workspace, line_id: int, actor: str) -> Changes:
    """The movement is not that payment: it is open again, and nothing matches it by itself any more.

    What was recorded of the payment stays: whoever knows better marks it.
    """
    with workspace.database.writing() as session:
        lock_workspace(session)
        require(session, actor, DUTY)
        line = _line(session, line_id)
        if line.matched_how in {"", TAKEN_BACK}:
            return Changes.NONE
        before, payment = line.matched_how, line.payment_id
        line.payment_id, line.matched_how, line.matched_by = None, TAKEN_BACK, actor
        session.flush()
        record(session, actor, "took a match back", _name(line), was=before, payment=payment)
    return CHANGED


def set_aside(workspace: Workspace, line_id: int, actor: str) -> Changes:
    """A person has looked: the movement is none of our payments of bills, and needs no more looking."""
    with workspace.database.writing() as session:
        lock_workspace(session)
        require(session, actor, DUTY)
        line = _line(session, line_id)
        if line.matched_how == SET_ASIDE:
            return Changes.NONE
        if line.matched_how not in {"", TAKEN_BACK}:
            raise AlreadyMatched(how=line.matched_how)
        line.matched_how, line.matched_by = SET_ASIDE, actor
        session.flush()
        record(session, actor, "set aside", _name(line))
    return Changes.BANK


def _may(session: Session, actor: str) -> bool:
    try:
        return role_of(session, actor) in DUTIES[DUTY]
    except UserError:  # an import may be in the name of somebody who is no user of the workspace
        return False


def _match_debits(session: Session, book: PaymentBook, matched: Matched) -> list[Effect]:
    lines = _open_lines(session, debit=True)
    fits: dict[int, list[Target]] = {}
    for line in lines:
        fits[line.id], fault = targets_of(line, book)
        if fault:
            matched.issues.append(_differs(fault, line))
    # a payment that two movements may be is matched with neither
    claimed = Counter(payment for targets in fits.values() for target in targets for payment in target.payments)
    effects = []
    for line in lines:
        targets = fits[line.id]
        if len(targets) != 1 or any(claimed[payment] > 1 or payment in book.found for payment in targets[0].payments):
            continue
        target = targets[0]
        whole = target.how.startswith(BATCH)
        line.payment_id = None if whole else target.payments[0]
        line.matched_how, line.matched_by = target.how, ""
        book.found.update(target.payments)
        matched.lines += 1
        effects += [Effect(payment, PaymentStatus.SETTLED) for payment in target.payments]
    session.flush()
    return effects


def _match_credits(session: Session, book: PaymentBook, matched: Matched) -> list[Effect]:
    effects = []
    given_back = set(
        session.scalars(select(BankLine.payment_id).where(BankLine.amount > ZERO, BankLine.payment_id.is_not(None)))
    )
    lines = [(line, *returned_target(line, book)) for line in _open_lines(session, debit=False)]
    claimed = Counter(payment.id for _line_, payment, _fault in lines if payment is not None)
    for line, payment, fault in lines:
        if fault:
            matched.issues.append(_differs(fault, line))
        if payment is None or claimed[payment.id] > 1 or payment.id in given_back:
            continue
        line.payment_id, line.matched_how, line.matched_by = payment.id, "returned", ""
        matched.lines += 1
        effects.append(Effect(payment.id, PaymentStatus.RETURNED, line.returned or line.text[:120] or "by a credit"))
    session.flush()
    return effects


def _match_answers(session: Session, book: PaymentBook, matched: Matched) -> list[Effect]:
    effects = []
    waiting = select(PaymentAnswer).where(PaymentAnswer.payment_id.is_(None), PaymentAnswer.batch_id.is_(None))
    for answer in session.scalars(waiting.order_by(PaymentAnswer.id)):
        payments, whole = answered(answer, book)
        if not payments:
            continue
        first = payments[0]
        if (
            not whole
            and answer.amount
            and (answer.amount, answer.currency or first.currency)
            != (
                first.amount,
                first.currency,
            )
        ):
            fault = f"An answer of the bank on TB-{first.id} is of {answer.amount:,.2f} {answer.currency}"
            message = f"{fault}, the payment of {first.amount:,.2f} {first.currency}: not matched."
            matched.issues.append(ParseIssue(Severity.WARNING, "amount-differs", message, "Ask the bank."))
            continue
        answer.batch_id = first.batch_id
        answer.payment_id = None if whole else first.id
        matched.answers += 1
        if answer.kind is AnswerKind.CHANGE:
            message = f"The bank asks for a change in the bank details of payment TB-{first.id} ({answer.reason})."
            remedy = (
                "Ask the carrier by a way you know, and enter the details as a new bank account: none is taken over."
            )
            matched.issues.append(ParseIssue(Severity.WARNING, "bank-details-change", message, remedy))
        wanted = _EFFECTS.get(answer.kind)
        if wanted is not None:
            reason = " ".join(filter(None, (answer.code, answer.reason)))
            gives_back = answer.kind is AnswerKind.RETURNED and not whole and answer.amount is not None
            effects += [Effect(one.id, wanted, reason, gives_back) for one in payments]
    session.flush()
    return effects


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _open_lines(session: Session, *, debit: bool) -> list[BankLine]:
    way = BankLine.amount < ZERO if debit else BankLine.amount > ZERO
    wanted = select(BankLine).where(
        way, BankLine.payment_id.is_(None), BankLine.matched_how == "", BankLine.booked.is_not(None)
    )
    return list(session.scalars(wanted.order_by(BankLine.booked, BankLine.id)))


def _line(session: Session, line_id: int) -> BankLine:
    line = session.get(BankLine, line_id)
    if line is None:
        raise LineMissing(line_id=line_id)
    return line


def _name(line: BankLine) -> str:
    return f"movement {line.id} of {line.amount:,.2f} {line.currency} on {line.booked}"


def _differs(fault: str, line: BankLine) -> ParseIssue:
    message = f"{fault} on {line.booked}: not matched."
    return ParseIssue(Severity.WARNING, "amount-differs", message, "Match it by hand if it is that payment.")
