"""The first guess at an unknown bill: its fields by the words that stand beside them, its table by its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.money import ZERO, D
from app.importers.pdf.declare import read_layout
from app.importers.pdf.dialect import Dialect, find_date, guess_dialect, is_date, points
from app.importers.pdf.header import words_below
from app.importers.pdf.labels import LABELS
from app.importers.pdf.layout import AMOUNT_FIELDS, DATE_FIELDS, PERIOD_FIELDS
from app.importers.pdf.outline import Outline, find_table
from app.importers.pdf.proposal import Spot, propose, read_value
from app.importers.pdf.tables import BETWEEN_DATES, read_tables
from app.importers.pdf.text import Line
from app.importers.tabular.definition import TomlTable
from app.importers.values import BadValue, parse_amount
from app.importers.verify import ROUNDING_PER_CHARGE

_WANTED = ("number", "bill_date", "total_due")  # without these there is no bill
_MONEY = re.compile(
    r"(?<![\w.,/])(?:[$€£₹]\s?|[A-Z]{3}\s|Rs\.?\s)?[-(]?[$€£]?\d{1,3}(?:[.,'’ ]?\d{3})*[.,]\d{2}(?![\d.,/%]|\s?%)"
    r"\)?-?(?:\s?CR\b)?(?:\s?(?:€|EUR|USD|GBP|CHF))?"
    r"|(?:[$€£₹]|\b(?:INR|USD|EUR|CHF|GBP|Rs\.?))\s?(?P<whole>\d[\d.,]*)(?![\w.,])"
)
_IDENTIFIER = re.compile(r"[\s:#]*(?P<value>(?=\S*\d)[^\W_][\w/.-]*)")
_DIGITS_ON = re.compile(r"(?:[ -]\d{2,})*")
_LINES_LOOKED_AT = 400
_MOST_GUESSES = 12
_PARTS = frozenset({"net_total", "tax_total"})


@dataclass(frozen=True, slots=True)
class Guess:
    """A value with its label, and how much speaks against it."""

    doubt: tuple[int, ...]
    label: Spot
    value: Spot


def guess_layout(lines: Sequence[Line]) -> dict[str, Any]:
    """The answer to "pdf-guess": a layout as a table of TOML, what it found and where, and what is not sure."""
    dialect = guess_dialect(lines)
    fields: dict[str, Any] = {}
    found: dict[str, Any] = {}
    ranked = {
        name: sorted(_guesses(name, lines, dialect), key=lambda one: one.doubt)[:_MOST_GUESSES] for name in LABELS
    }
    for name, guesses in ranked.items():
        taken = [one["box"] for one in found.values()]
        for guess in [] if name in _PARTS else guesses:
            if points(guess.value.box) not in taken and _settle(name, guess, lines, dialect, fields, found):
                break
    for name, guess in _find_parts(ranked, found, dialect):
        _settle(name, guess, lines, dialect, fields, found)
    outline = find_table(lines, dialect)
    unsure = [name for name in _WANTED if name not in fields]
    if not dialect.sure:
        unsure += [name for name in ("bill_date", "due_date", "billing_period") if name in fields]
    layout = _make_layout(dialect, fields, outline)
    if outline is None or not _foots(layout, found, lines):
        unsure.append("tables")
    if not dialect.currency:
        unsure.append("currency")
    return {
        "layout": layout,
        "found": found,
        "tables": [] if outline is None else [outline.as_found()],
        "unsure": unsure,
    }


def _foots(layout: Mapping[str, Any], found: Mapping[str, Any], lines: Sequence[Line]) -> bool:
    """Whether the rows of the table and the tax make the total. A tax that is a row already is no charge again."""
    table = TomlTable({key: value for key, value in layout.items() if key != "kind"}, "guess")
    known = read_layout("guess", table, complete=False)
    drafts, _ = read_tables(known, lines)
    try:
        rows = sum((parse_amount(one.groups["amount"], known.number_format) for one in drafts), ZERO)
    except BadValue:
        return False
    tax = D(found["tax_total"]["value"]) if "tax_total" in found else ZERO
    allowed = ROUNDING_PER_CHARGE * len(drafts)
    totals = [D(found[name]["value"]) for name in ("current_charges", "total_due") if name in found]
    if tax and any(abs(rows - total) <= allowed for total in totals):
        layout["fields"]["tax_total"].pop("charge", None)
        return True
    return any(abs(rows + tax - total) <= allowed for total in totals)


def _make_layout(dialect: Dialect, fields: dict[str, Any], outline: Outline | None) -> dict[str, Any]:
    layout: dict[str, Any] = {
        "kind": "pdf-layout",
        "language": dialect.language,
        "decimal": dialect.numbers.decimal,
        "group": dialect.numbers.group,
        "dates": list(dialect.dates),
        "fields": fields,
        "tables": [] if outline is None else [outline.as_rule()],
    }
    return layout | ({"currency": dialect.currency} if dialect.currency else {})


def _tell(name: str, value: Spot, dialect: Dialect) -> dict[str, Any]:
    return {
        "page": value.line.page,
        "box": points(value.box),
        "text": value.text,
        "value": read_value(name, value.text, dialect),
    }


def _settle(
    name: str, guess: Guess, lines: Sequence[Line], dialect: Dialect, fields: dict[str, Any], found: dict[str, Any]
) -> bool:
    """Take the guess, if a rule can be made that reads it again."""
    rule = propose(name, guess.value, guess.label, lines, dialect)
    if rule:
        fields[name], found[name] = rule, _tell(name, guess.value, dialect)
    return bool(rule)


def _find_parts(
    ranked: Mapping[str, list[Guess]], found: Mapping[str, Any], dialect: Dialect
) -> list[tuple[str, Guess]]:
    """Net and tax that make the total together; other amounts beside such words are those of single charges."""
    total = next((D(found[name]["value"]) for name in ("current_charges", "total_due") if name in found), None)
    pairs = [(net, tax) for net in ranked["net_total"] for tax in ranked["tax_total"]]
    for net, tax in sorted(pairs, key=lambda pair: pair[0].doubt + pair[1].doubt):
        amounts = [D(read_value("total_due", one.value.text, dialect)) for one in (net, tax)]
        if total is not None and sum(amounts) == total and net.value.box != tax.value.box:
            return [("net_total", net), ("tax_total", tax)]
    return []


def _guesses(name: str, lines: Sequence[Line], dialect: Dialect) -> Iterator[Guess]:
    for rank, pattern in enumerate(LABELS[name]):
        for position, line in enumerate(lines[:_LINES_LOOKED_AT]):
            for match in pattern.finditer(line.text):
                label = Spot(line, match.start(), match.end())
                beside = _find_value(name, line, match.end(), dialect)
                below = None if beside else _find_below(name, label, lines[position + 1 : position + 5], dialect)
                value = beside or below
                if value is not None:
                    yield Guess((rank, line.page, beside is None, _order(name, position)), label, value)


def _order(name: str, position: int) -> int:
    """The last of several equal totals is the total; of the rest, the first is meant."""
    return -position if name == "total_due" else position


def _find_below(name: str, label: Spot, lines: Sequence[Line], dialect: Dialect) -> Spot | None:
    box = label.box
    words = words_below(lines, label.line.page, box.x0, box.x1)
    if not words:
        return None
    line = next(one for one in lines if any(word.box == words[0].box for word in one.words))
    run = " ".join(word.text for word in words)
    start = line.text.find(run)
    value = _find_value(name, Line(line.page, words), 0, dialect)
    if value is None or start < 0 or line.text.count(run) > 1:
        return None
    return Spot(line, start + value.start, start + value.end)


def _find_value(name: str, line: Line, start: int, dialect: Dialect) -> Spot | None:
    """The first value of the field's kind after a label, near enough to belong to it."""
    if name in AMOUNT_FIELDS:
        span = _find_amount(line.text, start, dialect, last=name in {"total_due", "current_charges"})
    elif name in DATE_FIELDS:
        span = find_date(line.text, dialect, start)
        span = span if span and span[0] - start <= 6 else None
    elif name in PERIOD_FIELDS:
        span = _find_period(line.text, start, dialect)
    else:
        span = _find_identifier(line.text, start, dialect)
    return None if span is None else Spot(line, *span)


