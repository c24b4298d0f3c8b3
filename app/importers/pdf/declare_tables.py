"""From the TOML of a layout to its tables, regions and anchors."""

from __future__ import annotations

from itertools import pairwise

from app.domain.source import Box
from app.domain.vocabulary import ChargeType
from app.importers.pdf.layout import COLUMN_FIELDS, HEAD_FIELDS, Anchor, Column, LineRule, Section, TableRule
from app.importers.tabular.definition import TomlTable
from app.importers.values import BadValue, parse_amount

_MOST_POINTS = 20_000
_NEEDED = "amount"


def read_table(table: TomlTable) -> TableRule:
    """One of `[[tables]]`; raises MappingFault."""
    name = table.text("name")
    columns = tuple(_read_column(one) for one in table.tables("columns"))
    rule = TableRule(
        section=Section(
            name=name,
            starts=(),
            stops=(),
            lines=(),
            charge_type=table.word("charge_type", ChargeType),
            in_billing_period=table.choice("period", ("printed", "billing"), "printed") == "billing",
        ),
        rule=LineRule(patterns=(), negative=table.truth("negative")),
        header=table.texts("header"),
        columns=columns,
        pages=_read_pages(table),
        ends=table.texts("end"),
        subtotals=table.texts("subtotals"),
        wrap=table.choice("wrap", ("above", "below", "none"), "above"),
        heads=table.choice("heads", ("", *sorted(HEAD_FIELDS)), ""),
    )
    fields = [column.field for column in columns]
    if _NEEDED not in fields:
        raise table.fault("columns", f"a column with the field '{_NEEDED}' is wanted")
    for field in fields:
        if field and fields.count(field) > 1:
            raise table.fault("columns", f"two columns hold the field '{field}'")
    for one, other in pairwise(columns):
        if other.left < one.right:
            raise table.fault("columns", "columns are wanted from left to right, none over another")
    table.finish()
    return rule


def _read_column(table: TomlTable) -> Column:
    field = table.text("field", "")
    if field not in COLUMN_FIELDS:
        raise table.fault("field", f"'{field}' is none of {', '.join(sorted(COLUMN_FIELDS))}")
    column = Column(field, _points(table, "from", table.raw("from")), _points(table, "to", table.raw("to")))
    if column.left >= column.right:
        raise table.fault("to", "a column ends to the right of where it begins")
    table.finish()
    return column


def _read_pages(table: TomlTable) -> tuple[str, ...]:
    value = table.raw("pages")
    values = value if isinstance(value, list) else ["any" if value is None else value]
    for one in values:
        number = type(one) is int and one > 0
        if not number and one not in ("any", "first", "last"):
            raise table.fault("pages", "any, first, last or a list of page numbers is wanted")
    return tuple(str(one) for one in values)


def read_anchor(table: TomlTable) -> Anchor:
    """One of `[[anchors]]`; raises MappingFault."""
    anchor = Anchor(table.text("text"), table.whole("page", 1, 1, 10_000), read_box(table, "box"))
    table.finish()
    return anchor


def read_box(table: TomlTable, key: str) -> Box:
    """Four points from the top left corner of the page: left, top, right, bottom."""
    value = table.raw(key)
    if not isinstance(value, list) or len(value) != 4:
        raise table.fault(key, "four numbers are wanted: left, top, right and bottom, in points")
    left, top, right, bottom = (_points(table, key, one) for one in value)
    if left >= right or top >= bottom:
        raise table.fault(key, "its right and bottom sides lie beyond its left and top sides")
    return Box(left, top, right, bottom)


def _points(table: TomlTable, key: str, value: object) -> int:
    """A length in points as hundredths."""
    try:
        amount = parse_amount(str(value), places=20)
    except BadValue as fault:
        raise table.fault(key, "a length in points is wanted") from fault
    if not isinstance(value, str) and -_MOST_POINTS <= amount <= _MOST_POINTS:
        return int(amount * 100)
    raise table.fault(key, "a length in points is wanted")
