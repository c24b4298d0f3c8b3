"""What a charge should cost, with a proof that replays; or why that cannot be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.evidence import CallLine, CallTotals, UsageFacts
from app.domain.money import D, RoundingMode
from app.domain.period import Period
from app.domain.vocabulary import PRICED_TYPES, ChargeType, PriceModel, ProrationMethod, RatingOutcome
from app.rating.engine import pricing_day, rate, rate_invoice
from app.rating.ratebook import RateBook
from tests.rating.facts import charge, contract, element, invoice, period, service

BOOK = RateBook([contract(element())])
VOICE = element("0.05", code="VOICE", charge_type=ChargeType.USAGE, model=PriceModel.PER_MINUTE)
MARCH = period("2026-03-01..2026-04-01")


def test_a_whole_month_costs_the_price() -> None:
    result = rate(charge("575.00"), invoice(), service(), BOOK, None)
    assert (result.outcome, result.expected, result.variance) == (RatingOutcome.RATED, D("500.00"), D("75.00"))
    assert (result.unit_price, result.rate_element_id, result.contract_id) == (D("500.00"), 1, 1)
    assert not result.prorated
    assert result.proof is not None
    assert result.proof.price_version == "DIA-100M MRC 500.00 from 2024-01-01"


def test_the_proof_writes_price_quantity_and_part_of_the_month() -> None:
    billed = charge(quantity=D(3), period=period("2026-01-16..2026-03-01"))
    result = rate(billed, invoice(), service(), BOOK, None)
    assert result.proof is not None
    assert [step.formula for step in result.proof.steps] == ["500.00", "500.00 × 3 × (1 + 16 ÷ 31)"]
    assert result.proof.steps[-1].basis == "Price for quantity 3, each month by its actual days"
    assert result.expected == D("2274.19")
    assert result.prorated


@pytest.mark.parametrize("kind", sorted(set(ChargeType) - PRICED_TYPES))
def test_taxes_fees_and_credits_are_not_priced(kind: ChargeType) -> None:
    result = rate(charge(charge_type=kind), invoice(), service(), BOOK, None)
    assert (result.outcome, result.expected) == (RatingOutcome.NOT_PRICED, None)


def test_a_negative_charge_of_any_type_is_a_credit() -> None:
    assert rate(charge("-500.00"), invoice(), service(), BOOK, None).outcome is RatingOutcome.NOT_PRICED


def test_a_charge_for_an_unknown_service_is_unmatched() -> None:
    result = rate(charge(service_id=None, printed_service="80/KXGS/9"), invoice(), None, BOOK, None)
    assert (result.outcome, result.note) == (RatingOutcome.UNMATCHED, "80/KXGS/9 is not in the inventory.")


def test_a_charge_that_names_no_service_is_rated_for_the_account() -> None:
    result = rate(charge(service_id=None, service_key=""), invoice(), None, BOOK, None)
    assert result.outcome is RatingOutcome.RATED


def test_no_price_is_not_zero() -> None:
    result = rate(charge(code="DIA-200M"), invoice(), service(), BOOK, None)
    assert (result.outcome, result.expected, result.variance) == (RatingOutcome.NO_PRICE, None, None)
    assert result.note == "No contract of this account prices MRC DIA-200M."


def test_several_prices_at_once_are_ambiguous() -> None:
    result = rate(charge(), invoice(), service(), RateBook([contract(element(), element(id=2))]), None)
    assert (result.outcome, result.expected) == (RatingOutcome.AMBIGUOUS, None)


def test_a_bill_in_another_currency_has_no_price() -> None:
    result = rate(charge(), invoice(currency="EUR"), service(), BOOK, None)
    assert result.outcome is RatingOutcome.NO_PRICE
    assert "agreed in USD" in result.note


def test_without_a_code_the_inventory_says_what_a_recurring_charge_is_for() -> None:
    known = service(code="DIA-100M")
    assert rate(charge(code=""), invoice(), known, BOOK, None).outcome is RatingOutcome.RATED
    one_time = charge(code="", charge_type=ChargeType.NRC)
    book = RateBook([contract(element(charge_type=ChargeType.NRC))])
    assert rate(one_time, invoice(), known, book, None).outcome is RatingOutcome.NO_PRICE


def test_the_day_of_the_price_is_the_first_day_of_the_charge() -> None:
    own = period("2026-02-10..2026-03-01")
    assert pricing_day(charge(period=own), invoice()) == date(2026, 2, 10)
    assert pricing_day(charge(), invoice(bill_date=date(2026, 3, 9))) == date(2026, 3, 1)
    one_time = charge(charge_type=ChargeType.NRC)
    assert pricing_day(one_time, invoice(bill_date=date(2026, 3, 9))) == date(2026, 3, 9)
    assert pricing_day(charge(), invoice(period=None, bill_date=date(2026, 3, 9))) == date(2026, 3, 9)


def test_a_charge_without_any_period_is_for_one_month() -> None:
    result = rate(charge(), invoice(period=None), service(), BOOK, None)
    assert (result.expected, result.prorated) == (D("500.00"), False)


@pytest.mark.parametrize("kind", sorted(PRICED_TYPES))
def test_what_is_waived_costs_nothing(kind: ChargeType) -> None:
    book = RateBook([contract(element("750.00", charge_type=kind, waived=True, clause="4.2"))])
    result = rate(charge("750.00", charge_type=kind), invoice(), service(), book, None)
    assert (result.outcome, result.expected, result.waived) == (RatingOutcome.RATED, D("0"), True)
    assert result.proof is not None
    assert result.proof.holds()


def test_a_quantity_of_zero_is_no_quantity_but_zero_minutes_are() -> None:
    assert rate(charge(quantity=D(0)), invoice(), service(), BOOK, None).expected == D("500.00")
    usage = charge("5.00", charge_type=ChargeType.USAGE, code="VOICE", quantity=D(0))
    assert rate(usage, invoice(), service(), RateBook([contract(VOICE)]), None).expected == 0


def test_recorded_calls_go_before_the_minutes_on_the_bill() -> None:
    usage = charge("60.00", charge_type=ChargeType.USAGE, code="VOICE", quantity=D(1000))
    records = UsageFacts(7, MARCH, ((61, 300), (60, 100)))
    result = rate(usage, invoice(), service(), RateBook([contract(VOICE)]), records)
    assert (result.expected, result.recorded_quantity) == (D("35.00"), D("700"))
    assert rate(usage, invoice(), service(), RateBook([contract(VOICE)]), None).expected == D("50.00")


def test_records_of_other_days_are_not_compared() -> None:
    usage = charge("60.00", charge_type=ChargeType.USAGE, code="VOICE", quantity=D(1000))
    records = UsageFacts(7, period("2026-03-02..2026-04-01"), ((61, 300),))
    result = rate(usage, invoice(), service(), RateBook([contract(VOICE)]), records)
    assert (result.expected, result.recorded_quantity) == (D("50.00"), None)
    assert "they are not compared" in result.note


def test_usage_without_minutes_or_records_has_nothing_to_price() -> None:
    usage = charge("60.00", charge_type=ChargeType.USAGE, code="VOICE")
    result = rate(usage, invoice(), service(), RateBook([contract(VOICE)]), None)
    assert (result.outcome, result.unit_price) == (RatingOutcome.NO_PRICE, D("0.05"))
    assert "states no minutes" in result.note


def test_a_flat_usage_price_is_multiplied_by_the_quantity() -> None:
    flat = replace(VOICE, model=PriceModel.FLAT, price=D("1.50"))
    usage = charge("60.00", charge_type=ChargeType.USAGE, code="VOICE", quantity=D(40))
    records = UsageFacts(7, MARCH, ((61, 300),))
    result = rate(usage, invoice(), service(), RateBook([contract(flat)]), records)
    assert (result.expected, result.recorded_quantity) == (D("60.00"), None)


def test_every_charge_of_an_invoice_is_rated_by_its_id() -> None:
    known = charge("500.00")
    strange = charge("10.00", id=102, service_id=99)
    tax = charge("41.00", id=103, charge_type=ChargeType.TAX)
    rated = rate_invoice(invoice(known, strange, tax), {7: service()}, BOOK, {})
    assert {identity: result.outcome for identity, result in rated.items()} == {
        101: RatingOutcome.RATED,
        102: RatingOutcome.UNMATCHED,
        103: RatingOutcome.NOT_PRICED,
    }


@given(
    price=st.integers(0, 10**9).map(lambda number: Decimal(number).scaleb(-4)),
    quantity=st.integers(1, 10**6).map(lambda number: Decimal(number).scaleb(-3)),
    start=st.dates(date(2024, 1, 1), date(2031, 12, 31)),
    days=st.integers(1, 400),
    method=st.sampled_from(list(ProrationMethod)),
    mode=st.sampled_from(list(RoundingMode)),
    places=st.integers(0, 6),
    kind=st.sampled_from(sorted(PRICED_TYPES)),
)
def test_the_proof_of_any_expected_amount_replays(
    price: Decimal,
    quantity: Decimal,
    start: date,
    days: int,
    method: ProrationMethod,
    mode: RoundingMode,
    places: int,
    kind: ChargeType,
) -> None:
    terms = contract(
        replace(element(charge_type=kind), price=price), proration=method, rounding=mode, rounding_places=places
    )
    billed = charge(charge_type=kind, quantity=quantity, period=Period(start, start + timedelta(days=days)))
    result = rate(billed, invoice(), service(), RateBook([terms]), None)
    assert result.proof is not None
    assert result.proof.holds()
    assert result.proof.result == result.expected


@pytest.mark.parametrize(
    ("code", "known", "quantity", "expected"),
    [
        ("DIA-100M", "DIA-100M", None, "1500.00"),  # the bill prints the sum of the three that the inventory has
        ("DIA-100M", "", None, "1500.00"),
        ("DIA-100M", "DIA-100M", "2", "1000.00"),  # what the bill states goes first
        ("DIA-100M", "ROUTER", None, "500.00"),  # an extra of the service: nobody says how many
    ],
)
def test_where_a_bill_states_no_quantity_the_inventory_says_how_many(
    code: str, known: str, quantity: str | None, expected: str
) -> None:
    billed = charge("1500.00", code=code, quantity=None if quantity is None else D(quantity))
    rated = rate(billed, invoice(billed), service(code=known, quantity=D("3")), RateBook([contract(element())]), None)
    assert rated.expected == D(expected)


def test_calls_without_a_price_leave_the_charge_without_one() -> None:
    days = period("2026-03-01..2026-04-01")
    line = CallLine("DE", "", "", D("0.02"), 3, 180, 36_000_000_000)
    calls = element("0", charge_type=ChargeType.USAGE, code="VOICE", model=PriceModel.CALLS, parameters="deck=D")
    usage = charge("60.00", charge_type=ChargeType.USAGE, code="VOICE")
    whole, partly = (CallTotals(7, days, (line,), unpriced_calls=left) for left in (0, 2))
    book = RateBook([contract(calls)])
    assert rate(usage, invoice(), service(), book, whole).expected == D("0.06")
    result = rate(usage, invoice(), service(), book, partly)
    assert (result.outcome, result.expected) == (RatingOutcome.NO_PRICE, None)
    assert result.note.startswith("2 of the recorded calls have no price in the rate deck")


@pytest.mark.parametrize(
    ("model", "parameters"),
    [(PriceModel.FLAT, ""), (PriceModel.GRADUATED, "tiers=1000:0.05, above:0.04"), (PriceModel.PACKAGE, "size=100")],
)
def test_usage_that_states_no_units_is_not_taken_for_one(model: PriceModel, parameters: str) -> None:
    usage = charge("360.00", charge_type=ChargeType.USAGE, code="U")
    priced = element("0.05", charge_type=ChargeType.USAGE, code="U", model=model, parameters=parameters)
    result = rate(usage, invoice(usage), service(), RateBook([contract(priced)]), None)
    assert (result.outcome, result.expected) == (RatingOutcome.NO_PRICE, None)
    assert "The bill states no units" in result.note
