"""From a value that stands on a page to the rule of a layout that finds it again, tried out before it is proposed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.source import Box, Source
from app.importers.pdf.declare import read_fields
from app.importers.pdf.dialect import YEARLESS, Dialect, points
from app.importers.pdf.header import Header, read_header
from app.importers.pdf.layout import AMOUNT_FIELDS, DATE_FIELDS, PERIOD_FIELDS, Layout
from app.importers.pdf.tables import BETWEEN_DATES
from app.importers.pdf.text import Line
from app.importers.tabular.definition import MappingFault, TomlTable
from app.importers.values import BadValue, parse_amount, parse_date

_MARGIN = 200  # hundredths of a point around a value
# where a longer amount would begin, and where a longer text would end
_ROOM = 2_000
_MONEY = r"[-−(]?[$€£]?\d[\d.,']*[.,]\d{2}(?!\d)\)?-?(?:\s?CR\b)?"
_AMOUNT = r"[-−(]?[$€£]?\d[\d.,']*(?: \d{3}(?!\d))*(?:[.,]\d+)?\)?-?(?:\s?CR\b)?"


@dataclass(frozen=True, slots=True)
class Spot:
    """A text on a line of the bill: characters `start` to `end` of it."""

    line: Line
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.end]

    @property
    def source(self) -> Source:
        return self.line.source_of(self.start, self.end)

    @property
    def box(self) -> Box:
        return self.line.box_of(self.start, self.end)


def propose(field: str, value: Spot, label: Spot | None, lines: Sequence[Line], dialect: Dialect) -> dict[str, Any]:
    """The rule for `[fields.FIELD]` that reads this value from this document, the least tied to its place first.

    An empty one where nothing that was tried reads it.
    """
    wanted = _read_alone(field, value, dialect)
    for rule in _candidates(field, value, label, lines, dialect):
        # a label that leads nowhere would leave it to the region, which on the next bill may hold another value
        found_by = {key: part for key, part in rule.items() if key != "region" or "label" not in rule}
        if wanted is not None and _reads(field, found_by, lines, dialect) == wanted:
            return rule
    return {}


def _candidates(
    field: str, value: Spot, label: Spot | None, lines: Sequence[Line], dialect: Dialect
) -> Iterator[dict[str, Any]]:
    extra = _extra(field, value, dialect)
    page = name_page(value.line.page, lines)
    region = {"page": page, "region": points(_make_room(field, value.box))}
    inner = {"pattern": _shape(field, value.text)} if _needs_shape(field) else {}
    if label is not None and label.text:
        below = {"where": "below"} if label.line is not value.line else {}
        text = label.text.strip()
        if not re.search(r"\d{3}|\d[/.-]\d", text):  # what is printed there may be another date or number next time
            yield {"label": text, **below, **inner, **extra, **region}
            yield {"label": text, **below, "pattern": _shape(field, value.text), **extra, **region}
        for pattern in () if below else _with_label(field, value, label):
            yield {"pattern": pattern, "page": page, **extra}
            yield {"pattern": pattern, "page": page, "take": "first", **extra}
    yield {**region, **inner, **extra}
    yield {**region, "pattern": _shape(field, value.text), **extra}


def name_page(page: int, lines: Sequence[Line]) -> object:
    """Page as a layout names it: "first" and "last" hold for bills of other lengths, too."""
    last = lines[-1].page if lines else 1
    return "first" if page == 1 else "last" if page == last else page


def _make_room(field: str, box: Box) -> Box:
    left = box.x0 - (_ROOM if field in AMOUNT_FIELDS else _MARGIN)
    right = box.x1 + (_MARGIN if field in AMOUNT_FIELDS else _ROOM)
    return Box(max(left, 0), max(box.top - _MARGIN, 0), right, box.bottom + _MARGIN)


def _extra(field: str, value: Spot, dialect: Dialect) -> dict[str, Any]:
    """What the kind of the field asks for beside its place."""
    extra: dict[str, Any] = {}
    if field == "payments_applied":
        extra["negative"] = True
    if field == "tax_total":
        extra["charge"] = True
    if field in PERIOD_FIELDS:
        extra["dates"] = list(dict.fromkeys([*dialect.dates, *YEARLESS, "MMMM YYYY"]))
    return extra


def _needs_shape(field: str) -> bool:
    return field in PERIOD_FIELDS


def _with_label(field: str, value: Spot, label: Spot) -> Iterator[str]:
    """Patterns of the line: its label, and the value right after it or at the line's end."""
    before = "^" if label.start == 0 else r"(?<!\w\s)(?<!\w)"
    between = value.line.text[label.end : value.start]
    words = re.sub(r"\d+", r"\\d+", re.escape(label.text.strip())).replace("\\ ", " ")
    shape = _shape(field, value.text)
    if not between.strip():
        yield f"{before}{words}\\s*{shape}"
    elif value.end == len(value.line.text):
        yield f"{before}{words}.*\\s{shape}$"
    else:
        inner = f"(?P<value>{_MONEY})" if field in AMOUNT_FIELDS else shape
        yield f"{before}{words}.*?\\s{inner}"


