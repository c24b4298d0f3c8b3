"""OFX: statements of bank accounts and cards as banks' web pages offer them for download."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.parsed import ParsedDocument
from app.domain.parsed_bank import ParsedBankLine, ParsedStatement
from app.domain.vocabulary import StatementKind
from app.importers.bank.common import (
    ASK_BANK,
    NoBankFile,
    clean_reference,
    currency_code,
    last_day,
    place,
    point_amount,
)
from app.importers.bank.ofx_tree import Node, read_ofx
from app.importers.registry import DocumentHead
from app.importers.tabular.issues import IssueList
from app.importers.values import BadAmount, BadValue, clean_text, parse_date

_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class OfxImporter:
    """Reads OFX 1.x (SGML) and 2.x (XML), several accounts in one file."""

    name: str = "ofx"

    def claims(self, head: DocumentHead) -> bool:
        sgml = head.media == "bank" and head.note == "OFX"
        return sgml or (head.media == "xml" and head.text == "OFX")

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        issues = IssueList()
        root = read_ofx(head.name, content, issues)
        parts = [*root.every("STMTRS"), *root.every("CCSTMTRS")]
        if not parts:
            raise NoBankFile(name=head.name, form="OFX", why="there is no statement in it (STMTRS)")
        statements = [one for part in parts if (one := _statement(part, issues)) is not None]
        return ParsedDocument(self.name, statements=() if issues.refused else tuple(statements), issues=issues.close())


def _statement(part: Node, issues: IssueList) -> ParsedStatement | None:
    owner = "BANKACCTFROM" if part.name == "STMTRS" else "CCACCTFROM"
    source = place(part.line, part.name)
    try:
        account = clean_text(part.value(owner, "ACCTID"), 60)
        currency = currency_code(part.value("CURDEF").upper())
        if not account:
            raise BadValue(text="", why="the number of the account (ACCTID) is missing")
        balance = part.value("LEDGERBAL", "BALAMT")
        closing = _amount(balance) if balance else None
        closing_day = _day(part.value("LEDGERBAL", "DTASOF"))
        ended = _day(part.value("BANKTRANLIST", "DTEND"))
    except BadValue as fault:
        issues.error("bad-statement", f"A statement cannot be read: {fault}", ASK_BANK, source)
        return None
    lines = []
    for number, node in enumerate(part.every("STMTTRN"), start=1):
        try:
            lines.append(_line(node, number))
        except BadValue as fault:
            issues.error(
                "bad-movement",
                f"Movement {number} cannot be read: {fault}",
                ASK_BANK,
                place(node.line, f"movement {number}"),
            )
    found = tuple(lines)
    return ParsedStatement(
        kind=StatementKind.STATEMENT,
        account=account,
        currency=currency,
        lines=found,
        source=source,
        day=closing_day or ended or last_day(found),
        bank=clean_text(part.value(owner, "BANKID"), 60),
        closing=closing,
        closing_day=closing_day,
    )


def _line(node: Node, number: int) -> ParsedBankLine:
    posted = _day(node.value("DTPOSTED"))
    if posted is None:
        raise BadValue(text="", why="its day (DTPOSTED) is missing")
    name = node.value("NAME") or node.value("PAYEE", "NAME")
    return ParsedBankLine(
        amount=_amount(node.value("TRNAMT")),
        source=place(node.line, f"movement {number}"),
        booked=posted,
        valued=_day(node.value("DTAVAIL")),
        reference=clean_reference(node.value("REFNUM") or node.value("CHECKNUM")),
        bank_reference=clean_reference(node.value("FITID")),
        party=clean_text(name, 200),
        party_account=clean_text(node.value("BANKACCTTO", "ACCTID"), 60),
        text=clean_text(node.value("MEMO")),
        code=clean_text(node.value("TRNTYPE"), 35),
    )


def _amount(text: str) -> Decimal:
    """An amount with a point, or with a comma as some banks write it; raises BadAmount."""
    if not text:
        raise BadAmount(text="", format="1234.56", why="it is empty")
    return point_amount(text.replace(",", ".") if _COMMA.fullmatch(text) else text)


def _day(text: str) -> date | None:
    """The day of a moment such as 20260302120000.000[-5:EST], in the bank's own time zone; raises BadDate."""
    return parse_date(text[:8], "YYYYMMDD") if text else None
