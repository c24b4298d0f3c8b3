"""Layouts made by pointing: what a child says of an unknown bill, and how a draft reads it.

A bill is a PDF with text, as its bytes, or a scan, of which the words were recognised before.

Every question is answered by a throw-away child process; of its answer nothing is believed that is not of the right
shape. Nothing here writes: accepting a layout is services.layout_acceptance.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.domain.money import ZERO
from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.domain.source import ParseIssue
from app.importers.registry import Definitions
from app.services.layout_answers import dict_of, list_of, page_of, place_of, text_of
from app.services.layout_draft import Draft, Numbers, Place, to_toml, todo
from app.services.layout_scans import Scan, read_scan
from app.services.layout_words import PageWords
from app.services.parsing import ask_child, parse_file
from app.services.second_reading import read_again

Cancelled = Callable[[], bool]
Bill = bytes | Scan
_NONE = Definitions()


@dataclass(frozen=True, slots=True)
class Pointed:
    """What a dragged box means as a field: the rule, and how it reads on this bill."""

    rule: Mapping[str, Any]
    place: Place


@dataclass(frozen=True, slots=True)
class FoundTable:
    """What a dragged box means as a table: its rule, its rows as they are read, or what is wrong with it."""

    table: Mapping[str, Any]
    rows: tuple[tuple[str, ...], ...]
    place: Place
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Footing:
    """Whether the bill adds up. `charges` are their sum; differences are printed − found."""

    count: int
    charges: Decimal
    rounding: Decimal
    current: Decimal
    previous: Decimal
    payments: Decimal
    total: Decimal
    currency: str

    @property
    def difference(self) -> Decimal:
        return self.current - self.charges - self.rounding

    @property
    def balance_difference(self) -> Decimal:
        return self.total - self.current - self.previous - self.payments

    @property
    def holds(self) -> bool:
        return not self.difference and not self.balance_difference


@dataclass(frozen=True, slots=True)
class Reading:
    """The bill as the draft reads it, or what is still to be done before it can."""

    invoice: ParsedInvoice | None = None
    issues: tuple[ParseIssue, ...] = ()
    todo: tuple[str, ...] = ()
    footing: Footing | None = None


def read_words(name: str, content: bytes, *, cancelled: Cancelled = lambda: False) -> tuple[PageWords, ...]:
    """All words of all pages, so that a box can be drawn around one. Raises NotAnswered."""
    answer = ask_child("pdf-words", name, content, _NONE, cancelled=cancelled)
    return tuple(page_of(page) for page in list_of(answer.get("pages")))


def guess(name: str, content: Bill, *, cancelled: Cancelled = lambda: False) -> Draft:
    """A first draft without any pointing. Raises NotAnswered."""
    answer = _ask("pdf-guess", name, content, {}, cancelled)
    found = {str(key): _judge(content, place_of(value)) for key, value in dict_of(answer.get("found")).items()}
    tables = {number: place_of(value) for number, value in enumerate(list_of(answer.get("tables")))}
    unsure = frozenset(str(one) for one in list_of(answer.get("unsure")))
    return Draft(dict_of(answer.get("layout")), found, tables, unsure)


def point(
    name: str,
    content: Bill,
    field: str,
    page: int,
    box: Numbers,
    draft: Draft,
    *,
    cancelled: Cancelled = lambda: False,
) -> Pointed:
    """The rule that reads `field` from that box, written as `draft` says that values are; its place tells a problem in
    words. Raises NotAnswered."""
    options = {"field": field, "page": page, "box": _rounded(box), "layout": draft.written()}
    answer = _ask("pdf-point", name, content, options, cancelled)
    place = Place(page, box, text_of(answer, "text"), text_of(answer, "value"), text_of(answer, "problem"))
    return Pointed(dict_of(answer.get("rule")), _judge(content, place))


def find_table(
    name: str,
    content: Bill,
    page: int,
    box: Numbers,
    draft: Draft,
    edges: Sequence[float] | None = None,
    *,
    cancelled: Cancelled = lambda: False,
) -> FoundTable:
    """The table inside that box, its columns between `edges` where a person has moved them. Raises NotAnswered."""
    options: dict[str, Any] = {"page": page, "box": _rounded(box), "layout": draft.written()}
    if edges is not None:
        options["edges"] = _rounded(edges)
    answer = _ask("pdf-table", name, content, options, cancelled)
    rows = tuple(tuple(str(cell) for cell in list_of(row)) for row in list_of(answer.get("rows")))
    problem = text_of(answer, "problem")
    return FoundTable(dict_of(answer.get("table")), rows, Place(page, box, problem=problem), problem)


def find_anchors(name: str, content: Bill, draft: Draft, *, cancelled: Cancelled = lambda: False) -> Draft:
    """The draft with what it has to remember of this bill for recognising a layout that has drifted."""
    answer = _ask("pdf-anchors", name, content, {"layout": draft.named()}, cancelled)
    anchors = []
    for one in list_of(answer.get("anchors")):
        place = place_of(one)
        anchors.append({"text": text_of(dict_of(one), "text"), "page": place.page, "box": list(place.box)})
    return draft.with_value("anchors", anchors)


def read_draft(name: str, content: Bill, draft: Draft, *, cancelled: Cancelled = lambda: False) -> Reading:
    """Read the bill by the draft in a child, as an import would. The words that claim a bill are not asked, nor what
    the layout remembers of another bill: both belong to the layout that is being made."""
    wanted = tuple(todo(draft))
    if wanted:
        return Reading(todo=wanted)
    layout = draft.named()
    layout.pop("anchors", None)
    document = read_by_layout(name, content, to_toml(layout), importer=f"pdf:{layout['name']}", cancelled=cancelled)
    invoice = document.invoices[0] if document.invoices else None
    return Reading(invoice, document.issues, (), footing_of(invoice) if invoice is not None else None)


def read_by_layout(
    name: str, content: Bill | Path, toml_text: str, *, importer: str = "", cancelled: Cancelled = lambda: False
) -> ParsedDocument:
    """Read a bill by this one layout and nothing else; where the file holds only pictures, by recognising them."""
    return read_by(name, content, Definitions(layouts=(toml_text,)), importer=importer, cancelled=cancelled)


def read_by(
    name: str, content: Bill | Path, known: Definitions, *, importer: str = "", cancelled: Cancelled = lambda: False
) -> ParsedDocument:
    """Read a bill by the one of these definitions that claims it, as an import would."""
    if isinstance(content, Scan):
        return read_scan(name, content, known, importer=importer, cancelled=cancelled)
    document = parse_file(name, content, known, importer=importer, cancelled=cancelled)
    if isinstance(content, bytes):
        return document
    with tempfile.TemporaryDirectory(prefix="tollbook-again-") as folder:
        return read_again(
            name, content, known, document, Path(folder), importer=importer, cancelled=cancelled, progress=_unheard
        )


def footing_of(invoice: ParsedInvoice) -> Footing:
    """How the bill adds up."""
    return Footing(
        len(invoice.charges),
        sum((charge.amount for charge in invoice.charges), ZERO),
        invoice.rounding,
        invoice.current_charges,
        invoice.previous_balance,
        invoice.payments_applied,
        invoice.total_due,
        invoice.currency,
    )


def _ask(do: str, name: str, content: Bill, options: Mapping[str, Any], cancelled: Cancelled) -> dict[str, Any]:
    if isinstance(content, Scan):
        return ask_child(do, name, b"", _NONE, content.options(**options), cancelled=cancelled)
    return ask_child(do, name, content, _NONE, options, cancelled=cancelled)


def _judge(content: Bill, place: Place) -> Place:
    """The place with how surely it was recognised, where it was."""
    if not isinstance(content, Scan):
        return place
    return replace(place, confidence=content.confidence(place.page, place.box))


def _unheard(_done: int, _total: int) -> None:
    """Nobody waits for single pages."""


def _rounded(sides: Sequence[float]) -> list[float]:
    """Lengths to a hundredth of a point."""
    return [round(float(side), 2) for side in sides]
