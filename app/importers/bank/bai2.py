"""BAI2 (cash management balance reporting): previous-day and same-day reports of US and Canadian banks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.parsed import ParsedDocument
from app.domain.parsed_bank import ParsedPaymentAnswer, ParsedStatement
from app.domain.source import ParseIssue
from app.domain.vocabulary import AnswerKind, Severity, StatementKind
from app.importers.bank.bai2_movement import Movement, read_movement, skip_funds
from app.importers.bank.bai2_records import Account, BadStructure, BaiFile, Group, Record, split_files
from app.importers.bank.common import (
    ASK_BANK,
    NoBankFile,
    control_number,
    currency_code,
    minor_amount,
    place,
    read_text,
    short_day,
    tell_balances,
)
from app.importers.bank.reasons import explain
from app.importers.registry import DocumentHead
from app.importers.tabular.issues import IssueList
from app.importers.values import BadValue, clean_text

_OPENING, _CLOSING, _CREDITS, _DEBITS = "010", "015", "100", "400"
_SAME_DAY = frozenset({"3", "4"})
_COUNT = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Summary:
    """One figure of an account's record 03: a balance, or the sum and number of some movements."""

    code: str
    amount: Decimal
    counted: int  # in the smallest unit, as the controls count it
    count: int | None


@dataclass(frozen=True, slots=True)
class Bai2Importer:
    """Reads BAI2, several files in one text. Control totals that differ hold it until a person has looked."""

    name: str = "bai2"

    def claims(self, head: DocumentHead) -> bool:
        return head.media == "bank" and head.note == "BAI2"

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        issues = IssueList()
        try:
            files = split_files(read_text(head.name, content, issues))
        except BadStructure as fault:
            raise NoBankFile(name=head.name, form="BAI2", why=str(fault)) from fault
        reader = _Reader(issues)
        for file in files:
            reader.read(file)
        statements = tuple(reader.statements)
        if not statements and not issues.refused:
            raise NoBankFile(name=head.name, form="BAI2", why="there is no account in it")
        tell_balances(statements, issues)
        if issues.refused:
            return ParsedDocument(self.name, issues=issues.close())
        return ParsedDocument(self.name, statements=statements, answers=tuple(reader.answers), issues=issues.close())


