"""Where a table of charges stands: its headings, the borders of its columns, what its rows hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.domain.source import Box
from app.importers.pdf.dialect import Dialect, points
from app.importers.pdf.labels import ENDS, HEADINGS, SUBTOTALS
from app.importers.pdf.layout import Column, LineRule, Section, TableRule
from app.importers.pdf.text import Line, Word, around
from app.importers.values import BadValue, parse_amount

_AMOUNT = re.compile(r"-?\(?[^\w\s]?\s?-?\d[\d.,' ]*[.,]\d{2}\)?-?(?:\s?CR)?(?:\s?[€$£]|\s[A-Z]{3})?|\(?\d+\)?")
_MONEY = re.compile(r"\d[.,]\d{2}(?![\d.%]|\s?%)")
_MOST_ROWS = 400
_LONGEST_END = 4  # words
_DATES = re.compile(r"\d[\d/.-]+\d\D{1,6}\d[\d/.-]+\d")


@dataclass(frozen=True, slots=True)
class Outline:
    """A table as found: where it stands, its headings, and its columns from left to right."""

    page: int
    box: Box
    header: tuple[str, ...]
    columns: tuple[Column, ...]
    ends: tuple[str, ...] = ()
    subtotals: tuple[str, ...] = ()
    name: str = "Charges"

    def as_rule(self) -> dict[str, Any]:
        """The table as `[[tables]]` of a layout."""
        rule: dict[str, Any] = {
            "name": self.name,
            "columns": [
                {"field": one.field, "from": _points(one.left), "to": _points(one.right)} for one in self.columns
            ],
        }
        for key, texts in (("header", self.header), ("end", self.ends), ("subtotals", self.subtotals)):
            if texts:
                rule[key] = list(texts)
        if not self.header:
            rule["pages"] = [self.page]
        fields = {one.field for one in self.columns}
        return rule if fields & {"period", "period_start"} else rule | {"period": "billing"}

    def as_found(self) -> dict[str, Any]:
        return {
            "page": self.page,
            "box": points(self.box),
            "header": list(self.header),
            "columns": self.as_rule()["columns"],
        }

    def for_looking(self) -> TableRule:
        """A rule that keeps the text of every column apart, that of the columns without a field too."""
        columns = [
            Column(one.field if one.field == "amount" else f"column {number}", one.left, one.right)
            for number, one in enumerate(self.columns)
        ]
        section = Section(self.name, (), (), ())
        pages = ("any",) if self.header else (str(self.page),)
        return TableRule(
            section, LineRule(()), self.header, tuple(columns), pages=pages, ends=self.ends, subtotals=self.subtotals
        )


def _points(side: int) -> object:
    return side // 100 if side % 100 == 0 else side / 100


def find_table(lines: Sequence[Line], dialect: Dialect) -> Outline | None:
    """The table that is most likely that of the charges: known headings with the most amounts below."""
    best: tuple[int, Outline] | None = None
    for position, line in enumerate(lines[:_MOST_ROWS]):
        runs = split_runs(line)
        known = [_heading_field(text) for text, _ in runs]
        if "amount" not in known or len([one for one in known if one]) < 2 or _MONEY.search(line.text):
            continue
        body = _body(lines[position + 1 :], line, runs)
        if not body:
            continue
        outline = outline_table(line.page, [line, *body], lines, dialect)
        rows = sum(_MONEY.search(one.text) is not None for one in body)
        score = 2 * rows + len([one for one in known if one])
        if outline is not None and (best is None or score > best[0]):
            best = (score, outline)
    return best[1] if best else None


def _body(lines: Sequence[Line], header: Line, runs: Sequence[tuple[str, Box]]) -> list[Line]:
    """The lines below a header up to the one that ends the table."""
    body: list[Line] = []
    for line in lines[:_MOST_ROWS]:
        if line.page != header.page or (_MONEY.search(line.text) and any(end.match(line.text) for end in ENDS)):
            break
        above = body[-1] if body else header
        if line.top - above.bottom > 5 * max(header.bottom - header.top, 600) and _MONEY.search(line.text) is None:
            break
        body.append(line)
    while body and not re.search(r"\d", body[-1].text):
        body.pop()
    return body


def split_runs(line: Line) -> list[tuple[str, Box]]:
    """The words of a line in runs with no more than a wide blank between them."""
    runs: list[list[Word]] = []
    for word in line.words:
        gap = word.box.x0 - runs[-1][-1].box.x1 if runs else 0
        if runs and 10 * gap <= 4 * (word.box.bottom - word.box.top):
            runs[-1].append(word)
        else:
            runs.append([word])
    return [(" ".join(one.text for one in run), around([one.box for one in run])) for run in runs]


def _heading_field(text: str) -> str:
    plain = text.strip(" :*")
    for field, patterns in HEADINGS.items():
        if any(pattern.fullmatch(plain) for pattern in patterns):
            return field
    return ""


def outline_table(
    page: int, inside: Sequence[Line], lines: Sequence[Line], dialect: Dialect, edges: Sequence[int] | None = None
) -> Outline | None:
    """The outline of the table that these lines of a page make; None where it has no column of amounts.

    `edges` are the borders of its columns where a person has set them. `lines` are those of the whole document.
    """
    header = [] if _MONEY.search(inside[0].text) or len(inside) < 2 else split_runs(inside[0])
    rows = [line for line in (inside[1:] if header else inside) if _MONEY.search(line.text)] or list(inside[1:])
    body = [line for line in rows if not any(one.match(line.text) for one in (*SUBTOTALS, *ENDS))] or rows
    if not body:
        return None
    box = around([line.box for line in inside])
    borders = list(edges) if edges else _find_borders(header, body, box)
    spans = list(pairwise(borders))
    ordered = bool(header) and not edges
    headings = [text for text, _ in header] if ordered else [_heading_of(header, span) for span in spans]
    fields = _name_fields(headings, [[_cell(line, span) for line in body] for span in spans], dialect)
    if "amount" not in fields:
        return None
    columns = tuple(Column(field, left, right) for field, (left, right) in zip(fields, spans, strict=True))
    after = next((line for line in lines if line.page == page and line.top >= box.bottom), None)
    ends = () if after is None else _opening(after)
    subtotals = _find_subtotals(inside)
    closing = [line for line in inside if any(one.match(line.text) for one in SUBTOTALS)]
    if len(closing) == 1 and closing[0].top >= body[-1].bottom:  # one sum below all rows is the end of them
        ends, subtotals = _opening(closing[0]), ()
    return Outline(
        page=page,
        box=box,
        header=tuple(text for text, _ in header),
        columns=columns,
        ends=ends,
        subtotals=subtotals,
    )


def _find_borders(header: Sequence[tuple[str, Box]], body: Sequence[Line], box: Box) -> list[int]:
    """Between two headings, the middle of the widest strip that no row crosses; without headings, all wide strips."""
    left, right = box.x0 - 300, box.x1 + 300
    strips = _free_strips(body, left, right)
    if not header:
        height = max(min(line.bottom - line.top for line in body), 400)
        return [left, *((a + b) // 2 for a, b in strips if 10 * (b - a) >= 6 * height), right]
    borders = [left]
    for (_, one), (_, other) in pairwise(header):
        between = [(max(a, one.x0), min(b, other.x1)) for a, b in strips if b > one.x0 and a < other.x1]
        usable = [(a, b) for a, b in between if b > a and (a + b) // 2 > borders[-1]]
        if usable:
            start, end = max(usable, key=lambda strip: (min(strip[1] - strip[0], 3_000), strip[0]))
            borders.append((start + end) // 2)
        else:
            borders.append((one.x1 + other.x0) // 2)
    return [*borders, right]


def _free_strips(body: Sequence[Line], left: int, right: int) -> list[tuple[int, int]]:
    """Strips from top to bottom that hardly any row crosses."""
    crossed = sorted((word.box.x0, word.box.x1) for line in body for word in line.words)
    strips: list[tuple[int, int]] = []
    reached = left
    for x0, x1 in crossed:
        if x0 > reached + 150 and reached > left:
            strips.append((reached, x0))
        reached = max(reached, x1)
    return strips


def _heading_of(header: Sequence[tuple[str, Box]], span: tuple[int, int]) -> str:
    inside = [text for text, box in header if span[0] <= (box.x0 + box.x1) // 2 < span[1]]
    return " ".join(inside)


def _cell(line: Line, span: tuple[int, int]) -> str:
    return " ".join(word.text for word in line.words if span[0] <= (word.box.x0 + word.box.x1) // 2 < span[1])


def _name_fields(headings: Sequence[str], cells: Sequence[Sequence[str]], dialect: Dialect) -> list[str]:
    """What each column holds: by its heading, else by its cells; the last column of amounts is the amount."""
    fields = [_heading_field(heading) if heading else "" for heading in headings]
    money = [number for number, column in enumerate(cells) if _are_amounts(column, dialect)]
    named = [number for number in money if fields[number] == "amount"]
    amount = named[-1] if named else money[-1] if money else None
    widest = max(range(len(cells)), key=lambda number: sum(len(re.findall(r"[^\W\d_]", one)) for one in cells[number]))
    for number, field in enumerate(fields):
        if number == amount:
            fields[number] = "amount"
        elif field == "amount" or fields[:number].count(field):
            fields[number] = ""
        elif not field and sum(_DATES.search(one) is not None for one in cells[number]) * 2 > len(cells[number]):
            fields[number] = "period" if "period" not in fields else ""
    if "description" not in fields and fields[widest] in {"", "circuit_id"}:
        fields[widest] = "description"
    return fields


def _are_amounts(column: Sequence[str], dialect: Dialect) -> bool:
    filled = [one for one in column if one]
    good = 0
    for one in filled:
        try:
            parse_amount(one, dialect.numbers)
        except BadValue:
            continue
        good += 1
    return bool(filled) and 10 * good >= 7 * len(filled) and 2 * len(filled) >= len(column)


def _opening(line: Line) -> tuple[str, ...]:
    """The words with which a line begins, without figures: enough to know it again."""
    words = []
    for word in line.texts[:_LONGEST_END]:
        if re.search(r"\d", word):
            break
        words.append(word)
    return (" ".join(words),) if words else ()


def _find_subtotals(inside: Sequence[Line]) -> tuple[str, ...]:
    found = [_opening(line) for line in inside if any(one.match(line.text) for one in SUBTOTALS)]
    texts = list(dict.fromkeys(text for texts in found for text in texts))
    first = {text.split(" ")[0] for text in texts}
    return tuple(first) if len(texts) > 1 and len(first) == 1 else tuple(texts)
