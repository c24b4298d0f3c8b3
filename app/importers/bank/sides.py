"""Movements whose direction stands in a word beside the amount, or in the column that holds it."""

from __future__ import annotations

from decimal import Decimal

from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.bank.common import signed
from app.importers.tabular.sides import read_side
from app.importers.values import BadValue


def sign_by_side(amount: Decimal, said: str) -> Decimal:
    """The amount with the sign that the word in its row means; raises BadValue where the word is none that is known, or
    a minus says otherwise."""
    debit = read_side(said)
    if debit is None:
        raise BadValue(text=said[:20], why="a word such as debit or credit is wanted")
    if amount < 0 and not debit:
        raise BadValue(text=f"{amount} {said[:20]}", why="its sign and its word say different things")
    return signed(abs(amount), debit)


def tell_two_signs(minus: list[Source], plus: list[Source]) -> ParseIssue | None:
    """A REVIEW where some debits are written with a minus and some without: one of them may have come back in."""
    if not (minus and plus):
        return None
    odd = min(minus, plus, key=len)
    message = (
        f"{len(minus):,} debits are written with a minus and {len(plus):,} without; all are read as money that left, "
        f"but those of row {', '.join(str(one.row) for one in odd[:5])} may be reversals that came back."
    )
    remedy = "Compare them with the bank's own page; a column of balances in the mapping would tell."
    return ParseIssue(Severity.REVIEW, "debits-of-two-signs", message, remedy, odd[0])
