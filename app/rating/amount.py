"""The amount of a charge from its parts: each part by its charge model, added up, converted, and rounded once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.domain.proof import ProofStep, written
from app.rating.charge_models import CHARGE_MODELS
from app.rating.charge_models.measure import Measure
from app.rating.currency import Conversion
from app.rating.modifiers import discount
from app.rating.parts import Part


def compute_amount(parts: Sequence[Part], measures: Sequence[Measure], conversion: Conversion | None) -> Decimal:
    """The same as the last step of `explain_amount`, without writing the steps where one part says it all."""
    if len(parts) == 1 and conversion is None and not parts[0].discounts:
        return CHARGE_MODELS[parts[0].element.model].compute(measures[0])
    return explain_amount(parts, measures, conversion)[-1].result


def explain_amount(
    parts: Sequence[Part], measures: Sequence[Measure], conversion: Conversion | None
) -> tuple[ProofStep, ...]:
    """The steps of each part, and a last one that takes them together.

    Formulas of several parts are added up before they are rounded, so nothing is rounded twice; only an amount that a
    discount is taken of is rounded before and after, as the discount is a credit to the charge.
    """
    steps: list[ProofStep] = []
    last: list[ProofStep] = []
    discounted = any(part.discounts for part in parts)
    once: set[int] = set()  # discounts of a fixed amount for the charge as a whole that have been taken
    for part, measure in zip(parts, measures, strict=True):
        *before, final = (*part.steps, *CHARGE_MODELS[part.element.model].explain(measure))
        if discounted:
            before, final = _take_discounts(part, measure, [*before, final], once)
        steps += before
        last.append(final)
    if len(last) == 1 and conversion is None:
        return (*steps, last[0])
    if discounted:
        steps += last
    named = [f"{each.basis} ({part.days})" if part.days else each.basis for each, part in zip(last, parts, strict=True)]
    formulas = [written(each.result) if discounted else f"({each.formula})" for each in last]
    formula, basis = " + ".join(formulas), "; ".join(named)
    if conversion is not None:
        formula, basis = f"({formula}) {conversion.formula}", f"{basis}; {conversion.basis}"
    return (*steps, measures[0].step(basis, formula))


def _take_discounts(
    part: Part, measure: Measure, steps: list[ProofStep], once: set[int]
) -> tuple[list[ProofStep], ProofStep]:
    for element in part.discounts:
        if element.id in once:
            continue
        if discount.is_for_the_whole(element):
            once.add(element.id)
        taken = discount.apply(
            steps[-1].result, measure.quantity, element, part.price.contract, part.day, months=measure.months
        )
        if taken is not None:
            steps += taken.steps
    return steps[:-1], steps[-1]
