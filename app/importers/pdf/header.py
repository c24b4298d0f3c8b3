"""Header fields of a bill: found by pattern or beside their label, then read in the layout's formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.period import Period, add_months
from app.domain.source import Box, ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.pdf.layout import (
    AMOUNT_FIELDS,
    DATE_FIELDS,
    FOUND_IF_DECLARED,
    PERIOD_FIELDS,
    FieldRule,
    Layout,
)
from app.importers.pdf.text import Line, Word
from app.importers.values import BadValue, parse_amount, parse_date

_WORD_GAP = 800  # words further apart than eight points are not one value
_LINES_BELOW = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: its captured groups, and where."""

    groups: dict[str, str]
    source: Source

    @property
    def text(self) -> str:
        return " - ".join(value for value in self.groups.values() if value)


@dataclass(slots=True)
class Header:
    """The header fields that were found, by kind, and the faults met."""

    texts: dict[str, str] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    period: Period | None = None
    sources: dict[str, Source] = field(default_factory=dict)
    issues: list[ParseIssue] = field(default_factory=list)
    lenient: bool = False


def read_header(layout: Layout, lines: Sequence[Line], *, lenient: bool = False) -> Header:
    """Find and read every declared header field; what is missing, unreadable or ambiguous becomes an ERROR issue.

    `lenient` is for what was recognised in a picture: of an ambiguous field one reading is taken, one that the bill can
    do without is left out, and both are REVIEW issues; a field that is declared and not found is told.
    """
    header = Header(lenient=lenient)
    # the bill's own date first: dates without a year take theirs from it; likewise amounts and their currency
    for rule in sorted(layout.fields, key=lambda one: (one.name != "bill_date", one.name != "currency")):
        findings = find_field(rule, lines)
        if findings:
            _read_field(layout, rule, findings, header)
        elif rule.name in FOUND_IF_DECLARED:
            header.issues.append(_missing(layout, rule))
        elif lenient:
            header.issues.append(_not_recognised(rule))
    return header


def find_currency(layout: Layout, header: Header) -> str:
    """The bill's currency: the layout's, else the one printed; "" where neither is known."""
    return layout.currency or header.texts.get("currency", "").upper()


def find_field(rule: FieldRule, lines: Sequence[Line]) -> list[Finding]:
    """What the rule finds on these lines: by its label or patterns, else in its region."""
    last = lines[-1].page if lines else 1
    wanted = {"any": None, "first": 1, "last": last}.get(rule.page, rule.page)
    places = lines if wanted is None else [line for line in lines if line.page == int(wanted)]
    if rule.label:
        found = list(_find_by_label(rule, places))
    elif rule.region is None:
        found = list(_find_by_pattern(rule, places))
    else:
        found = []
    if not found and rule.region is not None:
        page = int(wanted or 1)
        found = list(_find_in_region(rule, [line for line in places if line.page == page], rule.region))
    return found


def _find_by_pattern(rule: FieldRule, lines: Sequence[Line]) -> Iterator[Finding]:
    for pattern in rule.patterns:
        search = pattern.finditer
        matches = [(line, match) for line in lines for match in search(line.text)]
        if matches:
            for line, match in matches:
                groups = {name: value.strip() for name, value in match.groupdict().items() if value}
                spans = [match.span(name) for name in groups]
                start = min((one for one, _ in spans), default=0)
                yield Finding(groups, line.source_of(start, max((end for _, end in spans), default=len(line.text))))
            return


def words_within(lines: Iterable[Line], region: Box) -> list[Word]:
    """The words whose middle lies in `region`, line after line."""
    return [
        word
        for line in lines
        for word in line.words
        if 2 * region.x0 <= word.box.x0 + word.box.x1 <= 2 * region.x1
        and 2 * region.top <= word.box.top + word.box.bottom <= 2 * region.bottom
    ]


def _find_in_region(rule: FieldRule, lines: Sequence[Line], region: Box) -> Iterator[Finding]:
    words = words_within(lines, region)
    if words:
        yield from _pick(rule, Line(lines[0].page, words))


def _pick(rule: FieldRule, found: Line) -> Iterator[Finding]:
    """The value among these words: all of them, or what the first of the patterns that fits picks out."""
    if not rule.patterns:
        yield Finding({"value": found.text}, found.source)
    for pattern in rule.patterns:
        if match := pattern.search(found.text):
            yield Finding({name: value.strip() for name, value in match.groupdict().items() if value}, found.source)
            return


def _find_by_label(rule: FieldRule, lines: Sequence[Line]) -> Iterator[Finding]:
    for index, line in enumerate(lines):
        start = line.text.find(rule.label)
        if start < 0:
            continue
        label = line.box_of(start, start + len(rule.label))
        if rule.where == "right":
            words = _run([word for word in line.words if word.box.x0 >= label.x1])
        else:
            words = words_below(lines[index + 1 : index + 1 + _LINES_BELOW], line.page, label.x0, label.x1)
        if words:
            yield from _pick(rule, Line(line.page, words))


