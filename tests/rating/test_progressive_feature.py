"""A published example of progressive prices: traffic of a content network in Mbit/s above the 50 that are included.

The facts are those of the open project php-billing, ProgressivePrice.feature: thresholds, prices, amounts and terms.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.money import D
from app.domain.proof import Proof, evaluate
from app.domain.vocabulary import PriceModel
from app.rating.charge_models import graduated
from app.rating.charge_models.measure import Measure
from tests.rating.facts import contract, element
from tests.rating.oracle import proven

# 1.0000 above 50, 0.0180 above 500, 0.0075 above 600, 0.0070 above 700, 0.0065 above 800
PRICES = "tiers=50:0, 500:1.0000, 600:0.0180, 700:0.0075, 800:0.0070, above:0.0065"


def overuse(megabits: str) -> Proof:
    terms = element("0", model=PriceModel.GRADUATED, parameters=PRICES)
    return proven(graduated, Measure(contract(terms), terms, D(megabits)))


@pytest.mark.parametrize(
    ("megabits", "amount"),
    [("1000", "454.55"), ("720", "452.69"), ("30", "0"), ("50", "0"), ("0", "0")],
)
def test_overuse_costs_what_the_example_says(megabits: str, amount: str) -> None:
    assert overuse(megabits).result == D(amount)


@pytest.mark.parametrize(
    ("megabits", "terms"),
    [
        ("1000", ["50 × 0", "450 × 1", "100 × 0.0180", "100 × 0.0075", "100 × 0.0070", "200 × 0.0065"]),
        ("720", ["50 × 0", "450 × 1", "100 × 0.0180", "100 × 0.0075", "20 × 0.0070"]),
        ("30", ["30 × 0"]),
    ],
)
def test_the_proof_has_the_example_s_terms(megabits: str, terms: list[str]) -> None:
    written = overuse(megabits).steps[-1].formula.split(" + ")
    assert [evaluate(term) for term in written] == [evaluate(term) for term in terms]
    assert sum(map(evaluate, terms), Fraction(0)) == evaluate(" + ".join(written))
