"""What an audit accuses a bill of, before it is stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.period import Period
from app.domain.proof import Proof
from app.domain.vocabulary import Ledger


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """One accusation. `claim` is what we ask back: never negative, and 0 where nothing can be asked.

    `key` tells two findings of one rule on one subject apart (a period, another invoice's number); together with the
    rule and the subject it makes the fingerprint by which a second audit recognises the finding.
    """

    rule: str  # the code, "A30"
    name: str  # the accusation, "rate_above_contract"
    version: int
    ledger: Ledger
    message: str
    account_id: int
    claim: Decimal = ZERO
    billed: Decimal | None = None
    expected: Decimal | None = None
    invoice_id: int | None = None
    charge_id: int | None = None
    service_id: int | None = None
    proof: Proof | None = None
    key: str = ""
    days: Period | None = None  # the days of the charge that the claim is for; None: the whole charge

    @property
    def fingerprint(self) -> str:
        """The same for the same accusation, however often it is made."""
        parts = (self.rule, self.account_id, self.invoice_id, self.charge_id, self.service_id, self.key)
        return hashlib.sha256("\x1f".join("" if part is None else str(part) for part in parts).encode()).hexdigest()
