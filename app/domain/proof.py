"""Proof of an expected amount: steps of arithmetic that anyone can replay.

A formula is written with plain numbers, + − × ÷, parentheses and max, min, ceil, floor, sqrt_up (a square root, rounded
up): what a person can check on paper and `replay` can check by machine. There is no eval: the grammar below is all
there is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor, isqrt

from app.domain.money import EXACT, RoundingMode, round_amount
from app.errors import BugError

_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>max|min|ceil|floor|sqrt_up)|(?P<sign>[+−×÷(),]))")


@dataclass(frozen=True, slots=True)
class ProofStep:
    """One line of a calculation.

    `formula` is arithmetic with the numbers in it ("500.00 × 14 ÷ 31"); `result` its value after rounding to `places`
    by `rounding` (None: not rounded, the result is exact). `basis` says in words which rule or clause is applied.
    """

    basis: str
    formula: str
    result: Decimal
    rounding: RoundingMode | None = None
    places: int | None = None

    def replay(self) -> Decimal:
        """Evaluate the formula again and round as the step says."""
        value = evaluate(self.formula)
        with localcontext(EXACT):
            amount = Decimal(value.numerator) / Decimal(value.denominator)
        if self.rounding is None or self.places is None:
            return amount
        return round_amount(amount, self.places, self.rounding)


@dataclass(frozen=True, slots=True)
class Proof:
    """Why an amount is what it should be. The last step's result is the amount.

    `price_version` names the rate element and the day from which it holds; clause and page point into the contract.
    """

    steps: tuple[ProofStep, ...]
    contract: str = ""
    clause: str = ""
    page: int | None = None
    price_version: str = ""

    @property
    def result(self) -> Decimal:
        if not self.steps:
            raise BugError("a proof has at least one step")
        return self.steps[-1].result

    def holds(self) -> bool:
        """Whether each step's arithmetic gives the step's result."""
        return all(step.replay() == step.result for step in self.steps)


def write_proof(proof: Proof | None) -> str:
    """The proof as lines that a person reads: contract and clause, then each step with its rule and its numbers."""
    if proof is None:
        return "There is no proof of an amount here."
    place = [
        f"Contract {proof.contract}" if proof.contract else "",
        proof.clause,
        f"page {proof.page}" if proof.page is not None else "",
        proof.price_version,
    ]
    lines = [", ".join(part for part in place if part)]
    for step in proof.steps:
        rounded = f" (rounded {step.rounding.replace('_', ' ')} to {step.places} places)" if step.rounding else ""
        lines.append(f"  {step.basis}: {step.formula} = {step.result:f}{rounded}")
    return "\n".join(line for line in lines if line)


def written(value: Decimal | int) -> str:
    """`value` as formulas write it: no exponent, at least two places for money, negative in parentheses with 0."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return f"(0 − {text[1:]})" if text.startswith("-") else text


def evaluate(formula: str) -> Fraction:
    """The exact value of `formula`; raises BugError where it is not arithmetic of the grammar above."""
    tokens: list[str] = []
    place = 0
    while place < len(formula.rstrip()):
        match = _TOKEN.match(formula, place)
        if match is None:
            raise BugError(f"not arithmetic: {formula!r} at {place}")
        tokens.append(match.group().strip())
        place = match.end()
    parser = _Arithmetic(tokens)
    value = parser.sum()
    if parser.rest:
        raise BugError(f"not arithmetic: {formula!r}")
    return value


def sqrt_up(value: Fraction) -> int:
    """The smallest whole number whose square is at least `value`; 0 for 0 and less."""
    if value <= 0:
        return 0
    whole = -(-value.numerator // value.denominator)
    root = isqrt(whole)
    return root if root * root >= value else root + 1


_FUNCTIONS: Mapping[str, Callable[[list[Fraction]], Fraction]] = {
    "max": max,
    "min": min,
    "ceil": lambda values: Fraction(ceil(values[0])),
    "floor": lambda values: Fraction(floor(values[0])),
    "sqrt_up": lambda values: Fraction(sqrt_up(values[0])),
}


class _Arithmetic:
    """Recursive descent over sum → product → value."""

    def __init__(self, tokens: list[str]) -> None:
        self.rest = tokens[::-1]

    def _next(self) -> str:
        return self.rest[-1] if self.rest else ""

    def _take(self, wanted: str = "") -> str:
        if not self.rest or (wanted and self.rest[-1] != wanted):
            raise BugError(f"expected {wanted or 'a value'} in a formula")
        return self.rest.pop()

    def sum(self) -> Fraction:
        value = self._product()
        while self._next() in ("+", "−"):
            value = value + self._product() if self._take() == "+" else value - self._product()
        return value

    def _product(self) -> Fraction:
        value = self._value()
        while self._next() in ("×", "÷"):
            value = value * self._value() if self._take() == "×" else value / self._divisor()
        return value

    def _divisor(self) -> Fraction:
        value = self._value()
        if value == 0:
            raise BugError("a formula divides by zero")
        return value

    def _value(self) -> Fraction:
        word = self._take()
        if word == "(":
            value = self.sum()
            self._take(")")
            return value
        if word in _FUNCTIONS:
            self._take("(")
            values = [self.sum()]
            while self._next() == ",":
                self._take(",")
                values.append(self.sum())
            self._take(")")
            return _FUNCTIONS[word](values)
        if not word[0].isdigit():
            raise BugError(f"expected a number in a formula, not {word!r}")
        return Fraction(word)
