"""Amounts, dates and words as the user reads them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.domain.vocabulary import ChargeType, InvoiceStatus, PaymentStatus, Role
from app.ui.tokens import Tone
from app.ui.wording import (
    count,
    day,
    deadline_tone,
    initials,
    money,
    moneys,
    number,
    span,
    tone,
    until,
    word,
)

TODAY = date(2026, 10, 6)


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("1234.5", "USD", "$1,234.50"),
        ("-7", "EUR", "−€7.00"),
        ("0.0215", "USD", "$0.0215"),
        ("12", "CHF", "CHF 12.00"),
        ("1E+3", "", "1,000.00"),
    ],
)
def test_an_amount_is_written_with_its_sign_and_at_least_two_places(amount: str, currency: str, written: str) -> None:
    assert money(Decimal(amount), currency) == written


def test_no_amount_is_a_dash_and_never_zero() -> None:
    assert money(None, "USD") == "–"


def test_sums_in_several_currencies_are_never_added() -> None:
    sums = {"EUR": Decimal("9000"), "USD": Decimal("7415"), "GBP": Decimal(0)}
    assert moneys(sums, "USD") == "$7,415.00 + €9,000.00"
    assert moneys({}, "USD") == "$0.00"


def test_a_period_is_written_as_bills_print_it() -> None:
    assert span(date(2026, 9, 1), date(2026, 10, 1)) == "1–30 Sep 2026"
    assert span(date(2026, 9, 14), date(2026, 10, 14)) == "14 Sep – 13 Oct 2026"
    assert span(date(2026, 12, 15), date(2027, 1, 15)) == "15 Dec 2026 – 14 Jan 2027"
    assert span(date(2026, 9, 1), date(2026, 9, 2)) == "1 Sep 2026"


def test_a_deadline_says_how_far_off_it_is() -> None:
    assert [until(date(2026, 10, n), TODAY) for n in (6, 7, 9, 5, 1)] == [
        "today", "tomorrow", "in 3 days", "1 day late", "5 days late",
    ]  # fmt: skip
    assert deadline_tone(date(2026, 10, 5), TODAY) is Tone.DANGER
    assert deadline_tone(date(2026, 10, 14), TODAY) is Tone.WARNING
    assert deadline_tone(date(2026, 12, 1), TODAY) is Tone.NEUTRAL


def test_words_of_the_vocabulary_are_sentences_and_abbreviations_stay() -> None:
    assert word(InvoiceStatus.ON_HOLD) == "On hold"
    assert word(ChargeType.MRC) == "MRC"
    assert word(Role.IT_MANAGER) == "IT manager"
    assert tone(PaymentStatus.RETURNED) is Tone.DANGER
    assert tone(InvoiceStatus.SUPERSEDED) is Tone.NEUTRAL


def test_two_words_of_equal_value_keep_their_own_names() -> None:
    """ "returned" is a bill's status and a payment's: the first is sent back, the second came back from the bank."""
    assert word(InvoiceStatus.RETURNED) == "Sent back"
    assert word(PaymentStatus.RETURNED) == "Returned"


def test_small_things() -> None:
    assert number(Decimal("1200.500")) == "1,200.5"
    assert day(TODAY) == "6 Oct 2026"
    assert count(1, "bill") == "1 bill"
    assert count(2, "reply", "replies") == "2 replies"
    assert initials("Dana Whitfield") == "DW"
