"""What outages count for: started days, or steps of availability below the one agreed (domain/rating, 5.6)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.evidence import Outage, OutageFacts
from app.domain.money import RoundingMode
from app.domain.parameters import BadParameters, Settings
from app.domain.proof import ProofStep, written
from app.rating.charge_models.measure import inner_step

DAY = 86400


class CreditMethod(StrEnum):
    """What is credited."""

    DAYS = "days"
    STEPS = "steps"


class DayCount(StrEnum):
    """Of what days are counted, each begun."""

    EACH = "each"
    TOGETHER = "together"


class DayPrice(StrEnum):
    """What a day of the month costs."""

    THIRTIETH = "thirtieth"
    ACTUAL = "actual"


@dataclass(frozen=True, slots=True)
class Credits:
    """How many days or steps are credited, how many of them the monthly charge has, and the steps that counted them."""

    units: int
    unit: str
    parts: int
    steps: tuple[ProofStep, ...]


def count_credits(facts: OutageFacts, settings: Settings) -> Credits:
    """The days or steps that are credited; raises BadParameters where steps have no target or no size."""
    outages = [each for each in facts.outages if _counts(each, settings)]
    if settings.word("method", CreditMethod) is CreditMethod.STEPS:
        return _count_steps(outages, facts, settings)
    return _count_days(outages, facts, settings)


def _counts(outage: Outage, settings: Settings) -> bool:
    return not outage.excluded and outage.seconds > 0 and outage.seconds >= settings.whole("least_minutes") * 60


def _count_days(outages: list[Outage], facts: OutageFacts, settings: Settings) -> Credits:
    if settings.word("days_of", DayCount) is DayCount.EACH:
        formula = " + ".join(f"ceil({outage.seconds} ÷ {DAY})" for outage in outages)
    else:
        formula = f"ceil(({_add(outages)}) ÷ {DAY})"
    most = settings.whole("most_days")
    step = inner_step(f"Started days{_name(outages)}, at most {most}", f"min({formula or '0'}, {most})")
    actual = settings.word("day_price", DayPrice) is DayPrice.ACTUAL
    return Credits(int(step.result), "days", facts.period.days if actual else 30, (step,))


def _count_steps(outages: list[Outage], facts: OutageFacts, settings: Settings) -> Credits:
    if not settings.has("target") or not settings.decimal("step"):
        raise BadParameters(text="target, step", why="steps below a target need a target and a size above 0")
    seconds = inner_step(f"Seconds of outage{_name(outages)}", _add(outages))
    available = f"100 × max(0, 1 − {written(seconds.result)} ÷ ({facts.period.days} × {DAY}))"
    steps = [seconds]
    if settings.has("availability_places"):
        places, mode = settings.whole("availability_places"), settings.word("availability_rounding", RoundingMode)
        draft = ProofStep("Availability in per cent", available, Decimal(0), mode, places)
        steps.append(ProofStep(draft.basis, available, draft.replay(), mode, places))
        available = written(steps[-1].result)
    target, size = written(settings.decimal("target")), written(settings.decimal("step"))
    formula = f"ceil(max(0, {target} − {available}) ÷ {size})"
    steps.append(inner_step(f"Steps of {size} points, begun, below {target} %", formula))
    return Credits(int(steps[-1].result), "steps", 1, tuple(steps))


def _add(outages: list[Outage]) -> str:
    return " + ".join(str(outage.seconds) for outage in outages) or "0"


def _name(outages: list[Outage]) -> str:
    names = [outage.reference for outage in outages if outage.reference]
    return f" ({', '.join(names)})" if names else ""
