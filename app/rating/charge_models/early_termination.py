"""Leaving early: bands of the months left, a per cent of them, or what a cancelled order owes (domain/rating, 5.6).

The element's price is a fixed part: a cancelled order's one-time charge. A band "36:50" takes 50 % of the monthly
charge for each unexpired month of the term up to its 36th.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.evidence import LeavingFacts
from app.domain.parameters import Form, Parameter
from app.domain.proof import ProofStep, written
from app.rating.charge_models.leaving import Leaving, count_months, find_waiver
from app.rating.charge_models.measure import Measure, expect, inner_step

PARAMETERS = (
    Parameter("method", Form.WORD, "how the fee is counted", "bands", words=Leaving),
    Parameter("bands", Form.TABLE, "months of the term up to which a per cent holds", ""),
    Parameter("percent", Form.DECIMAL, "per cent of what remains", "100", most=100),
    Parameter("term", Form.WHOLE, "months of a service's own term, from its install; empty: the contract's rest", ""),
    Parameter("months", Form.WHOLE, "monthly charges that an order cancelled before its install owes", "1"),
    Parameter("waived_charges", Form.YES_NO, "whether one-time charges that were waived are due again", "no"),
    Parameter("discounts", Form.YES_NO, "whether discounts received are paid back", "no"),
    Parameter("third_party", Form.YES_NO, "whether third parties' costs of cancelling are passed on", "no"),
    Parameter("replaced_months", Form.WHOLE, "least term of a dearer order that waives the fee; empty: none does", ""),
    Parameter("replaced_days", Form.WHOLE, "days within which that order has to be placed", "30"),
)
UNIT = "services"
NEEDS = LeavingFacts


def compute(measure: Measure) -> Decimal:
    """The fee, rounded by the contract; 0 where a dearer order replaces the service or no month is left."""
    facts, settings = expect(measure.evidence, LeavingFacts), measure.settings(PARAMETERS)
    if find_waiver(facts, settings):
        return measure.round(Fraction(0))
    left = sum((count * Fraction(percent) for _, count, percent in count_months(facts, settings)), Fraction(0))
    return measure.round(Fraction(facts.monthly) * left / 100 + sum(Fraction(part) for _, part in _extras(measure)))


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """A step for each band, then all of them with what is due besides."""
    facts, settings = expect(measure.evidence, LeavingFacts), measure.settings(PARAMETERS)
    if waiver := find_waiver(facts, settings):
        return (measure.step(waiver, "0"),)
    monthly = written(facts.monthly)
    steps = [
        inner_step(label, f"{count} × {monthly} × {written(percent)} ÷ 100")
        for label, count, percent in count_months(facts, settings)
    ]
    extras = _extras(measure)
    total = " + ".join([*(written(step.result) for step in steps), *(written(part) for _, part in extras)])
    basis = ", ".join(["Charge for leaving early", *(label for label, _ in extras)])
    return (*steps, measure.step(basis, total or "0"))


def _extras(measure: Measure) -> list[tuple[str, Decimal]]:
    """What is due besides the months: the fixed part, and what the contract takes back or passes on."""
    facts, settings = expect(measure.evidence, LeavingFacts), measure.settings(PARAMETERS)
    extras = [("fixed part", measure.element.price, True)]
    extras.append(("waived one-time charges", facts.waived_once, settings.flag("waived_charges")))
    extras.append(("discounts received", facts.discounts, settings.flag("discounts")))
    extras.append(("third parties' costs", facts.third_party, settings.flag("third_party")))
    return [(label, amount) for label, amount, due in extras if due and amount]
