"""Legal transitions, as tables. A status changes by `check` or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from app.domain.vocabulary import DisputeStatus, InvoiceStatus, PaymentStatus
from app.errors import UserError

Status = TypeVar("Status", bound=StrEnum)
Flow = Mapping[Status, frozenset[Status]]

_I, _D, _P = InvoiceStatus, DisputeStatus, PaymentStatus

# audit may be run again until a person has approved; what is approved changes only by being returned; a paid invoice
# opens again where its money comes back (APPROVED) or a denied dispute leaves a rest to pay (IN_APPROVAL)
INVOICE_FLOW: Flow[InvoiceStatus] = {
    _I.RECEIVED: frozenset({_I.POSTED}),
    _I.POSTED: frozenset({_I.MATCHED, _I.SUPERSEDED}),
    _I.MATCHED: frozenset({_I.MATCHED, _I.RATED, _I.SUPERSEDED}),
    _I.RATED: frozenset({_I.MATCHED, _I.RATED, _I.AUDITED, _I.SUPERSEDED}),
    _I.AUDITED: frozenset({_I.MATCHED, _I.RATED, _I.AUDITED, _I.IN_APPROVAL, _I.ON_HOLD, _I.SUPERSEDED}),
    _I.IN_APPROVAL: frozenset({_I.APPROVED, _I.RETURNED, _I.ON_HOLD}),
    _I.APPROVED: frozenset({_I.SCHEDULED, _I.RETURNED, _I.ON_HOLD}),
    _I.SCHEDULED: frozenset({_I.PAID, _I.APPROVED, _I.ON_HOLD}),
    _I.PAID: frozenset({_I.RECONCILED, _I.APPROVED, _I.IN_APPROVAL}),
    _I.RECONCILED: frozenset({_I.APPROVED, _I.IN_APPROVAL}),
    _I.ON_HOLD: frozenset({_I.AUDITED, _I.SUPERSEDED}),
    _I.RETURNED: frozenset({_I.MATCHED, _I.RATED, _I.AUDITED, _I.IN_APPROVAL, _I.SUPERSEDED}),
    _I.SUPERSEDED: frozenset(),
}

DISPUTE_FLOW: Flow[DisputeStatus] = {
    _D.DRAFT: frozenset({_D.FILED, _D.WITHDRAWN}),
    _D.FILED: frozenset({_D.ACKNOWLEDGED, _D.APPROVED, _D.DENIED, _D.WITHDRAWN}),
    _D.ACKNOWLEDGED: frozenset({_D.APPROVED, _D.DENIED, _D.WITHDRAWN}),
    _D.APPROVED: frozenset({_D.CREDITED}),
    _D.DENIED: frozenset({_D.FILED, _D.CLOSED}),
    _D.CREDITED: frozenset({_D.CLOSED}),
    _D.CLOSED: frozenset(),
    _D.WITHDRAWN: frozenset(),
}

PAYMENT_FLOW: Flow[PaymentStatus] = {
    _P.SCHEDULED: frozenset({_P.RELEASED, _P.VOID}),
    _P.RELEASED: frozenset({_P.SETTLED, _P.RETURNED}),
    _P.SETTLED: frozenset({_P.RETURNED}),
    _P.RETURNED: frozenset(),
    _P.VOID: frozenset(),
}


# what nobody has submitted yet is matched, rated and audited as often as the facts change
UNSUBMITTED = frozenset(status for status, following in INVOICE_FLOW.items() if _I.MATCHED in following)


class IllegalTransition(UserError):
    """{subject} is {current} and cannot become {wanted}; possible from here: {possible}."""


def check(flow: Flow[Status], current: Status, wanted: Status, subject: str) -> Status:
    """Return `wanted` where the table allows it, else raise IllegalTransition."""
    if wanted not in flow[current]:
        possible = ", ".join(sorted(str(status) for status in flow[current])) or "nothing"
        raise IllegalTransition(subject=subject, current=current, wanted=wanted, possible=possible)
    return wanted
