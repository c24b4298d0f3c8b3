"""The parts of a charge: where a price changes within its period, each price holds for its own days.

Every part has a price, changed by the contract's escalators and discounts, and the months that it is for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.domain.money import RATE_SCALE, ZERO
from app.domain.parameters import split_parameters, write_parameters
from app.domain.period import Period
from app.domain.proof import ProofStep, written
from app.domain.terms import RateElementTerms
from app.domain.vocabulary import ChargeType, PriceChange, PriceModel
from app.errors import BugError
from app.rating.modifiers import MODIFIERS, discount
from app.rating.parameters import PRICED, change_prices
from app.rating.proration import ONE_MONTH, Proration, prorate
from app.rating.ratebook import Price, PriceQuestion, RateBook, describe

# the models that cost in proportion to their months: half of a month and the other half are the month. Of the others a
# part would be charged for usage, or for other charges, of the whole period: their first day's price holds
PROPORTIONAL = frozenset(
    {
        PriceModel.FLAT,
        PriceModel.GRADUATED,
        PriceModel.VOLUME,
        PriceModel.PACKAGE,
        PriceModel.MILEAGE,
        PriceModel.PER_CLASS,
        PriceModel.COMMITTED_EXCESS,
        PriceModel.BREAKER,
    }
)
# the models that commit to something for each month, whatever type the bill gives the charge
MONTHLY = frozenset({PriceModel.PERCENTILE, PriceModel.COMMITTED_POWER, PriceModel.MINIMUM, PriceModel.COMMITMENT})


@dataclass(frozen=True, slots=True)
class Part:
    """Days of a charge with one price. `element` carries the changed prices, `price` the agreed ones; `steps` say how
    the ones came of the others. Nothing is due for a part that is waived."""

    price: Price
    element: RateElementTerms
    steps: tuple[ProofStep, ...]
    months: Proration
    day: date  # the first, whose price it is
    days: Period | None
    discounts: tuple[RateElementTerms, ...] = ()  # that lower the amount of these days
    missing: str = ""  # what the contract's terms lack to tell the price

    @property
    def waived(self) -> bool:
        return self.price.element.waived


def split(book: RateBook, price: Price, question: PriceQuestion, period: Period | None) -> tuple[list[Part], str]:
    """The parts of a charge, in order, and a note on what a reader should know. `price` is that of the first day.

    Only monthly charges are split, and only where the contract splits and the model is one of PROPORTIONAL. Days on
    which the price has ended and none follows keep the price before.
    """
    model, monthly = price.element.model, question.charge_type is ChargeType.MRC
    whole = prorate(period, price.contract.proration) if monthly or model in MONTHLY else ONE_MONTH
    if period is None or not monthly:
        return [_part(book, price, question, whole, period)], price.note
    prices, note = _prices(book, price, question, period)
    ends = [day for day, _ in prices[1:]] + [period.end]
    parts = [
        _part(book, each, replace(question, day=start), whole, Period(start, end))
        for (start, each), end in zip(prices, ends, strict=True)
    ]
    parts = _merge(parts)
    first_day = price.contract.price_change is PriceChange.FIRST_DAY
    if len(parts) > 1 and (first_day or any(part.element.model not in PROPORTIONAL for part in parts)):
        changed = f"The price changes to {parts[1].element.price:f} on {_days(parts[1]).start}"
        why = "by the contract" if first_day else "as usage is not told apart by days"
        note = _join(note, f"{changed}; {why} the first day's holds for the charge.")
        return [replace(parts[0], days=period)], _join(price.note, note)
    return _share_months(parts, whole), _join(price.note, note)


def _prices(
    book: RateBook, first: Price, question: PriceQuestion, period: Period
) -> tuple[list[tuple[date, Price]], str]:
    """The price from each day on which one may change; where none is found the price before stays, with a note."""
    found: dict[date, Price | None] = {period.start: first}
    days = book.edges(question, period) | _changes(book, first, question, period)
    while days:
        day = days.pop()
        if day in found:
            continue
        price = book.find(replace(question, day=day))
        found[day] = price if isinstance(price, Price) else None
        if isinstance(price, Price):
            days |= _changes(book, price, replace(question, day=day), period)
    prices, note, last = list[tuple[date, Price]](), "", first
    for day, known in sorted(found.items(), key=lambda each: each[0]):
        if known is None:
            note = f"From {day.isoformat()} on no single price is in force, within the period; the one before is kept."
        last = known or last
        prices.append((day, last))
    return prices, note


def _changes(book: RateBook, price: Price, question: PriceQuestion, period: Period) -> set[date]:
    """The days of `period` on which what changes the price changes."""
    return {
        day
        for modifier in book.modifiers(price, question)
        for day in MODIFIERS[modifier.model].next_changes(modifier, price.contract, period)
    }


def _part(book: RateBook, price: Price, question: PriceQuestion, months: Proration, days: Period | None) -> Part:
    element, missing, discounts = price.element, "", list[RateElementTerms]()
    if element.waived:
        step = ProofStep(f"Waived: nothing is due under {describe(price)}", "0", ZERO)
        return Part(price, replace(element, price=ZERO), (step,), months, question.day, days)
    steps = [ProofStep(f"Price in {describe(price)}", written(element.price), element.price)]
    for modifier in book.modifiers(price, question):
        if modifier.model is PriceModel.DISCOUNT:
            if discount.lowers(modifier, question.day):
                discounts.append(modifier)
            continue
        if element.model not in PRICED:
            continue  # a per cent, a promised amount and the like are no prices that rise
        rule = _for_units(modifier, element.model)
        change = MODIFIERS[modifier.model].change(
            element.price, rule, price.contract, question.day, price.element.effective_from
        )
        missing = _join(missing, change.missing)
        if change.price == element.price and not change.steps:
            continue
        if element.model is PriceModel.CALLS:
            missing = _join(missing, "A rise or term discount is agreed on, but a rate deck is not changed by it:")
            missing += " enter the prices as they are from that day on."
            continue
        parameters = change_prices(element.model, element.parameters, _changer(rule, price, question.day))
        told = "" if parameters == write_parameters(split_parameters(element.parameters)) else f"; with it {parameters}"
        steps += [replace(step, basis=f"{step.basis}{told}") for step in change.steps]
        element = replace(element, price=change.price, parameters=parameters)
    return Part(price, element, tuple(steps), months, question.day, days, tuple(discounts), missing)


def _changer(modifier: RateElementTerms, price: Price, day: date) -> Callable[[Decimal], Decimal]:
    since = price.element.effective_from
    return lambda amount: MODIFIERS[modifier.model].change(amount, modifier, price.contract, day, since).price


def _for_units(modifier: RateElementTerms, model: PriceModel) -> RateElementTerms:
    """`modifier` so that prices of small units keep their places, unless it says how many they have."""
    given = split_parameters(modifier.parameters)
    if model is PriceModel.FLAT or "rounding_places" in given:
        return modifier
    return replace(modifier, parameters=write_parameters(given | {"rounding_places": str(RATE_SCALE)}))


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


def _price_of(part: Part) -> tuple[object, ...]:
    element = part.element
    discounts = tuple(each.id for each in part.discounts)
    return element.id, element.price, element.parameters, part.waived, discounts, part.missing


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