def _find_amount(text: str, start: int, dialect: Dialect, *, last: bool) -> tuple[int, int] | None:
    """The first amount, or the last of those that follow it with nothing but blanks between."""
    span: tuple[int, int] | None = None
    for match in _MONEY.finditer(text, start):
        if span is not None and (not last or text[span[1] : match.start()].strip()):
            break
        span = match.span("whole") if match["whole"] else match.span()
    if span is None:
        return None
    try:
        read_value("total_due", text[slice(*span)], dialect)
    except BadValue:
        return None
    return span


def _find_identifier(text: str, start: int, dialect: Dialect) -> tuple[int, int] | None:
    match = _IDENTIFIER.match(text, start)
    if match is None or find_date(text[match.start("value") :], dialect) == (0, len(match["value"])):
        return None
    end = match.end()
    if match["value"].isdigit() and (more := _DIGITS_ON.match(text, end)):
        end = more.end()
    if is_date(text[match.start("value") : end], dialect) or _MONEY.fullmatch(text[match.start("value") : end]):
        return None
    return match.start("value"), end


def _find_period(text: str, start: int, dialect: Dialect) -> tuple[int, int] | None:
    """Two dates with a word or dash between; the first may be without its year."""
    for between in BETWEEN_DATES.finditer(text, start):
        after = find_date(text, dialect, between.end())
        if after is None or after[0] != between.end():
            continue
        begins = [match.start() for match in re.finditer(r"(?<!\S)\S", text[: between.start()])]
        for begin in [one for one in begins if one >= start][-4:]:
            written = text[begin : between.start()]
            if begin - start <= 12 and _reads_as_period(f"{written}{text[between.start() : after[1]]}", dialect):
                return begin, after[1]
    return None


def _reads_as_period(text: str, dialect: Dialect) -> bool:
    try:
        read_value("billing_period", text, dialect)
    except BadValue:
        return False
    return True
