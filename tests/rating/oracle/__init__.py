"""The oracle: the formulas of domain/rating a second time, slow and plain, knowing nothing of `app.rating`.

One file for each family of charges. Where the engine divides, the oracle counts; both have to agree to the last digit.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.domain.proof import Proof


def proven(model: Any, measure: Any) -> Proof:
    """What `model` explains of `measure`, after checking that it can be replayed and is what the model computes."""
    amount: Decimal = model.compute(measure)
    proof = Proof(model.explain(measure))
    assert proof.holds(), proof
    assert proof.result == amount, (amount, proof)
    return proof
