"""camt.052, camt.053 and camt.054 of any version: reports, statements and notices in ISO 20022."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from app.domain.parsed import ParsedDocument
from app.domain.parsed_bank import ParsedBankLine, ParsedPaymentAnswer, ParsedStatement
from app.domain.vocabulary import StatementKind
from app.importers.bank.camt_entry import Entry, read_entry
from app.importers.bank.common import NoBankFile, PaymentFile, tell_balances
from app.importers.bank.elements import Values, every, find, local, text, where
from app.importers.registry import DocumentHead
from app.importers.tabular.issues import IssueList
from app.importers.values import BadValue, parse_date
from app.importers.xml.safe import parse_safely

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOT = re.compile(r"\{urn:iso:std:iso:20022:tech:(?:xsd:)?(camt\.05[234]|pain\.00[12])\.[0-9.]+\}Document")
_KINDS = {
    "BkToCstmrStmt": ("Stmt", StatementKind.STATEMENT),
    "BkToCstmrAcctRpt": ("Rpt", StatementKind.INTRADAY),
    "BkToCstmrDbtCdtNtfctn": ("Ntfctn", StatementKind.NOTICE),
}
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
Balance = tuple[Decimal, str, date | None]


def message_kind(head: DocumentHead) -> str:
    """ "camt.053", "pain.002" …: which of the bank's messages an XML file is; "" for another one."""
    found = _ROOT.match(head.text) if head.media == "xml" else None
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class CamtImporter:
    """Reads statements, reports and notices, several accounts in one file."""

    name: str = "camt"

    def claims(self, head: DocumentHead) -> bool:
        return message_kind(head).startswith("camt")

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        root = parse_safely(head.name, content)
        body = next((child for child in root if local(child) in _KINDS), None)
        if body is None:
            raise NoBankFile(name=head.name, form="camt", why="it holds neither statement nor report nor notice")
        tag, kind = _KINDS[local(body)]
        issues = IssueList()
        parts = every(body, tag)
        if not parts:
            raise NoBankFile(name=head.name, form="camt", why=f"there is no statement in it (no {tag})")
        statements: list[ParsedStatement] = []
        answers: list[ParsedPaymentAnswer] = []
        for number, part in enumerate(parts, start=1):
            read = _Reader(part, kind, number, issues)
            statements.extend(read.statements())
            answers.extend(read.answers)
        found = tuple(statements)
        tell_balances(found, issues)
        if issues.refused:
            return ParsedDocument(self.name, issues=issues.close())
        return ParsedDocument(self.name, statements=found, answers=tuple(answers), issues=issues.close())


@dataclass(frozen=True, slots=True)
class Pain001Importer:
    """Knows our own kind of payment file, to say that it is none of the bank's answers."""

    name: str = "pain001"

    def claims(self, head: DocumentHead) -> bool:
        return message_kind(head) == "pain.001"

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        group = find(parse_safely(head.name, content), "CstmrCdtTrfInitn/GrpHdr")
        count, total = text(group, "NbOfTxs") or "some", text(group, "CtrlSum")
        what = f"pain.001, {count} transfers" + (f" of {total} together" if total else "")
        raise PaymentFile(name=head.name, what=what)


class _Reader:
    def __init__(self, part: _Element, kind: StatementKind, number: int, issues: IssueList) -> None:
        self.part, self.kind, self.number, self.issues = part, kind, number, issues
        self.values = Values(issues)
        self.what = f"{local(part)} {number}"
        self.answers: list[ParsedPaymentAnswer] = []

    def statements(self) -> list[ParsedStatement]:
        """The statement, and one more per other currency in which it has entries: amounts are never mixed."""
        account = text(self.part, "Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id", "Acct/Id/BBAN")
        if not account:
            self.values.fail("field-missing", f"{self.what} does not say of which account it is", self.part)
            return []
        opening, closing = self._balance(_OPENING), self._balance(_CLOSING)
        entries = self._entries()
        currency = self._currency(opening, entries)
        if not currency:
            self.values.fail("currency-missing", f"{self.what} does not say in which currency it is", self.part)
            return []
        opening = self._in_currency(opening, currency, "opening")
        closing = self._in_currency(closing, currency, "closing")
        made = [self._statement(account, currency, entries, opening, closing)]
        for other in sorted({entry.currency for entry in entries} - {currency}):
            message = f"{self.what} has entries in {other}, its account is in {currency}: kept as a statement apart."
            self.issues.warn("other-currency", message, "Ask the bank about it.", where(self.part, self.what))
            made.append(self._statement(account, other, entries, None, None))
        return made

    def _statement(
        self,
        account: str,
        currency: str,
        entries: list[Entry],
        opening: Balance | None,
        closing: Balance | None,
    ) -> ParsedStatement:
        lines: tuple[ParsedBankLine, ...] = tuple(
            line for entry in entries if entry.currency == currency for line in entry.lines
        )
        return ParsedStatement(
            kind=self.kind,
            account=account,
            currency=currency,
            lines=lines,
            source=where(self.part, self.what),
            number=text(self.part, "ElctrncSeqNb", "LglSeqNb", "Id", limit=60),
            day=(closing[2] if closing else None) or self._made_on(),
            bank=text(self.part, *(f"Acct/Svcr/FinInstnId/{name}" for name in ("BICFI", "BIC", "Nm"))),
            opening=opening[0] if opening else None,
            opening_day=opening[2] if opening else None,
            closing=closing[0] if closing else None,
            closing_day=closing[2] if closing else None,
        )

    def _entries(self) -> list[Entry]:
        found = []
        for number, element in enumerate(every(self.part, "Ntry"), start=1):
            entry = read_entry(element, f"{self.what}, entry {number}", self.values)
            if entry is not None:
                found.append(entry)
                self.answers.extend(entry.answers)
        return found

    def _balance(self, codes: tuple[str, ...]) -> Balance | None:
        """The first balance of one of the kinds, the kinds in their order."""
        for code in codes:
            for element in every(self.part, "Bal"):
                if text(element, "Tp/CdOrPrtry/Cd") == code:
                    found = self.values.signed(element, f"the balance {code}")
                    return None if found is None else (*found, self.values.day(element, "Dt"))
        return None

    def _in_currency(self, balance: Balance | None, currency: str, word: str) -> Balance | None:
        """The balance, None where it is in another currency than the account's."""
        if balance is None or balance[1] == currency:
            return balance
        message = (
            f"The {word} balance of {self.what}, {balance[0]:,.2f} {balance[1]}, is not in the account's currency "
            f"{currency}: left out."
        )
        self.issues.warn("balance-currency", message, "Ask the bank about it.", where(self.part, self.what))
        return None

    def _currency(self, opening: Balance | None, entries: list[Entry]) -> str:
        said = text(self.part, "Acct/Ccy")
        if said:
            return said
        if opening is not None:
            return opening[1]
        balances = [element.get("Ccy", "") for one in every(self.part, "Bal") for element in every(one, "Amt")]
        return next(filter(None, balances), "") or (entries[0].currency if entries else "")

    def _made_on(self) -> date | None:
        written = text(self.part, "FrToDt/ToDtTm", "CreDtTm")
        try:
            return parse_date(written[:10], "YYYY-MM-DD") if written else None
        except BadValue:
            message = f"The day of {self.what}, '{written[:30]}', cannot be read and was left out."
            self.issues.warn("bad-date", message, "Nothing depends on it.", where(self.part, self.what))
            return None
