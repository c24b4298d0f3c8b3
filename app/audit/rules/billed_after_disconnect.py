"""A recurring charge goes on after its service was disconnected.

Formula: claim = amount × days on and after the first day that may not be billed ÷ days of the period. That day
is the disconnect date, or the day after it where the contract bills the disconnect day. Accused where at least
one such day lies in the period.

Fields: the charge's amount and period (the invoice's, where it prints none), the service's disconnect date, the
contract's field "disconnect day billed". Only recurring charges (MRC) with an amount above zero: usage and
one-time charges are billed later by nature.

Remedy: dispute with the disconnect order and its confirmation; if the service was never disconnected, correct
the inventory.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.audit.claims import accuse, claim_step
from app.audit.rule import Rule
from app.audit.wording import count, find_contract, name_service, say, say_days
from app.domain.finding import FindingDraft
from app.domain.history import AuditContext, ChargeFacts
from app.domain.period import Period
from app.domain.proof import written
from app.domain.terms import ContractTerms
from app.domain.vocabulary import ChargeType, Ledger


def billed_after_disconnect(context: AuditContext) -> Iterator[FindingDraft]:
    """Yield a finding for each recurring charge with days after its service's disconnection."""
    for charge in context.invoice.charges:
        service = context.services.get(charge.service_id) if charge.service_id is not None else None
        period = context.invoice.period_of(charge)
        if charge.charge_type is not ChargeType.MRC or charge.amount <= 0 or period is None:
            continue
        if service is None or service.disconnected is None:
            continue
        first = _first_unbilled_day(context, charge, service.disconnected)
        if period.end <= first:
            continue
        after = Period(max(first, period.start), period.end)
        claim = claim_step(
            f"Charge × days from {after.start.isoformat()} on, of the days of {say_days(period)}",
            f"{written(charge.amount)} × {after.days} ÷ {period.days}",
        )
        yield accuse(
            RULE,
            context,
            f"Billed {say(charge.amount)} for {say_days(period)}, but {name_service(charge)} was disconnected on "
            f"{service.disconnected.isoformat()}: {count(after.days, 'day')} of {period.days} too many, "
            f"{say(claim.result)} too much.",
            claim,
            charge=charge,
            expected=charge.amount - claim.result,
            days=after,
        )


def _first_unbilled_day(context: AuditContext, charge: ChargeFacts, disconnected: date) -> date:
    """By the contract that priced the charge; without one, by the most lenient contract of the account."""
    contract = find_contract(context, context.rated.get(charge.id))
    contracts = [contract] if contract is not None else _contracts_of_account(context)
    days = {each.first_unbilled_day(disconnected) for each in contracts}
    return max(days, default=disconnected)


def _contracts_of_account(context: AuditContext) -> list[ContractTerms]:
    return [
        contract
        for contract in context.contracts
        if contract.carrier_id == context.account.carrier_id
        and (not contract.account_ids or context.account.id in contract.account_ids)
    ]


RULE: Rule[AuditContext] = Rule(
    code="A21",
    name="billed_after_disconnect",
    version=1,
    ledger=Ledger.ERROR,
    check=billed_after_disconnect,
    summary="A recurring charge covers days after its service was disconnected.",
)
