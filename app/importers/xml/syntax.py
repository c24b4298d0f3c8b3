"""What tells one syntax of EN 16931 from another: the paths at which it keeps its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

    from app.importers.xml.nodes import Nodes

Paths = tuple[str, ...]  # the first of them that is filled in holds the value


@dataclass(frozen=True, slots=True)
class PeriodPaths:
    """Where a period's ends stand in its element; `day` leads from an end to its YYYYMMDD, () where it is ISO text."""

    start: str
    end: str
    day: Paths = ()


@dataclass(frozen=True, slots=True)
class AdjustmentPaths:
    """An allowance or charge. Without an `indicator` it is a charge."""

    element: str
    amount: str
    reasons: Paths
    indicator: str = ""
    title: str = "Charge"


@dataclass(frozen=True, slots=True)
class ObjectPaths:
    """A reference to an object that is billed: its identifier, and the type code that makes it one."""

    element: str
    identifier: str
    type_code: str


@dataclass(frozen=True, slots=True)
class TaxPaths:
    """Taxes: groups, in a group its total and its parts, in a part its amount, base, kind and per cent."""

    group: str
    total: str
    part: str
    amount: str
    base: str
    kind: str
    percents: Paths


@dataclass(frozen=True, slots=True)
class LinePaths:
    """Where a line keeps its values, from the line's element on."""

    elements: Paths
    parts: Paths  # lines inside a line, of which it is the sum
    label: str
    status: str  # says of a line that it is no line of its own
    amount: str
    quantities: Paths
    names: Paths
    price: str
    base: str
    codes: Paths
    period: str
    locations: Paths
    objects: ObjectPaths
    property: str
    property_names: Paths
    property_values: Paths
    adjustments: AdjustmentPaths


@dataclass(frozen=True, slots=True)
class Syntax:
    """One syntax. All paths but those of lines, taxes and adjustments are from the root on."""

    importer: str
    roots: Paths
    namespaces: Mapping[str, str]
    once: Paths  # elements that stand exactly once
    profile: str
    linefree: Paths  # what the profile ends in where an invoice may have no lines
    number: str
    bill_date: str
    currency: str
    due_dates: Paths
    carriers: Paths
    period: str
    corrects: Paths
    pay_to: Paths  # accounts to pay to, each of them: for comparing only
    type_codes: Paths
    copy: str  # "true" where it is no original
    account: Callable[[Nodes, _Element], _Element | None]
    totals: str
    net: str
    gross: str
    prepaid: str
    rounding: str
    payable: str
    tax: TaxPaths
    adjustments: tuple[AdjustmentPaths, ...]
    objects: ObjectPaths
    locations: Paths
    ends: PeriodPaths
    lines: LinePaths
    third_party: AdjustmentPaths | None = None  # payments for others, which count in one profile only
    third_party_profile: str = ""
    line_amounts_optional: bool = False
