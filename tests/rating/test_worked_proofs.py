"""docs/worked-proofs.md is what the engine says, and every proof on it replays."""

from __future__ import annotations

import re

import pytest

from app.domain.vocabulary import PriceModel, RatingOutcome
from tools.make_worked_proofs import PAGE, all_cases, render
from tools.worked_proofs.case import Case


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.title)
def test_every_proof_of_the_page_replays_to_the_expected_amount(case: Case) -> None:
    for charge, rated in case.rate():
        assert rated.outcome is RatingOutcome.RATED, rated.note
        assert rated.proof is not None
        assert rated.proof.holds()
        assert rated.proof.result == rated.expected
        assert rated.variance == charge.amount - rated.proof.result
    for _, proof in case.calls:
        assert proof.holds()


def test_the_page_is_what_the_engine_says() -> None:
    """`python -m tools.make_worked_proofs` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == render()


def test_every_step_on_the_page_is_one_of_a_proof_that_was_replayed() -> None:
    steps = {
        f"{step.formula} = {step.result:f}"
        for case in all_cases()
        for proof in [*(rated.proof for _, rated in case.rate()), *(proof for _, proof in case.calls)]
        if proof is not None
        for step in proof.steps
    }
    shown = re.findall(
        r"^  .*$", "\n".join(re.findall(r"^```text\n(.*?)\n```$", PAGE.read_text("utf-8"), re.M | re.S)), re.M
    )
    assert len(shown) > 80
    assert [line for line in shown if not any(step in line for step in steps)] == []


def test_every_model_has_a_worked_proof() -> None:
    shown = {element.model for case in all_cases() for element in case.prices}
    assert shown == set(PriceModel)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Committed rate and 95th percentile", ["784.05"]),
        ("An escalator over three years", ["2150.00", "2214.50", "2280.94"]),
        ("Stacked surcharges", ["100.00", "0.38", "3.45", "0.75", "39.32"]),
        ("Flat, part of a month, with a price that changes within it", ["657.74"]),
        ("Leaving early, by bands", ["16000.00"]),
    ],
)
def test_examples_that_are_known_by_hand_come_out(title: str, expected: list[str]) -> None:
    (case,) = [case for case in all_cases() if case.title == title]
    assert [f"{rated.expected}" for _, rated in case.rate()] == expected


def test_the_amendment_says_both_amounts() -> None:
    (case,) = [case for case in all_cases() if case.title.startswith("An amendment")]
    ((_, rated),) = case.rate()
    assert (f"{rated.expected}", f"{rated.amended}") == ("985.00", "905.00")
    assert "Under amendments agreed on after the bill it costs 905.00." in PAGE.read_text(encoding="utf-8")
