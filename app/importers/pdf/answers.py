"""What the layout editor asks about a PDF: its words, a first guess, and what a person's boxes mean.

Of a scan the same is asked with the words that were recognised before, as the option "scan".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.domain.source import Box
from app.errors import UserError
from app.importers.ocr.kept import KEPT, read_pages
from app.importers.ocr.mixed import find_pictured, is_too_long
from app.importers.pdf.declare import read_layout
from app.importers.pdf.dialect import Dialect, guess_dialect
from app.importers.pdf.guess import guess_layout
from app.importers.pdf.pages import read_lines, walk_pages
from app.importers.pdf.point import list_anchors, point_at_field, point_at_table
from app.importers.pdf.text import Line
from app.importers.registry import Definitions
from app.importers.tabular.definition import TomlTable, read_currency, read_number_format
from app.importers.values import BadValue, parse_amount

_MOST_PAGES = 50  # of words in one answer
Options = Mapping[str, Any]


class BadQuestion(UserError):
    """The question about '{name}' cannot be answered: {why}."""


def tell_words(name: str, content: bytes, definitions: Definitions, options: Options) -> dict[str, Any]:
    """ "pdf-words": the size of each page and its words with their boxes, in points; whether it is a picture."""
    wanted = options.get("pages")
    pages: list[dict[str, Any]] = []
    for page in walk_pages(name, content, []):
        if page.number <= _MOST_PAGES if wanted is None else page.number in wanted:
            sides = [side / 100 for side in page.bounds]
            words = [[text, *sides[4 * n : 4 * n + 4]] for n, text in enumerate(page.texts)]
            pages.append(
                {"number": page.number, "width": page.width / 100, "height": page.height / 100, "words": words}
            )
    counts = {page["number"]: len(page["words"]) for page in pages}
    pictured = [] if is_too_long(name, content) else find_pictured(name, content, counts)
    return {"pages": [{**page, "picture": page["number"] in pictured} for page in pages]}


def tell_pictures(name: str, content: bytes, definitions: Definitions, options: Options) -> dict[str, Any]:
    """ "pdf-pictures": whether some of its pages are pictures; not of more pages than can be recognised."""
    if is_too_long(name, content):
        return {"pictures": False}
    words = {page.number: len(page.texts) for page in walk_pages(name, content, [])}
    return {"pictures": bool(find_pictured(name, content, words))}


def tell_guess(name: str, content: bytes, definitions: Definitions, options: Options) -> dict[str, Any]:
    """ "pdf-guess": a layout that might fit, what it finds, and what is not sure."""
    lines = _lines(name, content, options)
    return guess_layout(lines)


def tell_point(name: str, content: bytes, definitions: Definitions, options: Options) -> dict[str, Any]:
    """ "pdf-point": the rule for the value in a box. A `layout` among the options says how values are written."""
    lines = _lines(name, content, options)
    box = _read_box(name, options.get("box"))
    page = _read_page(name, options.get("page"))
    return point_at_field(str(options.get("field", "")), page, box, lines, _dialect(lines, options))


def tell_table(name: str, content: bytes, definitions: Definitions, options: Options) -> dict[str, Any]:
    """ "pdf-table": the rule for the table in a box, and the rows that it reads."""
    lines = _lines(name, content, options)
    edges = options.get("edges")
    borders = sorted(_hundredths(name, edge) for edge in edges) if edges else None
    page, box = _read_page(name, options.get("page")), _read_box(name, options.get("box"))
    return point_at_table(page, box, borders, lines, _dialect(lines, options))


def tell_anchors(name: str, content: bytes, definitions: Definitions, options: Options) -> dict[str, Any]:
    """ "pdf-anchors": the labels and headings by which a change of the layout is seen later."""
    lines = _lines(name, content, options)
    layout = options.get("layout")
    if not isinstance(layout, Mapping):
        raise BadQuestion(name=name, why="it names no layout")
    return {"anchors": list_anchors(read_layout("proposal", _table(layout), complete=False), lines)}


def _lines(name: str, content: bytes, options: Options) -> Sequence[Line]:
    """The lines of the document, or those of the words that were recognised before and are handed back."""
    if KEPT in options:
        return read_pages(name, options[KEPT]).lines
    return read_lines(name, content)[0]


def _dialect(lines: Sequence[Any], options: Options) -> Dialect:
    """How values are written: as the layout in hand says, else as the document lets one guess."""
    dialect = guess_dialect(lines)
    layout = options.get("layout")
    if not isinstance(layout, Mapping):
        return dialect
    table = _table(layout)
    numbers = read_number_format(table) if "decimal" in table else dialect.numbers
    return replace(
        dialect,
        numbers=numbers,
        language=table.text("language", dialect.language),
        currency=read_currency(table) or dialect.currency,
        dates=table.texts("dates") or dialect.dates,
    )


def _table(layout: Mapping[str, Any]) -> TomlTable:
    return TomlTable({key: value for key, value in layout.items() if key not in {"kind", "name"}}, "proposal")


def _read_page(name: str, value: object) -> int:
    if type(value) is not int or value < 1:
        raise BadQuestion(name=name, why="it names no page")
    return value


def _read_box(name: str, value: object) -> Box:
    if not isinstance(value, list | tuple) or len(value) != 4:
        raise BadQuestion(name=name, why="it names no box of four sides")
    left, top, right, bottom = (_hundredths(name, side) for side in value)
    return Box(min(left, right), min(top, bottom), max(left, right), max(top, bottom))


def _hundredths(name: str, value: object) -> int:
    try:
        return int(parse_amount(str(value), places=30) * 100)
    except BadValue as fault:
        raise BadQuestion(name=name, why="one of its sides is no length in points") from fault


PDF_ANSWERS = {
    "pdf-words": tell_words,
    "pdf-pictures": tell_pictures,
    "pdf-guess": tell_guess,
    "pdf-point": tell_point,
    "pdf-table": tell_table,
    "pdf-anchors": tell_anchors,
}
