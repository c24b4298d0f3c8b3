"""What is asked of a service in a month: the kW that measurements stand for, what a register advanced by, and the
minutes of jobs that are billed (domain/rating, 5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import ceil

from app.domain.evidence import MeterFacts, WorkFacts
from app.domain.parameters import Settings
from app.domain.proof import ProofStep, written
from app.rating.charge_models.measure import Measure, inner_step
from app.rating.charge_models.tiers import in_brackets, needed, number

FEW = 12  # so many measurements are written out in the proof


class Demand(StrEnum):
    """What a month's measurements are worth."""

    PEAK = "peak"  # the highest
    AVERAGE = "average"
    P95 = "p95"  # the highest when a twentieth of them is left out


class Unit(StrEnum):
    """What the price of power above a commitment is for."""

    KW = "kw"
    AMP = "amp"
    KWH = "kwh"


def units_of_a_kilowatt(measure: Measure, given: Settings) -> tuple[Fraction, str]:
    """How many units of overage one kW is, and the end of a formula that makes them of kW; raises BadParameters."""
    match given.word("overage_unit", Unit):
        case Unit.KW:
            return Fraction(1), ""
        case Unit.AMP:
            volts = needed(measure, given, "volts")
            return 1000 / volts, f" × 1000 ÷ {number(volts)}"
        case Unit.KWH:
            hours = needed(measure, given, "hours")
            return hours, f" × {number(hours)}"


def measurements(measure: Measure) -> list[Fraction]:
    """The kW that our records measured, ascending; none where there are no records."""
    if not isinstance(measure.evidence, MeterFacts):
        return []
    return sorted(Fraction(kilowatts) for _, kilowatts in measure.evidence.demand)


def demand_of(measure: Measure, method: Demand) -> Fraction:
    """kW by `method`; the bill's quantity where nothing was measured."""
    ascending = measurements(measure)
    if not ascending:
        return Fraction(measure.quantity)
    if method is Demand.AVERAGE:
        return sum(ascending, Fraction(0)) / len(ascending)
    return ascending[_place(len(ascending), method) - 1]


def explain_demand(measure: Measure, method: Demand) -> tuple[tuple[ProofStep, ...], str]:
    """`demand_of` as steps, and the formula that later steps take it over by."""
    ascending = measurements(measure)
    if not ascending:
        text = written(measure.quantity)
        return (inner_step("kW on the bill", text),), text
    count, files = len(ascending), _files(measure)
    if method is Demand.AVERAGE:
        terms = [number(each) for each in ascending] if count <= FEW else [number(sum(ascending, Fraction(0)))]
        total = inner_step(f"Sum of {count} measurements of kW{files}", " + ".join(terms))
        return (total,), f"{in_brackets(written(total.result))} ÷ {count}"
    place = _place(count, method)
    which = "the highest" if place == count else f"place {place}, ascending"
    text = number(ascending[place - 1])
    return (inner_step(f"{count} measurements of kW{files}: {which}", text),), text


@dataclass(frozen=True, slots=True)
class Advance:
    """What a register advanced by, and how that is written."""

    units: Fraction
    formula: str
    basis: str


def advance_of(measure: Measure, given: Settings) -> Advance | None:
    """The last reading − the first, with `register` added each time it began again at 0.

    None without two readings, and where they do not fit the contract's register: nothing is guessed.
    """
    values = _readings(measure)
    if len(values) < 2:
        return None
    turns = sum(after < before for before, after in pairwise(values))
    formula, units = f"{written(values[-1])} − {written(values[0])}", Fraction(values[-1]) - Fraction(values[0])
    if turns:
        if not given.has("register") or max(values) > given.decimal("register"):
            return None
        formula += f" + {turns} × {written(given.decimal('register'))}"
        units += turns * Fraction(given.decimal("register"))
    return Advance(units, formula, f"Last reading − first reading{_files(measure)}")


def why_no_advance(measure: Measure) -> str:
    """How a proof says that there were readings and they could not be used; "" where there were none."""
    return "" if len(_readings(measure)) < 2 else "The readings run back, and not at the end of the register: "


@dataclass(frozen=True, slots=True)
class BilledJob:
    """Minutes of a job that are billed, whether after hours and with the expedite fee, and the step that says so."""

    minutes: Fraction
    late: bool
    fast: bool
    step: ProofStep


def bill_jobs(measure: Measure, given: Settings) -> Iterator[BilledJob]:
    """Each job's minutes in started increments, less included ones while there are any (domain/rating, 5.4).

    Without records the minutes of the bill are one job.
    """
    work = measure.evidence
    jobs = [("The bill", measure.quantity, False, False)]
    if isinstance(work, WorkFacts):
        jobs = [(job.reference, Decimal(job.minutes), job.after_hours, job.expedited) for job in work.jobs]
    increment, minimum = given.whole("increment"), given.whole("minimum")
    left = Fraction(given.decimal("included")) * 60
    for reference, minutes, late, fast in jobs:
        basis = f"{reference}: {minutes:f} minutes{' after hours' if late else ''}"
        if minutes <= 0 or minutes < given.whole("free_below"):
            yield BilledJob(Fraction(0), late, False, inner_step(f"{basis}, free", "0"))
            continue
        begun = Fraction(ceil(max(Fraction(minimum), Fraction(minutes)) / increment) * increment)
        used = Fraction(0) if late and not given.flag("included_after_hours") else min(left, begun)
        left -= used
        formula = f"ceil(max({minimum}, {minutes:f}) ÷ {increment}) × {increment}"
        formula += f" − {number(used)}" if used else ""
        step = inner_step(f"{basis}{', less included ones' if used else ''}", formula)
        yield BilledJob(begun - used, late, fast, step)


def _readings(measure: Measure) -> list[Decimal]:
    return [value for _, value in measure.evidence.readings] if isinstance(measure.evidence, MeterFacts) else []


def _place(count: int, method: Demand) -> int:
    """The place that counts, from 1 and ascending: the 95th percentile's is ceil(19 × count ÷ 20)."""
    return count if method is Demand.PEAK else (19 * count + 19) // 20


def _files(measure: Measure) -> str:
    batches = measure.evidence.batches if isinstance(measure.evidence, MeterFacts) else ()
    return f" ({', '.join(batches)})" if batches else ""
