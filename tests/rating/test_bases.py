"""What percentages, surcharges and minimums are taken of, and what several lines of one come to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.evidence import SpendFacts
from app.domain.history import ChargeFacts, InvoiceFacts
from app.domain.money import D
from app.domain.proof import Proof
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import ChargeType, PriceModel
from app.rating.bases import SharedSpend, find_derived, spend_of
from app.rating.charge_models import CHARGE_MODELS
from app.rating.charge_models.measure import Measure
from app.rating.engine import rate_invoice
from app.rating.ratebook import RateBook
from tests.rating.facts import charge, contract, element, invoice, period, service

A = {"service_id": 7, "service_key": "A"}
B = {"service_id": 8, "service_key": "B"}
NO_SERVICE = {"service_id": None, "service_key": ""}


def mrc(identity: int, amount: str, **fields: Any) -> ChargeFacts:
    return charge(amount, id=identity, **fields)


def usf(identity: int, amount: str, **fields: Any) -> ChargeFacts:
    shape: dict[str, Any] = {"charge_type": ChargeType.SURCHARGE, "code": "USF", "description": "USF"}
    return charge(amount, id=identity, **shape | fields)


def priced(price: str = "37.6", model: PriceModel = PriceModel.SURCHARGE, **fields: Any) -> RateElementTerms:
    shape: dict[str, Any] = {"id": 9, "code": "USF", "charge_type": ChargeType.SURCHARGE, "model": model}
    return element(price, **shape | fields)


def spend(line: ChargeFacts, bill: InvoiceFacts, terms: ContractTerms) -> SpendFacts | None:
    taken = next(each for each in terms.elements if each.code == line.code and each.charge_type is line.charge_type)
    settings = Measure(terms, taken, D(1)).settings(CHARGE_MODELS[taken.model].PARAMETERS)
    return spend_of(line, bill, settings, find_derived(bill, RateBook([terms]), None))


def due(line: ChargeFacts, bill: InvoiceFacts, terms: ContractTerms) -> Decimal:
    """What the line should be, by `compute` and by a proof that holds."""
    taken = next(each for each in terms.elements if each.code == line.code and each.charge_type is line.charge_type)
    measure = Measure(terms, taken, D(1), evidence=spend(line, bill, terms))
    proof = Proof(CHARGE_MODELS[taken.model].explain(measure))
    assert proof.holds()
    assert proof.result == CHARGE_MODELS[taken.model].compute(measure)
    return proof.result


def all_due(bill: InvoiceFacts, terms: ContractTerms) -> list[Decimal]:
    return [due(each, bill, terms) for each in bill.charges if each.code == "USF" and each.amount > 0]


@pytest.mark.parametrize(("model", "price", "amount"), [("percentage", "10", "105.00"), ("minimum", "1200", "150.00")])
def test_the_fees_named_count_too(model: str, price: str, amount: str) -> None:
    fee = mrc(2, "50.00", charge_type=ChargeType.FEE, code="ADM")
    other = mrc(3, "7.00", charge_type=ChargeType.FEE, code="OTHER")
    line = usf(4, "105.00")
    terms = contract(priced(price, PriceModel(model), parameters="base_types=MRC; fee_codes=adm"))
    assert due(line, invoice(mrc(1, "1000.00"), fee, other, line), terms) == D(amount)


def test_one_line_is_taken_of_the_whole_bill_whatever_service_it_names() -> None:
    bill = invoice(mrc(1, "100.00", **A), mrc(2, "100.00", **B), usf(3, "75.20", **A))
    assert all_due(bill, contract(priced())) == [D("75.20")]


def test_lines_of_each_service_are_taken_of_that_service() -> None:
    bill = invoice(mrc(1, "100.00", **A), mrc(2, "50.00", **B), usf(3, "37.60", **A), usf(4, "18.80", **B))
    assert all_due(bill, contract(priced())) == [D("37.60"), D("18.80")]


def test_a_surcharge_billed_in_full_on_each_service_is_not_right() -> None:
    bill = invoice(mrc(1, "100.00", **A), mrc(2, "100.00", **B), usf(3, "75.20", **A), usf(4, "75.20", **B))
    assert all_due(bill, contract(priced())) == [D("37.60"), D("37.60")]


def test_two_names_of_one_known_service_are_one_service() -> None:
    number = {"service_id": 7, "service_key": "15550100200"}
    usage = mrc(2, "100.00", charge_type=ChargeType.USAGE, **number)
    bill = invoice(mrc(1, "100.00", **A), usage, mrc(3, "50.00", **B), usf(4, "75.20", **A), usf(5, "18.80", **B))
    assert all_due(bill, contract(priced())) == [D("75.20"), D("18.80")]


def test_a_surcharge_billed_twice_for_one_service_is_due_once() -> None:
    bill = invoice(mrc(1, "100.00", **A), mrc(2, "50.00", **B), usf(3, "37.60", **A), usf(4, "37.60", **A))
    assert all_due(bill, contract(priced())) == [D("18.80"), D("18.80")]


def test_lines_that_name_no_service_are_compared_in_all() -> None:
    base = mrc(1, "100.00", **A), mrc(2, "100.00", **B)
    twice = invoice(*base, usf(3, "75.20", **NO_SERVICE), usf(4, "75.20", **NO_SERVICE))
    assert all_due(twice, contract(priced())) == [D("37.60"), D("37.60")]
    parts = invoice(*base, usf(3, "60.00", **NO_SERVICE), usf(4, "15.20", **NO_SERVICE))
    assert all_due(parts, contract(priced())) == [D("60.00"), D("15.20")]


def test_where_a_charge_of_the_base_names_no_service_the_lines_are_compared_in_all() -> None:
    base = mrc(1, "100.00", **A), mrc(2, "50.00", **B), mrc(5, "50.00", **NO_SERVICE)
    right = invoice(*base, usf(3, "56.40", **A), usf(4, "18.80", **B))
    assert all_due(right, contract(priced())) == [D("56.40"), D("18.80")]


def test_a_cap_holds_for_the_lines_together() -> None:
    bill = invoice(mrc(1, "1000.00"), usf(2, "40.00", **NO_SERVICE), usf(3, "40.00", **NO_SERVICE))
    assert all_due(bill, contract(priced("10", parameters="most=40"))) == [D("20.00"), D("20.00")]
    assert all_due(bill, contract(priced("10", PriceModel.PERCENTAGE, parameters="most=40"))) == [D("20.00")] * 2
    assert all_due(bill, contract(priced("1050", PriceModel.MINIMUM))) == [D("25.00"), D("25.00")]


def test_lines_of_different_days_are_taken_of_the_charges_of_their_days() -> None:
    february, march = period("2026-02-01..2026-03-01"), period("2026-03-01..2026-04-01")
    usage = mrc(2, "50.00", charge_type=ChargeType.USAGE, period=february)
    bill = invoice(
        mrc(1, "100.00", period=march), usage, usf(3, "37.60", period=march), usf(4, "28.20", period=february)
    )
    assert all_due(bill, contract(priced())) == [D("37.60"), D("18.80")]
    one = invoice(mrc(1, "100.00", period=march), usage, usf(3, "56.40", period=march))
    assert all_due(one, contract(priced())) == [D("56.40")]


def test_a_line_that_a_credit_takes_back_is_not_one_of_the_lines() -> None:
    base = mrc(1, "200.00")
    for kind in (ChargeType.SURCHARGE, ChargeType.CREDIT):
        bill = invoice(base, usf(2, "75.20"), usf(3, "75.20"), usf(4, "-75.20", charge_type=kind))
        assert all_due(bill, contract(priced())) == [D("75.20"), D("75.20")]


def test_surcharges_without_codes_are_told_apart_by_their_words() -> None:
    bill = invoice(mrc(1, "100.00"), usf(2, "10.00", code="", description="Regulatory"), usf(3, "10.00", code=""))
    assert all(
        not isinstance(spend(line, bill, contract(priced("10", code=""))), SharedSpend) for line in bill.charges[1:]
    )


def test_the_proof_says_which_part_of_all_lines_a_line_has() -> None:
    bill = invoice(mrc(1, "100.00"), *(usf(identity, "20.00", **NO_SERVICE) for identity in (2, 3, 4)))
    terms = contract(priced("10"))
    assert all_due(bill, terms) == [D("3.33"), D("3.34"), D("3.33")]
    measure = Measure(terms, terms.elements[0], D(1), evidence=spend(bill.charges[2], bill, terms))
    steps = CHARGE_MODELS[PriceModel.SURCHARGE].explain(measure)
    assert [step.formula for step in steps[-4:]] == [
        "100.00 × 10 ÷ 100",
        "10.00 × 20.00 ÷ 60.00",
        "10.00 × 40.00 ÷ 60.00",
        "6.67 − 3.33",
    ]


@given(
    st.lists(st.integers(1, 10**7), min_size=1, max_size=9),
    st.integers(1, 10**8),
    st.sampled_from([PriceModel.SURCHARGE, PriceModel.PERCENTAGE]),
)
def test_the_parts_of_all_lines_come_to_what_is_due_once(billed: list[int], base: int, model: PriceModel) -> None:
    lines = [usf(place, f"{cents / D(100):.2f}", **NO_SERVICE) for place, cents in enumerate(billed, 2)]
    charged = mrc(1, f"{base / D(100):.2f}")
    terms = contract(priced("17.3", model))
    parts, whole = all_due(invoice(charged, *lines), terms), due(lines[0], invoice(charged, lines[0]), terms)
    assert sum(parts) == whole
    if sum(line.amount for line in lines) == whole:
        assert parts == [line.amount for line in lines]


def test_lines_that_are_right_in_all_are_right_each() -> None:
    lines = [usf(place, amount, **NO_SERVICE) for place, amount in enumerate(["11.11", "22.22", "41.87"], 2)]
    assert all_due(invoice(mrc(1, "200.00"), *lines), contract(priced())) == [line.amount for line in lines]


@pytest.mark.parametrize("model", ["percentage", "surcharge", "minimum"])
def test_what_is_itself_taken_of_others_is_in_no_base(model: str) -> None:
    mrcs: dict[str, Any] = {"charge_type": ChargeType.MRC}
    ten, managed = usf(2, "100.00", **mrcs), mrc(3, "55.00", code="MANAGED")
    terms = contract(
        priced("10", PriceModel.PERCENTAGE, **mrcs),
        priced("5.5", PriceModel(model), id=10, code="MANAGED", **mrcs),
        element("1000.00"),
    )
    assert due(ten, invoice(mrc(1, "1000.00"), ten, managed), terms) == D("100.00")


def test_two_lines_of_a_recurring_per_cent_are_not_each_others_base() -> None:
    mrcs: dict[str, Any] = {"charge_type": ChargeType.MRC}
    bill = invoice(mrc(1, "1000.00"), usf(2, "50.00", **mrcs), usf(3, "50.00", **mrcs))
    assert all_due(bill, contract(priced("10", PriceModel.PERCENTAGE, **mrcs))) == [D("50.00"), D("50.00")]


def test_a_fee_that_is_itself_taken_of_others_counts_where_it_is_named() -> None:
    fee = mrc(2, "10.00", code="ADM", charge_type=ChargeType.MRC)
    adm = priced("1", PriceModel.PERCENTAGE, id=10, code="ADM", charge_type=ChargeType.MRC)
    line = usf(3, "101.00")
    terms = contract(priced("10", PriceModel.PERCENTAGE, parameters="fee_codes=ADM"), adm)
    assert due(line, invoice(mrc(1, "1000.00"), fee, line), terms) == D("101.00")


def test_a_code_with_a_per_cent_for_one_service_alone_is_taken_of_others() -> None:
    own = priced("10", PriceModel.PERCENTAGE, service_id=7)
    bill, terms = invoice(usf(2, "10.00"), mrc(1, "100.00")), contract(own)
    assert list(map(find_derived(bill, RateBook([terms]), None), bill.charges)) == [True, False]
    elsewhere = RateBook([contract(own, carrier_id=2)])
    assert not any(map(find_derived(bill, elsewhere, None), bill.charges))


def test_a_price_that_goes_before_a_per_cent_makes_its_charge_part_of_the_base() -> None:
    old = priced("10", PriceModel.PERCENTAGE, until="2026-01-01")
    new = priced("100.00", PriceModel.FLAT, id=10, since="2026-01-01")
    bill = invoice(usf(2, "100.00"))
    assert not find_derived(bill, RateBook([contract(old, new)]), None)(bill.charges[0])


@pytest.mark.parametrize("kind", [ChargeType.MRC, ChargeType.CREDIT])
def test_a_credit_lowers_the_base_whatever_its_type(kind: ChargeType) -> None:
    bill = invoice(mrc(1, "200.00"), mrc(2, "-50.00", charge_type=kind), usf(3, "56.40"))
    assert all_due(bill, contract(priced())) == [D("56.40")]


def test_credits_of_other_things_leave_the_base_as_it_is() -> None:
    goodwill = mrc(2, "-50.00", charge_type=ChargeType.CREDIT, code="GOODWILL")
    elsewhere = mrc(3, "-50.00", charge_type=ChargeType.CREDIT, **B)
    bill = invoice(mrc(1, "200.00", **A), goodwill, elsewhere, usf(4, "75.20"))
    assert all_due(bill, contract(priced())) == [D("75.20")]
    named = contract(priced(parameters="base_types=MRC, CREDIT"))
    assert all_due(bill, named) == [D("37.60")]


def test_the_engine_takes_several_lines_together_and_none_of_each_other() -> None:
    mrcs: dict[str, Any] = {"charge_type": ChargeType.MRC}
    bill = invoice(mrc(1, "1000.00"), usf(2, "100.00", **mrcs), usf(3, "100.00", **mrcs))
    terms = contract(priced("10", PriceModel.PERCENTAGE, **mrcs), element("1000.00"))
    rated = rate_invoice(bill, {7: service()}, RateBook([terms]), {})
    assert [rated[identity].expected for identity in (1, 2, 3)] == [D("1000.00"), D("50.00"), D("50.00")]
