"""How what is typed into a bill is read: strictly, in the formats of this computer, one reading or none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from PySide6.QtCore import QLocale

from app.domain.money import ZERO, round_amount
from app.domain.parsed import ParsedCharge
from app.domain.period import Period
from app.domain.source import Source
from app.domain.vocabulary import ChargeType
from app.importers.values import PLAIN, BadValue, NumberFormat, clean_text, parse_amount, parse_date, parse_rate

ISO = "YYYY-MM-DD"
_TOKENS = re.compile(r"y+|M+|d+")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Field(StrEnum):
    """The columns of the charges, in the order of the grid."""

    DESCRIPTION = "description"
    TYPE = "charge_type"
    CODE = "code"
    CIRCUIT = "circuit_id"
    TN = "tn"
    QUANTITY = "quantity"
    UNIT_PRICE = "unit_price"
    AMOUNT = "amount"
    FIRST = "first"
    LAST = "last"


FIELDS = tuple(Field)
NUMBERS = frozenset({Field.QUANTITY, Field.UNIT_PRICE, Field.AMOUNT})


@dataclass(frozen=True, slots=True)
class Formats:
    """How days and numbers are typed. The first of `dates` is the one that is shown."""

    dates: tuple[str, ...] = (ISO,)
    numbers: NumberFormat = PLAIN

    def amount(self, text: str) -> Decimal:
        """Raises BadValue."""
        return parse_amount(text, self.numbers)

    def rate(self, text: str) -> Decimal:
        """A price or quantity. Raises BadValue."""
        return parse_rate(text, self.numbers)

    def day(self, text: str) -> date:
        """Raises BadValue."""
        return parse_date(text, self.dates)

    def period(self, first: str, last: str) -> Period | None:
        """From its first and last day; None where both are empty. Raises BadValue."""
        if not first.strip() and not last.strip():
            return None
        start, end = self.day(first), self.day(last)
        if end < start:
            raise BadValue(text=f"{first} to {last}", why="the period ends before it starts")
        return Period.inclusive(start, end)


def formats_of(locale: QLocale) -> Formats:
    """The formats of a locale, with four digits for the year; ISO days are read everywhere."""
    written = locale.dateFormat(QLocale.FormatType.ShortFormat)
    tokens = {token[0]: token for token in _TOKENS.findall(written)}
    dates: tuple[str, ...] = (ISO,)
    if locale.language() == QLocale.Language.C:  # no country's own
        return Formats()
    if set(tokens) == {"y", "M", "d"} and len(tokens["M"]) <= 2 and len(tokens["d"]) <= 2:
        shown = _TOKENS.sub(lambda token: "YYYY" if token[0][0] == "y" else token[0].upper(), written)
        if re.fullmatch(r"(?:YYYY|MM?|DD?)(?:[-./ ]+(?:YYYY|MM?|DD?)){2}\.?", shown) and shown != ISO:
            dates = (shown, ISO)
    group = {"\u00a0": " ", "\u202f": " ", "’": "'"}.get(locale.groupSeparator(), locale.groupSeparator())
    try:
        return Formats(dates, NumberFormat(locale.decimalPoint(), group))
    except BadValue:  # a locale of other digits or signs
        return Formats(dates)


def read_currency(text: str) -> str:
    """A code of three letters. Raises BadValue."""
    if not _CURRENCY.fullmatch(text.strip()):
        raise BadValue(text=text, why="three capital letters are wanted, such as USD")
    return text.strip()


def read_type(text: str) -> ChargeType | None:
    """A charge type in any case; None where nothing is typed. Raises BadValue."""
    if not text.strip():
        return None
    try:
        return ChargeType(text.strip().upper())
    except ValueError as fault:
        raise BadValue(text=text, why=f"it is none of {', '.join(ChargeType)}") from fault


def find_fault(field: Field, row: dict[Field, str], formats: Formats) -> str:
    """Why a cell cannot be read; "" where it can, or is empty and may be."""
    text = row[field].strip()
    try:
        if field is Field.AMOUNT and not text:
            return "An amount is wanted." if any(row.values()) else ""
        if field is Field.DESCRIPTION and not text:
            return "A description is wanted." if any(row.values()) else ""
        if not text:
            other = {Field.FIRST: Field.LAST, Field.LAST: Field.FIRST}.get(field)
            return "A period has a first and a last day." if other and row[other].strip() else ""
        if field is Field.AMOUNT:
            formats.amount(text)
        elif field in NUMBERS:
            formats.rate(text)
        elif field is Field.TYPE:
            read_type(text)
        elif field is Field.FIRST:
            formats.day(text)
        elif field is Field.LAST:
            formats.day(text)
            if not find_fault(Field.FIRST, row, formats):
                formats.period(row[Field.FIRST], text)
    except BadValue as fault:
        return fault.message
    return ""


def find_product(row: dict[Field, str], formats: Formats) -> str:
    """What quantity × unit price make, where the amount is another; "" otherwise. Signs do not count."""
    try:
        quantity, price = (formats.rate(row[field]) for field in (Field.QUANTITY, Field.UNIT_PRICE))
        amount = formats.amount(row[Field.AMOUNT])
    except BadValue:
        return ""
    product = quantity * price
    if abs(amount) in (abs(product), abs(round_amount(product))):
        return ""
    return f"{quantity:f} × {price:f} = {round_amount(product):,f}, not {amount:,f}"


def amount_of(row: dict[Field, str], formats: Formats) -> Decimal | None:
    """The amount of a row; None where it cannot be read, 0 for an empty row."""
    if not row[Field.AMOUNT].strip():
        return ZERO
    try:
        return formats.amount(row[Field.AMOUNT])
    except BadValue:
        return None


def read_charge(row: dict[Field, str], number: int, formats: Formats) -> ParsedCharge:
    """The charge in row `number`. Raises BadValue."""
    quantity, price = (
        formats.rate(row[field]) if row[field].strip() else None for field in (Field.QUANTITY, Field.UNIT_PRICE)
    )
    return ParsedCharge(
        description=clean_text(row[Field.DESCRIPTION]),
        amount=formats.amount(row[Field.AMOUNT]),
        source=Source(path=f"charges[{number}]"),
        charge_type=read_type(row[Field.TYPE]),
        code=clean_text(row[Field.CODE]),
        quantity=quantity,
        unit_price=price,
        circuit_id=clean_text(row[Field.CIRCUIT]),
        tn=clean_text(row[Field.TN]),
        period=formats.period(row[Field.FIRST], row[Field.LAST]),
    )
