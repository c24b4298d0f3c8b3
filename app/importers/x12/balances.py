"""What the account owed before, what was paid, what is due: the balances of an 811."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import ZERO
from app.importers.tabular.issues import IssueList
from app.importers.x12.header import Balance

_PAYMENT, _ADJUSTMENT = "C4", "BM"
_DUE = ("TT", "5", "PB")  # which balance of the month is what is to be paid, in the order in which they are believed
_DETAIL = frozenset({"NR", "ZT"})


@dataclass(frozen=True, slots=True)
class Account:
    """The account's state; payments are negative. `due` is None where the bill names no balance."""

    previous: Decimal = ZERO
    payments: Decimal = ZERO
    due: Decimal | None = None


def settle(balances: Sequence[Balance], total: Decimal, issues: IssueList) -> Account:
    """The account after previous balance − payments ± adjustments + current charges."""
    if not balances:
        return Account()
    payments = [one for one in balances if one.kind == _PAYMENT]
    adjustments = [one for one in balances if one.kind == _ADJUSTMENT]
    previous = [one for one in balances if one.month == "P" and one.kind not in {_PAYMENT, _ADJUSTMENT}]
    months = {
        one.kind: one
        for one in reversed(balances)
        if one.month == "M" and one.kind not in {_PAYMENT, _ADJUSTMENT, *_DETAIL}
    }
    before = previous[0].amount if previous else ZERO
    if any(one.amount != before for one in previous):
        message = "The bill names several previous balances; the first one is taken."
        issues.warn("several-balances", message, "Compare them with the carrier's bill.", previous[1].source)
    # a payment lowers what is owed, whichever sign it is written with
    paid = sum((-abs(one.amount) for one in payments), ZERO) + sum((one.amount for one in adjustments), ZERO)
    if adjustments:
        changed = sum((one.amount for one in adjustments), ZERO)
        message = f"Adjustments of {changed:+,.2f} to earlier bills stand among the payments applied."
        issues.tell("adjustments-applied", message, adjustments[0].source)
    reckoned = before + paid + total
    due = next((months[kind] for kind in _DUE if kind in months), next(iter(months.values()), None))
    if due is None:
        if reckoned != total:
            message = f"The bill names no balance of this month; {reckoned:,.2f} is reckoned from its parts."
            issues.tell("total-due-reckoned", message, balances[0].source)
        return Account(before, paid, reckoned)
    if due.kind == "PB" and due.amount == total != reckoned:
        return Account(before, paid, reckoned)  # it is what was billed this month, not what is owed
    return Account(before, paid, due.amount)
