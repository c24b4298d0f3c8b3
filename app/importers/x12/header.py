"""What a set says of the bill as a whole: number, dates, parties, accounts, terms, totals, balances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from app.domain.source import Source
from app.importers.x12.elements import Elements, text
from app.importers.x12.segments import Segment

CARRIER_ROLES = ("PE", "SE", "SU", "VN", "SJ", "RE")  # element 98, in the order in which they are believed
_INVOICE_DATE = "3"  # ITD02: the days count from the bill's date


@dataclass(slots=True)
class Party:
    """A party by its role (element 98)."""

    role: str
    name: str = ""
    id: str = ""
    address: list[str] = field(default_factory=list)

    def as_location(self) -> str:
        """The site: its id, else its name, else its address."""
        return self.id or self.name or ", ".join(self.address)


@dataclass(frozen=True, slots=True)
class Balance:
    """A BAL segment: M current or P previous month, what kind of amount, the amount."""

    month: str
    kind: str
    amount: Decimal
    source: Source


@dataclass(slots=True)
class Header:
    """The bill as a whole."""

    number: str = ""
    bill_date: date | None = None
    kind: str = ""
    purpose: str = ""
    currency: str = ""
    parties: dict[str, Party] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    corrects: str = ""
    due_date: date | None = None
    net_days: int | None = None
    first: date | None = None
    last: date | None = None
    total: Decimal | None = None
    balances: list[Balance] = field(default_factory=list)
    amounts: dict[str, Decimal] = field(default_factory=dict)  # AMT below the total, by qualifier
    lines: Decimal | None = None
    sources: dict[str, Source] = field(default_factory=dict)

    @property
    def carrier(self) -> str:
        """The name of who is to be paid."""
        for role in CARRIER_ROLES:
            party = self.parties.get(role)
            if party is not None and (party.name or party.id):
                return party.name or party.id
        return ""

    @property
    def due(self) -> date | None:
        """The due date, written or reckoned from the bill's date."""
        if self.due_date is not None or self.net_days is None or self.bill_date is None:
            return self.due_date
        return self.bill_date + timedelta(days=self.net_days)


def take_beginning(header: Header, segment: Segment, elements: Elements) -> None:
    """BIG: date, number, kind, purpose."""
    header.bill_date = elements.day(segment, 1)
    header.number = text(segment, 2, 60)
    header.kind, header.purpose = segment.get(7).upper(), segment.get(8)
    header.sources |= {"bill_date": segment.place(1), "number": segment.place(2)}


def take_terms(header: Header, segment: Segment, elements: Elements) -> None:
    """ITD: the net due date, or the days to it. The first that names one; discounts are left to the contract."""
    due = elements.day(segment, 6)
    if due is not None and header.due_date is None:
        header.due_date = due
        header.sources["due_date"] = segment.place(6)
    days = elements.rate(segment, 7)
    if days is None or header.net_days is not None or segment.get(2) != _INVOICE_DATE:
        return
    if days == int(days) and 0 <= days <= 366:
        header.net_days = int(days)
        header.sources.setdefault("due_date", segment.place(7))


def take_reference(header: Header, segment: Segment, accounts: Sequence[str]) -> None:
    """REF: accounts, whose qualifiers are `accounts`, and the bill that this one corrects."""
    kind, value = segment.get(1), text(segment, 2, 60)
    if kind in accounts and value:
        header.accounts.setdefault(kind, value)
        header.sources.setdefault("ban", segment.place(2))
    elif kind in {"I5", "OI"} and value:
        header.corrects = header.corrects or value


def take_balance(header: Header, segment: Segment, elements: Elements) -> None:
    """BAL: a balance, payment or adjustment of the account."""
    amount = elements.amount(segment, 3)
    if amount is not None:
        header.balances.append(Balance(segment.get(1), segment.get(2), amount, segment.place(3)))


def open_party(segment: Segment) -> Party:
    """The party of an N1 (name 02, id 04) or an NM1 (name 03, id 09)."""
    if segment.tag == "N1":
        return Party(segment.get(1), text(segment, 2), text(segment, 4, 80))
    return Party(segment.get(1), text(segment, 3), text(segment, 9, 80))
