"""Reading elements: amounts with implied or written decimals, dates, texts. One reading or none, with its place."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from app.domain.money import EXACT, D
from app.domain.period import Period
from app.importers.tabular.issues import IssueList
from app.importers.values import MONEY_DIGITS, MONEY_PLACES, RATE_DIGITS, RATE_PLACES, BadDate, clean_text, parse_date
from app.importers.x12.segments import Segment

_IMPLIED = re.compile(r"-?[0-9]{1,15}")
_WRITTEN = re.compile(r"-?(?:([0-9]{1,18})(?:\.([0-9]{0,12}))?|\.([0-9]{1,12}))")
_DATES = {8: "YYYYMMDD", 6: "YYMMDD"}
_REMEDY = "Ask the carrier for a corrected file; an amount or date is never guessed."
_RANGE = 17  # CCYYMMDD-CCYYMMDD


class Elements:
    """Reads elements of one set; what cannot be read becomes an ERROR at its place, and None."""

    def __init__(self, issues: IssueList) -> None:
        self.issues = issues

    def cents(self, segment: Segment, position: int) -> Decimal | None:
        """An amount of type N2: hundredths, without a decimal point."""
        written = segment.get(position)
        if not written:
            return None
        if not _IMPLIED.fullmatch(written) or len(written.lstrip("-0")) > MONEY_DIGITS + 2:
            self._bad(segment, position, "is no amount in hundredths: digits without a decimal point are wanted")
            return None
        return EXACT.scaleb(D(written), -2)

    def amount(self, segment: Segment, position: int) -> Decimal | None:
        """An amount of type R: with its decimal point, where it has one."""
        return self._number(segment, position, MONEY_DIGITS, MONEY_PLACES)

    def rate(self, segment: Segment, position: int) -> Decimal | None:
        """A price or quantity of type R."""
        return self._number(segment, position, RATE_DIGITS, RATE_PLACES)

    def _number(self, segment: Segment, position: int, digits: int, places: int) -> Decimal | None:
        written = segment.get(position)
        if not written:
            return None
        value = _read_number(written, digits, places)
        if isinstance(value, Decimal):
            return value
        self._bad(segment, position, value)
        return None

    def _bad(self, segment: Segment, position: int, why: str) -> None:
        message = f"'{clean_text(segment.get(position), 40)}' {why}."
        self.issues.error("bad-number", message, _REMEDY, segment.place(position))

    def day(self, segment: Segment, position: int) -> date | None:
        """A date of eight digits, or of six in old releases."""
        written = segment.get(position)
        return self._day(written, segment, position) if written else None

    def _day(self, written: str, segment: Segment, position: int) -> date | None:
        try:
            return _read_day(written)
        except BadDate as fault:
            self.issues.error("bad-date", str(fault), _REMEDY, segment.place(position))
            return None

    def days(self, segment: Segment) -> tuple[date | None, date | None]:
        """What a DTM says: its date (02), or both ends of its range (06 with the format RD8 in 05)."""
        if segment.get(2):
            return self.day(segment, 2), None
        written = segment.get(6)
        if segment.get(5) == "RD8" and len(written) == _RANGE and written[8] == "-":
            return self._day(written[:8], segment, 6), self._day(written[9:], segment, 6)
        if segment.get(5) == "D8":
            return self.day(segment, 6), None
        return None, None

    def period(self, first: date | None, last: date | None, segment: Segment | None) -> Period | None:
        """The period of the days `first` to `last`, both in it; a WARNING where it ends before it begins."""
        if first is None or last is None:
            return None
        if last >= first:
            return Period.inclusive(first, last)
        message = f"A period ends on {last}, before it begins on {first}; it is left out."
        if segment is not None:
            self.issues.warn("bad-period", message, "Compare the dates with the carrier's bill.", segment.place())
        return None


@lru_cache(maxsize=4096)
def _read_day(written: str) -> date:
    """The date; a bill has few different ones. Raises BadDate."""
    return parse_date(written, _DATES.get(len(written), "YYYYMMDD"))


@lru_cache(maxsize=65536)
def _read_number(written: str, digits: int, places: int) -> Decimal | str:
    """The number of type R, or why it is none. A bill repeats its prices."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        return "is no number: ASCII digits with one decimal point at most are wanted"
    whole, fraction, only = found.groups()
    before, after = (whole or "").lstrip("0"), (fraction or only or "").rstrip("0")
    if len(before) > digits or len(after) > places:
        return f"has more digits than can be kept: {digits} before and {places} after the decimal point"
    value = D(f"{before or '0'}.{after}" if after else before or "0")
    return -value if written[0] == "-" and value else value


def text(segment: Segment, position: int, limit: int = 200) -> str:
    """The element as clean text."""
    written = segment.get(position)
    if written.isascii() and written.isprintable() and "  " not in written:
        return written[:limit]  # as clean_text would leave it
    return clean_text(written, limit)
