"""A recurring charge begins before its service was installed.

Formula: claim = amount × days before the install date ÷ days of the period. Accused where at least one such day
lies in the period; the install date itself may be billed.

Fields: the charge's amount and period (the invoice's, where it prints none), the service's install date. Only
recurring charges (MRC) with an amount above zero: usage and one-time charges may come earlier.

Remedy: dispute with the acceptance or hand-over record; if the service was in use earlier, correct the
inventory.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.audit.claims import accuse, claim_step
from app.audit.rule import Rule
from app.audit.wording import count, name_service, say, say_days
from app.domain.finding import FindingDraft
from app.domain.history import AuditContext
from app.domain.period import Period
from app.domain.proof import written
from app.domain.vocabulary import ChargeType, Ledger


def billed_before_install(context: AuditContext) -> Iterator[FindingDraft]:
    """Yield a finding for each recurring charge with days before its service was installed."""
    for charge in context.invoice.charges:
        service = context.services.get(charge.service_id) if charge.service_id is not None else None
        period = context.invoice.period_of(charge)
        if charge.charge_type is not ChargeType.MRC or charge.amount <= 0 or period is None:
            continue
        if service is None or service.installed is None or period.start >= service.installed:
            continue
        before = Period(period.start, min(service.installed, period.end))
        claim = claim_step(
            f"Charge × days before {service.installed.isoformat()}, of the days of {say_days(period)}",
            f"{written(charge.amount)} × {before.days} ÷ {period.days}",
        )
        yield accuse(
            RULE,
            context,
            f"Billed {say(charge.amount)} for {say_days(period)}, but {name_service(charge)} was installed on "
            f"{service.installed.isoformat()}: {count(before.days, 'day')} of {period.days} too many, "
            f"{say(claim.result)} too much.",
            claim,
            charge=charge,
            expected=charge.amount - claim.result,
            days=before,
        )


RULE: Rule[AuditContext] = Rule(
    code="A22",
    name="billed_before_install",
    version=1,
    ledger=Ledger.ERROR,
    check=billed_before_install,
    summary="A recurring charge covers days before its service was installed.",
)
