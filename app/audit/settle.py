"""Sees to it that no part of a charge is claimed twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from app.audit.claims import claim_step
from app.audit.wording import say
from app.domain.finding import FindingDraft
from app.domain.history import ChargeFacts, StandingFacts
from app.domain.money import ZERO
from app.domain.period import Period
from app.domain.proof import Proof, written


@dataclass(slots=True)
class _Claimed:
    """What the findings so far claim of a charge: money, days of its period, by which rules."""

    charge: ChargeFacts
    period: Period | None
    money: Decimal = ZERO
    days: set[date] = field(default_factory=set)
    rules: list[str] = field(default_factory=list)

    def add(self, draft: FindingDraft) -> None:
        self.money += draft.claim
        self.days |= _days_of(draft.days)
        self.rules.append(draft.rule)


def settle(
    charge: ChargeFacts,
    period: Period | None,
    drafts: Iterable[FindingDraft],
    standing: Iterable[StandingFacts] = (),
) -> list[FindingDraft]:
    """The findings on one charge, in the order given, with claims that together are never more than is owed back.

    A finding about days claims only those that none before it claims. A finding about the whole charge claims at most
    its amount less what is claimed already and less what is rightly expected for the days that are left. A finding
    that is left with nothing to claim is dropped; so is one that never had a claim, once the whole charge is claimed.
    What is `standing` is not changed any more: disputed claims come before all others, dismissed ones claim nothing.
    """
    claimed = _Claimed(charge, period)
    decided = {each.fingerprint: each for each in standing if each.charge_id == charge.id}
    drafts = list(drafts)
    found = {draft.fingerprint: draft for draft in drafts}
    for fingerprint, each in decided.items():
        again = found.get(fingerprint)
        if each.claim == 0:
            continue
        if again is not None:
            claimed.add(replace(again, claim=each.claim))
        else:
            claimed.money += each.claim
            claimed.rules.append(each.rule)
    kept: list[FindingDraft] = []
    for draft in drafts:
        if draft.fingerprint in decided:
            kept.append(draft)
            continue
        if draft.claim == 0:
            if claimed.money < charge.amount:
                kept.append(draft)
            continue
        reduced = _reduce(draft, claimed)
        if reduced.claim > 0:
            claimed.add(reduced)
            kept.append(reduced)
    return kept


def _reduce(draft: FindingDraft, claimed: _Claimed) -> FindingDraft:
    """`draft` with what is left for it to claim; unchanged where that is all."""
    step = claim_step("What no other finding on this charge claims", _write_left(draft, claimed))
    if step.result >= draft.claim:
        return draft
    others = (
        f" {say(claimed.money)} of the charge is already claimed by {', '.join(claimed.rules)};"
        if claimed.rules
        else ""
    )
    before = draft.proof or Proof(())
    return replace(
        draft,
        claim=step.result,
        message=f"{draft.message}{others} {say(step.result)} is left to claim.",
        proof=replace(before, steps=(*before.steps, step)),
    )


def _write_left(draft: FindingDraft, claimed: _Claimed) -> str:
    """The formula of what is left: the claim for days that are free, and the money that is free."""
    part, left = written(draft.claim), f"{written(claimed.charge.amount)} − {written(claimed.money)}"
    if draft.days is not None:
        free = len(_days_of(draft.days) - claimed.days)
        part = f"{part} × {free} ÷ {draft.days.days}"
    elif draft.expected:
        left = f"{left} − {written(draft.expected)}"
        if claimed.period is not None and claimed.days:
            free = len(_days_of(claimed.period) - claimed.days)
            left = f"{left} × {free} ÷ {claimed.period.days}"
    return f"max(0, min({part}, {left}))"


def _days_of(period: Period | None) -> set[date]:
    if period is None:
        return set()
    return {period.start + timedelta(days=number) for number in range(period.days)}
