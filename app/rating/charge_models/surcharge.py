"""Surcharges: a dated per cent of a base, with its cap (domain/rating, 5.7). The element's price is the per cent.

A stack is rated in order: each of the base, and of the fees before it where it applies on fees. What the federal fund
costs is taken of the interstate share of the bill (47 CFR 54.712(a)).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.evidence import SpendFacts
from app.domain.parameters import Form, Parameter
from app.domain.proof import ProofStep, written
from app.rating.bases import BASE_PARAMETERS
from app.rating.charge_models.measure import Measure, expect
from app.rating.charge_models.stacking import SurchargeKind, add_lines, explain_share, share, total

PARAMETERS = (
    Parameter("kind", Form.WORD, "who imposes it", "carrier", words=SurchargeKind),
    Parameter("allowed", Form.YES_NO, "whether the contract allows it", "yes"),
    Parameter("applies_on_fees", Form.YES_NO, "whether it is taken of earlier fees too", "no"),
    Parameter("share", Form.DECIMAL, "per cent of the base, and of those fees, that is interstate", "100", most=100),
    Parameter("most_percent", Form.DECIMAL, "per cent of the base that it may reach", ""),
    Parameter("most", Form.DECIMAL, "amount that it may reach", ""),
    *BASE_PARAMETERS,
)
UNIT = "currency units"
NEEDS = SpendFacts


def compute(measure: Measure) -> Decimal:
    """The surcharge, rounded by the contract; 0 where the contract does not allow it."""
    facts, settings = expect(measure.evidence, SpendFacts), measure.settings(PARAMETERS)
    if not settings.flag("allowed"):
        return measure.round(Fraction(0))
    base = total(facts.lines)
    taken = base + total(facts.fees) if settings.flag("applies_on_fees") else base
    due = [taken * Fraction(settings.decimal("share")) / 100 * measure.price / 100]
    if settings.has("most_percent"):
        due.append(base * Fraction(settings.decimal("most_percent")) / 100)
    if settings.has("most"):
        due.append(Fraction(settings.decimal("most")))
    return share(measure, measure.round(min(due)))


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The base added up, the fees where they count, then the per cent and its caps."""
    facts, settings = expect(measure.evidence, SpendFacts), measure.settings(PARAMETERS)
    if not settings.flag("allowed"):
        return (measure.step("The contract does not allow this surcharge", "0"),)
    steps, base = add_lines(facts.lines, "Base of the surcharge")
    on_fees = facts.fees if settings.flag("applies_on_fees") else ()
    fee_steps, fees = add_lines(on_fees, "Fees on which it is taken too")
    share, percent = settings.decimal("share"), written(measure.element.price)
    factors = [f"({base} + {fees})" if on_fees else base] + ([f"{written(share)} ÷ 100"] if share != 100 else [])
    due = [" × ".join([*factors, f"{percent} ÷ 100"])]
    if settings.has("most_percent"):
        due.append(f"{base} × {written(settings.decimal('most_percent'))} ÷ 100")
    if settings.has("most"):
        due.append(written(settings.decimal("most")))
    kind = settings.word("kind", SurchargeKind)
    basis = f"{percent} % {kind} surcharge" + (f" of the {share:f} % that is interstate" if share != 100 else "")
    last = measure.step(basis, f"min({', '.join(due)})" if len(due) > 1 else due[0])
    return explain_share(measure, (*steps, *fee_steps, last))