class _Reader:
    def __init__(self, issues: IssueList) -> None:
        self.issues = issues
        self.statements: list[ParsedStatement] = []
        self.answers: list[ParsedPaymentAnswer] = []

    def read(self, file: BaiFile) -> None:
        """All accounts of one file, and what its controls say of them."""
        groups = [self._group(group) for group in file.groups]
        self._control(file.end, "the file (99)", sum(groups), len(groups), file.physical(), file.head)

    def _group(self, group: Group) -> int:
        cells = [*group.head.cells(), *[""] * 8]
        try:
            day = short_day(cells[3])
            currency = currency_code(cells[5].strip() or "USD")
        except BadValue as fault:
            self._fail("bad-value", f"A group's head cannot be read: {fault}", group.head)
            return 0
        kind = StatementKind.INTRADAY if cells[6].strip() in _SAME_DAY else StatementKind.STATEMENT
        totals = [self._account(one, day, currency, kind, cells[1]) for one in group.accounts]
        self._control(group.end, "a group (98)", sum(totals), len(totals), group.physical(), group.head)
        return sum(totals)

    def _account(self, account: Account, day: date, currency: str, kind: StatementKind, bank: str) -> int:
        """One account as a statement; returns the sum of all its amounts, as its control counts them."""
        cells = account.head.cells()
        try:
            currency = currency_code(cells[1].strip()) if len(cells) > 1 and cells[1].strip() else currency
            sums = _summaries(cells[2:], currency)
        except BadValue as fault:
            self._fail("bad-value", f"The head of account {cells[0][:40]} cannot be read: {fault}", account.head)
            return 0
        movements = []
        for number, record in enumerate(account.movements, start=1):
            try:
                movements.append(read_movement(record, currency, day, f"account {cells[0]}, movement {number}"))
            except BadValue as fault:
                self._fail("bad-movement", f"A movement of account {cells[0][:40]} cannot be read: {fault}", record)
        found = {one.code: one.amount for one in sums}
        statement = ParsedStatement(
            kind=kind,
            account=clean_text(cells[0], 60),
            currency=currency,
            lines=tuple(one.line for one in movements if one.line is not None),
            source=place(account.head.line, f"account {cells[0]}"),
            day=day,
            bank=clean_text(bank, 60),
            opening=found.get(_OPENING),
            opening_day=day if _OPENING in found else None,
            closing=found.get(_CLOSING),
            closing_day=day if _CLOSING in found else None,
        )
        if not statement.account:
            self._fail("field-missing", "An account has no number", account.head)
        self.statements.append(statement)
        self._answers(statement)
        self._check_sums(sums, movements, statement, account)
        total = sum(one.counted for one in sums) + sum(one.counted for one in movements)
        self._control(account.end, f"account {statement.account} (49)", total, None, account.physical(), account.head)
        return total

    def _answers(self, statement: ParsedStatement) -> None:
        """Payments of ours that came back."""
        for line in statement.lines:
            if line.returned and line.amount > ZERO:
                self.answers.append(
                    ParsedPaymentAnswer(
                        kind=AnswerKind.RETURNED,
                        source=line.source,
                        reference=line.reference,
                        amount=line.amount,
                        currency=statement.currency,
                        day=line.booked,
                        code=line.returned,
                        reason=explain(line.returned) or line.text[:200],
                        party=line.party,
                        party_account=line.party_account,
                    )
                )

    def _check_sums(
        self, sums: list[Summary], movements: list[Movement], statement: ParsedStatement, account: Account
    ) -> None:
        """The sums of credits and debits that the account's head states, where it has movements at all."""
        for code, credit, word in ((_CREDITS, True, "credits"), (_DEBITS, False, "debits")):
            stated = next((one for one in sums if one.code == code), None)
            own = [abs(line.amount) for line in statement.lines if (line.amount > ZERO) == credit and line.amount]
            if stated is None or not movements:
                continue
            differs = stated.amount != sum(own, ZERO) or (stated.count is not None and stated.count != len(own))
            if differs:
                message = (
                    f"Account {statement.account} states {word} of {stated.amount:,.2f}"
                    f"{'' if stated.count is None else f' in {stated.count}'}, and {len(own)} of "
                    f"{sum(own, ZERO):,.2f} are there"
                )
                self._hold(message, account.head)

    def _control(
        self, end: Record | None, what: str, total: int, count: int | None, physical: int, head: Record
    ) -> None:
        """Compare a control record with what was read: sum, parts, lines."""
        if end is None:
            self._fail("cut-off", f"The end of {what} is missing: the file is cut off", head)
            return
        cells = [cell.strip() for cell in end.cells()]
        wanted = 2 if count is None else 3
        try:
            if len(cells) < wanted or not all(_COUNT.fullmatch(cell) for cell in cells[1:wanted]):
                raise BadValue(text=end.body[:60], why="a sum and numbers of records are wanted")
            stated = control_number(cells[0])
        except BadValue as fault:
            self._fail("bad-value", f"The control of {what} cannot be read: {fault}", end)
            return
        if stated != total:
            self._hold(f"The control of {what} says {stated:,}, what is there makes {total:,}", end)
        if int(cells[wanted - 1]) != physical:
            self._hold(f"The control of {what} counts {int(cells[wanted - 1])} records, {physical} are there", end)
        if count is not None and int(cells[1]) != count:
            self._hold(f"The control of {what} counts {int(cells[1])} parts, {count} are there", end)

    def _fail(self, code: str, message: str, record: Record) -> None:
        self.issues.error(code, f"{message.rstrip('.')}.", ASK_BANK, place(record.line, f"record {record.code}"))

    def _hold(self, message: str, record: Record) -> None:
        source = place(record.line, f"record {record.code}")
        self.issues.add(ParseIssue(Severity.REVIEW, "control-differs", f"{message}.", ASK_BANK, source))


def _summaries(cells: list[str], currency: str) -> list[Summary]:
    """The figures of an account's head: type, amount, count and kind of funds, again and again."""
    cells = [cell.strip() for cell in cells]
    found = []
    while any(cells):
        code, amount, count = [*cells, "", ""][:3]
        rest = cells[3:]
        if code:
            if not re.fullmatch(r"[0-9]{3}", code) or (count and not _COUNT.fullmatch(count)):
                raise BadValue(text=f"{code},{amount},{count}"[:60], why="a type, an amount and a number are wanted")
            if amount:
                values = minor_amount(amount, currency), control_number(amount)
                found.append(Summary(code, *values, int(count) if count else None))
        cells = skip_funds(rest)
    return found
