"""Amounts, rates and dates: one reading or a BadValue; what is read has the digits that are written."""

from __future__ import annotations

from tests.fuzz.running import fuzz, watched

with watched(__name__):
    from datetime import date

    from app.domain.money import MONEY_SCALE, RATE_SCALE, to_scaled
    from app.importers.months import languages
    from app.importers.values import (
        BadValue,
        NumberFormat,
        clean_text,
        decode_text,
        parse_amount,
        parse_date,
        parse_rate,
    )

FORMS = [NumberFormat(decimal, group) for decimal in ".," for group in ("", ".", ",", " ", "'") if group != decimal]
DATES = ("MM/DD/YYYY", "DD.MM.YY", "YYYY-MM-DD", "D MMMM YYYY", "MMM D, YY", "MM/DD", "DD", "MMMM YYYY", "YYYYMMDD")
LANGUAGES = languages()
ASCII = "0123456789"
SEEDS = tuple(
    bytes([number]) + text.encode()
    for number, text in enumerate(
        (
            "1,234.56", "1.234,56 €", "(5.00)", "5.00-", "-$5.00", "5.00 CR", "1 234,56 kr", "1'234.50 CHF",
            "US$ 0.0000000001",
            "09/30/2026", "30.09.26", "2026-09-30", "3. März 2026", "Sept. 9, 26", "02/29", "31", "September 2026",
            "20260230",
            "NaN", "1e5", "1_000", "١٢٣", "１２", "--5", "", "1" * 13,
        )
    )
)  # fmt: skip
TOKENS = (
    *"0123456789.,-+()' $€£",
    "CR",
    "DR",
    "USD",
    "\u00a0",
    "\u2212",
    "\u202f",
    "NaN",
    "inf",
    "e9",
    "_",
    "١",
    "März",
    "août",
)


def one_input(data: bytes) -> None:
    """Raises where a value is read that was not written, or where anything but a BadValue comes out."""
    if not data:
        return
    choice = data[0]
    try:
        text = decode_text(data[1:])
    except BadValue:
        return
    clean_text(text)
    form = FORMS[choice % len(FORMS)]
    written = "".join(letter for letter in text if letter in ASCII).strip("0")
    for parse, scale in ((parse_amount, MONEY_SCALE), (parse_rate, RATE_SCALE)):
        try:
            value = parse(text, form)
        except BadValue:
            continue
        to_scaled(value, scale)
        assert written in f"{abs(value):f}".replace(".", ""), text
        assert not any(letter.isdigit() and letter not in ASCII for letter in text), text
        assert parse(f"{value:f}", NumberFormat(".", "")) == value
    for near in (None, date(2026, 9, 30)):
        try:
            day = parse_date(text, DATES[choice % len(DATES)], language=LANGUAGES[choice % len(LANGUAGES)], near=near)
        except BadValue:
            continue
        assert 1900 <= day.year <= 2199, text


if __name__ == "__main__":
    fuzz("numbers", one_input, SEEDS, TOKENS)
