"""Columns that say which way an amount goes, in words beside it or by their own name.

Where a mapping leaves them unread, what is credited would be charged, or not be counted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.tabular.cells import Cell, header_key, read_amount
from app.importers.tabular.header import Header
from app.importers.tabular.sheets import Row
from app.importers.values import BadValue, NumberFormat

_DEBITS = frozenset(["d", "dr", "db", "debit", "débit", "dbit", "debe", "soll", "s", "lastschrift", "cargo", "-"])
_CREDITS = frozenset(["c", "cr", "credit", "crédit", "crdt", "haber", "haben", "h", "gutschrift", "abono", "+"])
_CREDIT_COLUMNS = frozenset(["credit", "credits", "credit amount", "gutschrift", "haben", "avoir", "crédit", "abono"])


def read_side(text: str) -> bool | None:
    """Whether a word means a debit, money that is owed or leaves; None where it means neither a debit nor a credit."""
    word = text.strip().rstrip(".").casefold()
    return True if word in _DEBITS else False if word in _CREDITS else None


def tell_unread_sides(
    header: Header, rows: Sequence[Row], amount: str, used: Collection[str], form: NumberFormat, sheet: str
) -> list[ParseIssue]:
    """A REVIEW for each column that is not `used`: of words for debit and credit beside amounts without any sign, or of
    credits in rows whose `amount` is nothing."""
    read = {header_key(name) for name in used}
    issues = []
    for name in header.names:
        if not name or header_key(name) in read:
            continue
        row = _find_credit_words(header, rows, name, amount, form) or _find_credits(header, rows, name, amount, form)
        if row is not None:
            message = f"The column '{name}' says what is a credit, as in this row, and the mapping does not read it."
            remedy = "Compare the credits with the bill: they may be taken as charges, or be missing."
            issues.append(
                ParseIssue(Severity.REVIEW, "credits-not-read", message, remedy, Source(sheet=sheet, row=row))
            )
    return issues


def _find_credit_words(header: Header, rows: Sequence[Row], name: str, amount: str, form: NumberFormat) -> int | None:
    """The first row that a column of debits and credits calls a credit, where no amount has a sign."""
    first: int | None = None
    debits = False
    for row in rows:
        said = header.cell(row, name)
        if said == "":
            continue
        side = read_side(said) if isinstance(said, str) else None
        value = _number(header.cell(row, amount), form)
        if side is None or (value is not None and value < 0):
            return None
        debits |= side
        if not side and value and first is None:
            first = row.number
    return first if debits else None


def _find_credits(header: Header, rows: Sequence[Row], name: str, amount: str, form: NumberFormat) -> int | None:
    """The first row whose amount is nothing beside a credit."""
    if header_key(name) not in _CREDIT_COLUMNS:
        return None
    for row in rows:
        if _number(header.cell(row, name), form) and not _number(header.cell(row, amount), form):
            return row.number
    return None


def _number(cell: Cell, form: NumberFormat) -> Decimal | None:
    try:
        return None if cell == "" else read_amount(cell, form)
    except BadValue:
        return None