def _shape(field: str, text: str) -> str:
    """A pattern for values of the same form as this one."""
    if field in AMOUNT_FIELDS:
        return f"(?P<value>{_AMOUNT})"
    if field in DATE_FIELDS:
        return f"(?P<value>{_alike(text)})"
    if field in PERIOD_FIELDS:
        between = BETWEEN_DATES.search(text)
        if between is None:
            return f"(?P<value>{_alike(text)})"
        start, end = text[: between.start()], text[between.end() :]
        return f"(?P<start>{_alike(start)}){re.escape(between[0])}(?P<end>{_alike(end)})".replace("\\ ", " ")
    return rf"(?P<value>{_alike(text)})" if " " in text else r"(?P<value>\S+)"


def _alike(text: str) -> str:
    """Digits for digits, a word for a word, the rest as it stands."""
    body = re.sub(r"\d+", "\x00", text)
    body = re.sub(r"[^\W\d_\x00]+", "\x01", body)
    body = re.escape(body).replace("\\ ", " ")
    return body.replace("\x00", r"\d+").replace("\x01", r"[^\W\d_]+")


def _reads(field: str, rule: Mapping[str, Any], lines: Sequence[Line], dialect: Dialect) -> str | None:
    """The value that the rule reads from the document, as text; None where it reads none or more than one."""
    try:
        (known,) = read_fields(TomlTable({field: dict(rule)}, "proposal"))
    except MappingFault:
        return None
    layout = Layout(
        name="proposal",
        carrier="",
        claims=(),
        fields=(known,),
        sections=(),
        language=dialect.language,
        number_format=dialect.numbers,
        date_formats=dialect.dates,
    )
    header = read_header(layout, lines)
    return None if header.issues else say_value(field, header)


def say_value(field: str, header: Header) -> str | None:
    """The field's value as the answers give it: ISO dates, plain amounts, both days of a period."""
    if field in AMOUNT_FIELDS:
        amount = header.amounts.get(field)
        return None if amount is None else str(amount)
    if field in DATE_FIELDS:
        day = header.dates.get(field)
        return None if day is None else day.isoformat()
    if field in PERIOD_FIELDS:
        return None if header.period is None else f"{header.period.start}/{header.period.last}"
    return header.texts.get(field)


def _read_alone(field: str, value: Spot, dialect: Dialect) -> str | None:
    """The value that this text has by itself."""
    try:
        return read_value(field, value.text, dialect)
    except BadValue:
        return None


def read_value(field: str, text: str, dialect: Dialect) -> str:
    """The value of a text as this field, told as the answers give it; raises BadValue."""
    if field in AMOUNT_FIELDS:
        amount = parse_amount(text, dialect.numbers)
        return str(-abs(amount) if field == "payments_applied" else amount)
    if field in DATE_FIELDS:
        return parse_date(text, dialect.dates, language=dialect.language).isoformat()
    if field not in PERIOD_FIELDS:
        return text
    formats = [*dialect.dates, *YEARLESS]
    parts = [part.strip() for part in BETWEEN_DATES.split(text) if part.strip()]
    if len(parts) == 1:
        return _read_month(parts[0], dialect)
    end = parse_date(parts[-1], formats, language=dialect.language)
    start = parse_date(parts[0], formats, language=dialect.language, near=end)
    if end < start:
        raise BadValue(text=text, why="the period ends before it starts")
    return f"{start}/{end}"


def _read_month(text: str, dialect: Dialect) -> str:
    first = parse_date(text, ["MMMM YYYY"], language=dialect.language)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return f"{first}/{date.fromordinal(after.toordinal() - 1)}"
