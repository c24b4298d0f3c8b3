"""Which price holds, and what is wrong with a price book."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.vocabulary import ChargeType
from app.rating.ratebook import AmbiguousPrice, NoPrice, Price, PriceQuestion, RateBook
from tests.rating.facts import contract, element, service

QUESTION = PriceQuestion(
    carrier_id=1,
    account_id=1,
    code="DIA-100M",
    charge_type=ChargeType.MRC,
    day=date(2026, 3, 1),
    currency="USD",
    service=service(),
)


def ask(book: RateBook, **changes: Any) -> Price | NoPrice | AmbiguousPrice:
    return book.find(replace(QUESTION, **changes))


def price_of(book: RateBook, **changes: Any) -> str:
    found = ask(book, **changes)
    return str(found.element.price) if isinstance(found, Price) else type(found).__name__


def test_a_price_holds_from_its_first_day_until_before_its_last() -> None:
    book = RateBook(
        [
            contract(
                element("500.00", until="2026-03-01"), element("515.00", since="2026-03-01", until="2027-01-01", id=2)
            )
        ]
    )
    assert price_of(book, day=date(2026, 2, 28)) == "500.00"
    assert price_of(book, day=date(2026, 3, 1)) == "515.00"
    assert price_of(book, day=date(2026, 12, 31)) == "515.00"
    assert price_of(book, day=date(2027, 1, 1)) == "NoPrice"
    assert price_of(book, day=date(2023, 12, 31)) == "NoPrice"


def test_the_narrowest_scope_wins() -> None:
    book = RateBook(
        [
            contract(
                element("3.00"),
                element("2.00", id=2, location_id=3),
                element("1.00", id=3, service_id=7, location_id=9),
            )
        ]
    )
    assert price_of(book) == "1.00"
    assert price_of(book, service=service(8)) == "2.00"
    assert price_of(book, service=service(8, location_id=4)) == "3.00"
    assert price_of(book, service=None) == "3.00"


def test_a_contract_made_for_the_account_wins_within_a_scope() -> None:
    book = RateBook(
        [
            contract(element("500.00")),
            contract(element("450.00", id=2), id=2, account_ids=(1,)),
            contract(element("400.00", id=3), id=3, account_ids=(2,)),
        ]
    )
    assert price_of(book) == "450.00"
    assert price_of(book, account_id=2) == "400.00"
    assert price_of(book, account_id=3) == "500.00"


def test_a_price_for_the_service_wins_over_a_general_one_made_for_the_account() -> None:
    book = RateBook([contract(element("500.00", service_id=7)), contract(element("450.00"), id=2, account_ids=(1,))])
    assert price_of(book) == "500.00"


def test_a_contract_within_its_term_goes_before_one_that_has_ended() -> None:
    old = contract(element("500.00", service_id=7), end=date(2026, 1, 1))
    new = contract(element("450.00", since="2026-01-01"), id=2, number="NB-2", start=date(2026, 1, 1))
    assert price_of(RateBook([old, new])) == "450.00"
    alone = ask(RateBook([old]))
    assert isinstance(alone, Price)
    assert alone.note == "The term of contract NB-1 ended on 2026-01-01; its price still holds."


def test_a_price_does_not_hold_before_its_contract_begins() -> None:
    assert price_of(RateBook([contract(element(), start=date(2026, 3, 2))])) == "NoPrice"


def test_two_prices_of_one_scope_are_ambiguous() -> None:
    found = ask(RateBook([contract(element("500.00"), element("500.00", id=2, clause="4.2"))]))
    assert isinstance(found, AmbiguousPrice)
    assert found.reason == (
        "2 prices are in force at once: 500.00 (contract NB-1, from 2024-01-01); 500.00 (contract NB-1 clause 4.2, "
        "from 2024-01-01). End one of them in the price book."
    )


def test_codes_compare_without_case_and_blanks() -> None:
    assert price_of(RateBook([contract(element(code=" dia-100m"))])) == "500.00"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"code": "X"}, "No contract of this account prices MRC X."),
        ({"charge_type": ChargeType.NRC}, "No contract of this account prices NRC DIA-100M."),
        ({"carrier_id": 2}, "No contract of this account prices MRC DIA-100M."),
        ({"currency": "EUR"}, "The price of MRC DIA-100M is agreed in USD, but the bill is in EUR."),
        (
            {"day": date(2023, 1, 1)},
            "No price of MRC DIA-100M is in force on 2023-01-01; nearest: contract NB-1, from 2024-01-01.",
        ),
    ],
)
def test_no_price_says_why(changes: dict[str, Any], reason: str) -> None:
    found = ask(RateBook([contract(element())]), **changes)
    assert isinstance(found, NoPrice)
    assert found.reason == reason
