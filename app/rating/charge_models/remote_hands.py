"""Remote hands: hours = ceil(max(minimum, minutes) ÷ increment) × increment ÷ 60, those that are included first, then
the rate of the hour, and a fee for each expedited job (domain/rating, 5.4).

The element's price is the hour's in business hours. A job below `free_below` minutes costs nothing: no hours, no fee.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.parameters import Form, Parameter
from app.domain.proof import ProofStep, written
from app.rating.charge_models.demand import bill_jobs
from app.rating.charge_models.measure import Measure
from app.rating.charge_models.tiers import add_terms, in_brackets

PARAMETERS = (
    Parameter("minimum", Form.WHOLE, "least minutes of a job", "0"),
    Parameter("increment", Form.WHOLE, "minutes in whose steps a job is billed", "15", least=1),
    Parameter("included", Form.DECIMAL, "hours that cost nothing, used in the order of the jobs", "0"),
    Parameter("included_after_hours", Form.YES_NO, "whether jobs after hours use them too", "yes"),
    Parameter("after_hours", Form.DECIMAL, "price of an hour after business hours; without it the same", ""),
    Parameter("expedite", Form.DECIMAL, "fee of an expedited job", "0"),
    Parameter("free_below", Form.WHOLE, "minutes below which a job is free", "0"),
)
UNIT = "minutes"
NEEDS = None


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract."""
    fee = Fraction(measure.settings(PARAMETERS).decimal("expedite"))
    jobs = bill_jobs(measure, measure.settings(PARAMETERS))
    amounts = (job.minutes / 60 * Fraction(_rate(measure, job.late)) + job.fast * fee for job in jobs)
    return measure.round(sum(amounts, Fraction(0)))


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The minutes billed of each job, then "(45 + 60) × 200.00 ÷ 60 + 1 × 400.00"."""
    jobs = list(bill_jobs(measure, measure.settings(PARAMETERS)))
    steps: list[ProofStep] = [job.step for job in jobs]
    parts = []
    for late in (False, True):
        terms = [job.step.result for job in jobs if job.late is late and job.minutes]
        sums, total = add_terms([written(term) for term in terms], "Minutes after hours" if late else "Minutes")
        steps += sums
        if terms:
            parts.append(f"{in_brackets(total)} × {written(_rate(measure, late))} ÷ 60")
    if rushed := sum(job.fast for job in jobs):
        parts.append(f"{rushed} × {written(measure.settings(PARAMETERS).decimal('expedite'))}")
    last = measure.step("Hours × their rate, and fees of expedited jobs", " + ".join(parts) or "0")
    return (*steps, last)


def _rate(measure: Measure, late: bool) -> Decimal:
    given = measure.settings(PARAMETERS)
    return given.decimal("after_hours") if late and given.has("after_hours") else measure.element.price
