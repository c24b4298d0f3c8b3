"""A bill of the account is overdue: one that should have come is not here.

Formula: expected days = the first bill's date + 1, 2, 3 … cycles, on the account's bill day (where it is not known,
the latest day of the month that its bills were dated). A cycle is as many months as most bills' periods; where they
print none, the most usual distance of at least four bills; else one month. Each expected day near which, within half
a cycle, no bill is dated is a finding of its own: between two bills at once, after the last one when `as_of` is later
than the expected day + the account's grace days, for at most a year. Nothing is claimed.

Fields: bill dates and periods of the account's invoices, the account's bill day and grace days, the day of the audit.
A bill dated a few days off its day belongs to the nearest one.

Remedy: ask the carrier for the bill, before it is overdue and a late charge follows; close the account if it has
ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from app.audit.claims import claim_step
from app.audit.rule import Rule
from app.audit.wording import count
from app.domain.finding import FindingDraft
from app.domain.history import AccountContext, InvoiceFacts
from app.domain.period import Period, add_months
from app.domain.proof import Proof
from app.domain.vocabulary import Ledger

DAYS_OF_MONTH = 30  # near enough to count the months between two bills
FEWEST_DISTANCES = 3  # two bills far apart may as well have one missing between them
LONGEST_SILENCE = 12  # months after which an account without bills is taken to have ended


def bill_missing(context: AccountContext) -> Iterator[FindingDraft]:
    """Yield a finding for each bill that is later than the account's grace days allow, the oldest first."""
    account = context.account
    bills = sorted(context.invoices, key=lambda invoice: (invoice.bill_date, invoice.id))
    if not bills:
        return
    anchor = account.bill_day or max(invoice.bill_date.day for invoice in bills)
    cycle = _find_cycle(bills)
    latest = context.as_of - timedelta(days=account.grace_days)
    for place, bill in enumerate(bills):
        following = bills[place + 1].bill_date if place + 1 < len(bills) else None
        for expected in _expect(bill.bill_date, following, cycle, anchor):
            if expected >= latest:
                return
            yield _accuse(context, bill, expected)


def _accuse(context: AccountContext, last: InvoiceFacts, expected: date) -> FindingDraft:
    account = context.account
    late = (context.as_of - expected).days
    return FindingDraft(
        rule=RULE.code,
        name=RULE.name,
        version=RULE.version,
        ledger=RULE.ledger,
        message=f"{account.carrier} account {account.ban}: a bill was expected on {expected.isoformat()}, after bill "
        f"{last.number} of {last.bill_date.isoformat()}; it is {count(late, 'day')} late.",
        account_id=account.id,
        proof=Proof((claim_step("Nothing is claimed for a missing bill", "0"),)),
        key=expected.isoformat(),
    )


def _expect(last: date, following: date | None, cycle: int, anchor: int) -> Iterator[date]:
    """The days after a bill dated `last` on which bills should be dated, up to the one that `following` is."""
    first = _next_bill(last, cycle, anchor)
    for months in range(0, max(LONGEST_SILENCE, cycle), cycle):
        expected = add_months(first, months, anchor)
        if following is not None and (following - expected).days <= cycle * DAYS_OF_MONTH // 2:
            return
        yield expected


def _next_bill(last: date, cycle: int, anchor: int) -> date:
    """The bill day nearest to a cycle after `last`, which may itself be dated some days off its day."""
    a_cycle_later = add_months(last, cycle)
    days = (add_months(last, months, anchor) for months in (cycle - 1, cycle, cycle + 1))
    return min(days, key=lambda day: abs(day - a_cycle_later))


def _find_cycle(bills: Sequence[InvoiceFacts]) -> int:
    """Months from one bill to the next; of several equally usual ones the shortest."""
    lengths = [_months(bill.period) for bill in bills if bill.period is not None]
    if not lengths:
        distances = [
            Period(one.bill_date, two.bill_date) for one, two in pairwise(bills) if one.bill_date < two.bill_date
        ]
        lengths = [_months(each) for each in distances] if len(distances) >= FEWEST_DISTANCES else [1]
    counted = Counter(lengths)
    return min(counted, key=lambda months: (-counted[months], months))


def _months(period: Period) -> int:
    return max(1, (period.days + DAYS_OF_MONTH // 2) // DAYS_OF_MONTH)


RULE: Rule[AccountContext] = Rule(
    code="A04",
    name="bill_missing",
    version=2,
    ledger=Ledger.CHECK,
    check=bill_missing,
    summary="A bill of the account that should be here has not come.",
)
