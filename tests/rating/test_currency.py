"""Exchange rates by day, and what is said where there is none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import D, RoundingMode, round_amount
from app.domain.terms import ContractTerms
from app.domain.vocabulary import ChargeType, ExchangeDay, PriceModel
from app.errors import BugError
from app.rating.currency import Conversion, DatedRate, NoRate, RateTable, exchange_day, find_conversion
from app.rating.engine import rate_invoice
from app.rating.ratebook import RateBook
from tests.rating.facts import charge, contract, element, invoice, period, service

RATES = RateTable(
    [
        ("EUR", "USD", date(2026, 3, 2), D("1.0841")),
        ("EUR", "USD", date(2026, 3, 6), D("1.0912")),
        ("USD", "GBP", date(2026, 3, 6), D("0.7511")),
    ]
)
EURO = contract(currency="EUR", exchange=ExchangeDay.BILL_DATE)


def converted(quote: str, day: date, terms: ContractTerms = EURO) -> str:
    found = find_conversion(terms, quote, day, None, RATES)
    assert isinstance(found, Conversion)
    return f"{found.formula} of {found.rate.day}"


@pytest.mark.parametrize(
    ("day", "result"),
    [
        (date(2026, 3, 2), "× 1.0841 of 2026-03-02"),
        (date(2026, 3, 5), "× 1.0841 of 2026-03-02"),
        (date(2026, 3, 6), "× 1.0912 of 2026-03-06"),
        (date(2026, 3, 13), "× 1.0912 of 2026-03-06"),
    ],
)
def test_the_last_rate_within_a_week_is_taken(day: date, result: str) -> None:
    assert converted("USD", day) == result


@pytest.mark.parametrize(
    ("base", "quote", "day", "age"),
    [
        ("EUR", "USD", date(2026, 3, 14), 7),
        ("EUR", "USD", date(2026, 3, 1), 7),
        ("EUR", "USD", date(2026, 3, 5), 0),
        ("USD", "EUR", date(2026, 3, 6), 7),
        ("EUR", "GBP", date(2026, 3, 6), 7),
    ],
)
def test_without_a_rate_it_says_so_and_never_guesses(base: str, quote: str, day: date, age: int) -> None:
    found = RATES.find(base, quote, day, age)
    assert isinstance(found, NoRate)
    assert found.reason.startswith(f"No rate from {base} to {quote} is entered for {day.isoformat()}")


def test_the_reason_tells_the_last_rate() -> None:
    found = find_conversion(EURO, "USD", date(2026, 4, 1), None, RATES)
    assert isinstance(found, NoRate)
    assert found.reason.endswith("(7 days before it): the last is of 2026-03-06.")


def test_an_inverse_rate_serves_where_none_is_entered_in_this_direction() -> None:
    assert isinstance(RATES.find("GBP", "USD", date(2026, 3, 6)), NoRate)
    pounds = contract(currency="GBP", exchange=ExchangeDay.BILL_DATE)
    assert converted("USD", date(2026, 3, 6), pounds) == "÷ 0.7511 of 2026-03-06"


def test_only_a_contract_that_converts_is_converted() -> None:
    assert find_conversion(contract(currency="USD"), "USD", date(2026, 3, 6), None, RATES) is None
    found = find_conversion(contract(currency="EUR"), "USD", date(2026, 3, 6), None, RATES)
    assert isinstance(found, NoRate)
    assert "does not convert to USD" in found.reason


def test_a_currency_is_worth_itself() -> None:
    assert RATES.find("EUR", "EUR", date(2026, 3, 6)) == DatedRate("EUR", "EUR", date(2026, 3, 6), D(1))


@pytest.mark.parametrize(
    ("which", "with_period", "without"),
    [
        (ExchangeDay.NONE, None, None),
        (ExchangeDay.BILL_DATE, date(2026, 3, 5), date(2026, 3, 5)),
        (ExchangeDay.PERIOD_START, date(2026, 2, 1), date(2026, 3, 5)),
        (ExchangeDay.PERIOD_END, date(2026, 2, 28), date(2026, 3, 5)),
    ],
)
def test_the_contract_says_whose_rate_is_taken(
    which: ExchangeDay, with_period: date | None, without: date | None
) -> None:
    terms = contract(exchange=which)
    assert exchange_day(terms, date(2026, 3, 5), period("2026-02-01..2026-03-01")) == with_period
    assert exchange_day(terms, date(2026, 3, 5), None) == without


@pytest.mark.parametrize("rates", [["0"], ["-1"], ["1.1", "1.2"]])
def test_a_table_holds_one_rate_above_zero_for_a_day(rates: list[str]) -> None:
    with pytest.raises(BugError, match="one exchange rate above 0"):
        RateTable(("EUR", "USD", date(2026, 3, 2), D(rate)) for rate in rates)


@given(
    st.decimals("0.01", 10**6, places=4),
    st.decimals("0.0001", 10000, places=6),
    st.sampled_from(RoundingMode),
    st.integers(0, 4),
)
def test_a_charge_in_another_currency_is_rounded_once_and_in_that(
    price: Decimal, rate: Decimal, mode: RoundingMode, places: int
) -> None:
    terms = contract(
        element(f"{price:f}"), currency="EUR", exchange=ExchangeDay.BILL_DATE, rounding=mode, rounding_places=places
    )
    book = RateBook([terms], RateTable([("EUR", "USD", date(2026, 3, 1), rate)]))
    bill = invoice(charge())
    result = rate_invoice(bill, {7: service()}, book, {})[101]
    assert result.expected == round_amount(price * rate, places, mode)
    assert result.proof is not None
    assert result.proof.holds()
    assert result.proof.result == result.expected


YEN = RateTable([("USD", "JPY", date(2026, 3, 1), D("150")), ("EUR", "USD", date(2026, 3, 1), D("1.1"))])


@pytest.mark.parametrize(
    ("model", "parameters", "price", "expected"),
    [
        (PriceModel.PERCENTAGE, "", "10", "100.00"),  # of what the bill says, in its own currency
        (PriceModel.MINIMUM, "", "300000", "1000.00"),  # 2,000 dollars, less the thousand on the bill
    ],
)
def test_what_is_taken_of_the_bill_is_not_converted_again(
    model: PriceModel, parameters: str, price: str, expected: str
) -> None:
    terms = contract(
        element(price, model=model, parameters=parameters, code="MS", charge_type=ChargeType.FEE),
        currency="JPY",
        exchange=ExchangeDay.BILL_DATE,
        rounding_places=0,
    )
    fee = charge("100.00", code="MS", id=102, charge_type=ChargeType.FEE)
    bill = invoice(charge("1000.00"), fee)
    assert rate_invoice(bill, {7: service()}, RateBook([terms], YEN), {})[102].expected == D(expected)


def test_an_amount_in_another_currency_has_the_places_of_that() -> None:
    terms = contract(element("15053"), currency="JPY", exchange=ExchangeDay.BILL_DATE, rounding_places=0)
    bill = invoice(charge("100.35"))
    assert rate_invoice(bill, {7: service()}, RateBook([terms], YEN), {})[101].expected == D("100.35")


def test_each_contract_is_converted_from_its_own_currency() -> None:
    euro = contract(element("500.00", until="2026-03-16"), currency="EUR", exchange=ExchangeDay.BILL_DATE)
    dollar = contract(element("400.00", since="2026-03-16", id=2), id=2, number="NB-2")
    bill = invoice(charge("477.42"))
    result = rate_invoice(bill, {7: service()}, RateBook([euro, dollar], YEN), {})[101]
    assert result.expected == D("472.58")  # 500 × 15 ÷ 31 × 1.1 + 400 × 16 ÷ 31
    assert result.proof is not None
    assert result.proof.holds()


def test_a_contract_in_its_term_that_converts_goes_before_one_that_has_ended() -> None:
    ended = contract(element("500.00"), end=date(2026, 1, 1))
    euro = contract(element("400.00", id=2), id=2, number="NB-2", currency="EUR", exchange=ExchangeDay.BILL_DATE)
    bill = invoice(charge("440.00"))
    assert rate_invoice(bill, {7: service()}, RateBook([ended, euro], YEN), {})[101].expected == D("440.00")
