"""Statements that a bank gives as a table, CSV or XLSX, read by a bank mapping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.parsed import ParsedDocument
from app.domain.parsed_bank import ParsedBankLine, ParsedStatement
from app.domain.source import Source
from app.domain.vocabulary import StatementKind
from app.importers.bank.common import check_places, clean_reference, currency_code, last_day, signed, tell_balances
from app.importers.bank.mapping import BankMapping
from app.importers.bank.sides import sign_by_side, tell_two_signs
from app.importers.registry import DocumentHead
from app.importers.tabular.cells import Cell, read_amount, read_date, read_text
from app.importers.tabular.fields import to_amount
from app.importers.tabular.grid import read_grid
from app.importers.tabular.header import Header, check_columns, find_header
from app.importers.tabular.issues import IssueList
from app.importers.tabular.sheets import GridFault, Row, Sheet
from app.importers.values import BadValue, clean_text


@dataclass(frozen=True, slots=True)
class BankTableImporter:
    """Reads the movements of one bank's table."""

    mapping: BankMapping

    @property
    def name(self) -> str:
        return f"bank:{self.mapping.name}"

    def claims(self, head: DocumentHead) -> bool:
        return self.mapping.claims.hold(head)

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        form = self.mapping.form
        issues = IssueList()
        try:
            grid = read_grid(content, head.media, encoding=form.encoding, delimiter=form.delimiter)
        except GridFault as fault:
            return ParsedDocument(self.name, issues=(fault.issue,))
        statements = _Reader(self.mapping, issues).read(grid.sheets[0] if grid.sheets else Sheet("", ()))
        tell_balances(statements, issues)
        return ParsedDocument(self.name, statements=() if issues.refused else statements, issues=issues.close())


@dataclass(slots=True)
class _Account:
    lines: list[ParsedBankLine] = field(default_factory=list)
    balances: list[Decimal | None] = field(default_factory=list)


