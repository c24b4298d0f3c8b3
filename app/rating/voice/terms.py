"""What a contract says about calls, read from the parameters of its CALLS element. Both engines are given these terms.

Definitions that both keep (domain/rating, 5.1):

1. Billable seconds: 0 for an unanswered call; `initial` up to that; then whole increments on top. A deck row's own
   initial and increment go before these.
2. Jurisdiction, then band, then zone: the price is that of the deck row with the longest prefix of the other party's
   number that is in force when the call starts, for the call's jurisdiction and band. Rows without jurisdiction or
   band are for any; of two rows with one prefix the one that names more of them wins, jurisdiction before band.
3. The billable seconds lie one after another from the start of the call. Under BandPolicy.START all cost the price of
   the band at the start; under SPLIT each costs the price of the band that it lies in, the boundaries being those of
   the contract's time zone. The row is looked up once per band, at the start of the call.
4. Rate groups give each billable second a per cent of its price by its position in the call.
5. Usage cost = Σ price ÷ 60 × seconds × per cent. Cost = connect fee + usage cost; where the connect fee is deductible,
   max(connect fee, usage cost). The connect fee and the payphone surcharge are due once for a call of more than 0
   billable seconds; a payphone surcharge is added after that.
6. A call is rounded where the contract rounds calls; else the exact costs are added up and rounded once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.money import ZERO, RoundingMode
from app.domain.vocabulary import RoundingScope


class Jurisdiction(StrEnum):
    """How far a North American call goes, by the states and LATAs of both ends."""

    LOCAL = "local"
    INTRALATA = "intralata"
    INTRASTATE = "intrastate"
    INTERSTATE = "interstate"
    INTERNATIONAL = "international"
    TOLL_FREE = "toll_free"
    UNKNOWN = "unknown"


class BandPolicy(StrEnum):
    """Which band's price a call costs that runs from one into another."""

    START = "start"
    SPLIT = "split"


class Direction(StrEnum):
    """Who called: decides which end the other party is."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"


@dataclass(frozen=True, slots=True)
class Band:
    """Hours of the contract's time zone with a price of their own.

    `days` holds 0 (Monday) to 6, and HOLIDAY where it is for holidays; `months` 1 to 12, empty for all. Minutes are of
    the day, [start, end) up to 1,440; an end at or before the start is on the next day. Of several bands that hold at
    one moment the heaviest wins; a holiday is only in bands that name holidays, where any does.
    """

    name: str
    days: frozenset[int]
    start: int = 0
    end: int = 1440
    months: frozenset[int] = frozenset()
    weight: int = 0


HOLIDAY = 7


class TierMeasure(StrEnum):
    """What a tier's bound counts."""

    MINUTES = "minutes"
    MONEY = "money"


class TierMode(StrEnum):
    """Whether each call costs the tier that it lies in, or all calls that of the period's total."""

    GRADUATED = "graduated"
    VOLUME = "volume"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Free billable seconds of a period, used in the order of call starts: per number, or pooled over all numbers.

    `zones` are those that it is for, empty: all. `carried` comes from the period before. Where `waives_connect`, a call
    wholly within the bundle costs no connect fee. `rolls` says whether what is left goes to the next period.
    """

    seconds: int
    zones: frozenset[str] = frozenset()
    pooled: bool = False
    rolls: bool = False
    waives_connect: bool = True
    carried: int = 0


@dataclass(frozen=True, slots=True)
class CallTier:
    """Up to `upto` billable seconds (MINUTES × 60) or 10^-10 currency units (MONEY) of a period calls cost `percent`
    of their price; None: all above."""

    upto: int | None
    percent: int


@dataclass(frozen=True, slots=True)
class CallTiers:
    """A volume discount by the usage of a period, per number or pooled."""

    tiers: tuple[CallTier, ...]
    measure: TierMeasure = TierMeasure.MINUTES
    mode: TierMode = TierMode.GRADUATED
    pooled: bool = False


@dataclass(frozen=True, slots=True)
class VoiceTerms:
    """How calls are counted and priced."""

    initial: int = 60
    increment: int = 60
    connect: Decimal = ZERO
    deductible: bool = False
    direction: Direction = Direction.OUTBOUND
    time_zone: str = "UTC"
    band_policy: BandPolicy = BandPolicy.START
    bands: tuple[Band, ...] = ()
    holidays: frozenset[date] = frozenset()
    piu: Decimal | None = None  # the share of unknown calls that counts as interstate, 0 to 1; others are intrastate
    payphone: Decimal = ZERO
    rate_groups: tuple[tuple[int, int], ...] = ()  # (from this billable second on, per cent), ascending from 0
    bundle: Bundle | None = None
    tiers: CallTiers | None = None
    rounding: RoundingMode = RoundingMode.HALF_UP
    places: int = 2
    scope: RoundingScope = RoundingScope.CHARGE
