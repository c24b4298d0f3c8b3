"""What a rule is: one accusation, one pure check."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.domain.finding import FindingDraft
from app.domain.history import AccountContext, AuditContext
from app.domain.vocabulary import Ledger

Context = TypeVar("Context", AuditContext, AccountContext)


@dataclass(frozen=True)
class Rule(Generic[Context]):
    """`code` is the catalogue's ("A30"), `name` the accusation, `version` grows when its findings change.

    `ledger` is where its claims stand; a finding with nothing to claim stands under CHECK. `check` yields a finding
    for each accusation that it makes; it never changes anything and reads no clock. `yields_to` names the rules that
    explain a charge better: where one of them accuses it, this one claims what they leave, and makes no remark.
    """

    code: str
    name: str
    version: int
    ledger: Ledger
    check: Callable[[Context], Iterable[FindingDraft]]
    summary: str
    yields_to: tuple[str, ...] = ()
