"""A proof is arithmetic that anyone can replay; nothing else is understood."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import D, RoundingMode
from app.domain.proof import Proof, ProofStep, evaluate, written
from app.errors import BugError

NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("500.00 × 16 ÷ 31", Fraction(8000, 31)),
        ("2 + 3 × 4", Fraction(14)),
        ("(2 + 3) × 4", Fraction(20)),
        ("10 − 2 − 3", Fraction(5)),
        ("100 ÷ 10 ÷ 2", Fraction(5)),
        ("max(0, 287.4 − 200) × 3.25", Fraction("284.05")),
        ("min(3, 2, 5)", Fraction(2)),
        ("ceil(201 ÷ 100) × 5", Fraction(15)),
        ("0 − 4.5", Fraction("-4.5")),
    ],
)
def test_formulas_mean_what_paper_means(formula: str, value: Fraction) -> None:
    assert evaluate(formula) == value


@pytest.mark.parametrize(
    "formula", ["", "2 +", "(2", "2)", "abs(2)", "2 * 3", "__import__", "1e5", "2 3", "max()", "1 ÷ (2 − 2)"]
)
def test_anything_else_is_refused(formula: str) -> None:
    with pytest.raises(BugError):
        evaluate(formula)


@given(NUMBERS, NUMBERS)
def test_a_written_number_keeps_its_value_in_a_formula(first: Decimal, second: Decimal) -> None:
    formula = f"{written(first)} − {written(second)} × {written(first)}"
    assert evaluate(formula) == Fraction(first) - Fraction(second) * Fraction(first)


def test_a_proof_holds_only_with_the_right_result() -> None:
    step = ProofStep("16 of 31 days", "500.00 × 16 ÷ 31", D("258.06"), RoundingMode.HALF_UP, 2)
    assert Proof((step,)).holds()
    assert Proof((step,)).result == D("258.06")
    wrong = ProofStep("16 of 31 days", "500.00 × 16 ÷ 31", D("258.07"), RoundingMode.HALF_UP, 2)
    assert not Proof((step, wrong)).holds()


def test_a_proof_without_steps_proves_nothing() -> None:
    with pytest.raises(BugError):
        _ = Proof(()).result
