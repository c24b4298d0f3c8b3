"""What a dispute letter says: plain values, collected by `services.letters`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.proof import Proof


@dataclass(frozen=True, slots=True)
class Party:
    """Who writes or is written to. `address` has a line per line."""

    name: str
    address: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class LetterItem:
    """One disputed charge. `place` is the charge's number on its bill, None for a claim on the bill as a whole;
    `printed_at` says where it stands ("page 2"); `expected` is what the contract says, None where nothing is due."""

    ban: str
    invoice: str
    bill_date: date
    place: int | None
    service: str
    description: str
    period: str
    billed: Decimal | None
    expected: Decimal | None
    claimed: Decimal
    accusation: str
    message: str
    printed_at: str
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class LetterData:
    """A letter that claims money back from one carrier in one currency."""

    number: str
    written_on: date
    sender: Party
    recipient: Party
    currency: str
    items: tuple[LetterItem, ...]
    contracts: tuple[str, ...] = ()
    withheld: Decimal = ZERO
    file_by: date | None = None
    answer_days: int = 30
    reference: str = ""

    @property
    def claim(self) -> Decimal:
        return sum((item.claimed for item in self.items), ZERO)

    @property
    def accounts(self) -> tuple[str, ...]:
        """The account numbers, each once, in the order of the items."""
        return tuple(dict.fromkeys(item.ban for item in self.items))
