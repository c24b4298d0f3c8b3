"""A bill of the account is overdue: the next one should have come.

Formula: expected day = last bill date + 1 month, on the account's bill day (where it is not known, the latest
day of the month that its bills were dated); accused where `as_of` is later than the expected day + the
account's grace days. Nothing is claimed.

Fields: bill dates of the account's invoices, the account's bill day and grace days, the day of the audit. A
bill dated a few days off its day belongs to the nearest one.

Remedy: ask the carrier for the bill, before it is overdue and a late charge follows; close the account if it
has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from app.audit.claims import claim_step
from app.audit.rule import Rule
from app.audit.wording import count
from app.domain.finding import FindingDraft
from app.domain.history import AccountContext
from app.domain.period import add_months
from app.domain.proof import Proof
from app.domain.vocabulary import Ledger


def bill_missing(context: AccountContext) -> Iterator[FindingDraft]:
    """Yield a finding where the account's next bill is later than its grace days allow."""
    if not context.invoices:
        return
    account = context.account
    last = max(context.invoices, key=lambda invoice: (invoice.bill_date, invoice.id))
    anchor = account.bill_day or max(invoice.bill_date.day for invoice in context.invoices)
    expected = _next_bill(last.bill_date, anchor)
    if context.as_of <= expected + timedelta(days=account.grace_days):
        return
    late = (context.as_of - expected).days
    yield FindingDraft(
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


def _next_bill(last: date, anchor: int) -> date:
    """The bill day nearest to a month after `last`, which may itself be dated some days off its day."""
    a_month_later = add_months(last, 1)
    return min((add_months(last, months, anchor) for months in (0, 1, 2)), key=lambda day: abs(day - a_month_later))


RULE: Rule[AccountContext] = Rule(
    code="A04",
    name="bill_missing",
    version=1,
    ledger=Ledger.CHECK,
    check=bill_missing,
    summary="The account's next bill has not come.",
)
