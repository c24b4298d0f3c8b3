"""Recorded calls under a contract's increments, and their sums written so that a person can check them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.evidence import UsageFacts
from app.domain.money import RATE_SCALE, round_amount
from app.domain.parameters import Form, Parameter, Settings
from app.domain.proof import ProofStep, written
from app.domain.terms import RateElementTerms
from app.rating.charge_models.measure import to_decimal
from app.rating.voice.read_terms import read_rate_groups

PARAMETERS = (
    Parameter("initial", Form.WHOLE, "least seconds billed of an answered call", "60", least=1, most=3600),
    Parameter("increment", Form.WHOLE, "seconds in whose steps the rest of a call is billed", "60", least=1, most=3600),
    Parameter("unit", Form.WHOLE, "seconds that the price is for", "60", least=1, most=3600),
    Parameter("connect", Form.DECIMAL, "fee for each answered call", "0"),
    Parameter("deductible", Form.YES_NO, "whether the connect fee is a least charge instead of an extra one", "no"),
    Parameter("rate_groups", Form.TABLE, "from which second on which per cent of the price: 0:100, 60:50", ""),
)
CallCount = tuple[int, int]  # (billable seconds of a call, calls of that length)
TERMS_OF_A_LINE = 12


@dataclass(frozen=True, slots=True)
class CallPrice:
    """What a call of some billable seconds costs: the price of `unit` seconds, by groups of seconds, and the connect
    fee, which is added, or is the least charge where it is deductible (domain/rating, 5.1)."""

    price: Decimal
    unit: int
    connect: Decimal
    deductible: bool
    groups: tuple[tuple[int, int], ...]  # (from this billable second on, per cent of the price)

    def shares(self, seconds: int) -> Iterator[tuple[int, int]]:
        """The call's seconds as (seconds, per cent), group by group."""
        groups = self.groups or ((0, 100),)
        for (start, percent), end in zip(groups, [*(start for start, _ in groups[1:]), seconds], strict=True):
            if (many := min(end, seconds) - start) > 0:
                yield many, percent

    def weigh(self, seconds: int) -> Decimal:
        """The seconds at the full price that cost as much as the call's."""
        return sum((Decimal(many * percent) for many, percent in self.shares(seconds)), Decimal(0)).scaleb(-2)

    def plain_weight(self, seconds: int) -> Decimal | int:
        """`weigh`, as a whole number where it is one."""
        weight = self.weigh(seconds)
        return int(weight) if weight == weight.to_integral_value() else weight

    def write_weight(self, seconds: int) -> str:
        """`weigh` as a formula: "60 + 145 × 50 ÷ 100"."""
        return " + ".join(f"{many}" if cent == 100 else f"{many} × {cent} ÷ 100" for many, cent in self.shares(seconds))

    def usage(self, seconds: int) -> Fraction:
        return Fraction(self.price) * Fraction(self.weigh(seconds)) / self.unit

    def is_least(self, seconds: int) -> bool:
        """Whether the call costs the connect fee as its least charge."""
        return self.deductible and self.usage(seconds) < Fraction(self.connect)

    def cost(self, seconds: int) -> Fraction:
        usage, connect = self.usage(seconds), Fraction(self.connect)
        return max(connect, usage) if self.deductible else connect + usage

    def write_cost(self, seconds: int) -> str:
        """`cost` as a formula."""
        usage = f"{written(self.price)} × {written(self.plain_weight(seconds))} ÷ {self.unit}"
        if not self.connect:
            return usage
        connect = written(self.connect)
        return f"max({connect}, {usage})" if self.deductible else f"{connect} + {usage}"


def read_call_price(element: RateElementTerms, settings: Settings) -> CallPrice:
    """The price of calls that an element's parameters describe; raises BadParameters for groups out of order."""
    return CallPrice(
        price=element.price,
        unit=settings.whole("unit"),
        connect=settings.decimal("connect"),
        deductible=settings.flag("deductible"),
        groups=read_rate_groups(settings, element.parameters),
    )


def billable_seconds(seconds: int, initial: int, increment: int) -> int:
    """The seconds that a call of `seconds` answered seconds is billed (domain/rating, 5.1).

    0 for a call that was not answered; `initial` up to that; then whole increments on top of it.
    """
    if seconds <= 0:
        return 0
    if seconds <= initial:
        return initial
    return initial + -(-(seconds - initial) // increment) * increment


def by_billable_seconds(usage: UsageFacts, settings: Settings) -> tuple[CallCount, ...]:
    """How many recorded calls are billed for how many seconds, ascending; calls billed for none are left out."""
    initial, increment = settings.whole("initial"), settings.whole("increment")
    counted: Counter[int] = Counter()
    for seconds, calls in usage.durations:
        counted[billable_seconds(seconds, initial, increment)] += calls
    return tuple((seconds, calls) for seconds, calls in sorted(counted.items()) if seconds and calls)


def recorded_minutes(usage: UsageFacts, settings: Settings) -> Decimal:
    """Recorded calls in billable minutes, at 10 places."""
    seconds = sum(seconds * calls for seconds, calls in by_billable_seconds(usage, settings))
    return round_amount(to_decimal(Fraction(seconds, 60)), RATE_SCALE).normalize() + Decimal("0.00")


def add_up(parts: Sequence[tuple[Decimal | int, int]], basis: str) -> tuple[tuple[ProofStep, ...], str]:
    """Σ value × calls as steps of a dozen terms each, and the formula of their sum."""
    steps = []
    for start in range(0, len(parts), TERMS_OF_A_LINE):
        line = parts[start : start + TERMS_OF_A_LINE]
        formula = " + ".join(f"{calls} × {written(value)}" for value, calls in line)
        result = sum((Decimal(value) * calls for value, calls in line), Decimal(0))
        steps.append(ProofStep(basis, formula, result))
    total = " + ".join(written(step.result) for step in steps) or "0"
    return tuple(steps), f"({total})" if len(steps) > 1 else total
