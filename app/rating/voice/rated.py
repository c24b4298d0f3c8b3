"""A priced call as a value: the pieces that it consists of and what they cost together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from app.domain.money import RATE_SCALE, RoundingMode, from_scaled
from app.rating.voice.call import Call, DeckRow
from app.rating.voice.terms import Jurisdiction

# Prices have 10 places and are for 60 seconds; the per cents of a rate group and of a tier are whole.
DENOMINATOR = 60 * 10**RATE_SCALE * 100 * 100
USAGE_DENOMINATOR = DENOMINATOR // 100  # of a usage cost before the discount of a tier
_OF_A_RATE: int = DENOMINATOR // 10**RATE_SCALE


class Piece(NamedTuple):
    """Billable seconds of a call that lie one after another and cost alike.

    `price` is for a minute, in 10^-10 of the currency unit; `percent` that of its rate group; `share` the per cent that
    a tier leaves of it. `rows` are those of the deck that give the price: two where a share of the call counts as
    interstate and the rest as intrastate. A free piece lies within a bundle.
    """

    seconds: int
    band: str
    price: int
    rows: tuple[DeckRow, ...]
    percent: int = 100
    share: int = 100
    free: bool = False

    @property
    def usage(self) -> int:
        """Its cost before a tier's discount, in 1 ÷ USAGE_DENOMINATOR."""
        return 0 if self.free else self.seconds * self.price * self.percent


@dataclass(frozen=True, slots=True)
class RatedCall:
    """A call with its price, or with why it has none.

    `price` is for a minute in the band of the call's start, `seconds` are billable ones. `numerator` is the exact cost
    in 1 ÷ DENOMINATOR; `expected` the cost after rounding where the contract rounds calls, else None. `connect` is the
    fee that is due, in 10^-10 of the currency unit. `tiers` are the parts of the usage cost (in 1 ÷ USAGE_DENOMINATOR)
    that lie in tiers measured in money, each with the per cent that is left of it.
    """

    call: Call
    zone: str = ""
    band: str = ""
    jurisdiction: Jurisdiction = Jurisdiction.UNKNOWN
    price: Decimal | None = None
    seconds: int = 0
    numerator: int = 0
    expected: Decimal | None = None
    connect: int = 0
    pieces: tuple[Piece, ...] = ()
    tiers: tuple[tuple[int, int], ...] = ()
    unpriced: str = ""

    @property
    def exact(self) -> Fraction:
        """The exact cost; 0 where the call has no price."""
        return Fraction(self.numerator, DENOMINATOR)

    @property
    def free_seconds(self) -> int:
        return sum(piece.seconds for piece in self.pieces if piece.free)

    @property
    def usage(self) -> int:
        """The cost of its seconds before a tier's discount, in 1 ÷ USAGE_DENOMINATOR."""
        return sum(piece.usage for piece in self.pieces)


def add_cost(
    pieces: Iterable[Piece], tiers: tuple[tuple[int, int], ...], connect: int, payphone: int, deductible: bool
) -> int:
    """The cost of a call in 1 ÷ DENOMINATOR: usage and connect fee, or the larger of both; then the payphone's."""
    if tiers:
        usage = sum(amount * percent for amount, percent in tiers)
    else:
        usage = sum(piece.usage * piece.share for piece in pieces)
    fee: int = connect * _OF_A_RATE
    return (max(fee, usage) if deductible else fee + usage) + payphone * _OF_A_RATE


def round_cost(numerator: int, places: int, mode: RoundingMode) -> Decimal:
    """A cost in 1 ÷ DENOMINATOR rounded to `places` (at most 10): what `round_amount` does, on whole numbers."""
    step = DENOMINATOR // int(10**places)
    units, rest = divmod(abs(numerator), step)
    if (
        (mode is RoundingMode.UP and rest)
        or (mode is RoundingMode.HALF_UP and 2 * rest >= step)
        or (mode is RoundingMode.HALF_EVEN and (2 * rest > step or (2 * rest == step and units % 2)))
    ):
        units += 1
    return Decimal(-units if numerator < 0 else units).scaleb(-places)


def price_of(scaled: int) -> Decimal:
    """A price in 10^-10 of the currency unit as a decimal."""
    return from_scaled(scaled, RATE_SCALE)
