"""What the values of a column look like: the formats that read all of them. Where several do and differ, nothing is
chosen: a person is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.importers.tabular.cells import Cell, read_exact
from app.importers.tabular.sides import read_side
from app.importers.values import MONEY_PLACES, BadValue, NumberFormat, parse_date

_NUMERIC = (
    "YYYY-MM-DD", "DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "MM-DD-YYYY", "YYYY/MM/DD", "YYYY.MM.DD",
    "YYYYMMDD", "D.M.YYYY", "D/M/YYYY", "M/D/YYYY", "DD.MM.YY", "DD/MM/YY", "MM/DD/YY", "YY/MM/DD", "D.M.YY", "D/M/YY",
    "M/D/YY", "YYMMDD", "DDMMYYYY", "MMDDYYYY",
)  # fmt: skip
_NAMED = (
    "D MMM YYYY",
    "D. MMMM YYYY",
    "MMM D, YYYY",
    "MMMM D, YYYY",
    "D-MMM-YYYY",
    "D-MMM-YY",
    "DD-MMM-YYYY",
    "DDMMMYYYY",
)
_MIDNIGHT = (" 00:00:00", "T00:00:00", "T00:00:00Z", " 00:00")
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "sv")
NUMBER_FORMATS = tuple(
    NumberFormat(decimal, group) for decimal, group in ((".", ","), (",", "."), (",", " "), (".", "'"), (".", " "))
)
_TELEPHONE = re.compile(r"\+?[0-9(][0-9 ()./-]{6,18}[0-9]")
_DAY = r"(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2}))"
_DATES = re.compile(f"{_DAY}(?: ?[-/] ?{_DAY})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CIRCUIT = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9]+(?:[/.\-_ ][A-Za-z0-9]+){1,8}/{0,2}[A-Za-z0-9]*")
MOST_VALUES = 500
_CODES = "USD EUR GBP CHF CAD AUD NZD JPY CNY HKD SGD SEK NOK DKK PLN CZK HUF MXN BRL INR ZAR AED ILS KRW TRY RON BGN"
ISO = frozenset(_CODES.split(" "))


@dataclass(frozen=True, slots=True)
class DateLook:
    """Date formats that read all values, one for each different reading; `language` of the names of months."""

    formats: tuple[str, ...]
    language: str = "en"

    @property
    def sure(self) -> bool:
        return len(self.formats) == 1


@dataclass(frozen=True, slots=True)
class AmountLook:
    """Number formats that read all values, one for each different reading, and the most decimals that they have."""

    formats: tuple[NumberFormat, ...]
    places: int = 2

    @property
    def sure(self) -> bool:
        return len(self.formats) == 1


def filled(values: Sequence[Cell]) -> list[Cell]:
    """The filled ones of the first values."""
    return [value for value in values if value != ""][:MOST_VALUES]


def look_for_dates(values: Sequence[Cell]) -> DateLook | None:
    """How the values read as dates, None where they are none. A workbook's own dates need no format."""
    texts = [value for value in filled(values) if not isinstance(value, date)]
    if not texts:
        return DateLook(("YYYY-MM-DD",)) if any(isinstance(value, date) for value in values) else None
    if not all(isinstance(text, str) and 4 <= len(text) <= 30 for text in texts):
        return None
    words = [str(text) for text in dict.fromkeys(texts)]
    named = any(letter.isalpha() for letter in words[0].replace("T", "").replace("Z", ""))
    found: dict[tuple[date, ...], tuple[str, str]] = {}
    if named:
        for language in LANGUAGES:
            for form in _NAMED:
                _keep(found, words, form, language)
    else:
        for form in _NUMERIC:
            for suffix in ("", *_MIDNIGHT):
                if not suffix or words[0].endswith(suffix):
                    _keep(found, words, form + suffix, "en")
    if not found:
        return None
    return DateLook(tuple(form for form, _language in found.values()), next(iter(found.values()))[1])


def _keep(found: dict[tuple[date, ...], tuple[str, str]], words: list[str], form: str, language: str) -> None:
    reading = []
    try:
        for word in words:
            reading.append(parse_date(word, form, language=language))
    except BadValue:
        return
    if all(1990 <= day.year <= 2079 for day in reading):
        found.setdefault(tuple(reading), (form, language))


def look_for_amounts(values: Sequence[Cell]) -> AmountLook | None:
    """How the values read as amounts, None where they are none. A workbook's own numbers need no format."""
    some = filled(values)
    numbers = [value for value in some if isinstance(value, Decimal)]
    texts = [str(value) for value in dict.fromkeys(some) if isinstance(value, str)]
    if not some or len(numbers) + sum(1 for value in some if isinstance(value, str)) < len(some):
        return None
    places = max((max(0, -int(number.as_tuple().exponent)) for number in numbers), default=0)
    if not texts:
        return AmountLook((NUMBER_FORMATS[0],), min(places, MONEY_PLACES))
    found: dict[tuple[Decimal, ...], NumberFormat] = {}
    for form in NUMBER_FORMATS:
        try:
            reading = tuple(read_exact(text, form) for text in texts)
        except BadValue:
            continue
        found.setdefault(reading, form)
    if not found:
        return None
    first = next(iter(found))
    places = max(places, *(max(0, -int(value.as_tuple().exponent)) for value in first))
    return AmountLook(tuple(found.values()), places)


def looks_like_telephone(values: Sequence[Cell]) -> bool:
    """Whether all values are telephone numbers, and none a date or two."""
    return look_for_dates(values) is None and _all(values, _is_telephone)


def looks_like_currency(values: Sequence[Cell]) -> bool:
    """Whether all values are codes of currencies."""
    return _all(values, lambda text: _CURRENCY.fullmatch(text) is not None and text in ISO)


def looks_like_sides(values: Sequence[Cell]) -> bool:
    """Whether all values are words for debit or credit."""
    return _all(values, lambda text: read_side(text) is not None)


def looks_like_circuit(values: Sequence[Cell]) -> bool:
    """Whether all values are written as circuit numbers are."""
    return _all(values, lambda text: len(text) >= 6 and _CIRCUIT.fullmatch(text) is not None)


def _is_telephone(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return _TELEPHONE.fullmatch(text) is not None and 7 <= digits <= 15 and _DATES.fullmatch(text) is None


def _all(values: Sequence[Cell], fits: Callable[[str], bool]) -> bool:
    some = filled(values)
    return bool(some) and all(isinstance(value, str) and fits(value) for value in some)
