"""Committed power: commit × rate + max(0, demand − commit) × rate × (1 + premium), for each month (domain/rating, 5.4).

What lies above the commitment may have a price of its own, for a kW, an amp or a kWh. Those of kWh are of the hours
that the contract counts, not of months.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil

from app.domain.parameters import Form, Parameter, Settings
from app.domain.proof import ProofStep, evaluate, written
from app.rating.charge_models.demand import Demand, Unit, demand_of, explain_demand, units_of_a_kilowatt
from app.rating.charge_models.measure import Measure
from app.rating.charge_models.tiers import for_months, needed, number

PARAMETERS = (
    Parameter("commit", Form.DECIMAL, "committed kW, at the element's price"),
    Parameter("demand", Form.WORD, "which kW of a month count", "peak", Demand),
    Parameter("floor", Form.DECIMAL, "least kW that count as demand", "0"),
    Parameter("premium", Form.DECIMAL, "per cent added to the price above the commitment", "0"),
    Parameter("overage", Form.DECIMAL, "price of a unit above the commitment, in place of price and premium", ""),
    Parameter("overage_unit", Form.WORD, "unit of that price", "kw", Unit),
    Parameter("started", Form.YES_NO, "whether a started unit above the commitment counts as a whole one", "no"),
    Parameter("volts", Form.DECIMAL, "volts, times 1.732 for three phases: amps are kW × 1000 ÷ volts", "", least=1),
    Parameter("hours", Form.DECIMAL, "hours: kWh are kW × hours", ""),
)
UNIT = "kW"
NEEDS = None


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract; raises BadParameters where the unit calls for what is not given."""
    given, months = measure.settings(PARAMETERS), measure.months.months
    commit, used = Fraction(given.decimal("commit")), demand_of(measure, given.word("demand", Demand))
    above = max(Fraction(0), max(Fraction(given.decimal("floor")), used) - commit)
    above *= units_of_a_kilowatt(measure, given)[0]
    above = Fraction(ceil(above)) if given.flag("started") else above
    if given.word("overage_unit", Unit) is not Unit.KWH:
        above *= months
    return measure.round(commit * measure.price * months + above * evaluate(_price_above(measure, given)))


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The demand, then "4 × 195.00 + max(0, 5.2 − 4) × 195.00 × (100 + 25) ÷ 100"."""
    given = measure.settings(PARAMETERS)
    unit, floor = given.word("overage_unit", Unit), given.decimal("floor")
    steps, used = explain_demand(measure, given.word("demand", Demand))
    commit = written(given.decimal("commit"))
    used = f"max({written(floor)}, {used})" if floor else used
    above = f"max(0, {used} − {commit}){units_of_a_kilowatt(measure, given)[1]}"
    above = f"ceil({above})" if given.flag("started") else above
    above = f" + {above} × {_price_above(measure, given)}"
    committed = f"{commit} × {written(measure.element.price)}"
    whole = for_months(committed, measure) + above if unit is Unit.KWH else for_months(committed + above, measure)
    return (*steps, measure.step(f"Committed kW and {unit} above, for {measure.months.basis}", whole))


def _price_above(measure: Measure, given: Settings) -> str:
    """The price of a unit above the commitment, as a formula."""
    if given.has("overage") or given.word("overage_unit", Unit) is not Unit.KW:
        return number(needed(measure, given, "overage"))
    price, premium = written(measure.element.price), given.decimal("premium")
    return f"{price} × (100 + {written(premium)}) ÷ 100" if premium else price
