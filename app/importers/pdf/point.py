"""What a person points at: a box around a value or a table becomes a rule of the layout, and is read at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.domain.source import Box
from app.importers.pdf.dialect import Dialect, points
from app.importers.pdf.header import find_field, words_within
from app.importers.pdf.headings import find_headings
from app.importers.pdf.layout import HEADER_FIELDS, Layout
from app.importers.pdf.outline import outline_table
from app.importers.pdf.proposal import Spot, propose, read_value
from app.importers.pdf.tables import read_tables
from app.importers.pdf.text import Line, Word
from app.importers.values import BadValue

_MOST_ROWS = 50
_LABEL_GAP = 900  # words further apart than nine points are not one label
_LABEL_WORDS = 6
_LINES_ABOVE = 3
_MOST_ABOVE = 4_000


def point_at_field(field: str, page: int, box: Box, lines: Sequence[Line], dialect: Dialect) -> dict[str, Any]:
    """The answer to "pdf-point": the rule that reads the value in this box, its text and value, and its label."""
    on_page = [line for line in lines if line.page == page]
    words = words_within(on_page, box)
    empty: dict[str, Any] = {"rule": {}, "text": "", "value": "", "label": None}
    if field not in HEADER_FIELDS:
        return {**empty, "problem": f"'{field}' is none of {', '.join(sorted(HEADER_FIELDS))}"}
    if not words:
        return {**empty, "problem": "there is no text in this box"}
    value = _spot(on_page, words)
    label = _find_label(value, on_page)
    told = None if label is None else {"text": label.text, "page": page, "box": points(label.box)}
    answer = {**empty, "text": value.text, "label": told}
    try:
        read = read_value(field, value.text, dialect)
    except BadValue as fault:
        return {**answer, "problem": str(fault)}
    rule = propose(field, value, label, lines, dialect)
    if not rule:
        return {**answer, "problem": "no rule was found that reads this value and no other from this bill"}
    return {**answer, "rule": rule, "value": read, "problem": ""}


def _spot(lines: Sequence[Line], words: Sequence[Word]) -> Spot:
    """These words on their line; words of several lines are put on one of their own."""
    for line in lines:
        boxes = [word.box for word in line.words]
        if words[0].box in boxes and words[-1].box in boxes:
            first, last = boxes.index(words[0].box), boxes.index(words[-1].box)
            start = sum(len(text) + 1 for text in line.texts[:first])
            end = start + len(" ".join(line.texts[first : last + 1]))
            return Spot(line, start, end)
    whole = Line(lines[0].page, words)
    return Spot(whole, 0, len(whole.text))


def _find_label(value: Spot, lines: Sequence[Line]) -> Spot | None:
    """The words without figures left of a value, else those above it."""
    left = [word for word in value.line.words if word.box.x1 <= value.box.x0 + 50]
    run: list[Word] = []
    for word in reversed(left):
        far = run and run[0].box.x0 - word.box.x1 > _LABEL_GAP
        if re.search(r"\d", word.text) or far or len(run) == _LABEL_WORDS:
            break
        run.insert(0, word)
    if run and re.search(r"[^\W\d_]", "".join(word.text for word in run)):
        return _spot(lines, run)
    above = [
        line for line in lines if 0 < value.box.top - line.top <= _MOST_ABOVE and line.bottom <= value.box.top + 100
    ]
    for line in reversed(above[-_LINES_ABOVE:]):
        over = [word for word in line.words if word.box.x0 < value.box.x1 and word.box.x1 > value.box.x0]
        if over and not any(re.search(r"\d", word.text) for word in over):
            return _spot(lines, _widen(line, over))
    return None


def _widen(line: Line, over: Sequence[Word]) -> list[Word]:
    """A label with the words close to it on both sides."""
    words, boxes = line.words, [word.box for word in line.words]
    first, last = boxes.index(over[0].box), boxes.index(over[-1].box)
    while first and words[first].box.x0 - words[first - 1].box.x1 <= _LABEL_GAP // 2:
        first -= 1
    while last + 1 < len(words) and words[last + 1].box.x0 - words[last].box.x1 <= _LABEL_GAP // 2:
        last += 1
    return list(words[first : last + 1])


def point_at_table(
    page: int, box: Box, edges: Sequence[int] | None, lines: Sequence[Line], dialect: Dialect
) -> dict[str, Any]:
    """The answer to "pdf-table": the rule for the table in this box, and its rows as they would be read."""
    inside = [Line(page, words) for line in lines if line.page == page and (words := words_within([line], box))]
    if not inside:
        return {"table": {}, "rows": [], "problem": "there is no text in this box"}
    outline = outline_table(page, inside, lines, dialect, edges)
    if outline is None:
        return {"table": {}, "rows": [], "problem": "no column in this box holds an amount in each row"}
    rule = outline.for_looking()
    layout = replace(_EMPTY, tables=(rule,), number_format=dialect.numbers, date_formats=dialect.dates)
    drafts, issues = read_tables(layout, lines)
    rows = [[draft.groups.get(column.field, "") for column in rule.columns] for draft in drafts[:_MOST_ROWS]]
    problem = issues[0].message if issues else "" if rows else "no row of this table can be read"
    return {"table": outline.as_rule(), "rows": rows, "problem": problem}


_EMPTY = Layout(name="proposal", carrier="", claims=(), fields=(), sections=())


def list_anchors(layout: Layout, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The answer to "pdf-anchors": labels and headings of this document, with their places.

    Nothing below the rows of a table is remembered: it moves with their number.
    """
    anchors: dict[tuple[str, int], Box] = {}
    floors: dict[int, int] = {}
    for table in layout.tables:
        for page in sorted({line.page for line in lines}):
            on_page = [line for line in lines if line.page == page]
            for heading in find_headings(table.header, on_page)[:1]:
                line = on_page[heading.first]
                if (line.text, page) not in anchors and not floors:
                    anchors[line.text, page] = line.box
                floors[page] = min(floors.get(page, on_page[heading.last].bottom), on_page[heading.last].bottom)
            if floors:
                break
    first = min(floors, default=None)
    for rule in layout.fields:
        for finding in find_field(rule, lines)[:1]:
            label = _label_of(rule.label, finding.source.page or 1, finding.source.box, lines)
            if label is None:
                continue
            page = label.line.page
            below = first is not None and (page > first or (page == first and label.box.bottom > floors[first]))
            if not below and not re.search(r"\d{2}", label.text):
                anchors.setdefault((label.text, page), label.box)
    return [{"text": text, "page": page, "box": points(box)} for (text, page), box in anchors.items()]


def _label_of(text: str, page: int, box: Box | None, lines: Sequence[Line]) -> Spot | None:
    """The label of a value that was found: as declared, else the words beside it."""
    on_page = [line for line in lines if line.page == page]
    places = [Spot(line, start, start + len(text)) for line in on_page if text and (start := line.text.find(text)) >= 0]
    if places and box is not None:
        return min(places, key=lambda one: abs(one.box.top - box.top) + abs(one.box.x1 - box.x0))
    words = words_within(on_page, box) if box is not None else []
    return _find_label(_spot(on_page, words), on_page) if words else None
