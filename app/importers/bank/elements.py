"""Finding things in an ISO 20022 message by their names alone: every version has a namespace of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.domain.source import Source
from app.importers.bank.common import ASK_BANK, clean_reference, currency_code, point_amount, signed
from app.importers.tabular.issues import IssueList
from app.importers.values import BadValue, clean_text, parse_date

if TYPE_CHECKING:
    from lxml.etree import _Element


def local(element: _Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def every(parent: _Element | None, name: str) -> list[_Element]:
    """The children of that name."""
    return [] if parent is None else [child for child in parent if local(child) == name]


def find(parent: _Element | None, *paths: str) -> _Element | None:
    """The first element at the first of `paths` that leads to one: "Refs/EndToEndId"."""
    for path in paths:
        found = next(_walk(parent, path.split("/")), None)
        if found is not None:
            return found
    return None


def _walk(parent: _Element | None, names: list[str]) -> Iterator[_Element]:
    if parent is None:
        return
    if not names:
        yield parent
        return
    for child in every(parent, names[0]):
        yield from _walk(child, names[1:])


def text(parent: _Element | None, *paths: str, limit: int = 200) -> str:
    """The text at the first of `paths` that has one; "" without any."""
    for path in paths:
        for element in _walk(parent, path.split("/")):
            if said := clean_text(element.text or "", limit):
                return said
    return ""


def reference(parent: _Element | None, *paths: str) -> str:
    """A reference at the first of `paths` that has one, those that say "none" left out."""
    for path in paths:
        if said := clean_reference(text(parent, path)):
            return said
    return ""


def where(element: _Element | None, what: str) -> Source:
    """The line of the file, and what stands there."""
    number: Any = None if element is None else element.sourceline
    return Source(row=number if isinstance(number, int) else None, path=what)


class Values:
    """Reads amounts and days; what cannot be read becomes an ERROR with its line."""

    def __init__(self, issues: IssueList) -> None:
        self.issues = issues

    def amount(self, element: _Element | None, what: str) -> tuple[Decimal, str] | None:
        """Amount and currency in an element such as <Amt Ccy="EUR">12.50</Amt>, never below nothing."""
        if element is None:
            return None
        try:
            value = point_amount((element.text or "").strip())
            if value < 0:
                raise BadValue(text=f"{value:f}", why="an amount has no sign here; CdtDbtInd says the direction")
            return value, currency_code(element.get("Ccy", ""))
        except BadValue as fault:
            self.fail("bad-amount", f"The amount of {what}: {fault}", element)
            return None

    def signed(self, parent: _Element, what: str) -> tuple[Decimal, str] | None:
        """Amount and currency of an entry or balance, negative where it is a debit."""
        found = self.amount(find(parent, "Amt"), what)
        direction = text(parent, "CdtDbtInd")
        if found is None:
            if find(parent, "Amt") is None:
                self.fail("field-missing", f"There is no amount in {what}", parent)
            return None
        if direction not in {"CRDT", "DBIT"}:
            self.fail("direction-missing", f"Whether {what} is a credit or a debit is not said (CdtDbtInd)", parent)
            return None
        return signed(found[0], direction == "DBIT"), found[1]

    def day(self, parent: _Element | None, name: str) -> date | None:
        """The day in `name`, as a date or a moment: of a moment the day in its own time zone."""
        element = find(parent, f"{name}/Dt", f"{name}/DtTm")
        written = clean_text(element.text or "", 40) if element is not None else ""
        if not written:
            return None
        try:
            return parse_date(written[:10], "YYYY-MM-DD")
        except BadValue as fault:
            self.fail("bad-date", f"{name}: {fault}", element)
            return None

    def fail(self, code: str, message: str, element: _Element | None) -> None:
        """Note an ERROR."""
        name = "" if element is None else local(element)
        self.issues.error(code, f"{message.rstrip('.')}.", ASK_BANK, where(element, name))
