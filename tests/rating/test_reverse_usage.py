"""Reverse rating of tiers, packages, work and calls: each kind of fault is found by its name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.evidence import (
    Evidence,
    UsageFacts,
    Work,
    WorkFacts,
)
from app.domain.history import ChargeFacts
from app.domain.money import D, RoundingMode
from app.domain.parameters import BadParameters
from app.domain.terms import RateElementTerms
from app.domain.vocabulary import (
    ChargeType,
    PriceModel,
    RoundingScope,
)
from app.rating.ratebook import RateBook
from tests.rating.facts import contract, element
from tests.rating.reversing import CALLS, MARCH, RECORDS, calls, explain, names, several, totals


def tiers(model: PriceModel, text: str = "100:1.00, 200:0.50, above:0.10") -> RateElementTerms:
    return element("0", model=model, parameters=f"tiers={text}")


@pytest.mark.parametrize("agreed", [PriceModel.GRADUATED, PriceModel.VOLUME])
def test_tiers_read_the_other_way_are_named(agreed: PriceModel) -> None:
    other = PriceModel.VOLUME if agreed is PriceModel.GRADUATED else PriceModel.GRADUATED
    charges = [replace(each, quantity=D(150 + 50 * each.id)) for each in several()]
    assert names(explain(charges, contract(tiers(agreed)), contract(tiers(other)))) == {"tier_reading"}


def test_a_bound_that_is_off_by_one_is_named() -> None:
    charges = [replace(each, quantity=D(100 * each.id)) for each in several(2)]
    exclusive = tiers(PriceModel.VOLUME, "99:1.00, 199:0.50, above:0.10")
    assert "tier_bound" in names(explain(charges, contract(tiers(PriceModel.VOLUME)), contract(exclusive)))


def test_terms_that_do_not_read_are_passed_over() -> None:
    """A bound of 1 that moves down is none."""
    agreed = tiers(PriceModel.VOLUME, "1:1.00, above:0.50")
    charges = [replace(each, quantity=D(150 * each.id)) for each in several(2)]
    billed = contract(tiers(PriceModel.GRADUATED, "1:1.00, above:0.50"))
    assert "tier_reading" in names(explain(charges, contract(agreed), billed))

    def refuse(billed: ChargeFacts, book: RateBook) -> Evidence | None:
        raise BadParameters(text="", why="there is no such zone")

    there = {n: UsageFacts(n, MARCH, ((301, 900 * n),)) for n in RECORDS}
    assert explain(CALLS, contract(calls()), evidence=RECORDS, counted=there, recount=refuse) == ()


def test_free_units_that_were_billed_are_named() -> None:
    package = element("5.00", model=PriceModel.PACKAGE, parameters="size=100; free=100")
    charges = [replace(each, quantity=D(150 + 100 * each.id)) for each in several()]
    (cause,) = explain(charges, contract(package), contract(replace(package, parameters="size=100")))
    assert (cause.name, cause.says, cause.contract_says) == ("free", "free = 0", "free = 100")


def test_other_steps_of_work_are_named() -> None:
    hands = element("180.00", model=PriceModel.REMOTE_HANDS, charge_type=ChargeType.USAGE, parameters="increment=15")
    evidence = {n: WorkFacts(n, MARCH, (Work("job", 50 + 17 * n), Work("job", 20))) for n in (1, 2, 3)}
    billed = contract(replace(hands, parameters="increment=30"))
    charges = several(charge_type=ChargeType.USAGE, quantity=None)
    assert "increment" in names(explain(charges, contract(hands), billed, evidence=evidence))


# calls


@pytest.mark.parametrize(
    ("says", "parameters"),
    [
        (f"{initial}/{increment}", f"initial={initial}; increment={increment}")
        for initial, increment in ((1, 1), (18, 6), (30, 6), (30, 30), (60, 1), (60, 60))
    ],
)
def test_other_increments_are_named(says: str, parameters: str) -> None:
    causes = explain(CALLS, contract(calls()), contract(calls(parameters)), evidence=RECORDS)
    assert ("increments", says, "6/6") in {(each.name, each.says, each.contract_says) for each in causes if each.fits}
    assert f"This bill fits {says}; the contract says 6/6. 3 charges show it." in {each.message for each in causes}


def test_another_least_length_of_a_call_is_named() -> None:
    billed = contract(calls("initial=20; increment=6"))
    assert names(explain(CALLS, contract(calls()), billed, evidence=RECORDS)) == {"call_minimum"}


def test_a_connect_fee_that_was_left_out_is_named() -> None:
    agreed = contract(calls("initial=6; increment=6; connect=0.04"))
    (cause,) = explain(CALLS, agreed, contract(calls()), evidence=RECORDS)
    assert (cause.name, cause.says, cause.contract_says) == ("connect", "connect = 0", "connect = 0.04")


def test_a_connect_fee_added_where_it_is_the_least_charge_is_named() -> None:
    agreed = contract(calls("initial=6; increment=6; connect=0.04; deductible=yes"))
    billed = contract(calls("initial=6; increment=6; connect=0.04"))
    assert "deductible" in names(explain(CALLS, agreed, billed, evidence=RECORDS))


def test_calls_rounded_one_by_one_are_named() -> None:
    agreed = contract(calls())
    billed = replace(agreed, rounding_scope=RoundingScope.CALL)
    assert "rounding_scope" in names(explain(CALLS, agreed, billed, evidence=RECORDS))


def test_two_changes_together_are_named_where_neither_explains_it_alone() -> None:
    agreed = contract(replace(calls(), price=D("0.041")))
    billed = replace(agreed, rounding_scope=RoundingScope.CALL, rounding=RoundingMode.UP)
    (cause, *_) = explain(CALLS, agreed, billed, evidence=RECORDS)
    assert (cause.name, cause.changes) == ("rounding_scope + rounding_mode", 2)
    assert cause.says == "rounding of each call and rounding up"
    assert cause.contract_says == "rounding of each charge and rounding half up"


def test_the_bills_own_minutes_are_named() -> None:
    charges = [replace(each, quantity=D(9000 + each.id)) for each in CALLS]
    causes = explain(charges, contract(calls()), evidence=RECORDS, counted={})
    assert names(causes) == {"bill_quantity"}


def test_the_clocks_of_another_place_are_named_by_counting_anew() -> None:
    there = {n: UsageFacts(n, MARCH, ((7, 800 * n), (301, 900))) for n in RECORDS}

    def recount(billed: ChargeFacts, book: RateBook) -> Evidence | None:
        return there[billed.id] if book.contracts[0].time_zone == "America/Chicago" else RECORDS[billed.id]

    (cause,) = explain(CALLS, contract(calls()), evidence=RECORDS, counted=there, recount=recount)
    assert (cause.name, cause.says) == ("time_zone", "the clocks of America/Chicago")
    assert explain(CALLS, contract(calls()), evidence=RECORDS, counted=there) == (), "without counting nothing is known"


def test_calls_of_unknown_jurisdiction_taken_as_interstate_are_named() -> None:
    deck = replace(calls("deck=World; piu=30"), model=PriceModel.CALLS, price=D(0))
    evidence = {n: totals(n, deck.parameters) for n in (1, 2, 3)}
    counted = {n: totals(n, "deck=World; piu=100") for n in evidence}

    def recount(billed: ChargeFacts, book: RateBook) -> Evidence | None:
        parameters = book.contracts[0].elements[0].parameters
        return totals(billed.id, parameters if "piu" in parameters else "piu=0")

    causes = explain(CALLS, contract(deck), evidence=evidence, counted=counted, recount=recount)
    assert ("piu", "piu = 100", "piu = 30") in {(each.name, each.says, each.contract_says) for each in causes}
