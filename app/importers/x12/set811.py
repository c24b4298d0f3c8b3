"""The set 811, consolidated service invoice: levels, services, calls, usage, allowances, balances."""

from __future__ import annotations

from datetime import date

from app.domain.money import EXACT, ZERO
from app.domain.vocabulary import ChargeType
from app.importers.tabular.issues import IssueList
from app.importers.x12.bill_set import BillSet
from app.importers.x12.drafts import Draft, Level
from app.importers.x12.elements import text
from app.importers.x12.header import take_balance
from app.importers.x12.levels import VEHICLE
from app.importers.x12.profile import Profile
from app.importers.x12.segments import Segment

INFORMATION_ONLY = "15"  # ITA04: information only


class ServiceBill(BillSet):
    """Reads an 811."""

    def __init__(self, issues: IssueList, profile: Profile, number: int) -> None:
        super().__init__(issues, profile, number)
        self.handlers |= {
            "HL": self._level, "LX": self._group, "NM1": self._name, "TCD": self._call, "USD": self._usage,
            "ITA": self._allowance, "BAL": self._balance, "VEH": self._vehicle,
        }  # fmt: skip

    def _level(self, segment: Segment) -> None:
        level = Level(segment.get(1), segment.get(2), segment.get(3), segment.number)
        self.foreign = self.foreign or level.kind == VEHICLE
        self.tree.add(level)
        self.level, self.line, self.target, self.party = level, None, None, None
        self.open_lines.clear()

    def _group(self, segment: Segment) -> None:
        """LX: what follows is said of the level."""
        self.target, self.party = None, None

    def _vehicle(self, segment: Segment) -> None:
        self.foreign = True

    def _call(self, segment: Segment) -> None:
        """TCD: a call; 13 is what remains of 12 after its discount. A second pair of amounts is only told."""
        gross, net = self.elements.amount(segment, 12), self.elements.amount(segment, 13)
        element = 12 if net is None else 13
        for position in (14, 15):
            more = self.elements.amount(segment, position)
            if more:
                self.tallies.told(f"TCD*{position}", segment, more)
        amount = gross if net is None else net
        day = self.elements.day(segment, 2)
        draft = Draft(segment.number, "TCD", element, self.level, amount, ChargeType.USAGE, segment.get(16))
        minutes, seconds = self.elements.rate(segment, 10), self.elements.rate(segment, 11)
        if minutes is not None or seconds is not None:
            draft.quantity, draft.unit = (minutes, "MIN") if minutes is not None else (seconds, "SEC")
        draft.say(_describe_call(segment, day))
        draft.code = text(segment, 1, 20)
        self.target, self.party = draft, None
        self.keep(draft)

    def _usage(self, segment: Segment) -> None:
        """USD: usage; its amount (08) wins over its price (03), and a discount (09) is only told."""
        price, many = self.elements.rate(segment, 3), self.elements.rate(segment, 6)
        amount, element = self.elements.amount(segment, 8), 8
        if amount is None and price is not None and many is not None:
            amount, element = self._in_cents(EXACT.multiply(price, many), segment, 3), 3
        discount = self.elements.cents(segment, 9)
        if discount:
            self.tallies.told("USD*09", segment, discount)
        draft = Draft(segment.number, "USD", element, self.level, amount, ChargeType.USAGE, segment.get(1))
        draft.quantity, draft.unit_price = many, price
        draft.unit = segment.get(5).split(self.profile.component)[0]
        draft.code = text(segment, 2, 20)
        draft.say("Usage")
        self.target, self.party = draft, None
        self.keep(draft)

    def _allowance(self, segment: Segment) -> None:
        """ITA: an allowance or charge; its amount is in hundredths."""
        amount = self.elements.cents(segment, 7)
        if amount is None:
            percent = self.elements.rate(segment, 9)
            if percent:
                self.tallies.unread(segment)
            return
        if segment.get(4) == INFORMATION_ONLY or (self.summing and self.party is not None):
            self.tallies.told("ITA", segment, amount)  # of one of several accounts, or for information
            return
        draft = self.allow(segment, amount, text(segment, 3, 20) or text(segment, 5, 20), text(segment, 13))
        if draft is None:
            return
        draft.element = 7
        self.keep(draft)
        if self.target is None or self.target.tag in {"IT1", "ITA"}:
            # what follows is said of the allowance; in an IT1 the next ITA or TXI belongs to the line again
            draft.owner = draft.owner.owner if draft.owner is not None and draft.owner.tag == "ITA" else draft.owner
            self.target = draft

    def _balance(self, segment: Segment) -> None:
        if self.party is None:
            take_balance(self.header, segment, self.elements)
        else:
            amount = self.elements.amount(segment, 3) or ZERO
            self.tallies.told("BAL", segment, amount)  # of one of several accounts


def _describe_call(segment: Segment, day: date | None) -> str:
    """ "Call 2024-02-10 10:15 to 3125550100 IL"."""
    at = segment.get(3)
    time = f"{at[:2]}:{at[2:4]}" if at[:4].isdigit() and len(at) >= 4 else ""
    to = " ".join(part for part in (text(segment, 5, 30), text(segment, 6, 2)) if part)
    return " ".join(part for part in ("Call", str(day) if day else "", time, f"to {to}" if to else "") if part)
