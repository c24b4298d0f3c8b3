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


def settle(balances: Sequence[Balance], total: Decimal, issues: IssueList, *, turned: bool = False) -> Account:
    """The account after previous balance − payments ± adjustments + current charges.

    `total` is negative for a credit; `turned` says that the file writes it without its minus.
    """
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
    due = next((months[kind] for kind in _DUE if kind in months), next(iter(months.values()), None))
    changed = sum((one.amount for one in adjustments), ZERO)
    owed = None if due is None else due.amount - before - changed - total
    paid = _count_payments(payments, owed, issues) + changed
    if adjustments:
        message = f"Adjustments of {changed:+,.2f} to earlier bills stand among the payments applied."
        issues.tell("adjustments-applied", message, adjustments[0].source)
    reckoned = before + paid + total
    if due is None:
        if reckoned != total:
            message = f"The bill names no balance of this month; {reckoned:,.2f} is reckoned from its parts."
            issues.tell("total-due-reckoned", message, balances[0].source)
        return Account(before, paid, reckoned)
    if due.kind == "PB" and due.amount == total != reckoned:
        return Account(before, paid, reckoned)  # it is what was billed this month, not what is owed
    if turned and due.amount == -total == -reckoned:
        return Account(before, paid, reckoned)  # it is the credit itself, written without its minus like the total
    return Account(before, paid, due.amount)


def _count_payments(payments: Sequence[Balance], wanted: Decimal | None, issues: IssueList) -> Decimal:
    """What payments change: each lowers what is owed, whichever sign it is written with, unless the balance that is
    due (by which `wanted` is what they come to) shows that one with a minus was given back."""
    lowered = sum((-abs(one.amount) for one in payments), ZERO)
    written = sum((-one.amount for one in payments), ZERO)
    if written == lowered or wanted == lowered:
        return lowered
    first = next(one for one in payments if one.amount < ZERO)
    given_back = wanted == written
    if given_back:
        counted = "counted as a payment that was given back, as the balance due shows"
    else:
        counted = "counted as a payment, as no balance due shows that it was given back"
    message = f"A payment is written with a minus ({first.amount:,.2f}); it is {counted}."
    remedy = "Compare the payments with the carrier's bill and with your bank."
    issues.warn("payment-signed", message, remedy, first.source)
    return written if given_back else lowered
