"""A call and a row of a rate deck, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Call:
    """One recorded call. `started` is UTC seconds since 1970, `seconds` the answered ones; `number` the other party's
    digits of E.164, "" where it is not known; `billed` what the carrier charges for it, if it says."""

    line: str
    number: str
    started: int
    seconds: int
    billed: Decimal | None = None
    payphone: bool = False


@dataclass(frozen=True, slots=True)
class DeckRow:
    """The price of a minute to numbers that begin with `prefix`, from a day until another, both beginning at midnight
    of the contract's time zone; "" in `jurisdiction` or `band` means any.

    `initial`, `increment` and `connect` go before the contract's where they are given.
    """

    prefix: str
    zone: str
    price: Decimal
    effective_from: date
    effective_to: date | None = None
    jurisdiction: str = ""
    band: str = ""
    connect: Decimal | None = None
    initial: int | None = None
    increment: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """Where numbers that begin with `prefix` are: for jurisdictions. `country` is a calling code such as "1"; rate
    centres of one local calling area carry the same `local`."""

    prefix: str
    country: str
    state: str = ""
    lata: str = ""
    local: str = ""
    toll_free: bool = False
