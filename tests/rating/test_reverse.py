"""From a bill's amounts to the settings that give them: each kind of fault is found by its name, and nothing in a bill
that is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.evidence import (
    BalanceFacts,
    BalanceLine,
    CallLine,
    CallTotals,
    Evidence,
    LeavingFacts,
    Outage,
    OutageFacts,
    PortBins,
    SpendFacts,
    SpendLine,
    TrafficFacts,
    UsageFacts,
    Work,
    WorkFacts,
)
from app.domain.history import ChargeFacts, ServiceFacts
from app.domain.money import D, RoundingMode
from app.domain.parameters import BadParameters, Form
from app.domain.period import Period
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import (
    MODIFIERS,
    ChargeType,
    ExchangeDay,
    PriceChange,
    PriceModel,
    ProrationMethod,
    RoundingScope,
    ServiceKind,
)
from app.rating.charge_models import CHARGE_MODELS
from app.rating.currency import RateTable
from app.rating.engine import rate_invoice
from app.rating.parameters import declared_parameters
from app.rating.ratebook import RateBook
from app.rating.reverse import Cause, Recount, find_causes
from tests.rating.facts import charge, contract, element, invoice, period, service

MARCH = period("2026-03-01..2026-04-01")
PARTS = [period(text) for text in ("2026-03-05..2026-04-01", "2026-03-01..2026-03-20", "2026-02-10..2026-04-01")]
LONG_PARTS = [period(text) for text in ("2026-01-16..2026-03-10", "2026-02-10..2026-04-01", "2026-01-20..2026-03-15")]


RATES = RateTable([("USD", "EUR", date(2026, 2, day), D("0.8") + Decimal(day) / 1000) for day in range(1, 29)])


def amounts(
    charges: Sequence[ChargeFacts],
    terms: ContractTerms,
    services: Mapping[int, ServiceFacts],
    evidence: Mapping[int, Any],
    currency: str = "USD",
) -> list[Decimal]:
    """What the charges cost under `terms`, as a carrier that reads the contract so would bill them."""
    bill = invoice(*charges, currency=currency)
    rated = rate_invoice(bill, services, RateBook([terms], RATES), evidence, explain=False)
    found = [rated[each.id].expected for each in charges]
    assert None not in found
    return [each for each in found if each is not None]


def explain(
    charges: Sequence[ChargeFacts],
    agreed: ContractTerms,
    billed: ContractTerms | None = None,
    *,
    seen: Sequence[ChargeFacts] = (),
    evidence: Mapping[int, Any] | None = None,
    counted: Mapping[int, Any] | None = None,
    services: Mapping[int, ServiceFacts] | None = None,
    recount: Recount | None = None,
    currency: str = "USD",
) -> tuple[Cause, ...]:
    """The causes of a bill for `charges` whose amounts come of other terms, other charges or other records."""
    services = services or {each.service_id or 0: service(each.service_id or 0) for each in charges}
    records = evidence or {}
    wrong = amounts(seen or charges, billed or agreed, services, records if counted is None else counted, currency)
    stated = (replace(each, amount=amount) for each, amount in zip(charges, wrong, strict=True))
    bill = invoice(*stated, currency=currency)
    book = RateBook([agreed], RATES)
    rated = rate_invoice(bill, services, book, records, explain=False)
    causes = find_causes(bill, services, book, records, rated, recount=recount)
    for cause in causes:
        assert cause.proof.holds()
        assert cause.proof.result.quantize(D("0.01")) == bill.charges[cause.charges[0] - 1].amount.quantize(D("0.01"))
    return causes


def names(causes: Sequence[Cause], *, fitting: bool = True) -> set[str]:
    return {cause.name for cause in causes if cause.fits or not fitting}


def monthly(*periods: Period, **fields: Any) -> list[ChargeFacts]:
    return [charge("0", id=n, seq=n, service_id=n, period=each, **fields) for n, each in enumerate(periods, 1)]


def several(many: int = 3, **fields: Any) -> list[ChargeFacts]:
    return [charge("0", id=n, seq=n, service_id=n, period=MARCH, **fields) for n in range(1, many + 1)]


# monthly charges


@pytest.mark.parametrize(
    "billed", [each for each in ProrationMethod if each not in (ProrationMethod.ACTUAL, ProrationMethod.BY_SECOND)]
)
def test_another_proration_is_named(billed: ProrationMethod) -> None:
    """But for seconds: those of whole days are in proportion to the days."""
    agreed = contract(element(), time_zone="America/New_York")
    causes = explain(monthly(*LONG_PARTS), agreed, replace(agreed, proration=billed))
    assert "proration" in names(causes)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("last_day_left_out", 0, -1),
        ("last_day_counted", 0, 1),
        ("first_day_left_out", 1, 0),
        ("first_day_counted", -1, 0),
    ],
)
def test_a_day_too_many_or_too_few_is_named(name: str, start: int, end: int) -> None:
    periods = [period("2026-03-05..2026-03-28"), period("2026-03-10..2026-03-20")]
    moved = [
        Period(date.fromordinal(each.start.toordinal() + start), date.fromordinal(each.end.toordinal() + end))
        for each in periods
    ]
    assert name in names(explain(monthly(*periods), contract(element()), seen=monthly(*moved)))


def test_a_whole_month_billed_for_a_part_is_named() -> None:
    parts = monthly(*PARTS[:2])
    assert "whole_month" in names(explain(parts, contract(element()), seen=monthly(MARCH, MARCH)))


@pytest.mark.parametrize("billed", [RoundingMode.UP, RoundingMode.TRUNCATE])
def test_another_rounding_is_named(billed: RoundingMode) -> None:
    periods = [Period(date(2026, 3, day), date(2026, 4, 1)) for day in (3, 5, 7, 9, 11, 13)]
    agreed = contract(element("1234.00"))
    causes = explain(monthly(*periods), agreed, replace(agreed, rounding=billed, rounding_places=0))
    assert any({"rounding_mode", "rounding_places"} <= set(cause.name.split(" + ")) for cause in causes)


def test_other_places_are_named() -> None:
    agreed = contract(element("1234.00"))
    assert "rounding_places" in names(explain(monthly(*PARTS), agreed, replace(agreed, rounding_places=0)))


def test_a_price_that_was_not_split_is_named() -> None:
    agreed = contract(element("500.00", until="2026-03-16"), element("600.00", "2026-03-16", id=2))
    billed = replace(agreed, price_change=PriceChange.FIRST_DAY)
    assert "price_change" in names(explain(several(), agreed, billed))


@pytest.mark.parametrize(
    ("name", "price"), [("price_before", "480.00"), ("price_after", "520.00"), ("general_price", "610.00")]
)
def test_the_price_of_another_time_or_scope_is_named(name: str, price: str) -> None:
    agreed = contract(
        element("480.00", until="2026-01-01", id=2, service_kind=ServiceKind.INTERNET),
        element("500.00", "2026-01-01", "2026-06-01", id=3, service_kind=ServiceKind.INTERNET),
        element("520.00", "2026-06-01", id=4, service_kind=ServiceKind.INTERNET),
        element("610.00", id=1),
    )
    causes = explain(several(), agreed, contract(element(price)))
    assert names(causes) == {name}
    assert causes[0].charges == (1, 2, 3)


def test_the_contract_before_an_amendment_is_named() -> None:
    amended = element("450.00", id=2, agreed=date(2026, 2, 1), amendment="Amendment 2")
    (cause,) = explain(several(), contract(element(), amended), contract(element()))
    assert cause.name == "before_amendment"
    assert cause.message == (
        "This bill fits the contract as it was before the amendment; the contract says Amendment 2 holds. "
        "3 charges show it."
    )


def test_an_amendment_taken_early_is_named() -> None:
    amended = element("450.00", id=2, agreed=date(2026, 4, 1))
    assert names(explain(several(), contract(element(), amended), contract(replace(amended, agreed=None)))) == {
        "amendment_early"
    }


def test_a_waiver_that_was_ignored_is_named() -> None:
    assert "waiver_ignored" in names(explain(several(), contract(element(waived=True)), contract(element())))


def rising(percent: str = "3", since: str = "2023-06-01", **fields: Any) -> RateElementTerms:
    return element(percent, since, model=PriceModel.ESCALATOR, **{"id": 9} | fields)


@pytest.mark.parametrize(
    ("name", "billed"),
    [
        ("escalator_not_applied", ()),
        ("escalator_early", (rising(since="2022-06-01", parameters="counted=escalator"),)),
        ("escalator_late", (rising(since="2024-06-01"),)),
        ("escalator_twice", (rising(), rising(id=10))),
        ("escalator_compound", (rising(parameters="compound=no"),)),
    ],
)
def test_a_rise_taken_otherwise_is_named(name: str, billed: tuple[RateElementTerms, ...]) -> None:
    assert name in names(explain(several(), contract(element(), rising()), contract(element(), *billed)))


def test_a_missing_discount_for_the_term_is_named() -> None:
    discount = element("0", id=8, model=PriceModel.TERM_DISCOUNT, parameters="mrc=12:4, 36:14; term=36")
    causes = explain(several(), contract(element(), discount), contract(element()))
    assert "term_discount_missing" in names(causes)


def test_the_inventorys_quantity_is_named() -> None:
    services = {n: service(n, quantity=D(5)) for n in (1, 2, 3)}
    charges = several(quantity=D(4))
    causes = explain(charges, contract(element()), seen=several(quantity=D(5)), services=services)
    assert names(causes) == {"inventory_quantity"}


def test_a_price_billed_once_for_several_is_named() -> None:
    charges = several(quantity=D(4))
    assert "quantity_of_one" in names(explain(charges, contract(element()), seen=several(quantity=D(1))))


def test_a_missing_discount_is_named() -> None:
    discount = element("10", id=8, model=PriceModel.DISCOUNT)
    assert "discount_missing" in names(explain(several(), contract(element(), discount), contract(element())))


def test_another_days_exchange_rate_is_named() -> None:
    february = [replace(each, period=period("2026-02-01..2026-03-01")) for each in several()]
    agreed = contract(element(), exchange=ExchangeDay.PERIOD_START)
    billed = replace(agreed, exchange=ExchangeDay.PERIOD_END)
    assert names(explain(february, agreed, billed, currency="EUR")) == {"exchange_day"}


# tiers, packages and work


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


def calls(parameters: str = "initial=6; increment=6", **fields: Any) -> RateElementTerms:
    fields = {"code": "VOICE", "charge_type": ChargeType.USAGE, "model": PriceModel.PER_MINUTE} | fields
    return element("0.05", parameters=parameters, **fields)


CALLS = [charge("0", id=n, seq=n, service_id=n, code="VOICE", charge_type=ChargeType.USAGE) for n in (1, 2, 3)]
RECORDS = {n: UsageFacts(n, MARCH, ((7, 900 * n), (31, 400), (65 + n, 3000), (205, 40))) for n in (1, 2, 3)}


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


def totals(identity: int, parameters: str) -> CallTotals:
    """Calls of unknown jurisdiction: as many cents as the share of them that is interstate."""
    share = dict(part.split("=") for part in parameters.split("; "))["piu"]
    cost = 6 * 10**11 * identity * (1000 + int(share))
    line = CallLine("US", "", "unknown", D("0.01"), calls=10, seconds=600, exact=cost)
    return CallTotals(identity, MARCH, (line,))


def test_calls_of_unknown_jurisdiction_taken_as_interstate_are_named() -> None:
    deck = replace(calls("deck=World; piu=30"), model=PriceModel.CALLS, price=D(0))
    evidence = {n: totals(n, deck.parameters) for n in (1, 2, 3)}
    counted = {n: totals(n, "deck=World; piu=100") for n in evidence}

    def recount(billed: ChargeFacts, book: RateBook) -> Evidence | None:
        parameters = book.contracts[0].elements[0].parameters
        return totals(billed.id, parameters if "piu" in parameters else "piu=0")

    causes = explain(CALLS, contract(deck), evidence=evidence, counted=counted, recount=recount)
    assert ("piu", "piu = 100", "piu = 30") in {(each.name, each.says, each.contract_says) for each in causes}


# traffic


def port(parameters: str = "", price: str = "2.50") -> RateElementTerms:
    return element(price, model=PriceModel.PERCENTILE, parameters=parameters)


def traffic(seed: int, bins: int = 201, gap: int = 0) -> TrafficFacts:
    """Samples of a line whose numbers follow each other without order."""
    values = [
        (300 * (n + 1), (n * 7919 * seed) % 99_991 * 40_000, (n * 6_101 * seed) % 99_989 * 39_000) for n in range(bins)
    ]
    return TrafficFacts(seed, MARCH, 0, 300 * bins, 300, (PortBins("80KXGS1", tuple(values[gap:])),))


TRAFFIC = {n: traffic(n, 200 + n, gap=20) for n in (1, 2, 3)}
PORTS = several()


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("percentile", "percentile=90"),
        ("direction", "direction=sum"),
        ("direction", "direction=larger_per_bin"),
        ("missing", "missing=zero"),
        ("mbps", "mbps=up"),
    ],
)
def test_another_percentile_policy_is_named(name: str, parameters: str) -> None:
    assert name in names(explain(PORTS, contract(port()), contract(port(parameters)), evidence=TRAFFIC))


def test_a_commitment_that_was_left_out_is_named() -> None:
    agreed = contract(port("commit=5000; overage=3.25"))
    assert "commit" in names(explain(PORTS, agreed, contract(port("overage=3.25")), evidence=TRAFFIC))


def sorted_mbps(number: int) -> list[Decimal]:
    """The recorded Mbit/s of each direction ascending, of the direction whose 95th percentile is the larger."""
    bins = TRAFFIC[number].ports[0].bins
    k = (19 * len(bins) + 19) // 20
    ways = [sorted(each[way] for each in bins) for way in (1, 2)]
    return [Decimal(octets) * 8 / 300 / 1_000_000 for octets in max(ways, key=lambda way: way[k - 1])]


@pytest.mark.parametrize(("name", "shift"), [("percentile_off_by_one", 1), ("percentile_off_by_one", -1)])
def test_a_position_that_is_off_by_one_is_named(name: str, shift: int) -> None:
    wrong = []
    for each in PORTS:
        mbps = sorted_mbps(each.id)
        wrong.append(replace(each, quantity=mbps[(19 * len(mbps) + 19) // 20 - 1 + shift].quantize(D("0.0000000001"))))
    causes = explain(PORTS, contract(port()), evidence=TRAFFIC, seen=wrong, counted={})
    assert name in names(causes)


def test_the_average_is_named() -> None:
    wrong = []
    for each in PORTS:
        bins = TRAFFIC[each.id].ports[0].bins
        octets = max(sum(one[way] for one in bins) for way in (1, 2))
        mbps = Decimal(octets) * 8 / len(bins) / 300 / 1_000_000
        wrong.append(replace(each, quantity=mbps.quantize(D("0.0000000001"))))
    assert "average" in names(explain(PORTS, contract(port()), evidence=TRAFFIC, seen=wrong, counted={}))


def test_a_value_between_two_samples_is_named() -> None:
    wrong = []
    for each in PORTS:
        bins = TRAFFIC[each.id].ports[0].bins
        place = Decimal(95 * (len(bins) - 1)) / 100
        low = int(place)
        found = [
            ways[low] + (ways[low + 1] - ways[low]) * (place - low)
            for ways in (sorted(one[way] for one in bins) for way in (1, 2))
        ]
        wrong.append(replace(each, quantity=(max(found) * 8 / 300 / 1_000_000).quantize(D("0.0000000001"))))
    causes = explain(PORTS, contract(port()), evidence=TRAFFIC, seen=wrong, counted={})
    assert "percentile_interpolated" in names(causes)


# judging


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
