"""The walk through a table: its headings, rows that wrap, heads of sections, subtotals, and on to the next page."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby, pairwise

from app.domain.money import ZERO
from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.importers.pdf.headings import Heading, find_headings
from app.importers.pdf.layout import Layout, TableRule, squeeze
from app.importers.pdf.sections import Draft
from app.importers.pdf.text import Line
from app.importers.values import BadValue, parse_amount

_DIGIT = re.compile(r"[0-9]")
_MONEY = re.compile(r"[0-9][.,][0-9]{2}(?![0-9.,])")
BETWEEN_DATES = re.compile(
    r"\s+(?:-|\u2013|\u2014|to|thru|through|until|bis|au|t/m|al)\s+|\s*[\u2013\u2014]\s*|(?<=\d)-(?=\d\d[/.])"
)
# tenths of a line's height: what stands further below is not the rest of the row above, or no head but a page's foot
_NEAR, _NEAR_FOR_HEADS = 16, 40


@dataclass(slots=True)
class _Walk:
    """Where the walk stands."""

    rule: TableRule
    layout: Layout
    currency: str
    names: tuple[str, ...]  # of the columns
    middles: tuple[int, ...]  # between each column and the next
    ends: tuple[str, ...]  # squeezed, as are the names of subtotals
    subtotals: tuple[str, ...]
    inside: bool = False
    fresh: bool = False  # a page began without headings: nothing belongs to the table before its first amount
    above: Line | None = None  # the table's line just above, on this page
    draft: Draft | None = None
    head: dict[str, str] = field(default_factory=dict)
    waiting: list[tuple[Line, dict[str, str]]] = field(default_factory=list)  # for the row below
    sums: dict[str, Decimal] = field(default_factory=dict)  # of the rows since each kind of subtotal; "" since any
    drafts: list[Draft] = field(default_factory=list)
    issues: list[ParseIssue] = field(default_factory=list)


def read_tables(layout: Layout, lines: Sequence[Line], currency: str = "") -> tuple[list[Draft], list[ParseIssue]]:
    """Return the charges of all tables as captured, and a WARNING for subtotals that differ and rows not read.

    Subtotals must be of the bill's `currency`, where it is known.
    """
    drafts: list[Draft] = []
    issues: list[ParseIssue] = []
    for rule in layout.tables:
        walk = _start(rule, layout, currency)
        last = lines[-1].page if lines else 1
        for page, on_page in groupby(lines, key=lambda line: line.page):
            if _wanted(rule, page, last):
                _walk_page(walk, list(on_page))
        drafts += walk.drafts
        issues += walk.issues
    return drafts, issues


def _start(rule: TableRule, layout: Layout, currency: str) -> _Walk:
    return _Walk(
        rule,
        layout,
        currency,
        names=tuple(column.field for column in rule.columns),
        middles=tuple((one.right + other.left) // 2 for one, other in pairwise(rule.columns)),
        ends=tuple(squeeze(end) for end in rule.ends),
        subtotals=tuple(squeeze(text) for text in rule.subtotals),
    )


def _wanted(rule: TableRule, page: int, last: int) -> bool:
    wanted = {"first": "1", "last": str(last)}
    return any(one == "any" or wanted.get(one, one) == str(page) for one in rule.pages)


def _walk_page(walk: _Walk, lines: list[Line]) -> None:
    headings = find_headings(walk.rule.header, lines)
    walk.above, walk.fresh = None, walk.inside or not walk.rule.header
    if headings:
        walk.inside = walk.fresh = False
    elif not walk.rule.header:
        walk.inside = True
    starts = {heading.first: heading for heading in headings}
    position = 0
    while position < len(lines):
        heading: Heading | None = starts.get(position)
        if heading is not None:
            walk.inside, walk.above = True, lines[heading.last]
            position = heading.last + 1
            continue
        if walk.inside:
            _take(walk, lines[position])
        position += 1


def _take(walk: _Walk, line: Line) -> None:
    text = squeeze(line.text)
    if walk.ends and text.startswith(walk.ends) and not walk.fresh:
        walk.inside, walk.draft = False, None
        walk.waiting.clear()
        return
    if any(pattern.search(line.text) for pattern in walk.layout.ignores):
        return
    label = next((one for one in walk.subtotals if text.startswith(one)), None)
    cells = sort_words(walk, line)
    if label is not None:
        if not walk.fresh:
            _check_subtotal(walk, line, label, cells)
        return
    if _DIGIT.search(cells.get("amount", "")):
        if walk.fresh and not _reads(walk, cells["amount"]):
            return
        _start_row(walk, line, cells)
    elif not walk.fresh:
        _continue_row(walk, line, cells)


def sort_words(walk: _Walk, line: Line) -> dict[str, str]:
    """The words of a line by the field of the column that each stands in, or is nearest to."""
    cells: dict[str, str] = {}
    bounds, middles = line.bounds, walk.middles
    for position, text in enumerate(line.texts):
        middle = (bounds[4 * position] + bounds[4 * position + 2]) // 2
        name = walk.names[bisect(middles, middle)]
        if name:
            cells[name] = f"{cells[name]} {text}" if name in cells else text
    return cells


def _reads(walk: _Walk, text: str) -> bool:
    try:
        parse_amount(text, walk.layout.number_format)
    except BadValue:
        return False
    return True


def _start_row(walk: _Walk, line: Line, cells: Mapping[str, str]) -> None:
    draft = Draft(walk.rule.section, walk.rule.rule, line.page, dict(walk.head))
    parts = [*walk.waiting, (line, dict(cells))]
    for position, (one, texts) in enumerate(parts):
        _add(draft, texts, first=position == 0)
        draft.take(one)
    walk.waiting.clear()
    walk.drafts.append(draft)
    walk.draft, walk.above, walk.fresh = draft, line, False
    if not walk.subtotals:
        return
    try:
        amount = parse_amount(cells["amount"], walk.layout.number_format, currency=walk.currency)
    except BadValue:  # told when the charge is made of it
        return
    if walk.rule.rule.negative:
        amount = -abs(amount)
    for label in ("", *walk.subtotals):
        walk.sums[label] = walk.sums.get(label, ZERO) + amount


def _continue_row(walk: _Walk, line: Line, cells: dict[str, str]) -> None:
    """A row without an amount: a head, the rest of the row above, or the beginning of the one below."""
    if walk.rule.heads and _is_head(walk, line):
        walk.head = {walk.rule.heads: line.text}
        walk.draft, walk.above = None, line
    elif walk.rule.wrap == "below":
        walk.waiting = [*(one for one in walk.waiting[-3:] if one[0].page == line.page), (line, cells)]
        walk.above = line
    elif walk.rule.wrap == "above" and walk.draft is not None and _is_near(walk, line):
        _add(walk.draft, cells)
        walk.draft.take(line)
        walk.above = line
    elif _MONEY.search(line.text):
        walk.issues.append(_not_read(walk, line))


def _is_head(walk: _Walk, line: Line) -> bool:
    """Text that begins in the first column, without gaps, and is not the rest of the row above."""
    words = line.words
    first = walk.rule.columns[0]
    if words[0].box.x0 > first.right or not _is_near(walk, line, _NEAR_FOR_HEADS):
        return False
    height = line.bottom - line.top
    if any(after.box.x0 - before.box.x1 > 2 * height for before, after in pairwise(words)):
        return False
    if walk.rule.wrap != "above" or walk.draft is None or not _is_near(walk, line):
        return True
    return first.field != "description" and first.field != ""


def _is_near(walk: _Walk, line: Line, reach: int = _NEAR) -> bool:
    """Whether it follows closely on the table's line above; a heading on a new page is such a line too."""
    if walk.above is None:
        return False
    height = min(line.bottom - line.top, walk.above.bottom - walk.above.top)
    return 10 * (line.top - walk.above.bottom) <= reach * height


