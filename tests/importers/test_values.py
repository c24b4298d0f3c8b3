"""Amounts, dates and text are read strictly: in the declared format, or not at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.money import D
from app.importers.months import languages, month_number
from app.importers.values import (
    BadAmount,
    BadDate,
    BadEncoding,
    BadValue,
    NumberFormat,
    clean_text,
    decode_text,
    parse_amount,
    parse_date,
    parse_rate,
)

FORMATS = [NumberFormat(decimal, group) for decimal in ".," for group in ("", ".", ",", " ", "'") if group != decimal]
COMMA = NumberFormat(",", ".")

amounts = st.decimals(min_value=-(10**12) + 1, max_value=10**12 - 1, places=2, allow_nan=False)


def write(value: Decimal, form: NumberFormat) -> str:
    """`value` as a carrier with this format prints it."""
    return f"{value:,.2f}".translate(str.maketrans({",": form.group, ".": form.decimal}))


@settings(deadline=None)
@given(amounts, st.sampled_from(FORMATS))
def test_what_is_written_in_a_format_is_read_back_in_it(value: Decimal, form: NumberFormat) -> None:
    assert parse_amount(write(value, form), form) == value


@settings(deadline=None)
@given(amounts.filter(lambda value: value > 0), st.sampled_from(FORMATS))
def test_every_accepted_way_to_write_a_credit_means_the_same(value: Decimal, form: NumberFormat) -> None:
    plain = write(value, form)
    written = [
        f"-{plain}", f"{plain}-", f"({plain})", f"{plain} CR", f"{plain}CR", f"{plain} Cr", f"-${plain}", f"$-{plain}",
        f"($ {plain})", f"$({plain})", f"−{plain} €", f"{plain}- EUR", f"- {plain} USD", f"${plain} CR",
    ]  # fmt: skip
    assert {parse_amount(text, form) for text in written} == {-value}


@settings(deadline=None)
@given(st.text(max_size=20))
@example("NaN")
@example("1e5")
@example("1_000")
def test_whatever_is_read_as_an_amount_has_the_digits_that_are_written(text: str) -> None:
    try:
        value = parse_amount(text)
    except BadAmount:
        return
    digits = "".join(letter for letter in text if letter in "0123456789")
    assert digits.strip("0") in f"{abs(value):f}".replace(".", "")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.56", "1234.56"),
        ("  $1,234.56 ", "1234.56"),
        ("1234.56 USD", "1234.56"),
        ("US$ 5.00", "5.00"),
        (".05", "0.05"),
        ("0.00", "0"),
        ("-0.00", "0"),
        ("+7", "7"),
        ("5.00 DR", "5.00"),
        ("1,234\u00a0CR", "-1234"),
    ],
)
def test_amounts_as_american_carriers_print_them(text: str, value: str) -> None:
    assert parse_amount(text) == D(value)
    assert not parse_amount(text).is_signed() or parse_amount(text) < 0


@pytest.mark.parametrize(
    ("text", "value"), [("1.234,56 €", "1234.56"), ("41,1765", "41.1765"), ("-0,01", "-0.01"), ("1 €", "1")]
)
def test_amounts_as_german_carriers_print_them(text: str, value: str) -> None:
    assert parse_amount(text, COMMA) == D(value)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "NaN", "Infinity", "-inf", "1e5", "1E+999999", "1_000", "١٢٣", "１２.００", "--5.00", "-5.00-",
        "(5.00", "5.00)", "-(5.00)", "(5.00) CR", "-5.00 CR", "CR 5.00",
        "5..00", "5.", "1,23,456.00", "1,2345.00", ",123.00",
        "1.234,56", "0x10", "5.00 X", "5 5", "1,234,", "$", "CR", "$5.00 EUR", ")5.00(", "1" * 13, "0.0000001",
        "9" * 70, "5.00 5.00", "½",
    ],
)  # fmt: skip
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(BadAmount):
        parse_amount(text)


def test_a_price_keeps_ten_decimals_and_an_amount_six() -> None:
    assert parse_rate("0.0000000001") == D("0.0000000001")
    with pytest.raises(BadAmount, match="at most 12 digits before and 6 after"):
        parse_amount("0.0000001")
    with pytest.raises(BadAmount, match="at most 8 digits"):
        parse_rate("123456789")


def test_a_number_format_that_reads_one_sign_in_two_ways_is_refused() -> None:
    with pytest.raises(BadValue, match="no such decimal sign and group mark"):
        NumberFormat(",", ",")
    with pytest.raises(BadValue):
        NumberFormat(";", "")


@settings(deadline=None)
@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)), st.sampled_from(languages()))
def test_dates_are_read_back_in_every_format_and_language(day: date, language: str) -> None:
    assert parse_date(f"{day:%m/%d/%Y}", "MM/DD/YYYY") == day
    assert parse_date(f"{day:%d.%m.%y}", "DD.MM.YY") == day
    assert parse_date(f"{day.month}/{day.day}/{day.year}", ["DD.MM.YYYY", "M/D/YYYY"]) == day


@pytest.mark.parametrize(
    ("text", "form", "language", "day"),
    [
        ("August 3 , 2014", "MMMM D , YYYY", "en", date(2014, 8, 3)),
        ("02 Juillet 2015", "DD MMMM YYYY", "fr", date(2015, 7, 2)),
        ("1er août 2015", "Der MMMM YYYY", "fr", date(2015, 8, 1)),
        ("3. März 2026", "D. MMMM YYYY", "de", date(2026, 3, 3)),
        ("28 Jan 15", "DD MMM YY", "en", date(2015, 1, 28)),
        ("Sept. 9, 2026", "MMM D, YYYY", "en", date(2026, 9, 9)),
        ("1 maj 2026", "D MMMM YYYY", "sv", date(2026, 5, 1)),
        ("September 2026", "MMMM YYYY", "en", date(2026, 9, 1)),
        ("02/01/03", "YY/MM/DD", "en", date(2002, 1, 3)),
        ("02/01/03", "DD/MM/YY", "en", date(2003, 1, 2)),
    ],
)
def test_dates_with_words_and_short_years(text: str, form: str, language: str, day: date) -> None:
    assert parse_date(text, form, language=language) == day


@pytest.mark.parametrize(
    ("text", "near", "day"),
    [
        ("12/15", date(2027, 1, 14), date(2026, 12, 15)),
        ("01/10", date(2026, 12, 28), date(2027, 1, 10)),
        ("09/01", date(2026, 9, 30), date(2026, 9, 1)),
        ("02/29", date(2023, 9, 1), date(2024, 2, 29)),
    ],
)
def test_a_date_without_its_year_takes_the_nearest(text: str, near: date, day: date) -> None:
    assert parse_date(text, "MM/DD", near=near) == day


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("30/02/2026", "DD/MM/YYYY"),
        ("13/13/2026", "DD/MM/YYYY"),
        ("2026-9-1", "YYYY-MM-DD"),
        ("02/29", "MM/DD"),
        ("01.02.2026", "DD/MM/YYYY"),
        ("1 Foo 2026", "D MMM YYYY"),
        ("٠١/٠٢/٢٠٢٦", "DD/MM/YYYY"),
        ("01/01/0001", "DD/MM/YYYY"),
        ("", "YYYY"),
    ],
)
def test_what_is_not_a_date_of_the_format_is_refused(text: str, form: str) -> None:
    with pytest.raises(BadDate):
        parse_date(text, form)


def test_a_month_is_never_taken_for_another() -> None:
    assert month_number("Ma", "en") is None
    assert month_number("Jui", "fr") is None  # juin or juillet
    assert {month_number(name, "fr") for name in ("juillet", "Juil.", "JUILLET")} == {7}
    assert [month_number(name, "de") for name in ("Mrz", "Maerz", "März", "marz")] == [3, None, 3, 3]
    for language in languages():
        assert {month_number(name, language) for name in ("nov", "dec", "dez", "déc", "dic")} <= {11, 12, None}


def test_text_is_decoded_by_its_mark_or_as_utf_8_and_never_guessed() -> None:
    assert decode_text("Zürich;5".encode("utf-8-sig")) == "Zürich;5"
    assert decode_text("Zürich;5".encode("utf-16")) == "Zürich;5"
    assert decode_text("Zürich;5".encode()) == "Zürich;5"
    assert decode_text("Zürich;5".encode("cp1252"), "cp1252") == "Zürich;5"
    with pytest.raises(BadEncoding, match=r"byte 1 is 0xfc"):
        decode_text("Zürich;5".encode("cp1252"), name="bill.csv")
    with pytest.raises(BadValue, match="zero bytes"):
        decode_text("a;b".encode("utf-16-le"))


def test_text_that_cannot_be_seen_is_taken_out() -> None:
    assert clean_text("Ac\u200bme\u202e  Tele\x00phone\n ") == "Acme Tele phone"
    assert clean_text("e\u0301" * 3) == "ééé"
    assert clean_text("x" * 5000, 10) == "x" * 10


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("€100", "USD"), ("£50", "USD"), ("JPY 7", "USD"), ("5 EUR", "USD"), ("$5", "EUR"), ("kr 5", "EUR"),
        ("CA$5", "USD"), ("US$5", "CAD"), ("¥5", "KRW"), ("Fr. 5", "EUR"), ("₹5", "USD"), ("5 zł", "CZK"),
    ],
)  # fmt: skip
def test_the_sign_of_another_currency_is_refused_and_named(text: str, currency: str) -> None:
    with pytest.raises(BadAmount, match=f"is no sign of {currency}"):
        parse_amount(text, currency=currency)
    with pytest.raises(BadAmount, match=f"is no sign of {currency}"):
        parse_rate(text, currency=currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("$5", "USD"), ("$5", "CAD"), ("$5 CR", "AUD"), ("US$5", "USD"), ("5 EUR", "EUR"), ("€5", "EUR"), ("¥5", "JPY"),
        ("¥5", "CNY"), ("5 kr", "SEK"), ("kr. 5", "DKK"), ("Rs. 5", "INR"), ("Rs 5", "PKR"), ("£5", "GBP"),
        ("5", "USD"), ("€5", ""), ("€5", "euros"),
    ],
)  # fmt: skip
def test_a_sign_that_the_currency_can_have_is_read(text: str, currency: str) -> None:
    assert abs(parse_amount(text, currency=currency)) == 5


@pytest.mark.parametrize("text", ["0,100", "$0,100", "000,100", "0,125.50", "012,345", "-0,100", "0,000"])
def test_a_zero_before_a_group_mark_has_no_reading(text: str) -> None:
    with pytest.raises(BadAmount, match="may be a fraction or a whole number"):
        parse_amount(text)
    with pytest.raises(BadAmount):
        parse_amount(text.translate(str.maketrans(",.", ".,")), COMMA)


def test_a_date_that_two_formats_read_differently_names_both_readings() -> None:
    either = ["DD/MM/YYYY", "MM/DD/YYYY"]
    with pytest.raises(BadDate, match=r"2026-04-03 \(DD/MM/YYYY\) or as 2026-03-04 \(MM/DD/YYYY\)"):
        parse_date("03/04/2026", either)
    with pytest.raises(BadDate, match="or as"):
        parse_date("03/04", ["DD/MM", "MM/DD"], near=date(2026, 3, 20))
    assert parse_date("03/14/2026", either) == date(2026, 3, 14)
    assert parse_date("04/04/2026", either) == date(2026, 4, 4)
    assert parse_date("03/04/2026", ["M/D/YYYY", "MM/DD/YYYY"]) == date(2026, 3, 4)
