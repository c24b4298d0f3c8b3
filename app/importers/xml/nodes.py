"""Reading values out of an e-invoice's elements: each is found at most once, checked, and knows its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.domain.money import D, NotAnAmount
from app.domain.period import Period
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.values import (
    MONEY_DIGITS,
    MONEY_PLACES,
    RATE_DIGITS,
    RATE_PLACES,
    BadDate,
    clean_text,
    parse_date,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

    from app.importers.xml.syntax import PeriodPaths

_ZONE = re.compile(r"(?:Z|[+-][0-9]{2}:[0-9]{2})$")
REMEDY = "Ask the carrier for a corrected e-invoice; the place is where to look in this one."


def trim(value: Decimal) -> Decimal:
    """`value` without needless zeros after its point, and never in powers of ten."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def line_number(element: _Element) -> int | None:
    """The line of the file on which the element begins."""
    number: Any = element.sourceline
    return number if isinstance(number, int) else None


class Nodes:
    """The elements of one document, and the faults met while reading them."""

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        self.namespaces = dict(namespaces)
        self.issues: list[ParseIssue] = []
        self._noted: set[ParseIssue] = set()

    def all(self, parent: _Element | None, path: str) -> Iterator[_Element]:
        """Every element at `path` below `parent`."""
        if parent is not None:
            yield from parent.iterfind(path, self.namespaces)

    def first(self, parent: _Element | None, *paths: str) -> _Element | None:
        """The first element at the first of `paths` that has one with text or children."""
        for path in paths:
            for element in self.all(parent, path):
                if len(element) or (element.text or "").strip():
                    return element
        return None

    def only(self, parent: _Element | None, path: str, *, required: bool = False) -> _Element | None:
        """The one element at `path`; more than one, or none where it is required, is an ERROR."""
        found = list(self.all(parent, path))
        if len(found) > 1:
            self.fail(
                "field-repeated", f"{self.name(found[0])} stands {len(found)} times where it may stand once", found[1]
            )
        if not found and required:
            place = self.place(parent) if parent is not None else "the document"
            self.fail("field-missing", f"{path.replace('/', ' / ')} is missing in {place}", parent)
        return found[0] if found else None

    def walk(self, parent: _Element | None, path: str, *, required: bool = False) -> _Element | None:
        """The element at the end of `path`, of which each step stands once."""
        for step in path.split("/"):
            parent = self.only(parent, step, required=required and parent is not None)
        return parent

    def text(self, element: _Element | None) -> str:
        """The text of an element that may hold nothing but text; "" where it is absent."""
        if element is None:
            return ""
        if len(element):
            self.fail("mixed-content", f"{self.name(element)} holds other elements where only text may stand", element)
            return ""
        return clean_text(element.text or "")

    def amount(self, element: _Element | None, currency: str = "") -> Decimal | None:
        """The amount in an element, in the bill's currency; an unreadable one is an ERROR and None."""
        written = element.get("currencyID", "") if element is not None else ""
        if currency and written and written != currency:
            self.fail("wrong-currency", f"{self.name(element)} is in {written[:10]}, the bill in {currency}", element)
        return self._number(element, MONEY_DIGITS, MONEY_PLACES)

    def rate(self, element: _Element | None) -> Decimal | None:
        """The price or quantity in an element; likewise."""
        return self._number(element, RATE_DIGITS, RATE_PLACES)

    def _number(self, element: _Element | None, digits: int, places: int) -> Decimal | None:
        text = self.text(element)
        if element is None or not text:
            return None
        try:
            value = D(text)
        except NotAnAmount as fault:
            self.fail("bad-amount", f"{self.name(element)}: {fault}", element)
            return None
        # needless zeros count for nothing: 1273.000000000000 is a whole number
        value = trim(value)
        exponent = value.as_tuple().exponent
        if value.adjusted() >= digits or (isinstance(exponent, int) and -exponent > places):
            message = (
                f"{self.name(element)} has {text[:40]}, and at most {digits} digits before and {places} after the point"
            )
            self.fail("bad-amount", f"{message} can be kept", element)
            return None
        return value

    def day(self, element: _Element | None, form: str = "YYYY-MM-DD") -> date | None:
        """The date in an element, its time zone left out; an unreadable one is an ERROR and None."""
        text = _ZONE.sub("", self.text(element)) if form == "YYYY-MM-DD" else self.text(element)
        if element is None or not text:
            return None
        try:
            return parse_date(text, form)
        except BadDate as fault:
            self.fail("bad-date", f"{self.name(element)}: {fault}", element)
            return None

    def read_day(self, element: _Element | None, inner: tuple[str, ...]) -> date | None:
        """The date in an element: ISO text; or, at one of the paths `inner`, YYYYMMDD, the only other form read."""
        if not inner:
            return self.day(element)
        text = self.first(element, *inner)
        if element is not None and text is None:
            self.fail("bad-date", f"{self.name(element)} holds no date", element)
        if text is not None and text.get("format", "102") != "102":
            written = text.get("format", "")[:10]
            self.fail("bad-date", f"The date has the format {written}, and only 102 is read", text)
            return None
        return self.day(text, "YYYYMMDD")

    def read_period(self, element: _Element | None, paths: PeriodPaths) -> Period | None:
        """The period in an element; both of its ends are days of it."""
        start = self.read_day(self.only(element, paths.start), paths.day)
        return self.period(start, self.read_day(self.only(element, paths.end), paths.day), element)

    def period(self, start: date | None, end: date | None, element: _Element | None) -> Period | None:
        """The period of two inclusive dates; a lone one, or an end before its start, is a WARNING and None."""
        if start is None and end is None:
            return None
        if start is None or end is None or end < start:
            message = f"The period from {start or 'nowhere'} to {end or 'nowhere'} is left out"
            self.warn("bad-period", message, element)
            return None
        return Period.inclusive(start, end)

    def fail(self, code: str, message: str, element: _Element | None) -> None:
        """Note an ERROR at an element."""
        self._note(ParseIssue(Severity.ERROR, code, f"{message}.", REMEDY, self.source(element)))

    def warn(self, code: str, message: str, element: _Element | None) -> None:
        """Note a WARNING at an element."""
        self._note(ParseIssue(Severity.WARNING, code, f"{message}.", REMEDY, self.source(element)))

    def has_failed(self, element: _Element | None) -> bool:
        """Whether a fault was noted at this element."""
        return element is not None and any(issue.source == self.source(element) for issue in self.issues)

    def _note(self, issue: ParseIssue) -> None:
        """Keep an issue once: several values are looked for below one element."""
        if issue not in self._noted:
            self._noted.add(issue)
            self.issues.append(issue)

    def source(self, element: _Element | None) -> Source:
        """Where an element stands: its path, and its line in the file."""
        return Source() if element is None else Source(path=self.place(element), row=line_number(element))

    def name(self, element: _Element | None) -> str:
        """The element's name without its namespace."""
        return "nothing" if element is None else str(element.tag).rpartition("}")[2]

    def place(self, element: _Element) -> str:
        """The path from the root, with a number where several of one name stand side by side."""
        parts: list[str] = []
        current: _Element | None = element
        while current is not None:
            before = sum(1 for _ in current.itersiblings(current.tag, preceding=True))
            after = next(current.itersiblings(current.tag), None)
            number = f"[{before + 1}]" if before or after is not None else ""
            parts.append(self.name(current) + number)
            current = current.getparent()
        return "/" + "/".join(reversed(parts))
