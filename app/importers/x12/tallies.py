"""Amounts that are not charges of the bill, summed by kind so that they are told once and not a million times."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.source import Source
from app.importers.tabular.issues import IssueList
from app.importers.x12.codes import AMOUNTS
from app.importers.x12.drafts import Draft
from app.importers.x12.segments import Segment, place

_REASONS = {
    "included": "stand in another amount already (relationship I or O), so they are not charged again",
    "supporting": "are supporting detail below a charge, so they are not charged again",
    "covered": "are calls whose charge stands at their level or above, so they are not charged again",
}
_LOOK = "Compare the bill with its paper form: whether they add to it is not said in the file, so they are left out."


@dataclass(slots=True)
class Tally:
    """How many amounts, their sum, and where the first stands."""

    first: Source
    count: int = 0
    sum: Decimal = ZERO


@dataclass(slots=True)
class Tallies:
    """The sums of one set."""

    rounded: int = 0  # lines whose quantity × price has parts of a cent
    out: dict[str, Tally] = field(default_factory=dict)
    amounts: dict[str, Tally] = field(default_factory=dict)
    segments: dict[str, Tally] = field(default_factory=dict)

    def left_out(self, why: str, draft: Draft) -> None:
        """An amount that is no charge, and why."""
        tally = self.out.get(why)
        if tally is None:
            tally = self.out.setdefault(why, Tally(place(draft.number, draft.tag, draft.element)))
        tally.count += 1
        tally.sum += draft.amount or ZERO

    def told(self, what: str, segment: Segment, amount: Decimal) -> None:
        """An amount that only informs."""
        key = f"{what}*{segment.get(1)[:3]}" if what == "AMT" else what
        _add(self.amounts, key, amount, segment.place())

    def unread(self, segment: Segment) -> None:
        """A segment that no rule reads."""
        _add(self.segments, segment.tag[:10], ZERO, segment.place())

    def tell(self, issues: IssueList) -> None:
        """Say what was left out."""
        for why, tally in self.out.items():
            count = f"{tally.count:,} amounts of {tally.sum:,.2f} in all"
            if why in _REASONS:
                issues.tell(f"amounts-{why}", f"{count} {_REASONS[why]}.", tally.first)
            else:
                message = f"{count} in {why} are not counted: nothing says that they add to the bill."
                issues.warn("amounts-unclear", message, _LOOK, tally.first)
        for what, tally in self.amounts.items():
            words = AMOUNTS.get(what.partition("*")[2], "")
            named = f"{what} ({words})" if words and what.startswith("AMT") else what
            issues.tell(
                "amounts-inform", f"{tally.count:,} {named} of {tally.sum:,.2f} in all only inform.", tally.first
            )
        for tag, tally in self.segments.items():
            message = f"{tally.count:,} segments {tag} are not read: no rule says what they mean in a bill."
            issues.warn("segment-not-read", message, "Look whether they hold anything that matters.", tally.first)


def _add(tallies: dict[str, Tally], key: str, amount: Decimal, source: Source) -> None:
    if key not in tallies and len(tallies) >= 50:
        key = "others"
    tally = tallies.setdefault(key, Tally(source))
    tally.count += 1
    tally.sum += amount
