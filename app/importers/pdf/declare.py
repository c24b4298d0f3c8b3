"""From the TOML of a layout to its declarations, strictly: an unknown key, group or date format is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.domain.money import D
from app.domain.vocabulary import ChargeType
from app.errors import UserError
from app.importers.months import languages
from app.importers.pdf.declare_tables import read_anchor, read_box, read_table
from app.importers.pdf.layout import (
    CHARGE_GROUPS,
    CONTEXT_GROUPS,
    DATE_FIELDS,
    HEADER_FIELDS,
    PERIOD_FIELDS,
    REQUIRED_FIELDS,
    ChargeRule,
    ContextRule,
    FieldRule,
    Layout,
    LineRule,
    Patterns,
    Section,
)
from app.importers.tabular.definition import (
    MappingFault,
    TomlTable,
    open_mappings,
    read_currency,
    read_number_format,
)
from app.importers.values import BadValue, parse_rate

KIND = "pdf-layout"


class LayoutFault(UserError):
    """The PDF layout {name} has a fault at {place}: {why}. docs/formats/pdf-layouts.md explains every key."""


def read_layouts(texts: Sequence[str]) -> tuple[Layout, ...]:
    """The layouts among `texts`; raises LayoutFault at the first key that is wrong."""
    try:
        layouts = tuple(read_layout(name, table) for name, table in open_mappings(texts, KIND))
    except MappingFault as fault:
        raise LayoutFault(name=fault.name, place=fault.key or f"line {fault.line}", why=fault.why) from fault
    names = [layout.name for layout in layouts]
    for name in names:
        if names.count(name) > 1:
            raise LayoutFault(name=name, place="name", why="another layout has the same name")
    return layouts


def read_layout(name: str, table: TomlTable, *, complete: bool = True) -> Layout:
    """The layout in an open table; raises MappingFault. One in the making need not be `complete`."""
    page = table.table("page")
    credit = table.table("credit_note")
    layout = Layout(
        name=name,
        carrier=table.text("carrier", None if complete else ""),
        claims=table.texts("claims"),
        refuses=table.texts("refuses"),
        fields=read_fields(table.table("fields")),
        sections=tuple(_read_section(one) for one in table.tables("sections")),
        currency=read_currency(table),
        language=table.choice("language", languages(), "en"),
        number_format=read_number_format(table),
        date_formats=_read_formats(table, "dates"),
        period_end=table.choice("period_end", ("inclusive", "exclusive"), "inclusive"),
        contexts=tuple(_read_context(one) for one in table.tables("contexts")),
        ignores=_patterns(table, "ignore"),
        top=page.whole("top", 0, 0, 10_000) * 100,
        bottom=page.whole("bottom", 10_000, 0, 10_000) * 100,
        charge_codes=table.words("charge_codes", ChargeType),
        charge_rules=tuple(_read_charge_rule(one) for one in table.tables("charges")),
        credit_note=_patterns(credit, "pattern"),
        credit_note_negate=credit.truth("negate"),
        tables=tuple(read_table(one) for one in table.tables("tables")),
        anchors=tuple(read_anchor(one) for one in table.tables("anchors")),
        anchor_tolerance=table.whole("anchor_tolerance", 12, 1, 1_000) * 100,
    )
    for part in (page, credit, table):
        part.finish()
    if complete:
        _check(layout, table)
    return layout


def _check(layout: Layout, table: TomlTable) -> None:
    declared = {rule.name for rule in layout.fields}
    for name in REQUIRED_FIELDS:
        if name not in declared:
            raise table.fault(f"fields.{name}", "every layout has to say where this field stands")
    if not layout.claims:
        raise table.fault("claims", "name at least one text of the first page that no other bill has")
    if not layout.sections and not layout.tables:
        raise table.fault("sections", "a layout without a section or table reads no charges")
    if not layout.currency and "currency" not in declared:
        raise table.fault("currency", "name the currency, or the field where it is printed")
    if not layout.date_formats and not all(r.formats for r in layout.fields if r.name in DATE_FIELDS | PERIOD_FIELDS):
        raise table.fault("dates", "name the date formats, such as MM/DD/YYYY")


def read_fields(table: TomlTable) -> tuple[FieldRule, ...]:
    """The header fields of a layout; raises MappingFault."""
    rules = []
    for name in sorted(HEADER_FIELDS):
        if name not in table:
            continue
        part = table.table(name)
        groups = {"value", "start", "end"} if name in PERIOD_FIELDS else {"value"}
        rule = FieldRule(
            name=name,
            patterns=_patterns(part, "pattern", allowed=groups, any_of=groups),
            label=part.text("label", ""),
            where=part.choice("where", ("right", "below"), "right"),
            page=str(part.raw("page") or "any"),
            take=part.choice("take", ("only", "first", "last", "sum"), "only"),
            negative=part.truth("negative"),
            formats=_read_formats(part, "dates"),
            region=read_box(part, "region") if "region" in part else None,
            charge=part.truth("charge"),
        )
        if not (rule.page in {"any", "first", "last"} or rule.page.isdigit()):
            raise part.fault("page", "any, first, last or a page number is wanted")
        if not rule.patterns and not rule.label and rule.region is None:
            raise part.fault("pattern", "a pattern, a label or a region is wanted")
        if rule.charge and name != "tax_total":
            raise part.fault("charge", "only the total of taxes can be a charge of its own")
        part.finish()
        rules.append(rule)
    table.finish()
    return tuple(rules)


def _read_section(table: TomlTable) -> Section:
    columns = table.raw("columns") or []
    if not isinstance(columns, list) or not all(type(one) is int for one in columns) or sorted(columns) != columns:
        raise table.fault("columns", "a rising list of whole points from the left is wanted")
    section = Section(
        name=table.text("name"),
        starts=_patterns(table, "start", allowed=CONTEXT_GROUPS),
        stops=_patterns(table, "stop"),
        lines=tuple(_read_line(one) for one in table.tables("lines")),
        contexts=tuple(_read_context(one) for one in table.tables("contexts")),
        ignores=_patterns(table, "ignore"),
        columns=tuple(one * 100 for one in columns),
        charge_type=table.word("charge_type", ChargeType),
        in_billing_period=table.choice("period", ("printed", "billing"), "printed") == "billing",
    )
    if not section.starts:
        raise table.fault("start", "a pattern of the line with which the section begins is wanted")
    if not section.lines:
        raise table.fault("lines", "a section without a line pattern reads no charges")
    table.finish()
    return section


def _read_line(table: TomlTable) -> LineRule:
    fixed = table.table("set")
    rule = LineRule(
        patterns=_patterns(table, "pattern", allowed=CHARGE_GROUPS, any_of={"amount"}),
        more=_patterns(table, "more", allowed=CHARGE_GROUPS - {"amount"}),
        charge_type=table.word("charge_type", ChargeType),
        fixed={key: fixed.text(key, "") for key in sorted(CONTEXT_GROUPS) if key in fixed},
        negative=table.truth("negative"),
        skip_zero=table.truth("skip_zero"),
        tax_percent=_read_percent(table),
    )
    fixed.finish()
    if not rule.patterns:
        raise table.fault("pattern", "a pattern with a group 'amount' is wanted")
    table.finish()
    return rule


def _read_percent(table: TomlTable) -> Decimal | None:
    value = table.raw("tax_percent")
    if value is None:
        return None
    try:
        return D(value) if type(value) is int else parse_rate(str(value))
    except BadValue as fault:
        raise table.fault("tax_percent", str(fault)) from fault


def _read_context(table: TomlTable) -> ContextRule:
    rule = ContextRule(_patterns(table, "pattern", allowed=CONTEXT_GROUPS), table.texts("clears"))
    if not rule.patterns:
        raise table.fault("pattern", "a pattern is wanted")
    for name in rule.clears:
        if name not in CONTEXT_GROUPS:
            raise table.fault("clears", f"'{name}' is none of {', '.join(sorted(CONTEXT_GROUPS))}")
    table.finish()
    return rule


def _read_charge_rule(table: TomlTable) -> ChargeRule:
    patterns = _patterns(table, "pattern")
    if len(patterns) != 1:
        raise table.fault("pattern", "one pattern of the description is wanted")
    rule = ChargeRule(patterns[0], table.word("charge_type", ChargeType), table.text("code", ""))
    table.finish()
    return rule


def _read_formats(table: TomlTable, key: str) -> tuple[str, ...]:
    formats = table.texts(key)
    for one in formats:
        if not re.search(r"YY|M|D", one):
            raise table.fault(key, f"'{one}' is no date format: write it with YYYY, YY, MMMM, MMM, MM, M, DD and D")
    return formats


def _patterns(table: TomlTable, key: str, *, allowed: Iterable[str] = (), any_of: Iterable[str] = ()) -> Patterns:
    """The regular expressions under `key`; their named groups must be among `allowed`, one of `any_of` present."""
    compiled = []
    for text in table.texts(key):
        try:
            pattern = re.compile(text)
        except re.error as fault:
            raise table.fault(key, f"'{text}' is no regular expression: {fault}") from fault
        wrong = set(pattern.groupindex) - set(allowed)
        if wrong:
            names = ", ".join(sorted(allowed)) or "no named groups"
            raise table.fault(key, f"the group {sorted(wrong)[0]} means nothing here; there are {names}")
        if any_of and not set(any_of) & set(pattern.groupindex):
            raise table.fault(key, f"the pattern needs a group (?P<{sorted(any_of)[-1]}>…)")
        compiled.append(pattern)
    return tuple(compiled)
