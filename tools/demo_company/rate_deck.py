"""Halyard's rate deck of calls abroad: prefixes by country, with mobiles and some cities apart; prices are invented."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from io import StringIO

NAME, FILE = "international", "halyard_international_deck.csv"
FIRST_DAY, REVISED = date(2026, 1, 1), date(2026, 7, 1)
# code, country, price of a minute, of mobiles, what mobiles begin with, what cities that cost nine tenths begin with
_COUNTRIES = (
    ("44", "United Kingdom", "0.0410", "0.1920", "71 72 73 74 75 77 78 79",
     "20 113 114 115 116 117 118 121 131 141 151 161"),
    ("49", "Germany", "0.0390", "0.1860", "151 152 155 157 159 160 162 163 170 171 172 173 174 175 176 177 178 179",
     "30 40 69 89 201 211 221 231 341 351 511 711"),
    ("33", "France", "0.0380", "0.1740", "6 73 74 75 76 77 78", "1 491 478 561 320 556 388 240"),
    ("34", "Spain", "0.0430", "0.1690", "6 71 72 73 74 79", "91 93 95 96 944 976"),
    ("39", "Italy", "0.0440", "0.2010", "31 32 33 34 35 36 37 38 39", "02 06 011 081 051 055 041"),
    ("31", "Netherlands", "0.0360", "0.1710", "6", "10 20 30 40 70 50"),
    ("48", "Poland", "0.0520", "0.1580", "45 50 51 53 57 60 66 69 72 73 78 79 88", "12 22 32 42 58 61 71 81"),
    ("353", "Ireland", "0.0450", "0.1830", "82 83 85 86 87 89", "1 21 61 91"),
    ("41", "Switzerland", "0.0560", "0.2650", "74 75 76 77 78 79", "22 31 43 44 61"),
    ("43", "Austria", "0.0490", "0.1990", "650 660 664 676 680 681 688 699", "1 316 512 662 732"),
    ("32", "Belgium", "0.0460", "0.1880", "45 46 47 48 49", "2 3 4 9"),
    ("45", "Denmark", "0.0400", "0.1650",
     "20 21 22 23 24 25 26 27 28 29 30 31 40 41 42 50 51 52 53 60 61 71 81 91", ""),
    ("46", "Sweden", "0.0370", "0.1620", "70 72 73 76 79", "8 31 40 18"),
    ("47", "Norway", "0.0420", "0.1640", "4 9 59", ""),
    ("52", "Mexico", "0.0480", "0.0480", "", "55 33 81 222 442 664 656 477"),
    ("55", "Brazil", "0.0630", "0.1790", "119 219 319 419 519 619 719 819", "11 21 31 41 51 61 71 81"),
    ("61", "Australia", "0.0470", "0.1810", "4", "2 3 7 8"),
    ("81", "Japan", "0.0610", "0.2140", "70 80 90", "3 6 45 52 75 11"),
    ("86", "China", "0.0540", "0.0540", "", "10 20 21 22 23 24 25 27 28 29"),
    ("91", "India", "0.0710", "0.0690", "6 7 8 9", "11 22 33 40 44 80 20 79"),
)  # fmt: skip
_BY_THE_SECOND = {"Mexico", "India"}  # 1/1; all others as the contract says


@dataclass(frozen=True)
class Row:
    """A row of the deck; `end` is the first day on which it no longer holds."""

    prefix: str
    zone: str
    price: Decimal
    start: date
    end: date | None = None
    steps: tuple[int, int] | None = None


@cache
def rows() -> tuple[Row, ...]:
    """All rows, by prefix and first day. From July on mobiles of Germany and Poland are dearer."""
    made: list[Row] = []
    for code, country, fixed, mobile, mobiles, cities in _COUNTRIES:
        steps = (1, 1) if country in _BY_THE_SECOND else None
        made.append(Row(code, country, Decimal(fixed), FIRST_DAY, steps=steps))
        city = (Decimal(fixed) * 9 / 10).quantize(Decimal("0.0001"))
        made.extend(Row(code + more, f"{country} cities", city, FIRST_DAY, steps=steps) for more in cities.split())
        for more in mobiles.split():
            zone, price = f"{country} mobile", Decimal(mobile)
            if country in ("Germany", "Poland"):
                made.append(Row(code + more, zone, price, FIRST_DAY, REVISED, steps))
                made.append(Row(code + more, zone, price + Decimal("0.0180"), REVISED, None, steps))
            else:
                made.append(Row(code + more, zone, price, FIRST_DAY, None, steps))
    return tuple(sorted(made, key=lambda row: (row.prefix, row.start)))


@cache
def prefixes() -> tuple[str, ...]:
    """What numbers begin with, each once."""
    return tuple(dict.fromkeys(row.prefix for row in rows()))


def row_for(number: str, day: date) -> Row:
    """The row in force on `day` of the longest prefix that the number begins with."""
    fitting = [
        row
        for row in _by_country()[_country(number)]
        if number.startswith(row.prefix) and row.start <= day and (row.end is None or day < row.end)
    ]
    return max(fitting, key=lambda row: len(row.prefix))


@cache
def _by_country() -> dict[str, list[Row]]:
    return {code: [row for row in rows() if row.prefix.startswith(code)] for code, *_ in _COUNTRIES}


def _country(number: str) -> str:
    return next(code for code, *_ in _COUNTRIES if number.startswith(code))


def write_deck() -> bytes:
    """The deck as the carrier sends it."""
    written = StringIO()
    sheet = csv.writer(written, lineterminator="\n")
    sheet.writerow(
        ("Prefix", "Zone", "Price per minute", "First day", "Last day", "Initial seconds", "Increment seconds")
    )
    sheet.writerows(_cells())
    return written.getvalue().encode()


def _cells() -> Iterator[tuple[object, ...]]:
    for row in rows():
        last = row.end - timedelta(days=1) if row.end else ""
        yield row.prefix, row.zone, f"{row.price:f}", row.start, last, *(row.steps or ("", ""))
