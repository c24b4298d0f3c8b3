"""Checks of a price book: each fault with its message and remedy, and nothing said of a book that is in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import D
from app.domain.terms import RateElementTerms
from app.domain.vocabulary import ChargeType, PriceModel, ServiceKind, ServiceStatus
from app.rating.lint import (
    RiseTwice,
    TwoEscalators,
    find_doubled_escalators,
    find_gaps,
    find_overlaps,
    find_unpriced_prefixes,
    find_unpriced_services,
    find_unpriced_zones,
    find_unreachable,
    find_unreadable,
)
from app.rating.ratebook import RateBook
from tests.rating.facts import contract, element, service

TODAY = date(2026, 3, 1)


def rise(percent: str = "3", since: str = "2024-01-01", **fields: Any) -> RateElementTerms:
    return element(percent, since, model=PriceModel.ESCALATOR, **{"id": 9} | fields)


def test_overlapping_prices_are_found_with_their_days() -> None:
    book = [contract(element("500.00", until="2026-03-01", clause="4.1"), element("515.00", since="2026-02-01", id=2))]
    (overlap,) = find_overlaps(book)
    assert (overlap.start, overlap.end) == (date(2026, 2, 1), date(2026, 3, 1))
    assert overlap.message == (
        "DIA-100M MRC has two prices from 2026-02-01 until 2026-03-01: 500.00 (contract NB-1 clause 4.1, from "
        "2024-01-01) and 515.00 (contract NB-1, from 2026-02-01). Let one end where the other begins."
    )


def test_prices_that_rating_can_tell_apart_do_not_overlap() -> None:
    base = element("500.00")
    others = [
        element("1.00", id=2, service_id=7),
        element("2.00", id=3, location_id=3),
        element("3.00", id=4, code="DIA-200M"),
        element("4.00", id=5, charge_type=ChargeType.NRC),
    ]
    assert find_overlaps([contract(base, *others)]) == ()
    assert find_overlaps([contract(base), contract(base, id=2, account_ids=(1,))]) == ()
    assert find_overlaps([contract(base, account_ids=(2,)), contract(base, id=2, account_ids=(1,))]) == ()
    assert find_overlaps([contract(base), contract(base, id=2, currency="EUR")]) == ()
    renewed = contract(element(since="2026-01-01"), id=2, start=date(2026, 1, 1))
    assert find_overlaps([contract(base, end=date(2026, 1, 1)), renewed]) == ()


def test_prices_of_two_contracts_that_run_together_overlap() -> None:
    (overlap,) = find_overlaps([contract(element()), contract(element(id=2), id=2, start=date(2025, 1, 1))])
    assert (overlap.start, overlap.end) == (date(2025, 1, 1), None)


def test_days_without_a_price_are_found() -> None:
    book = [contract(element("500.00", until="2026-01-01"), element("515.00", since="2026-02-01", id=2))]
    (gap,) = find_gaps(book)
    assert (gap.start, gap.end) == (date(2026, 1, 1), date(2026, 2, 1))
    assert gap.message == (
        "DIA-100M MRC has no price from 2026-01-01 until 2026-02-01, after 500.00 (contract NB-1, from 2024-01-01). "
        "Add the price of those days, or end the contract."
    )


def test_a_price_that_ends_before_its_contract_leaves_a_gap() -> None:
    (gap,) = find_gaps([contract(element(until="2026-01-01"), end=date(2027, 1, 1))])
    assert (gap.start, gap.end) == (date(2026, 1, 1), date(2027, 1, 1))
    assert find_gaps([contract(element(until="2026-01-01"), end=date(2026, 1, 1))]) == ()


def test_a_wider_price_fills_the_gap_after_a_narrow_one() -> None:
    promotion = element("400.00", until="2026-01-01", service_id=7)
    assert find_gaps([contract(promotion, element("500.00", id=2))]) == ()
    (gap,) = find_gaps([contract(promotion, element("500.00", id=2, since="2026-03-01"))])
    assert (gap.start, gap.end) == (date(2026, 1, 1), date(2026, 3, 1))


def test_an_amendment_does_not_overlap_what_it_amends() -> None:
    first, amended = element("500.00"), element("480.00", id=2, agreed=date(2026, 1, 15), amendment="Amendment 2")
    assert find_overlaps([contract(first, amended)]) == ()
    assert len(find_overlaps([contract(first, replace(amended, agreed=None))])) == 1


def test_prices_of_kinds_and_zones_are_prices_of_different_things() -> None:
    others = [
        element("1.00", id=2, service_kind=ServiceKind.WAN),
        element("2.00", id=3, service_kind=ServiceKind.INTERNET),
        element("3.00", id=4, zone="France"),
        element("4.00", id=5, zone="Spain"),
    ]
    assert find_overlaps([contract(element(), *others)]) == ()
    assert len(find_overlaps([contract(*others, element("5.00", id=6, zone=" spain"))])) == 1


def test_modifiers_and_offers_compete_with_no_price() -> None:
    assert find_overlaps([contract(element(), rise())]) == ()
    assert find_overlaps([contract(element()), contract(element(id=2), id=2, offer=True)]) == ()
    assert find_gaps([contract(element(), rise(until="2025-01-01"))]) == ()
    assert len(find_gaps([contract(element(until="2026-01-01"), rise())])) == 1, "a rise is no price"


@pytest.mark.parametrize(
    ("price", "terms", "why"),
    [
        ({"since": "2026-01-01"}, {"end": date(2026, 1, 1)}, "the contract ends on 2026-01-01"),
        ({"until": "2024-06-01"}, {"start": date(2024, 6, 1)}, "the contract begins on 2024-06-01"),
        ({"service_id": 8}, {}, "80/KXGS/000123 is a service of another carrier"),
        ({"service_id": 99}, {}, "its service is not in the inventory"),
    ],
)
def test_a_price_that_no_charge_can_get_is_found(price: dict[str, Any], terms: dict[str, Any], why: str) -> None:
    (found,) = find_unreachable([contract(element(**price), **terms)], {8: service(8, carrier_id=2)})
    assert found.why == why
    assert found.message.startswith("The price 500.00 of DIA-100M MRC (contract NB-1, from ")
    assert found.message.endswith(f"never holds: {why}. {found.remedy}.")


def test_a_modifier_without_a_price_to_change_is_found() -> None:
    (found,) = find_unreachable([contract(element(), rise(code="DIA-200M"))], {})
    assert found.message == (
        "The escalator 3 of DIA-200M MRC (contract NB-1, from 2024-01-01) never holds: the contract has no price that "
        'it could change. Correct its code, or write "*" for all.'
    )
    assert find_unreachable([contract(element(), rise(code="*"), rise(code="dia-100m", id=10))], {}) == ()
    assert len(find_unreachable([contract(rise(code="*"))], {})) == 1


def test_a_price_that_narrower_ones_shadow_on_all_its_days_is_found() -> None:
    wide, own = element("500.00", until="2026-01-01"), element("450.00", id=2, service_id=7)
    services = {7: service(code="DIA-100M")}
    (found,) = find_unreachable([contract(wide, own)], services)
    assert found.price.element is wide
    assert found.why == "narrower prices hold on all its days for 80/KXGS/000123"
    at_site = element("450.00", id=2, location_id=3)
    assert len(find_unreachable([contract(wide, at_site)], services)) == 1
    assert find_unreachable([contract(wide, at_site)], {}) == (), "without services nothing is known"
    assert find_unreachable([contract(wide, own)], services | {8: service(8, code="DIA-100M")}) == ()
    assert find_unreachable([contract(wide, replace(own, effective_from=date(2024, 2, 1)))], services) == ()
    begun = {7: service(code="DIA-100M", installed=date(2024, 2, 1))}
    assert len(find_unreachable([contract(wide, replace(own, effective_from=date(2024, 2, 1)))], begun)) == 1


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ("tiers=100:1.00", "the last tier, and no other, is written above:price"),
        ("tiers=200:1, 100:2, above:3", "upper bounds have to ascend"),
        ("", "tiers is missing"),
        ("tiers=above:1; size=3", "there is no parameter size here"),
    ],
)
def test_parameters_that_do_not_read_are_found(parameters: str, why: str) -> None:
    (found,) = find_unreadable([contract(element(model=PriceModel.VOLUME, parameters=parameters))])
    assert why in found.message
    assert found.message.endswith("Correct its parameters as the model volume declares them.")


def test_parameters_that_read_are_none() -> None:
    tiers = element(model=PriceModel.VOLUME, parameters="tiers=100:1.00, above:0.50")
    assert find_unreadable([contract(element(), tiers, rise())]) == ()
    assert len(find_unreadable([contract(element(parameters="a=1"), rise(parameters="index=2025"))])) == 2


def test_called_numbers_that_no_row_covers_are_found() -> None:
    (found,) = find_unpriced_prefixes("World", ["1", "44", "447"], ["33", "4420", "447911", "12", "34"])
    assert found.message == (
        "Rate deck World has no price for numbers that begin with 33, 34. Add rows for them to the deck."
    )
    assert find_unpriced_prefixes("World", ["1"], ["1", "1212", ""]) == ()


def test_longer_prefixes_cover_a_place_only_together() -> None:
    assert find_unpriced_prefixes("World", [f"44{digit}" for digit in range(10)], ["44"]) == ()
    assert len(find_unpriced_prefixes("World", [f"44{digit}" for digit in range(9)], ["44"])) == 1


@given(st.lists(st.text("012", min_size=1, max_size=3)), st.text("012", min_size=1, max_size=3))
def test_a_prefix_is_covered_as_all_numbers_under_it_are(priced: list[str], wanted: str) -> None:
    numbers = [wanted + rest for rest in map(str, range(1000, 2000))] + [wanted + str(n).zfill(3) for n in range(1000)]
    covered = all(any(number.startswith(prefix) for prefix in priced) for number in numbers)
    assert (find_unpriced_prefixes("World", priced, [wanted]) == ()) == covered


def test_zones_without_a_price_and_prices_without_a_zone_are_found() -> None:
    bare, strange = find_unpriced_zones("World", {"France": None, "Spain": D("0.02")}, ["Italy"])
    assert bare.message == (
        "Neither rate deck World nor a price of the contract prices France. Add a price for each zone."
    )
    assert strange.message == (
        "The contract prices Italy, which rate deck World does not have. Write the zones as the deck does."
    )
    assert find_unpriced_zones("World", {"France": None, "Spain": D("0.02")}, [" france"]) == ()


def test_inventory_without_a_price_is_found() -> None:
    book = RateBook([contract(element(until="2026-01-01"))])
    (found,) = find_unpriced_services([service(code="DIA-100M")], book, TODAY)
    assert found.message == (
        "80/KXGS/000123 (DIA-100M) has no monthly price on 2026-03-01: No price of MRC DIA-100M is in force on "
        "2026-03-01; nearest: contract NB-1, from 2024-01-01 until 2026-01-01. Add its price to the contract, or "
        "correct the service's code."
    )
    assert find_unpriced_services([service(code="DIA-100M")], book, date(2025, 3, 1)) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"code": ""},
        {"status": ServiceStatus.DISCONNECTED},
        {"status": ServiceStatus.ORDERED},
        {"disconnected": TODAY},
        {"installed": date(2026, 3, 2)},
    ],
)
def test_a_service_that_is_not_billed_needs_no_price(changes: dict[str, Any]) -> None:
    assert find_unpriced_services([service(**{"code": "X"} | changes)], RateBook([contract(element())]), TODAY) == ()


def test_a_price_in_any_currency_or_for_any_account_will_do() -> None:
    euros = RateBook([contract(element("1.00", code="Y")), contract(element(), id=2, currency="EUR", account_ids=(4,))])
    assert find_unpriced_services([service(code="DIA-100M", account_id=4)], euros, TODAY) == ()
    assert find_unpriced_services([service(code="DIA-100M", account_id=None)], euros, TODAY) == ()
    assert len(find_unpriced_services([service(code="DIA-100M", account_id=5)], euros, TODAY)) == 1


def test_a_service_whose_carrier_has_no_contract_has_no_price() -> None:
    (found,) = find_unpriced_services([service(code="DIA-100M", carrier_id=3)], RateBook([contract(element())]), TODAY)
    assert found.reason == "its carrier has no contract."


LIST = "counted=escalator"  # prices are of the escalator's first day, whenever they begin


def test_a_dated_price_with_the_rise_in_it_is_found() -> None:
    first, second = element("1000.00", until="2025-01-01"), element("1030.00", "2025-01-01", id=2)
    (found,) = find_doubled_escalators([contract(first, second, rise(parameters=LIST))])
    assert isinstance(found, RiseTwice)
    assert found.message == (
        "DIA-100M MRC rises twice: 1030.00 (contract NB-1, from 2025-01-01) is 1000.00 with the escalator of 3 from "
        "2024-01-01 in it, which raises it again. Take out the dated price, or end the escalator the day before it."
    )


@pytest.mark.parametrize(("second", "third"), [("1030.00", "1060.90"), ("1030.00", "1060.91"), ("1030.01", "1060.91")])
def test_each_step_of_a_price_list_that_follows_the_escalator_is_found(second: str, third: str) -> None:
    prices = [
        element("1000.00", until="2025-01-01"),
        element(second, "2025-01-01", "2026-01-01", id=2),
        element(third, "2026-01-01", id=3),
    ]
    assert len(find_doubled_escalators([contract(*prices, rise(code="*", parameters=LIST))])) == 2


def test_a_price_that_contains_all_rises_so_far_is_found() -> None:
    prices = element("1000.00", until="2026-01-01"), element("1060.90", "2026-01-01", id=2)
    assert len(find_doubled_escalators([contract(*prices, rise(parameters=LIST))])) == 1


def test_a_rise_of_nothing_raises_nothing_twice() -> None:
    prices = element("1000.00", until="2025-01-01"), element("1000.00", "2025-01-01", id=2)
    assert find_doubled_escalators([contract(*prices, rise("0", parameters=LIST))]) == ()


@pytest.mark.parametrize(
    ("price", "modifier"),
    [
        ("1040.00", {}),  # another step than the escalator's
        ("1030.00", {"until": "2025-01-01"}),  # the escalator has ended
        ("1030.00", {"code": "DIA-200M"}),
        ("1030.00", {"charge_type": ChargeType.NRC}),
        ("1030.00", {"service_id": 8}),
        ("1030.00", {"since": "2025-01-01"}),  # it begins to count at the new price
    ],
)
def test_a_price_of_its_own_is_no_doubled_rise(price: str, modifier: dict[str, Any]) -> None:
    prices = element("1000.00", until="2025-01-01"), element(price, "2025-01-01", id=2)
    assert find_doubled_escalators([contract(*prices, rise(**{"parameters": LIST} | modifier))]) == ()


def test_a_price_that_is_counted_from_its_own_day_does_not_rise_twice() -> None:
    prices = element("1000.00", until="2025-01-01"), element("1030.00", "2025-01-01", id=2)
    assert find_doubled_escalators([contract(*prices, rise())]) == ()


def test_two_escalators_for_one_code_are_found() -> None:
    (found,) = find_doubled_escalators([contract(element(), rise(), rise("2", "2025-01-01", id=10))])
    assert isinstance(found, TwoEscalators)
    assert found.message == (
        "Two escalators raise DIA-100M MRC from 2025-01-01: 3 (contract NB-1, from 2024-01-01) and "
        "DIA-100M 2 (contract NB-1, from 2025-01-01). Let one end where the other begins."
    )
    in_turn = rise(until="2025-01-01"), rise("2", "2025-01-01", id=10)
    assert find_doubled_escalators([contract(element(), *in_turn)]) == ()
    other_services = rise(service_id=7), rise("2", id=10, service_id=8)
    assert find_doubled_escalators([contract(element(), *other_services)]) == ()
