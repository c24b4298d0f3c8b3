"""Layouts made by pointing: what a child says of an unknown PDF, and how a draft reads it.

Every question is answered by a throw-away child process; of its answer nothing is believed that is not of the right
shape. Nothing here writes: accepting a layout is services.layout_acceptance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.domain.money import ZERO
from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.domain.source import ParseIssue
from app.importers.pdf.layout import squeeze
from app.importers.registry import Definitions
from app.services.layout_draft import Draft, Numbers, Place, to_toml, todo
from app.services.parsing import NotAnswered, ask_child, parse_file

Cancelled = Callable[[], bool]
_NONE = Definitions()
_LARGER = 1.4  # times the usual height of letters
_ANYBODYS = frozenset(
    {"invoice", "bill", "statement", "account", "tax", "rechnung", "facture", "factuur", "fattura", "factura", "your"}
)
_REMEDY = "Try again; if it stays so, the file is damaged: ask the carrier for it once more."


@dataclass(frozen=True, slots=True)
class PageWords:
    """A page's size and its words, in points: text and x0, top, x1, bottom."""

    number: int
    width: float
    height: float
    words: tuple[tuple[str, Numbers], ...]


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
    return tuple(_page(page) for page in _list(answer.get("pages")))


def guess(name: str, content: bytes, *, cancelled: Cancelled = lambda: False) -> Draft:
    """A first draft without any pointing. Raises NotAnswered."""
    answer = ask_child("pdf-guess", name, content, _NONE, cancelled=cancelled)
    found = {str(key): _place(value) for key, value in _dict(answer.get("found")).items()}
    tables = {number: _place(value) for number, value in enumerate(_list(answer.get("tables")))}
    unsure = frozenset(str(one) for one in _list(answer.get("unsure")))
    return Draft(_dict(answer.get("layout")), found, tables, unsure)


def point(
    name: str,
    content: bytes,
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
    answer = ask_child("pdf-point", name, content, _NONE, options, cancelled=cancelled)
    place = Place(page, box, _text(answer, "text"), _text(answer, "value"), _text(answer, "problem"))
    return Pointed(_dict(answer.get("rule")), place)


def find_table(
    name: str,
    content: bytes,
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
    answer = ask_child("pdf-table", name, content, _NONE, options, cancelled=cancelled)
    rows = tuple(tuple(str(cell) for cell in _list(row)) for row in _list(answer.get("rows")))
    problem = _text(answer, "problem")
    return FoundTable(_dict(answer.get("table")), rows, Place(page, box, problem=problem), problem)


def find_anchors(name: str, content: bytes, draft: Draft, *, cancelled: Cancelled = lambda: False) -> Draft:
    """The draft with what it has to remember of this bill for recognising a layout that has drifted."""
    answer = ask_child("pdf-anchors", name, content, _NONE, {"layout": draft.named()}, cancelled=cancelled)
    anchors = []
    for one in _list(answer.get("anchors")):
        place = _place(one)
        anchors.append({"text": _text(_dict(one), "text"), "page": place.page, "box": list(place.box)})
    return draft.with_value("anchors", anchors)


def read_draft(name: str, content: bytes, draft: Draft, *, cancelled: Cancelled = lambda: False) -> Reading:
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
    name: str, content: bytes | Path, toml_text: str, *, importer: str = "", cancelled: Cancelled = lambda: False
) -> ParsedDocument:
    """Read a PDF by this one layout and nothing else."""
    return parse_file(name, content, Definitions(layouts=(toml_text,)), importer=importer, cancelled=cancelled)


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


def find_claims(pages: Sequence[PageWords], claims: Sequence[str]) -> dict[str, tuple[Numbers, ...]]:
    """Where each of the words by which a bill is recognised stands on the first page; nowhere: an empty tuple."""
    return {claim: find_text(pages[0], claim) if pages else () for claim in claims}


def propose_claims(pages: Sequence[PageWords]) -> tuple[str, ...]:
    """The words that are printed largest at the head of the first page, which is mostly the carrier's name; none where
    they are no larger than the others, or would stand on anybody's bill."""
    if not pages or not pages[0].words:
        return ()
    page = pages[0]
    head = [(text, box) for text, box in page.words if box[3] < page.height / 4]
    heights = sorted(box[3] - box[1] for _text, box in page.words)
    largest = max((box[3] - box[1] for _text, box in head), default=0.0)
    if largest < _LARGER * heights[len(heights) // 2]:
        return ()
    line = next(box for _text, box in head if box[3] - box[1] == largest)
    words = [text for text, box in head if abs(box[1] - line[1]) < largest / 4 and box[3] - box[1] > largest * 0.9]
    told = " ".join(words)
    return () if {word.casefold().strip(":.") for word in words} <= _ANYBODYS or len(told) < 4 else (told,)


def find_text(page: PageWords, text: str) -> tuple[Numbers, ...]:
    """The boxes of `text` on a page, whatever its blanks and case; it may run over several words of a line."""
    wanted = squeeze(text)
    found: list[Numbers] = []
    for start in range(len(page.words)):
        run = ""
        boxes: list[Numbers] = []
        for word, box in page.words[start:]:
            if boxes and abs(box[1] - boxes[-1][1]) > box[3] - box[1]:
                break  # the next line
            run += squeeze(word)
            boxes.append(box)
            if run == wanted:
                found.append(around(boxes))
            if not wanted.startswith(run):
                break
    return tuple(found) if wanted else ()


def around(boxes: Sequence[Numbers]) -> Numbers:
    """The smallest box around all of them."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _rounded(sides: Sequence[float]) -> list[float]:
    """Lengths to a hundredth of a point."""
    return [round(float(side), 2) for side in sides]


def _page(value: object) -> PageWords:
    page = _dict(value)
    words = []
    for word in _list(page.get("words")):
        parts = _list(word)
        if len(parts) != 5:
            raise _nonsense()
        words.append((str(parts[0]), _box(parts[1:])))
    return PageWords(int(_number(page.get("number"))), _number(page.get("width")), _number(page.get("height")),
                     tuple(words))  # fmt: skip


def _place(value: object) -> Place:
    known = _dict(value)
    return Place(int(_number(known.get("page"))), _box(known.get("box")), _text(known, "text"), _text(known, "value"))


def _box(value: object) -> Numbers:
    sides = [_number(side) for side in _list(value)]
    if len(sides) != 4:
        raise _nonsense()
    return (sides[0], sides[1], sides[2], sides[3])


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _nonsense()
    return float(value)


def _text(values: Mapping[str, Any], key: str) -> str:
    found = values.get(key)
    return "" if found is None else str(found)[:1000]


def _dict(value: object) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _nonsense()
    return value


def _list(value: object) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise _nonsense()
    return value


def _nonsense() -> NotAnswered:
    return NotAnswered(why="The reader of this PDF gave an answer that makes no sense.", remedy=_REMEDY)
