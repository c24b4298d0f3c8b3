"""What models of quantities share: tiers, long sums, months, and parameters that others make necessary."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from math import ceil

from app.domain.money import ZERO
from app.domain.parameters import BadParameters, Form, Parameter, Settings, Tier
from app.domain.proof import ProofStep, written
from app.errors import BugError
from app.rating.charge_models.measure import Measure, inner_step, to_decimal

TERMS_OF_A_LINE = 12


class Counting(StrEnum):
    """How a tier's price is meant."""

    TOTAL = "total"  # for all units, where the total lies in the tier
    GRADUATED = "graduated"  # for the units in the tier


TIERS = Parameter("tiers", Form.TIERS, "upper bounds with their unit prices, and fees for reaching a tier")
WHOLE = Parameter("whole", Form.YES_NO, "whether a started unit counts as a whole one", "no")


def count_units(measure: Measure, settings: Settings) -> Fraction:
    """The measure's quantity, none where it is negative, in whole units where the contract says `whole`."""
    units = max(Fraction(measure.quantity), Fraction(0))
    return Fraction(ceil(units)) if settings.flag("whole") else units


def explain_units(measure: Measure, settings: Settings) -> tuple[ProofStep, ...]:
    """The step that makes whole units of others, where it changes anything."""
    if not settings.flag("whole") or measure.quantity == measure.quantity.to_integral_value():
        return ()
    return (inner_step("A started unit counts as a whole one", f"ceil({written(measure.quantity)})"),)


def tier_of(tiers: tuple[Tier, ...], units: Fraction) -> Tier:
    """The tier in which the last of `units` lies."""
    for tier in tiers:
        if tier.upto is None or units <= tier.upto:
            return tier
    raise BugError("the last tier has an upper bound")


def spread(tiers: tuple[Tier, ...], units: Fraction) -> Fraction:
    """Σ over the tiers reached: the units in the tier × its price, and its fee (domain/rating, 5.1, graduated)."""
    total, below = Fraction(0), Fraction(0)
    for tier in tiers:
        if units <= below:
            break
        top = units if tier.upto is None else min(units, Fraction(tier.upto))
        total += (top - below) * Fraction(tier.price) + Fraction(tier.fee)
        below = top
    return total


def write_spread(tiers: tuple[Tier, ...], units: Fraction) -> str:
    """`spread` as a formula: "100 × 1.00 + (200 − 100) × 0.50 + (250 − 200) × 0.10"."""
    terms, below = [], ZERO
    for tier in tiers:
        if units <= below:
            break
        top = to_decimal(units) if tier.upto is None or units < tier.upto else tier.upto
        inside = f"({written(top)} − {written(below)})" if below else written(top)
        terms.append(f"{inside} × {written(tier.price)}" + (f" + {written(tier.fee)}" if tier.fee else ""))
        below = top
    return " + ".join(terms) or "0"


def at_one_tier(tiers: tuple[Tier, ...], units: Fraction) -> Fraction:
    """All units at the price of the tier of the total, and its fee (domain/rating, 5.1, volume)."""
    tier = tier_of(tiers, units)
    return units * Fraction(tier.price) + Fraction(tier.fee)


def write_at_one_tier(tiers: tuple[Tier, ...], units: Fraction) -> str:
    """`at_one_tier` as a formula: "65000 × 0.0006 + 10"."""
    tier = tier_of(tiers, units)
    return f"{number(units)} × {written(tier.price)}" + (f" + {written(tier.fee)}" if tier.fee else "")


COUNTINGS = {Counting.TOTAL: (at_one_tier, write_at_one_tier), Counting.GRADUATED: (spread, write_spread)}


def for_months(formula: str, measure: Measure) -> str:
    """`formula` × the measure's months, left as it is for one month."""
    if measure.months.formula == "1":
        return formula
    return f"{in_brackets(formula)} × {in_brackets(measure.months.formula)}"


def in_brackets(formula: str) -> str:
    """`formula` as a factor: in parentheses where it is a sum."""
    depth = 0
    for sign in formula:
        depth += (sign == "(") - (sign == ")")
        if sign in "+−" and not depth:
            return f"({formula})"
    return formula


def add_terms(terms: Sequence[str], basis: str) -> tuple[tuple[ProofStep, ...], str]:
    """The sum of `terms` as steps of a dozen, where there are more, and the formula of their sum."""
    if len(terms) <= TERMS_OF_A_LINE:
        return (), " + ".join(terms) or "0"
    lines = [terms[start : start + TERMS_OF_A_LINE] for start in range(0, len(terms), TERMS_OF_A_LINE)]
    steps = tuple(inner_step(basis, " + ".join(line)) for line in lines)
    return steps, " + ".join(written(step.result) for step in steps)


def ask_for(measure: Measure, settings: Settings, name: str) -> Settings:
    """The settings, if they hold a parameter that another one makes necessary; raises BadParameters if not."""
    if not settings.has(name):
        raise BadParameters(text=measure.element.parameters[:80], why=f"{name} is missing: another one calls for it")
    return settings


def needed(measure: Measure, settings: Settings, name: str) -> Fraction:
    """A number that another parameter makes necessary; raises BadParameters where it is not given."""
    return Fraction(ask_for(measure, settings, name).decimal(name))


def number(value: Fraction) -> str:
    """A fraction that a decimal writes in full, as formulas write it."""
    return written(to_decimal(value))