def words_below(lines: Sequence[Line], page: int, left: int, right: int) -> list[Word]:
    """The first words below that stand under the label, with those that continue them."""
    for line in lines:
        under = [index for index, word in enumerate(line.words) if word.box.x0 < right and word.box.x1 > left]
        if line.page == page and under:
            first = under[0]
            while first and line.words[first].box.x0 - line.words[first - 1].box.x1 <= _WORD_GAP:
                first -= 1
            return _run(list(line.words[first:]))
    return []


def _run(words: list[Word]) -> list[Word]:
    """The first of `words` and those that follow it closely."""
    taken = words[:1]
    for word in words[1:]:
        if word.box.x0 - taken[-1].box.x1 > _WORD_GAP:
            break
        taken.append(word)
    return taken


def _read_field(layout: Layout, rule: FieldRule, findings: list[Finding], header: Header) -> None:
    chosen = findings[-1] if rule.take == "last" else findings[0]
    differing = next((one for one in findings if one.text.split() != chosen.text.split()), None)
    if rule.take == "only" and differing is not None:
        message = (
            f"The {_words(rule.name)} stands on the bill twice and differs: '{chosen.text[:60]}' on "
            f"{chosen.source.describe()} and '{differing.text[:60]}' on {differing.source.describe()}."
        )
        remedy = (
            f"Compare both with the page; make [fields.{rule.name}] of the layout {layout.name} narrower if needed."
        )
        if header.lenient:
            message += f" Taken was '{chosen.text[:60]}'."
        severity = Severity.REVIEW if header.lenient else Severity.ERROR
        header.issues.append(ParseIssue(severity, "field-ambiguous", message, remedy, differing.source))
        if not header.lenient:
            return
    header.sources[rule.name] = chosen.source
    try:
        if rule.name in AMOUNT_FIELDS:
            taken = findings if rule.take == "sum" else [chosen]
            form, currency = layout.number_format, find_currency(layout, header)
            amounts = [parse_amount(one.groups.get("value", ""), form, currency=currency) for one in taken]
            header.amounts[rule.name] = sum((-abs(one) if rule.negative else one for one in amounts), ZERO)
        elif rule.name in DATE_FIELDS:
            header.dates[rule.name] = _read_date(layout, rule, chosen.groups.get("value", ""), header)
        elif rule.name in PERIOD_FIELDS:
            header.period = _read_period(layout, rule, chosen.groups, header)
        else:
            header.texts[rule.name] = chosen.text
    except BadValue as fault:
        message = f"The {_words(rule.name)} cannot be read: {fault}"
        remedy = f"Compare it with the page; [fields.{rule.name}] of the layout {layout.name} says how it is printed."
        spared = header.lenient and rule.name not in FOUND_IF_DECLARED
        severity = Severity.REVIEW if spared else Severity.ERROR
        header.issues.append(ParseIssue(severity, "bad-field", message, remedy, chosen.source))


def _read_date(layout: Layout, rule: FieldRule, text: str, header: Header, near: date | None = None) -> date:
    formats = rule.formats or layout.date_formats
    return parse_date(text, formats, language=layout.language, near=near or header.dates.get("bill_date"))


def _read_period(layout: Layout, rule: FieldRule, groups: dict[str, str], header: Header) -> Period:
    """From its two printed ends, or from one printed month."""
    if "value" in groups:
        first = _read_date(layout, rule, groups["value"], header).replace(day=1)
        return Period(first, add_months(first, 1))
    end = _read_date(layout, rule, groups.get("end", ""), header)
    start = _read_date(layout, rule, groups.get("start", ""), header, near=end)
    return make_period(start, end, layout.period_end)


def make_period(start: date, end: date, kind: str) -> Period:
    """The half-open period of two printed dates; raises BadValue where it would end before it starts."""
    if end < start or (kind == "exclusive" and end == start):
        raise BadValue(text=f"{start} to {end}", why="the period ends before it starts")
    return Period.inclusive(start, end) if kind == "inclusive" else Period(start, end)


def _missing(layout: Layout, rule: FieldRule) -> ParseIssue:
    sought = f"no line fits the label '{rule.label}'" if rule.label else "no line fits its pattern"
    if rule.region is not None:
        sought = "its region is empty" if not rule.label else f"{sought}, and its region is empty"
    message = f"The {_words(rule.name)} was not found on the bill: {sought}."
    remedy = f"Compare the page with [fields.{rule.name}] of the layout {layout.name}: the carrier may have changed it."
    return ParseIssue(Severity.ERROR, "field-missing", message, remedy)


def _not_recognised(rule: FieldRule) -> ParseIssue:
    message = f"The {_words(rule.name)} was not recognised on the bill, and is left out."
    remedy = "Look whether the page shows it; if so, fill it in."
    return ParseIssue(Severity.WARNING, "field-not-recognised", message, remedy)


def _words(name: str) -> str:
    return name.replace("_", " ")
