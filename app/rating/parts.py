"""The parts of a charge: where a price changes within its period, each price holds for its own days.

Every part has a price, changed by the contract's escalators and discounts, and the months that it is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.domain.period import Period
from app.domain.proof import ProofStep, written
from app.domain.terms import RateElementTerms
from app.domain.vocabulary import ChargeType, PriceChange, PriceModel
from app.errors import BugError
from app.rating.modifiers import MODIFIERS, discount
from app.rating.proration import ONE_MONTH, Proration, prorate
from app.rating.ratebook import Price, PriceQuestion, RateBook, describe


@dataclass(frozen=True, slots=True)
class Part:
    """Days of a charge with one price. `element` carries the changed price, `price` the agreed one; `steps` say how the
    one came of the other."""

    price: Price
    element: RateElementTerms
    steps: tuple[ProofStep, ...]
    months: Proration
    day: date  # the first, whose price it is
    days: Period | None
    discounts: tuple[RateElementTerms, ...] = ()  # that lower the amount of these days
    missing: str = ""  # what the contract's terms lack to tell the price


def split(book: RateBook, price: Price, question: PriceQuestion, period: Period | None) -> tuple[list[Part], str]:
    """The parts of a charge, in order, and a note on what a reader should know. `price` is that of the first day.

    Only monthly charges are split, and only where the contract splits. Days on which the price has ended and none
    follows keep the price before.
    """
    if period is None or question.charge_type is not ChargeType.MRC:
        months = prorate(period, price.contract.proration) if question.charge_type is ChargeType.MRC else ONE_MONTH
        part = _part(book, price, question, months, period)
        return [part], price.note
    prices, note = _prices(book, price, question, _starts(book, price, question, period))
    ends = [day for day, _ in prices[1:]] + [period.end]
    whole = prorate(period, price.contract.proration)
    parts = [
        _part(book, each, replace(question, day=start), whole, Period(start, end))
        for (start, each), end in zip(prices, ends, strict=True)
    ]
    parts = _merge(parts)
    if len(parts) > 1 and price.contract.price_change is PriceChange.FIRST_DAY:
        changed = parts[1]
        note = _join(note, f"The price changes to {changed.element.price:f} on {_days(changed).start}; by the contract")
        return [replace(parts[0], days=period)], _join(price.note, f"{note} the first day's holds for the charge.")
    return _share_months(parts, whole), _join(price.note, note)


def _starts(book: RateBook, price: Price, question: PriceQuestion, period: Period) -> list[date]:
    days = book.edges(question, period)
    for modifier in book.modifiers(price, question):
        days |= set(MODIFIERS[modifier.model].next_changes(modifier, price.contract, period))
    return sorted({period.start} | days)


def _prices(
    book: RateBook, first: Price, question: PriceQuestion, starts: Sequence[date]
) -> tuple[list[tuple[date, Price]], str]:
    """The price from each start on; where none is found the price before stays, with a note."""
    prices, note, price = [(starts[0], first)], "", first
    for day in starts[1:]:
        found = book.find(replace(question, day=day))
        if isinstance(found, Price):
            price = found
        else:
            note = f"From {day.isoformat()} on no single price is in force, within the period; the one before is kept."
        prices.append((day, price))
    return prices, note


def _part(book: RateBook, price: Price, question: PriceQuestion, months: Proration, days: Period | None) -> Part:
    step = ProofStep(f"Price in {describe(price)}", written(price.element.price), price.element.price)
    element, missing, steps, discounts = price.element, "", [step], []
    for modifier in book.modifiers(price, question):
        if modifier.model is PriceModel.DISCOUNT and discount.lowers(modifier, question.day):
            discounts.append(modifier)
        change = MODIFIERS[modifier.model].change(element.price, modifier, price.contract, question.day)
        element = replace(element, price=change.price)
        steps += change.steps
        missing = _join(missing, change.missing)
    return Part(price, element, tuple(steps), months, question.day, days, tuple(discounts), missing)


def _merge(parts: list[Part]) -> list[Part]:
    """Neighbours with one price as one part: a day on which something else changes is no boundary."""
    merged = parts[:1]
    for part in parts[1:]:
        last = merged[-1]
        if _price_of(last) == _price_of(part):
            merged[-1] = replace(last, days=Period(_days(last).start, _days(part).end))
        else:
            merged.append(part)
    return merged


def _price_of(part: Part) -> tuple[int, Decimal, tuple[int, ...]]:
    return part.price.element.id, part.element.price, tuple(each.id for each in part.discounts)


def _share_months(parts: list[Part], whole: Proration) -> list[Part]:
    """Each part with its months: by the contract's method where they add up to the whole period's, else by days.

    Methods that count a month as 30 days, or a started month as a whole one, charge the parts of a month more than the
    month; the parts of one charge must not (domain/rating, 5.5: the same method for the old price and the new one).
    """
    if len(parts) == 1:
        return [replace(parts[0], months=whole)]
    own = [prorate(part.days, part.price.contract.proration) for part in parts]
    if sum(each.months for each in own) == whole.months:
        return [replace(part, months=months) for part, months in zip(parts, own, strict=True)]
    total = sum(_days(part).days for part in parts)
    return [replace(part, months=_share(whole, _days(part).days, total)) for part in parts]


def _share(whole: Proration, days: int, total: int) -> Proration:
    months = f"({whole.formula})" if "+" in whole.formula else whole.formula
    formula = f"{days} ÷ {total}" if months == "1" else f"{months} × {days} ÷ {total}"
    return Proration(whole.months * Fraction(days, total), formula, f"{days} of the period's {total} days")


def _days(part: Part) -> Period:
    if part.days is None:
        raise BugError("a part of a charge that is split has days")
    return part.days


def _join(*notes: str) -> str:
    return " ".join(note for note in notes if note)
