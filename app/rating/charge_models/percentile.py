"""Percentile: commitment × price + max(0, percentile − commitment) × price above it (domain/rating, 5.2).

Below the commitment the commitment is paid; with tiers all Mbit/s cost the price of the tier of their total, and the
tier's fee. One commitment holds for all ports of a service together. Without samples the Mbit/s on the bill are taken.
Only the commitment is prorated. A bill that charges what is above the commitment on its own has a price of 0 for it.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from app.domain.evidence import TrafficFacts
from app.domain.parameters import Form, Parameter
from app.domain.proof import ProofStep, written
from app.rating import percentile
from app.rating.charge_models.measure import Measure

PARAMETERS = (
    Parameter("commit", Form.DECIMAL, "Mbit/s that are paid in any case", "0"),
    Parameter("overage", Form.DECIMAL, "price of a Mbit/s above them; without it the element's price", ""),
    Parameter("tiers", Form.TIERS, "prices by total Mbit/s, each for all of them, instead of the element's", ""),
    *percentile.PARAMETERS,
)
UNIT = "Mbit/s"
NEEDS = None


class _Account(NamedTuple):
    mbps: Fraction
    formula: str  # the same as proofs write it
    steps: tuple[ProofStep, ...]
    commit: Decimal
    price: Decimal
    overage: Decimal
    fee: Decimal = Decimal(0)


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract."""
    account = _account(measure)
    commit = Fraction(account.commit)
    above = max(Fraction(0), account.mbps - commit) * Fraction(account.overage)
    return measure.round(commit * Fraction(account.price) * measure.months.months + above + Fraction(account.fee))


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """How the percentile was found, then "200 × 2.50 + max(0, 8 × 10777500000 ÷ 300 ÷ 1000000 − 200) × 3.25"."""
    account = _account(measure)
    commit, months = written(account.commit), measure.months
    part = "" if months.formula == "1" else f" × ({months.formula})"
    fee = f" + {written(account.fee)}" if account.fee else ""
    basis = "Committed Mbit/s × price + Mbit/s above them × their price" + (f", {months.basis}" if part else "")
    above = f"max(0, {account.formula} − {commit}) × {written(account.overage)}"
    return (*account.steps, measure.step(basis, f"{commit} × {written(account.price)}{part} + {above}{fee}"))


def _account(measure: Measure) -> _Account:
    settings = measure.settings(PARAMETERS)
    policy, commit = percentile.read_policy(settings), settings.decimal("commit")
    traffic = measure.evidence if isinstance(measure.evidence, TrafficFacts) else None
    mbps, formula, steps = percentile.prove(traffic, measure.quantity, policy)
    for tier in settings.tiers("tiers"):
        if tier.upto is None or max(mbps, Fraction(commit)) <= tier.upto:
            return _Account(mbps, formula, steps, commit, tier.price, tier.price, tier.fee)
    price = measure.element.price
    overage = settings.decimal("overage") if settings.has("overage") else price
    return _Account(mbps, formula, steps, commit, price, overage)
