"""Exact money. The one door from text to Decimal, one currency per Money, one place that rounds.

Money travels at scale 6 (a millionth of the currency unit), rates at scale 10; nothing here knows binary fractions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    localcontext,
)
from enum import StrEnum

from app.errors import BugError, UserError

MONEY_SCALE = 6
RATE_SCALE = 10
_MAX_INTEGER_DIGITS = 15
_PLAIN = re.compile(rf"[+-]?[0-9]{{1,{_MAX_INTEGER_DIGITS}}}(\.[0-9]{{1,12}})?")
# 15 integer digits times 15 more, and both scales: enough for any product of an amount and a rate
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)

ZERO = Decimal(0)
CENT = Decimal("0.01")


class NotAnAmount(UserError):
    """'{text}' is not an amount: write plain digits with at most one decimal point, such as 1234.56."""


def D(text: str | int) -> Decimal:
    """Return the exact Decimal written in `text`: ASCII digits, one optional point, one optional sign.

    Exponents, underscores, NaN, infinities, digits of other scripts and group marks are refused with NotAnAmount:
    what carriers print is normalised in the importers, with the carrier's own number format.
    """
    if isinstance(text, bool) or not isinstance(text, str | int):
        raise BugError(f"D() takes text or an int, not {type(text).__name__}")
    written = str(text)
    if not _PLAIN.fullmatch(written):
        raise NotAnAmount(text=written[:40])
    return Decimal(written)


NO_CURRENCY = "XXX"  # ISO 4217: of a document that does not say in which currency it is


class RoundingMode(StrEnum):
    """How a contract rounds: the names stand in contracts and in files."""

    HALF_UP = "half_up"  # away from zero on a tie
    UP = "up"  # away from zero always
    HALF_EVEN = "half_even"
    TRUNCATE = "truncate"


_MODES = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.TRUNCATE: ROUND_DOWN,
}


def round_amount(value: Decimal, places: int = 2, mode: RoundingMode = RoundingMode.HALF_UP) -> Decimal:
    """Round `value` to `places` decimals. A credit rounds as the mirror of the charge it reverses."""
    step = Decimal(1).scaleb(-places)
    away_from_zero = ROUND_CEILING if value >= 0 else ROUND_FLOOR
    rounding = away_from_zero if mode is RoundingMode.UP else _MODES[mode]
    with localcontext(EXACT):
        return value.quantize(step, rounding=rounding)


_MOST_DIGITS = 19  # of a whole number of 64 bits


def to_scaled(value: Decimal, scale: int) -> int:
    """Return `value` × 10^scale as an int; raises BugError where that would lose a digit or leave 64 bits."""
    if not isinstance(value, Decimal) or not value.is_finite():
        raise BugError(f"{value!r} is not an exact decimal")
    scaled = EXACT.scaleb(value, scale)
    if scaled.adjusted() > _MOST_DIGITS:  # writing it out could take minutes
        raise BugError(f"{value} does not fit 64 bits at scale {scale}")
    number = int(scaled)
    if number != scaled:
        raise BugError(f"{value} has more than {scale} decimal places: round it where the contract says, first")
    if not -(2**63) <= number < 2**63:
        raise BugError(f"{value} does not fit 64 bits at scale {scale}")
    return number


def fits(value: Decimal, scale: int) -> bool:
    """Whether `to_scaled` can keep every digit of `value`."""
    try:
        to_scaled(value, scale)
    except BugError:
        return False
    return True


def from_scaled(number: int, scale: int) -> Decimal:
    """Return number × 10^-scale, exactly, written with no needless zeros beyond two places."""
    with localcontext(EXACT):
        value = Decimal(number).scaleb(-scale)
        return value.quantize(CENT) if number % 10 ** (scale - 2) == 0 else value.normalize()


class MixedCurrencies(UserError):
    """{left} and {right} cannot be added: convert one of them at a dated rate first."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in one ISO 4217 currency. Charges are positive, credits negative."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        self._check(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._check(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def _check(self, other: Money) -> None:
        if self.currency != other.currency:
            raise MixedCurrencies(left=self.currency, right=other.currency)

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.currency}"
