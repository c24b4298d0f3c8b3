"""MT940 statements and MT942 interim reports, read strictly: a movement that cannot be read keeps the file out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.parsed import ParsedDocument
from app.domain.parsed_bank import ParsedBankLine, ParsedStatement
from app.domain.period import days_in_month
from app.domain.vocabulary import StatementKind
from app.importers.bank.common import (
    ASK_BANK,
    NoBankFile,
    clean_reference,
    comma_amount,
    currency_code,
    place,
    read_text,
    short_day,
    signed,
    tell_balances,
)
from app.importers.bank.mt_details import Details, read_details
from app.importers.bank.mt_fields import MtField, MtMessage, split_messages
from app.importers.registry import DocumentHead
from app.importers.tabular.issues import IssueList
from app.importers.values import BadDate, BadValue, clean_text, parse_date

_BALANCE = re.compile(r"([CD])([0-9]{6})([A-Z]{3})([0-9,]+)\s*", re.ASCII)
# value day, day of entry, direction (R: reversal, E: expected), third letter of the currency, amount, kind, references
_LINE = re.compile(
    r"([0-9]{6})([0-9]{4})?(R[CD]|E[CD]|[CD])([A-Z])?([0-9]+(?:,[0-9]*)?)([A-Z][A-Z0-9]{3})(.*)", re.ASCII
)
_FLOOR = re.compile(r"([A-Z]{3})[CD]?[0-9,]+\s*")
_SUM = re.compile(r"([0-9]{1,5})([A-Z]{3})([0-9,]+)\s*", re.ASCII)
_LEAVES = frozenset({"D", "RC", "ED"})  # a reversed credit leaves the account as a debit does


@dataclass(frozen=True, slots=True)
class Mt940Importer:
    """Reads MT940 and MT942, several messages of several accounts in one file."""

    name: str = "mt940"

    def claims(self, head: DocumentHead) -> bool:
        return head.media == "bank" and head.note == "MT940"

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        issues = IssueList()
        messages = split_messages(read_text(head.name, content, issues))
        if not messages:
            raise NoBankFile(name=head.name, form="MT940", why="no message begins in it (:20:)")
        read = [_Reader(message, issues).read() for message in messages]
        statements = tuple(one for one in read if one is not None)
        tell_balances(statements, issues)
        return ParsedDocument(self.name, statements=() if issues.refused else statements, issues=issues.close())


class _Reader:
    def __init__(self, message: MtMessage, issues: IssueList) -> None:
        self.message, self.issues = message, issues

    def read(self) -> ParsedStatement | None:
        """The message as a statement; None where it has a fault, which is an issue then."""
        message = self.message
        account, head = message.first("25", "25P"), message.fields[0]
        number = message.first("28C", "28")
        opening = self._balance(message.first("60F", "60M"))
        closing = self._balance(message.last("62F", "62M"))
        interim = message.first("34F", "13D", "13", "90C", "90D") is not None and opening is None
        kind = StatementKind.INTRADAY if interim else StatementKind.STATEMENT
        if account is None or not account.text.strip():
            self._fail("field-missing", f"Message {message.number} does not say of which account it is (:25:)", head)
            return None
        if not interim:
            for tags, what in (
                (("60F", "60M"), "opening balance (:60F:)"),
                (("62F", "62M"), "closing balance (:62F:)"),
            ):
                if message.first(*tags) is None:
                    self._warn("balance-missing", f"Message {message.number} has no {what}", head)
        currency = self._currency(opening, closing)
        if currency is None:
            self._fail("currency-missing", f"Message {message.number} does not say in which currency it is", head)
            return None
        lines = tuple(self._lines())
        self._check_sums(lines)
        made = self._made_on()
        return ParsedStatement(
            kind=kind,
            account=clean_text(account.text.split("\n")[0], 60),
            currency=currency,
            lines=lines,
            source=place(head.line, f"message {message.number}"),
            number="" if number is None else clean_text(number.text, 35),
            day=closing[1] if closing else made,
            opening=opening[0] if opening else None,
            opening_day=opening[1] if opening else None,
            closing=closing[0] if closing else None,
            closing_day=closing[1] if closing else None,
        )

    def _balance(self, field: MtField | None) -> tuple[Decimal, date, str] | None:
        if field is None:
            return None
        found = _BALANCE.fullmatch(field.text)
        try:
            if found is None:
                raise BadValue(text=field.text[:64], why="C or D, a day YYMMDD, a currency and an amount are wanted")
            return signed(comma_amount(found[4]), found[1] == "D"), short_day(found[2]), currency_code(found[3])
        except BadValue as fault:
            self._fail("bad-balance", f"The balance :{field.tag}: cannot be read: {fault}", field)
            return None

    def _currency(self, *balances: tuple[Decimal, date, str] | None) -> str | None:
        said = {balance[2] for balance in balances if balance is not None}
        for field in self.message.fields:
            form = {"34F": _FLOOR, "90C": _SUM, "90D": _SUM}.get(field.tag)
            found = form.match(field.text) if form else None
            if found is not None:
                said.add(found[1] if field.tag == "34F" else found[2])
        if len(said) > 1:
            names = " and ".join(sorted(said))
            self._fail("two-currencies", f"Message {self.message.number} is in {names} at once", self.message.fields[0])
        return min(said, default=None)

    def _lines(self) -> list[ParsedBankLine]:
        """The movements, each with the details that follow it at once."""
        lines: list[ParsedBankLine] = []
        fields = self.message.fields
        for position, field in enumerate(fields):
            if field.tag != "61":
                continue
            details = []
            for after in fields[position + 1 :]:
                if after.tag != "86":
                    break
                details.append(after.text)
            try:
                lines.append(self._line(field, read_details("\n".join(details)), len(lines) + 1))
            except BadValue as fault:
                self._fail("bad-movement", f"A movement cannot be read: {fault}", field)
        return lines

    def _line(self, field: MtField, details: Details, number: int) -> ParsedBankLine:
        first, _newline, more = field.text.partition("\n")
        found = _LINE.fullmatch(first)
        if found is None:
            why = "a day YYMMDD, C or D, an amount such as 12,50 and a code such as NTRF are wanted"
            raise BadValue(text=first[:64], why=why)
        valued = self._value_day(found[1], field)
        reference, _slashes, bank_reference = found[7].partition("//")
        if "   " in reference.strip():  # a fixed width of sixteen, then the other party's name
            reference, more = reference[:16], f"{reference[16:]} {more}"
        mark, kind = found[3], found[6]
        amount = signed(comma_amount(found[5]), mark in _LEAVES)
        return ParsedBankLine(
            amount=amount,
            source=place(field.line, f"message {self.message.number}, movement {number}"),
            booked=None if mark.startswith("E") else self._booked(found[2], valued),
            valued=valued,
            reference=details.reference or clean_reference(reference),
            bank_reference=clean_reference(bank_reference),
            party=details.party or ("" if details.code else clean_text(more, 200)),
            party_account=details.party_account,
            text=details.text or clean_text(more),
            code=f"{kind} {details.code}".strip(),
            returned=details.returned or ("RTI" if kind[1:] == "RTI" else ""),
        )

    def _value_day(self, written: str, field: MtField) -> date:
        """The value day. Banks that count months of 30 days write 30 February: the month's last day is meant."""
        try:
            return short_day(written)
        except BadDate:
            year, month, day = 2000 + int(written[:2]), int(written[2:4]), int(written[4:])
            if month == 2 and day in (29, 30) and year < 2070:
                meant = date(year, 2, days_in_month(year, 2))
                message = f"The value day {year}-02-{day} (a month of 30 days) was read as {meant}."
                self.issues.tell("month-of-30-days", message, place(field.line, "value day"))
                return meant
            raise

    def _booked(self, written: str | None, valued: date) -> date:
        """The day of entry, which is written without its year: the one nearest to the value day."""
        return parse_date(written, "MMDD", near=valued) if written else valued

    def _made_on(self) -> date | None:
        field = self.message.first("13D", "13")
        try:
            return short_day(field.text[:6]) if field is not None else None
        except BadDate as fault:
            self._warn("bad-date", f"The day of the report cannot be read: {fault}", self.message.fields[0])
            return None

    def _check_sums(self, lines: tuple[ParsedBankLine, ...]) -> None:
        """The numbers and sums of debits and credits that an interim report states."""
        for field in self.message.fields:
            found = _SUM.fullmatch(field.text) if field.tag in {"90C", "90D"} else None
            if found is None:
                continue
            own = [line.amount for line in lines if (line.amount < ZERO) == (field.tag == "90D") and line.amount]
            total = abs(sum(own, ZERO))
            try:
                stated = comma_amount(found[3])
            except BadValue as fault:
                self._warn("bad-amount", f"The sum :{field.tag}: cannot be read: {fault}", field)
                continue
            if (int(found[1]), stated) != (len(own), total):
                kind = "debits" if field.tag == "90D" else "credits"
                message = f"{found[1]} {kind} of {stated:,.2f} are stated, {len(own)} of {total:,.2f} are there"
                self._warn("control-differs", message, field)

    def _fail(self, code: str, message: str, field: MtField) -> None:
        self.issues.error(code, f"{message.rstrip('.')}.", ASK_BANK, place(field.line, f":{field.tag}:"))

    def _warn(self, code: str, message: str, field: MtField) -> None:
        self.issues.warn(code, f"{message.rstrip('.')}.", ASK_BANK, place(field.line, f":{field.tag}:"))