def _add(draft: Draft, cells: Mapping[str, str], *, first: bool = False) -> None:
    """Put the cells of one more line to those of the row; `first` cells take the place of what a head named."""
    for name, text in cells.items():
        before = "" if first else draft.groups.get(name, "")
        draft.groups[name] = f"{before} {text}".strip()
    if period := draft.groups.get("period"):
        ends = [part.strip() for part in BETWEEN_DATES.split(period) if part.strip()] or [period]
        draft.groups["period_start"], draft.groups["period_end"] = ends[0], ends[-1]


def _check_subtotal(walk: _Walk, line: Line, label: str, cells: Mapping[str, str]) -> None:
    """Compare a printed sum with the rows since the last sum, or since the last one of its own name."""
    printed = cells.get("amount", "")
    found = {walk.sums.get("", ZERO), walk.sums.get(label, ZERO)}
    walk.sums[""] = walk.sums[label] = ZERO
    walk.draft, walk.above = None, line
    try:
        amount = parse_amount(printed, walk.layout.number_format, currency=walk.currency)
    except BadValue as fault:
        walk.issues.append(_differs(walk, line, f"cannot be compared: {fault}"))
        return
    if walk.rule.rule.negative:
        amount = -abs(amount)
    if amount not in found:
        nearest = min(found, key=lambda one: abs(one - amount))
        words = f"says {amount:,.2f}, but its rows make {nearest:,.2f}, a difference of {amount - nearest:,.2f}."
        walk.issues.append(_differs(walk, line, words))


def _differs(walk: _Walk, line: Line, words: str) -> ParseIssue:
    message = f"'{line.text[:80]}' in the table '{walk.rule.section.name}' on page {line.page} {words}"
    remedy = "Compare the rows with the page: either one was not read, or the carrier added up wrongly."
    return ParseIssue(Severity.WARNING, "subtotal-differs", message, remedy, line.source)


def _not_read(walk: _Walk, line: Line) -> ParseIssue:
    message = f"A line of the table '{walk.rule.section.name}' was not read as a charge: '{line.text[:120]}'."
    remedy = (
        f"Add how it begins to 'end' or 'subtotals' of the table in the layout {walk.layout.name}, or move its columns."
    )
    return ParseIssue(Severity.WARNING, "line-not-read", message, remedy, line.source)
