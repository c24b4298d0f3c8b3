"""The acceptance table of numbers and dates: what each way of writing accepts, and what it refuses, row by row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from app.importers.values import BadAmount, BadDate, NumberFormat, parse_amount, parse_date, parse_rate

# a profile: the decimal sign, the mark between groups
PROFILES = {
    "american": NumberFormat(".", ","),
    "german": NumberFormat(",", "."),
    "french": NumberFormat(",", " "),
    "swiss": NumberFormat(".", "'"),
    "plain": NumberFormat(".", ""),
}
# written with D for the decimal sign and G for the group mark
WHOLE = {
    "0": "0",
    "5": "5",
    "12": "12",
    "1234": "1234",
    "999999999999": "999999999999",
    "007": "7",
    "0" * 20 + "5": "5",
}
BROKEN = {"0D05": "0.05", "D05": "0.05", "5D0": "5", "1234D5": "1234.5", "12D345678": "12.345678", "00D10": "0.10"}
GROUPED = {"1G234": "1234", "1G234G567": "1234567", "12G345D60": "12345.60", "999G999D99": "999999.99"}
SIGNS = {"{}": 1, "+{}": 1, "-{}": -1, "{}-": -1, "({})": -1, "{} CR": -1, "{}CR": -1, "{} DR": 1, "\u2212{}": -1}
MONEY = {"${}": 1, "{} USD": 1, "-${}": -1, "$-{}": -1, "(${})": -1, "{} €": 1, "US$ {}": 1, "${} CR": -1}
REFUSED = (
    "", " ", "-", "+", "$", "CR", "D", "G", "NaN", "nan", "Inf", "-Infinity", "1e5", "1E5", "1_000", "0x10", "0b1",
    "٣", "１", "½",
    "²", "5.", "5..0", "5,,0", "5D0D0", "5D", "--5", "-5-", "(5", "5)", "((5))", "-(5)", "(5) CR", "-5 CR", "CR 5",
    "5 CRXX",
    "5 X", "5 5D0",
    "$5 EUR", "$$5", "5%", "5/2", "5*2", "=5", "'5", '"5"', "1234567890123", "0D0000001", "5 USD USD", "5\n6",
    "5\x000", "five", "O",
    "l", "1D2e3", "1 - 2", "..5", ",,5", "5;0", "1:00", "#5", "~5", "<5", "5+5", "\u200b5", "5\u202e", "９9", "Ⅴ",
    "-", "– –5",
)  # fmt: skip
UNGROUPED = ("1G23", "12G34G567", "1G2345", "G123", "1GG234", "1234G567", "1G234G", "1D234G567")


def written(text: str, form: NumberFormat) -> str:
    return text.replace("D", form.decimal).replace("G", form.group)


def accepted(form: NumberFormat) -> list[tuple[str, Decimal]]:
    """All accepted ways to write, with their values."""
    values = {**WHOLE, **BROKEN, **(GROUPED if form.group else {})}
    signed = {**SIGNS, **MONEY}
    return [
        (pattern.format(written(text, form)), sign * Decimal(value))
        for (text, value), (pattern, sign) in product(values.items(), signed.items())
    ]


def refused(form: NumberFormat) -> list[str]:
    """All that is refused, under every sign that would be accepted by itself."""
    rows = [*REFUSED, *(UNGROUPED if form.group else ())]
    if form.group == " ":  # blanks around a number, and a second one inside it, mean nothing
        rows = [text for text in rows if not text.startswith("G") and not text.endswith("G") and "GG" not in text]
    # the signs of credits and debits are letters of their own, not places for the decimal sign
    kept = ("CR", "USD")
    return [text if any(word in text for word in kept) else written(text, form) for text in rows]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_table_has_enough_rows_for_each_profile(profile: str) -> None:
    form = PROFILES[profile]
    assert len(set(accepted(form))) >= 120
    assert len(set(refused(form))) >= 60


@pytest.mark.parametrize("profile", PROFILES)
def test_every_accepted_amount_has_one_reading(profile: str) -> None:
    form = PROFILES[profile]
    wrong = [(text, value) for text, value in accepted(form) if parse_amount(text, form) != value]
    assert wrong == []


@pytest.mark.parametrize("profile", PROFILES)
def test_every_other_amount_is_refused(profile: str) -> None:
    form = PROFILES[profile]
    for text in refused(form):
        with pytest.raises(BadAmount):
            parse_amount(text, form)
        if text != written("0D0000001", form):  # a price may have ten decimals
            with pytest.raises(BadAmount):
                parse_rate(text, form)


def test_what_one_profile_groups_another_refuses() -> None:
    for name, other in product(PROFILES, PROFILES):
        form, read = PROFILES[name], PROFILES[other]
        if form.group and form.group != read.group and form.group != read.decimal:
            with pytest.raises(BadAmount):
                parse_amount(written("1G234D50", form), read)


FORMATS = ("YYYY-MM-DD", "MM/DD/YYYY", "DD/MM/YYYY", "DD.MM.YYYY", "MM/DD/YY", "DD.MM.YY", "YYYYMMDD", "D.M.YYYY")
DAYS = [date(y, m, d) for y in (1970, 1999, 2000, 2024, 2026, 2069) for m, d in ((1, 1), (2, 28), (9, 30), (12, 31))]
DAYS += [date(2000, 2, 29), date(2024, 2, 29)]
NO_DAYS = (
    (2023, 2, 29), (2100, 2, 29), (2026, 2, 30), (2026, 4, 31), (2026, 13, 1), (2026, 0, 1),
    (2026, 1, 0), (2026, 1, 32),
    (0, 1, 1), (1, 1, 1), (1899, 12, 31), (2200, 1, 1), (9999, 12, 31),
)  # fmt: skip
NO_DATES = (
    "", " ", "today", "2026", "2026-09", "20260930T00", "2026-09-30T00:00:00", "1709251200",
    "٢٠٢٦-٠٩-٣٠", "２０２６-09-30",
    "2026-9-3O", "-2026-09-30", "+2026-09-30", "2026--09-30", "30-Sep", "Sep 30", "09/30", "1/2/3/4", "45000",
    "2026-09-30 ,", "2026_09_30", "2026\u200b-09-30", "30.09.2026.", "99/99/9999", "NaN", "null", "0000-00-00",
)  # fmt: skip


def put(form: str, year: int, month: int, day: int) -> str:
    """The date in this format, whether or not there is such a day."""
    text = form.replace("YYYY", f"{year:04}").replace("YY", f"{year % 100:02}")
    text = text.replace("MM", f"{month:02}").replace("DD", f"{day:02}")
    return text.replace("M", str(month)).replace("D", str(day))


@pytest.mark.parametrize("form", FORMATS)
def test_every_day_is_read_back_and_no_other(form: str) -> None:
    for day in DAYS:
        assert parse_date(put(form, day.year, day.month, day.day), form) == day
    for year, month, day_number in NO_DAYS:
        if "YYYY" in form or 1970 <= year < 2070:
            with pytest.raises(BadDate):
                parse_date(put(form, year, month, day_number), form)
    for text in NO_DATES:
        with pytest.raises(BadDate):
            parse_date(text, form)
    # what another format writes is refused, unless it happens to be a date of this one as well
    for other in FORMATS:
        text = put(other, 2026, 11, 30)
        if other != form and len(text) != len(put(form, 2026, 11, 30)):
            with pytest.raises(BadDate):
                parse_date(text, form)


def test_a_date_that_could_be_two_is_read_as_its_profile_says_and_never_otherwise() -> None:
    assert parse_date("01/02/2003", "MM/DD/YYYY") == date(2003, 1, 2)
    assert parse_date("01/02/2003", "DD/MM/YYYY") == date(2003, 2, 1)
    with pytest.raises(BadDate):
        parse_date("13/02/2003", "MM/DD/YYYY")
