"""Discounts: a per cent or a fixed amount off a charge, for some days, with a reason.

The element's price is the per cent or the amount. A discount never makes an amount negative: it ends at what the charge
is. It lowers the charge itself, or stands beside it as a credit of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.parameters import Form, Parameter, Settings, read_settings
from app.domain.period import Period, add_months
from app.domain.proof import ProofStep, written
from app.domain.terms import ContractTerms, RateElementTerms
from app.rating.charge_models.measure import Measure
from app.rating.modifiers.change import Change, within
from app.rating.proration import ONE_MONTH, Proration


class DiscountKind(StrEnum):
    """What the element's price is."""

    PERCENT = "percent"
    FIXED = "fixed"


class DiscountPer(StrEnum):
    """What a fixed amount is for."""

    UNIT = "unit"
    PERIOD = "period"


class Shown(StrEnum):
    """Where a discount stands on a bill."""

    NET = "net"  # in the charge itself
    LINE = "line"  # as a credit of its own


PARAMETERS = (
    Parameter("kind", Form.WORD, "whether the price is a per cent or a fixed amount", "percent", words=DiscountKind),
    Parameter(
        "per", Form.WORD, "whether a fixed amount is for each unit or for all of them", "unit", words=DiscountPer
    ),
    Parameter("prorated", Form.YES_NO, "whether part of a month has part of a fixed amount", "yes"),
    Parameter("since", Form.DATE, "first day; empty: the element's", ""),
    Parameter("till", Form.DATE, "the day from which it no longer holds", ""),
    Parameter("lasts", Form.WHOLE, "months from the first day for which it holds", "", least=1, most=1200),
    Parameter("shown", Form.WORD, "in the charge, or as a credit of its own", "net", words=Shown),
    Parameter("line_code", Form.TEXT, "the code that the bill prints on a credit of its own", ""),
    Parameter("reason", Form.TEXT, "why it was given", ""),
)


@dataclass(frozen=True, slots=True)
class Reduction:
    """What a discount does to an amount: `credit` is negative, `net` what remains of the charge.

    `steps` end with what the bill should show: the net amount, or the credit where it is a line of its own.
    """

    credit: Decimal
    net: Decimal
    shown: Shown
    reason: str
    steps: tuple[ProofStep, ...]


def change(
    price: Decimal, element: RateElementTerms, contract: ContractTerms, day: date, since: date = date.min
) -> Change:
    """`price` as it is: a discount changes amounts (see `apply`)."""
    return Change(price)


def apply(
    amount: Decimal,
    quantity: Decimal,
    element: RateElementTerms,
    contract: ContractTerms,
    day: date,
    months: Proration = ONE_MONTH,
) -> Reduction | None:
    """What the discount takes off a charge of `quantity` units and `amount` on `day`; None where it takes nothing."""
    settings = read_settings(element.parameters, PARAMETERS)
    if amount <= 0 or not _holds(element, settings, day):
        return None
    measure, reason = Measure(contract, element, quantity, months), settings.text("reason")
    worth = _write_worth(amount, measure, settings)
    credit = measure.step(f"Discount{f' ({reason})' if reason else ''}", f"0 − min({written(amount)}, {worth})")
    if -credit.result > amount:  # rounded up from an amount of more places than a charge has
        credit = ProofStep(credit.basis, f"0 − {written(amount)}", -amount)
    if not credit.result:
        return None
    net, shown = amount + credit.result, settings.word("shown", Shown)
    if shown is Shown.LINE:
        return Reduction(credit.result, net, shown, reason, (credit,))
    last = ProofStep("What remains of the charge", f"{written(amount)} − {written(-credit.result)}", net)
    return Reduction(credit.result, net, shown, reason, (credit, last))


def next_changes(element: RateElementTerms, contract: ContractTerms, period: Period) -> tuple[date, ...]:
    """The first day of the discount and the one from which it no longer holds, where they lie within `period`."""
    return within(_days(element, read_settings(element.parameters, PARAMETERS)), element, period)


def _write_worth(amount: Decimal, measure: Measure, settings: Settings) -> str:
    price = written(measure.element.price)
    if settings.word("kind", DiscountKind) is DiscountKind.PERCENT:
        return f"{written(amount)} × {price} ÷ 100"
    factors = [price]
    if settings.word("per", DiscountPer) is DiscountPer.UNIT:
        factors.append(written(measure.quantity))
    if settings.flag("prorated") and measure.months.formula != "1":
        factors.append(f"({measure.months.formula})")
    return " × ".join(factors)


def _days(element: RateElementTerms, settings: Settings) -> tuple[date, date]:
    """The days on which the discount holds, half-open."""
    since = settings.day("since") or element.effective_from
    ends = [settings.day("till"), add_months(since, settings.whole("lasts")) if settings.has("lasts") else None]
    return since, min(day for day in (*ends, date.max) if day is not None)


def lowers(element: RateElementTerms, day: date) -> bool:
    """Whether the discount is taken off the charge itself on `day`."""
    settings = read_settings(element.parameters, PARAMETERS)
    return settings.word("shown", Shown) is Shown.NET and _holds(element, settings, day)


def is_amount(element: RateElementTerms) -> bool:
    """Whether it is an amount of money, not a per cent."""
    return read_settings(element.parameters, PARAMETERS).word("kind", DiscountKind) is DiscountKind.FIXED


def is_for_the_whole(element: RateElementTerms) -> bool:
    """Whether it is a fixed amount for a charge as a whole, however many prices the charge has."""
    settings = read_settings(element.parameters, PARAMETERS)
    return settings.word("kind", DiscountKind) is DiscountKind.FIXED and not settings.flag("prorated")


def _holds(element: RateElementTerms, settings: Settings, day: date) -> bool:
    since, end = _days(element, settings)
    return element.in_force(day) and since <= day < end
