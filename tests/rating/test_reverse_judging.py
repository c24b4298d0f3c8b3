"""Which causes are told: nothing of a bill that is right, accidents left out, what fits best first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.evidence import (
    BalanceFacts,
    BalanceLine,
    CallTotals,
    Evidence,
    LeavingFacts,
    Outage,
    OutageFacts,
    SpendFacts,
    SpendLine,
    UsageFacts,
    Work,
    WorkFacts,
)
from app.domain.money import D
from app.domain.parameters import Form
from app.domain.period import Period
from app.domain.vocabulary import (
    MODIFIERS,
    PriceModel,
    ProrationMethod,
)
from app.rating.charge_models import CHARGE_MODELS
from app.rating.engine import rate_invoice
from app.rating.parameters import declared_parameters
from app.rating.ratebook import RateBook
from app.rating.reverse import Cause, find_causes
from tests.rating.facts import charge, contract, element, invoice, service
from tests.rating.reversing import (
    CALLS,
    MARCH,
    PARTS,
    RECORDS,
    amounts,
    calls,
    explain,
    monthly,
    names,
    rising,
    several,
    totals,
)


def test_a_bill_that_is_right_has_no_cause() -> None:
    assert explain(monthly(*PARTS), contract(element())) == ()
    assert explain(CALLS, contract(calls()), evidence=RECORDS) == ()


def test_what_is_tolerated_is_not_explained() -> None:
    few = {n: UsageFacts(n, MARCH, ((7, 100),)) for n in RECORDS}
    assert explain(CALLS, contract(calls()), contract(calls("initial=30; increment=6")), evidence=few) == ()


def test_one_charge_alone_only_may_have_a_cause() -> None:
    agreed = contract(element("480.00", until="2026-01-01"), element("500.00", "2026-01-01", id=2))
    (cause,) = explain(several(1), agreed, contract(element("480.00")))
    assert (cause.name, cause.fits, cause.against) == ("price_before", False, 0)
    assert cause.message == (
        "One charge may have been billed with the price before; the contract says the price in force."
    )


def test_a_charge_that_is_right_speaks_against_a_cause() -> None:
    agreed = contract(element("480.00", until="2026-01-01"), element("500.00", "2026-01-01", id=2))
    services = {n: service(n) for n in (1, 2, 3, 4)}
    bill = invoice(*(replace(each, amount=D("500.00" if each.id == 4 else "480.00")) for each in several(4)))
    rated = rate_invoice(bill, services, RateBook([agreed]), {})
    (cause,) = find_causes(bill, services, RateBook([agreed]), {}, rated)
    assert (cause.charges, cause.fits, cause.against) == ((1, 2, 3), False, 1)
    assert cause.message.startswith("3 charges may have been billed with the price before;")


def test_what_explains_one_wrong_charge_and_not_the_others_is_an_accident() -> None:
    agreed = contract(element("480.00", until="2026-01-01"), element("500.00", "2026-01-01", id=2))
    services = {n: service(n) for n in (1, 2, 3)}
    billed = {1: "480.00", 2: "777.77", 3: "333.33"}
    bill = invoice(*(replace(each, amount=D(billed[each.id])) for each in several()))
    rated = rate_invoice(bill, services, RateBook([agreed]), {})
    assert find_causes(bill, services, RateBook([agreed]), {}, rated) == ()


def test_a_cause_of_the_whole_contract_is_judged_over_all_its_codes() -> None:
    agreed = contract(element(), element("90.00", code="CPE", id=2))
    charges = [*monthly(*PARTS[:1]), charge("0", id=2, seq=2, service_id=2, code="CPE", period=PARTS[1])]
    causes = explain(charges, agreed, replace(agreed, proration=ProrationMethod.ACTUAL_30))
    (cause,) = [each for each in causes if each.name == "proration"]
    assert (cause.charges, cause.fits) == ((1, 2), True)


def test_all_causes_that_fit_alike_are_named() -> None:
    short = {n: UsageFacts(n, MARCH, ((7, 4000 * n),)) for n in RECORDS}  # 60/1 and 60/60 bill a short call alike
    causes = explain(CALLS, contract(calls()), contract(calls("initial=60; increment=60")), evidence=short)
    assert {"60/1", "60/6", "60/60"} <= {each.says for each in causes if each.fits}


def test_what_fits_goes_first_then_what_explains_more_with_fewer_changes() -> None:
    causes = explain(monthly(*PARTS), contract(element()), contract(element(), proration=ProrationMethod.NONE))
    keys = [(not each.fits, -len(each.charges), each.changes) for each in causes]
    assert keys == sorted(keys)


def test_the_same_bill_gives_the_same_causes() -> None:
    def once() -> tuple[Cause, ...]:
        return explain(CALLS, contract(calls()), contract(calls("initial=30; increment=30")), evidence=RECORDS)

    assert once() == once()


def needed(model: PriceModel) -> str:
    """The parameters that a model cannot do without, with some value each."""
    values = {Form.TIERS: "10:2, above:1", Form.TABLE: "12:4", Form.DATE: "2026-01-01", Form.TEXTS: "MRC"}
    if model is PriceModel.EARLY_TERMINATION:
        return "bands=36:50"
    given = [each for each in declared_parameters(model) or () if each.default is None]
    return "; ".join(f"{each.name}={values.get(each.form, '10')}" for each in given)


@pytest.mark.parametrize("model", [model for model in PriceModel if model not in MODIFIERS])
def test_the_search_goes_through_for_every_model(model: PriceModel) -> None:
    """Terms that do not go together are passed over, whatever the model."""
    line = SpendLine("Internet", D("900.00"))
    evidence: dict[type, Evidence] = {
        SpendFacts: SpendFacts(MARCH, (line,)),
        CallTotals: totals(1, "deck=World; piu=30"),
        LeavingFacts: LeavingFacts(D("100.00"), 8, 36),
        BalanceFacts: BalanceFacts((BalanceLine("INV-0", D("900.00"), date(2026, 1, 1), date(2026, 3, 1)),)),
        OutageFacts: OutageFacts(1, MARCH, (Outage("T-1", 1_772_500_000, 9_000),), D("900.00")),
        WorkFacts: WorkFacts(1, MARCH, (Work("J-1", 50),)),
    }
    rises = () if model is PriceModel.CALLS else (rising(),)  # a rate deck does not rise
    agreed = contract(element("7.00", model=model, parameters=needed(model)), *rises)
    records = dict.fromkeys((1, 2), evidence[CHARGE_MODELS[model].NEEDS or WorkFacts])
    services = {n: service(n) for n in records}
    bill = invoice(*(replace(each, amount=D("123456.78"), quantity=D(25)) for each in several(2)))
    book = RateBook([agreed])
    rated = rate_invoice(bill, services, book, records)
    assert all(each.expected is not None for each in rated.values()), rated
    assert find_causes(bill, services, book, records, rated, recount=lambda *_: records[1]) == ()


FAULTS: dict[str, dict[str, Any]] = {
    "proration": {"proration": ProrationMethod.ACTUAL_30},
    "rounding_places": {"rounding_places": 0},
}


@settings(max_examples=40)
@given(st.data())
def test_a_random_fault_is_found(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["proration", "rounding_places", "price_before", "escalator_not_applied", "days"]))
    cents = st.integers(20_000, 900_000).map(lambda value: f"{value / 100:.2f}")
    price = data.draw(cents)
    days = data.draw(st.lists(st.integers(2, 27), min_size=3, max_size=6, unique=True))
    charges = monthly(*(Period(date(2026, 3, day), date(2026, 4, 1)) for day in days))
    before = element(data.draw(cents.filter(lambda other: other != price)), "2024-01-01", "2026-01-01")
    agreed = contract(before, element(price, "2026-01-01", id=2), rising(since="2025-01-01"))
    billed, seen = agreed, charges
    match name:
        case "price_before":
            billed = contract(replace(before, effective_to=None), rising(since="2025-01-01"))
        case "escalator_not_applied":
            billed = contract(*agreed.elements[:2])
        case "days":
            name = "last_day_left_out"
            seen = monthly(*(Period(date(2026, 3, day), date(2026, 3, 31)) for day in days))
        case _:
            billed = replace(agreed, **FAULTS[name])
    causes = explain(charges, agreed, billed, seen=seen)
    assert name in names(causes) or not causes
    if not causes:  # the fault may change nothing by more than is tolerated
        theirs = amounts(seen, billed, {each.id: service(each.id) for each in charges}, {})
        ours = amounts(charges, agreed, {each.id: service(each.id) for each in charges}, {})
        assert all(abs(one - other) <= D("0.01") for one, other in zip(theirs, ours, strict=True))
