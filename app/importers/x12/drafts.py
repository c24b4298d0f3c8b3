"""What becomes charges: amounts of a set with what is said about them, before it is known which of them count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.vocabulary import ChargeType
from app.importers.x12.codes import ADDED

_LONGEST = 500


class Standing(StrEnum):
    """Whether an amount is a charge of the bill."""

    COUNTED = "counted"
    INCLUDED = "included"  # it stands in another amount already
    SUPPORTING = "supporting"  # it is detail below a charge
    HEADING = "heading"  # it has no amount
    UNCLEAR = "unclear"  # nothing says whether it adds


@dataclass(slots=True)
class Place:
    """What services and dates an amount, or everything at a level, is about."""

    tn: str = ""
    circuit_id: str = ""
    location: str = ""
    first: date | None = None
    last: date | None = None

    def fill(self, other: Place) -> None:
        """Take from `other` what is not known here. A telephone number and a circuit belong together."""
        if not self.tn and not self.circuit_id:
            self.tn, self.circuit_id = other.tn, other.circuit_id
        self.location = self.location or other.location
        if self.first is None and self.last is None:
            self.first, self.last = other.first, other.last


@dataclass(slots=True)
class Level:
    """A hierarchical level; the root, above all, has the id ""."""

    id: str
    parent: str = ""
    kind: str = ""
    number: int = 0  # its segment
    place: Place = field(default_factory=Place)
    accounts: dict[str, str] = field(default_factory=dict)
    priced: bool = False  # whether a charge of its own stands in it


@dataclass(slots=True)
class Draft:
    """One amount. `owner` is the line that a tax or allowance belongs to."""

    number: int
    tag: str
    element: int  # where its amount stands
    level: Level
    amount: Decimal | None
    kind: ChargeType | None = None
    relation: str = ""  # element 661 or 662
    owner: Draft | None = None
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    code: str = ""
    words: str = ""
    own: Place | None = None
    section: str = ""
    summary: bool = False  # it stands above or below the detail, so it may repeat what the detail says
    standing: Standing = Standing.COUNTED

    @property
    def place(self) -> Place:
        """What is said of services and dates at it, to be added to."""
        if self.own is None:
            self.own = Place()
        return self.own

    def where(self) -> Place:
        """What it is about: its own words, else those of the line that it belongs to, else those of its level."""
        found = Place()
        at: Draft | None = self
        while at is not None:
            if at.own is not None:
                found.fill(at.own)
            at = at.owner
        found.fill(self.level.place)
        return found

    def say(self, words: str) -> None:
        """Add to what it is called."""
        if words and len(self.words) < _LONGEST:
            self.words = f"{self.words} {words}" if self.words else words

    def describe(self) -> str:
        """Its words, else its code, else its place."""
        return self.words[:_LONGEST] or self.code or f"{self.tag} in segment {self.number}"


def judge(draft: Draft, supporting: bool, covered: bool) -> Standing:
    """Whether `draft` counts; those that say that they are included are not asked about.

    `supporting`: its level is one of supporting detail; `covered`: a charge of its level, or of a charge level above,
    has an amount, in which calls and usage stand already unless they say that they add.
    """
    if draft.amount is None:
        return Standing.HEADING
    if supporting:
        return Standing.SUPPORTING
    if draft.owner is not None and draft.owner.standing not in {Standing.COUNTED, Standing.HEADING}:
        return draft.owner.standing
    if draft.tag == "SLN":
        return Standing.COUNTED if draft.relation == ADDED else Standing.UNCLEAR
    if draft.tag == "USD":
        return Standing.COUNTED if draft.relation == ADDED else Standing.UNCLEAR
    if draft.tag == "TCD" and draft.relation != ADDED:
        if draft.relation:
            return Standing.UNCLEAR
        return Standing.INCLUDED if covered else Standing.COUNTED
    if draft.tag == "TXI" and draft.relation not in {"", ADDED}:
        return Standing.UNCLEAR
    return Standing.COUNTED
