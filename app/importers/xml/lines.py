"""The lines of an e-invoice: each a charge, with its allowances and charges as charges of their own beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.domain.money import ZERO
from app.domain.parsed import ParsedCharge
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.xml.bill import INVOICED_OBJECT, Adjustment, Bill, Line, make_charges
from app.importers.xml.nodes import Nodes, line_number
from app.importers.xml.sums import read_signed
from app.importers.xml.syntax import ObjectPaths, Syntax

if TYPE_CHECKING:
    from lxml.etree import _Element

# lines of Factur-X's profile EXTENDED that group others or only tell something: they are no charges
_NO_CHARGES = frozenset({"GROUP", "INFORMATION"})


def read_lines(nodes: Nodes, root: _Element, syntax: Syntax, bill: Bill) -> list[ParsedCharge]:
    """The charges of all lines."""
    objects = _read_objects(nodes, root, syntax.objects)
    place = nodes.text(nodes.first(root, *syntax.locations))
    charges: list[ParsedCharge] = []
    for path in syntax.lines.elements:
        parent, _, tag = path.rpartition("/")
        above = nodes.place(found) if (found := nodes.first(root, parent) if parent else root) is not None else ""
        for number, element in enumerate(nodes.all(root, path), start=1):
            for line in _read_leaves(nodes, element, syntax, bill, f"{above}/{tag.partition(':')[2]}[{number}]"):
                charges += make_charges(line, objects, place, bill.issues)
    return charges


def _read_leaves(nodes: Nodes, element: _Element, syntax: Syntax, bill: Bill, path: str) -> Iterator[Line]:
    """The line at `element`, or the lines inside it where it is their sum."""
    line = _read_line(nodes, element, syntax, bill, path)
    if line is None:
        return
    parts = [part for tag in syntax.lines.parts for part in nodes.all(element, tag)]
    if not parts:
        yield line
        return
    leaves: list[Line] = []
    total = ZERO
    for number, part in enumerate(parts, start=1):
        inner = f"{path}/{nodes.name(part)}[{number}]"
        amount = nodes.amount(nodes.walk(part, syntax.lines.amount), bill.currency)
        total += amount or ZERO
        leaves += _read_leaves(nodes, part, syntax, bill, inner)
    if total == line.amount and not line.adjustments:
        yield from leaves
        return
    message = f"Line {line.label} is {line.amount:,.2f}, the lines inside it are {total:,.2f}: it is taken as one line."
    remedy = "Compare the line with what was agreed."
    bill.issues.append(ParseIssue(Severity.WARNING, "sub-lines-differ", message, remedy, line.source))
    yield line


def _read_line(nodes: Nodes, element: _Element, syntax: Syntax, bill: Bill, path: str) -> Line | None:
    paths, source = syntax.lines, Source(path=path, row=line_number(element))
    label = nodes.text(nodes.first(element, paths.label)) or path
    status = nodes.text(nodes.first(element, paths.status)) if paths.status else ""
    if status.upper() in _NO_CHARGES:
        message = f"Line {label} is not a charge, it groups or explains others ({status.upper()})."
        bill.issues.append(
            ParseIssue(Severity.INFO, "line-without-charge", message, "Nothing needs to be done.", source)
        )
        return None
    wanted = nodes.walk(element, paths.amount, required=not syntax.line_amounts_optional)
    amount = nodes.amount(wanted, bill.currency)
    if amount is None:
        if wanted is not None and not nodes.has_failed(wanted):
            nodes.fail("field-missing", f"The amount of line {label} is empty", wanted)
        return None
    quantity = nodes.first(element, *paths.quantities)
    period = nodes.first(element, paths.period)
    return Line(
        label=label,
        description=nodes.text(nodes.first(element, *paths.names)) or f"Line {label}",
        amount=amount,
        source=source,
        quantity=nodes.rate(quantity),
        unit=(quantity.get("unitCode") or "")[:20] if quantity is not None else "",
        price=nodes.rate(nodes.walk(element, paths.price)),
        base=nodes.rate(nodes.walk(element, paths.base)),
        code=nodes.text(nodes.first(element, *paths.codes)),
        period=nodes.read_period(period, syntax.ends),
        location=nodes.text(nodes.first(element, *paths.locations)),
        objects=_read_objects(nodes, element, paths.objects),
        properties=[
            (
                nodes.text(nodes.first(one, *paths.property_names)),
                nodes.text(nodes.first(one, *paths.property_values)),
            )
            for one in nodes.all(element, paths.property)
        ],
        adjustments=list(_read_adjustments(nodes, element, syntax, bill, source)),
    )


def _read_adjustments(
    nodes: Nodes, element: _Element, syntax: Syntax, bill: Bill, source: Source
) -> Iterator[Adjustment]:
    paths = syntax.lines.adjustments
    for number, one in enumerate(nodes.all(element, paths.element), start=1):
        amount = read_signed(nodes, one, paths, bill.currency)
        if amount:
            place = Source(path=f"{source.path}/{nodes.name(one)}[{number}]", row=line_number(one))
            yield Adjustment(nodes.text(nodes.first(one, *paths.reasons)), amount, place)


def _read_objects(nodes: Nodes, parent: _Element, paths: ObjectPaths) -> list[str]:
    """Identifiers of the objects that are billed, such as a telephone number or a circuit."""
    return [
        identifier
        for reference in nodes.all(parent, paths.element)
        if nodes.text(nodes.first(reference, paths.type_code)) == INVOICED_OBJECT
        and (identifier := nodes.text(nodes.first(reference, paths.identifier)))
    ]
