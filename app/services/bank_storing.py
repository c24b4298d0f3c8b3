"""Bank statements and answers of a document into their tables: each movement once, whatever files tell of it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.identifiers import circuit_key
from app.domain.parsed_bank import ParsedBankLine, ParsedPaymentAnswer, ParsedStatement
from app.domain.source import ParseIssue, Source
from app.domain.stored import source_to_text
from app.domain.vocabulary import Severity, StatementKind
from app.models.bank import BankLine, BankStatement, PaymentAnswer
from app.models.documents import SourceDocument
from app.services.bank_known import Known, count_known, find_known, numbers_differ
from app.services.bank_matching import match_open
from app.services.journal import note_seen

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.parsed import ParsedDocument

_GERMAN = re.compile(r"([0-9]{8})[/ ]([0-9]{1,10})")
_GERMAN_IBAN = re.compile(r"DE[0-9]{20}")
_WITH_CURRENCY = re.compile(r"([0-9.]+)[A-Z]{3}")
_NOTHING = "Nothing needs to be done."


def store_bank(session: Session, document: ParsedDocument, document_id: int) -> list[ParseIssue]:
    """Store the statements and answers of a bank and match them with our payments; what is to be said of them.

    A movement that an earlier file told of is recognised and not counted again; a booked statement takes over the
    movements that a report of the same day had announced. The caller holds the workspace's lock.
    """
    if not document.statements and not document.answers:
        return []
    issues: list[ParseIssue] = []
    earlier = session.scalar(select(func.max(BankLine.id))) or 0  # two movements of one file are never the same one
    for statement in document.statements:
        _store_statement(session, statement, document_id, earlier, issues)
    _store_answers(session, document.answers, document_id, issues)
    session.flush()
    actor = session.scalars(select(SourceDocument.received_by).where(SourceDocument.id == document_id)).one()
    issues += match_open(session, actor).issues
    return issues


def account_key(account: str) -> str:
    """An account's number for comparing: letters and digits. A German IBAN is its bank code and account number, as
    older formats write them; a currency behind the number is left out."""
    written = account.strip()
    if german := _GERMAN.fullmatch(written):
        return german[1] + german[2].zfill(10)
    if with_currency := _WITH_CURRENCY.fullmatch(written):
        written = with_currency[1]
    key = circuit_key(written)
    return key[4:] if _GERMAN_IBAN.fullmatch(key) else key


def line_key(account: str, currency: str, line: ParsedBankLine) -> str:
    """What tells a movement from others: account, day, amount and the first reference that it has."""
    day = line.booked or line.valued
    reference = circuit_key(line.reference) or circuit_key(line.bank_reference) or circuit_key(line.text)[:60]
    return f"{account_key(account)}|{currency}|{day}|{line.amount.normalize():f}|{reference}"


def _store_statement(
    session: Session, parsed: ParsedStatement, document_id: int, earlier: int, issues: list[ParseIssue]
) -> None:
    key = account_key(parsed.account)
    known = _find_statement(session, parsed, key, document_id)
    if known is not None:
        name = session.scalars(select(SourceDocument.name).where(SourceDocument.id == known.document_id)).one()
        message = (
            f"Statement {parsed.number or parsed.day} of {parsed.account} is known from '{name}': what moved on it is "
            "not counted again."
        )
        issues.append(_info("statement-known", message, parsed.source))
        note_seen(session, BankStatement.__tablename__, known.id)
        return
    found, alike = find_known(session, parsed, key, earlier)
    issues += _tell_known(parsed, found, alike)
    told = [row for one in found for row in one.rows]
    for row in told:  # whoever takes the earlier file back would lose what this one says as well
        note_seen(session, BankLine.__tablename__, row.id)
    if parsed.lines and all(one.rows for one in found) and not _adds_balances(session, parsed, told):
        for one, line in zip(found, parsed.lines, strict=True):
            _fill_in(one, line)
        return
    _check_joining(session, parsed, key, issues)
    statement = BankStatement(
        document_id=document_id,
        kind=parsed.kind,
        account=parsed.account,
        account_key=key,
        bank=parsed.bank,
        currency=parsed.currency,
        number=parsed.number,
        day=parsed.day,
        opening=parsed.opening,
        opening_day=parsed.opening_day,
        closing=parsed.closing,
        closing_day=parsed.closing_day,
    )
    session.add(statement)
    session.flush()
    seq = itertools.count(1)
    for one, line in zip(found, parsed.lines, strict=True):
        if not one.rows:
            session.add(_new_line(line, statement, next(seq)))
            continue
        _fill_in(one, line)
        for row in () if one.detail else one.rows:
            _move(session, row, line, statement, next(seq))
    session.flush()


def _tell_known(parsed: ParsedStatement, found: Sequence[Known], alike: int) -> list[ParseIssue]:
    """What of the movements is not counted again, and what only looks like known ones."""
    issues = []
    known, details = count_known(found), sum(one.detail for one in found)
    if known:
        message = f"{known} of {len(parsed.lines)} movements of {parsed.account} are known already: not counted again."
        issues.append(_info("movements-known", message, parsed.source))
    if details:
        message = (
            f"{details} of {len(parsed.lines)} movements of {parsed.account} are parts of what is booked in one sum "
            "already: not counted again."
        )
        issues.append(_info("movements-in-parts", message, parsed.source))
    if alike:
        message = (
            f"Of the movements of {parsed.account}, {alike} with the day and amount of known ones and other "
            "references: counted as movements of their own."
        )
        remedy = "Look on the page Bank whether they are the same; if so, take the import back."
        issues.append(ParseIssue(Severity.WARNING, "movements-alike", message, remedy, parsed.source))
    return issues


def _adds_balances(session: Session, parsed: ParsedStatement, known: Sequence[BankLine]) -> bool:
    """Whether a statement whose movements are all known says more: it is booked, and what was known of them is not."""
    if parsed.kind is not StatementKind.STATEMENT:
        return False
    firsts = [session.get_one(BankStatement, row.statement_id) for row in known]
    reported = any(first.kind is not StatementKind.STATEMENT for first in firsts)
    return reported or (parsed.opening is not None and all(first.opening is None for first in firsts))


def _find_statement(session: Session, parsed: ParsedStatement, key: str, document_id: int) -> BankStatement | None:
    """A statement with the same balances, day, number and sum of movements, of another file or format."""
    if parsed.opening is None or parsed.closing is None or parsed.closing_day is None:
        return None
    found = session.scalars(
        select(BankStatement)
        .where(
            BankStatement.account_key == key,
            BankStatement.currency == parsed.currency,
            BankStatement.kind == parsed.kind,
            BankStatement.opening == parsed.opening,
            BankStatement.closing == parsed.closing,
            BankStatement.closing_day == parsed.closing_day,
            BankStatement.document_id != document_id,
        )
        .order_by(BankStatement.id)
    ).all()
    wanted = Counter(line.amount for line in parsed.lines)
    for row in found:
        if parsed.opening == parsed.closing and numbers_differ(row.number, parsed.number):
            continue  # the account may come back to its balance twice on a day
        stored = Counter(session.scalars(select(BankLine.amount).where(BankLine.statement_id == row.id)))
        if stored == wanted:
            return row
    return None


def _check_joining(session: Session, parsed: ParsedStatement, key: str, issues: list[ParseIssue]) -> None:
    """Tell where a statement does not begin with the balance with which the one before it ended."""
    day = parsed.opening_day or parsed.day
    if parsed.opening is None or day is None:
        return
    before = session.scalars(
        select(BankStatement)
        .where(
            BankStatement.account_key == key,
            BankStatement.currency == parsed.currency,
            BankStatement.kind == StatementKind.STATEMENT,
            BankStatement.closing.is_not(None),
            BankStatement.closing_day <= day,
        )
        .order_by(BankStatement.closing_day.desc(), BankStatement.id.desc())
        .limit(1)
    ).first()
    if before is None or before.closing is None or before.closing == parsed.opening:
        return
    message = (
        f"Statement {parsed.number or day} of {parsed.account} begins with {parsed.opening:,.2f} {parsed.currency}, "
        f"and the one before it ({before.number or before.closing_day}) ended with {before.closing:,.2f}."
    )
    remedy = "A statement between the two is missing: fetch it from the bank and import it."
    issues.append(ParseIssue(Severity.WARNING, "statements-do-not-join", message, remedy, parsed.source))


def _fill_in(known: Known, line: ParsedBankLine) -> None:
    """What a later file knows more of a movement; of one that is known in parts, only the day."""
    names = ["valued", "reference", "bank_reference", "party", "party_account", "text", "returned"]
    if known.detail:
        return
    for row in known.rows:
        if row.booked is None and line.booked is not None:  # what was announced is booked, on the day that counts
            row.booked, row.valued = line.booked, line.valued or row.valued
        for name in names if len(known.rows) == 1 else ():
            if not getattr(row, name) and getattr(line, name):
                setattr(row, name, getattr(line, name))


def _move(session: Session, row: BankLine, line: ParsedBankLine, statement: BankStatement, seq: int) -> None:
    """A booked statement becomes the own one of a movement that a report or notice had told."""
    first = session.get_one(BankStatement, row.statement_id)
    if first.kind is not StatementKind.STATEMENT and statement.kind is StatementKind.STATEMENT:
        row.statement_id, row.seq, row.source = statement.id, seq, source_to_text(line.source)


def _new_line(line: ParsedBankLine, statement: BankStatement, seq: int) -> BankLine:
    return BankLine(
        statement_id=statement.id,
        seq=seq,
        line_key=line_key(statement.account, statement.currency, line),
        booked=line.booked,
        valued=line.valued,
        amount=line.amount,
        currency=statement.currency,
        reference=line.reference,
        bank_reference=line.bank_reference,
        party=line.party,
        party_account=line.party_account,
        text=line.text,
        code=line.code,
        returned=line.returned,
        source=source_to_text(line.source),
    )


def _store_answers(
    session: Session, answers: Sequence[ParsedPaymentAnswer], document_id: int, issues: list[ParseIssue]
) -> None:
    told_at, same = datetime.now(UTC), 0
    names = ("kind", "reference", "file_reference", "amount", "currency", "code", "change")
    columns = [getattr(PaymentAnswer, name) for name in names]
    known = {tuple(row) for row in session.execute(select(*columns))}
    for one in answers:
        values = {name: getattr(one, name) for name in names}
        # an answer that names nothing could be of any payment, so it is never taken for one that was here
        if tuple(values.values()) in known and (one.reference or one.file_reference):
            same += 1
            continue
        session.add(
            PaymentAnswer(
                document_id=document_id,
                day=one.day,
                reason=one.reason,
                party=one.party,
                party_account=one.party_account,
                source=source_to_text(one.source),
                told_at=told_at,
                **values,
            )
        )
    if same:
        message = f"Of the answers, {same} of {len(answers)} are known from an earlier file: not stored again."
        issues.append(_info("answers-known", message, Source()))


def _info(code: str, message: str, source: Source) -> ParseIssue:
    return ParseIssue(Severity.INFO, code, message, _NOTHING, source)