class _Reader:
    def __init__(self, mapping: BankMapping, issues: IssueList) -> None:
        self.mapping, self.issues = mapping, issues
        self.where = f"the name in the mapping '{mapping.name}'"
        self.debits: dict[bool, list[Source]] = {True: [], False: []}  # by whether they are written with a minus

    def read(self, sheet: Sheet) -> tuple[ParsedStatement, ...]:
        """One statement per account and currency that the rows name."""
        specs = self.mapping.columns
        wanted = [name for spec in specs.values() for name in spec.columns]
        header = find_header(sheet.name, sheet.rows, wanted)
        if header is None:
            message = f"No row with the column names was found; wanted are {', '.join(wanted)}."
            self.issues.error("no-header", message, f"Look whether this is the right file, or change {self.where}.")
            return ()
        needed = [name for spec in specs.values() if not spec.optional for name in spec.columns]
        check_columns(header, needed, self.issues, self.where)
        accounts: dict[tuple[str, str], _Account] = {}
        for row in () if self.issues.refused else sheet.rows:
            if row.number <= header.row.number:
                continue
            try:
                key, line, balance = self._row(header, row, sheet.source(row))
            except BadValue as fault:
                remedy = f"Correct the row, or the formats of the mapping '{self.mapping.name}'."
                self.issues.error("bad-movement", f"The row cannot be read: {fault}", remedy, sheet.source(row))
                continue
            account = accounts.setdefault(key, _Account())
            account.lines.append(line)
            account.balances.append(balance)
        if not accounts and not self.issues.refused:
            self.issues.error("no-rows", "The file holds no movements.", "Look whether the file is complete.")
        statements = tuple(self._statement(*key, account) for key, account in accounts.items())
        two = tell_two_signs(self.debits[True], self.debits[False])
        if two is not None and any(one.opening is None for one in statements):  # balances that follow settle it
            self.issues.add(two)
        return statements

    def _row(self, header: Header, row: Row, source: Source) -> tuple[tuple[str, str], ParsedBankLine, Decimal | None]:
        def cell(name: str) -> Cell:
            spec = self.mapping.columns.get(name)
            found = "" if spec is None or not spec.columns else header.cell(row, spec.columns[0])
            if spec is not None and len(spec.columns) > 1:
                found = " ".join(read_text(header.cell(row, one)) for one in spec.columns).strip()
            return found

        form, columns = self.mapping.form, self.mapping.columns
        dates = {name: spec.date or form.dates for name, spec in columns.items()}
        booked = read_date(cell("booked"), dates["booked"], form.language)
        valued = cell("valued")
        balance = cell("balance")
        currency = self.mapping.currency or currency_code(read_text(cell("currency")).upper())
        account = self.mapping.account or clean_text(read_text(cell("account")), 60)
        if not account:
            raise BadValue(text="", why="the account is empty")
        line = ParsedBankLine(
            amount=self._amount(cell, source),
            source=source,
            booked=booked,
            valued=read_date(valued, dates["valued"], form.language) if valued != "" else None,
            reference=clean_reference(read_text(cell("reference"))),
            bank_reference=clean_reference(read_text(cell("bank_reference"))),
            party=clean_text(read_text(cell("party")), 200),
            party_account=clean_text(read_text(cell("party_account")), 60),
            text=clean_text(read_text(cell("text"))),
            code=clean_text(read_text(cell("code")), 60),
        )
        stated = read_amount(balance, form.number, places=form.places) if balance != "" else None
        for value in (line.amount, stated):
            check_places(value, currency)
        return (account, currency), line, stated

    def _amount(self, read: Callable[[str], Cell], source: Source) -> Decimal:
        form, columns = self.mapping.form, self.mapping.columns
        if "amount" in columns:
            value = to_amount(read("amount"), columns["amount"], form)
            if "side" in columns:
                amount = sign_by_side(value, read_text(read("side")))
                if amount < 0:
                    self.debits[value < 0].append(source)
                return amount
            return -value if form.reversed_sign and value else value
        filled = [name for name in ("debit", "credit") if read(name) != ""]
        amounts = {name: to_amount(read(name), columns[name], form) for name in filled}
        moved = {name: value for name, value in amounts.items() if value}
        if len(moved) > 1 or not filled:
            raise BadValue(text="", why="one of debit and credit has to hold an amount, and not both")
        name, value = next(iter(moved.items()), (filled[0], ZERO))
        if name == "debit" and value:
            self.debits[value < 0].append(source)
        # a debit is written with or without its sign; either way it leaves the account
        return signed(abs(value), True) if name == "debit" else value

    def _statement(self, account: str, currency: str, found: _Account) -> ParsedStatement:
        lines = tuple(found.lines)
        opening, closing = self._balances(account, found)
        day = last_day(lines)
        return ParsedStatement(
            kind=StatementKind.INTRADAY if self.mapping.intraday else StatementKind.STATEMENT,
            account=account,
            currency=currency,
            lines=lines,
            source=lines[0].source,
            day=day,
            bank=self.mapping.bank,
            opening=opening,
            opening_day=min((line.booked for line in lines if line.booked), default=None),
            closing=closing,
            closing_day=day,
        )

    def _balances(self, account: str, found: _Account) -> tuple[Decimal | None, Decimal | None]:
        """The balances before the first and after the last movement, where a column states one after each."""
        amounts = [line.amount for line in found.lines]
        stated = [one for one in found.balances if one is not None]
        if len(stated) != len(amounts):
            return None, None
        if all(
            before + amount == after for before, after, amount in zip(stated, stated[1:], amounts[1:], strict=False)
        ):
            return stated[0] - amounts[0], stated[-1]
        # the latest movement stands first in many tables
        if all(after + amount == before for before, after, amount in zip(stated, stated[1:], amounts, strict=False)):
            return stated[-1] - amounts[-1], stated[0]
        message = f"The balances of account {account} do not follow from its movements, in either order of the rows."
        remedy = "Movements may be missing from the file: fetch it again, or compare it with the bank's page."
        self.issues.warn("balance-differs", message, remedy, found.lines[0].source)
        return None, None
