"""What a PDF layout declares: which bill it is, its header fields, and its sections of charges.

A layout is a TOML file; docs/formats/pdf-layouts.md explains every key. `declare.py` reads it, `read.py` follows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.source import Box
from app.domain.vocabulary import ChargeType
from app.importers.values import PLAIN, NumberFormat

Patterns = tuple[re.Pattern[str], ...]

# header fields, and how each is read
TEXT_FIELDS = frozenset({"number", "ban", "currency", "corrects", "carrier"})
DATE_FIELDS = frozenset({"bill_date", "due_date"})
PERIOD_FIELDS = frozenset({"billing_period"})
AMOUNT_FIELDS = frozenset(
    {
        "previous_balance",
        "payments_applied",
        "current_charges",
        "net_total",
        "tax_total",
        "rounding",
        "total_due",
    }
)
HEADER_FIELDS = TEXT_FIELDS | DATE_FIELDS | PERIOD_FIELDS | AMOUNT_FIELDS
REQUIRED_FIELDS = ("bill_date", "total_due")
FOUND_IF_DECLARED = (*REQUIRED_FIELDS, "number")

# what a charge's pattern may capture, and what a context may hand to the charges below it
CONTEXT_GROUPS = frozenset(
    {"description", "code", "circuit_id", "tn", "location", "unit", "quantity", "unit_price"}
    | {"period_start", "period_end"}
)
CHARGE_GROUPS = CONTEXT_GROUPS | {"amount", "tax_percent"}


# what a column of a table may hold; "" is read by nobody
COLUMN_FIELDS = CHARGE_GROUPS | {"period", ""}
HEAD_FIELDS = CONTEXT_GROUPS - {"quantity", "unit_price", "unit"}


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Where a header field stands: the first of `patterns` found anywhere, the words beside or below `label`, or those
    in `region` where there is no label or it is not found."""

    name: str
    patterns: Patterns = ()
    label: str = ""
    where: str = "right"  # right, below
    page: str = "any"  # any, first, last, or a number
    take: str = "only"  # only (all findings must agree), first, last, sum
    negative: bool = False  # printed without a sign, but meant as a credit
    formats: tuple[str, ...] = ()  # dates of this field, where they differ from the layout's
    region: Box | None = None
    charge: bool = False  # the printed total of taxes is a charge of its own, for no line of the bill is


@dataclass(frozen=True, slots=True)
class LineRule:
    """A charge: one of `patterns` matches the whole line; lines right below that match `more` belong to it."""

    patterns: Patterns
    more: Patterns = ()
    charge_type: ChargeType | None = None
    fixed: Mapping[str, str] = field(default_factory=dict)  # groups that are the same for every such charge
    negative: bool = False
    skip_zero: bool = False
    tax_percent: Decimal | None = None  # the printed amount includes this much tax


@dataclass(frozen=True, slots=True)
class ContextRule:
    """A line that says where the charges below it belong, such as a site or a circuit."""

    patterns: Patterns
    clears: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the bill: from a line that fits `starts` to one that fits `stops`."""

    name: str
    starts: Patterns
    stops: Patterns
    lines: tuple[LineRule, ...]
    contexts: tuple[ContextRule, ...] = ()
    ignores: Patterns = ()
    columns: tuple[int, ...] = ()  # right ends of all columns but the last, in hundredths of a point
    charge_type: ChargeType | None = None
    in_billing_period: bool = False  # charges that print no period are for the bill's own


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table between two heights of the ruler, in hundredths of a point from the left."""

    field: str
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class TableRule:
    """A table of charges: begun by its headings, again on each page, each row with its amount in one column."""

    section: Section  # its name, charge type and period, as charges are told of them
    rule: LineRule
    header: tuple[str, ...]
    columns: tuple[Column, ...]
    pages: tuple[str, ...] = ("any",)  # any, first, last, or numbers
    ends: tuple[str, ...] = ()  # texts with which the line after the table begins
    subtotals: tuple[str, ...] = ()  # texts with which lines begin that sum up rows
    wrap: str = "above"  # above, below, none: where the rest of a row without an amount belongs
    heads: str = ""  # the field that a row of its own names for the rows below


@dataclass(frozen=True, slots=True)
class Anchor:
    """A text that stood there when the layout was accepted."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class ChargeRule:
    """What a charge is, told by its description: used where neither its line nor its code says."""

    pattern: re.Pattern[str]
    charge_type: ChargeType | None
    code: str


@dataclass(frozen=True, slots=True)
class Layout:
    """One carrier's way of printing its bills."""

    name: str
    carrier: str
    claims: tuple[str, ...]
    fields: tuple[FieldRule, ...]
    sections: tuple[Section, ...]
    refuses: tuple[str, ...] = ()
    currency: str = ""
    language: str = "en"
    number_format: NumberFormat = PLAIN
    date_formats: tuple[str, ...] = ()
    period_end: str = "inclusive"  # inclusive, exclusive
    contexts: tuple[ContextRule, ...] = ()
    ignores: Patterns = ()
    top: int = 0  # sections look at lines between these two heights only, in hundredths of a point
    bottom: int = 1_000_000
    charge_codes: Mapping[str, ChargeType] = field(default_factory=dict)
    charge_rules: tuple[ChargeRule, ...] = ()
    credit_note: Patterns = ()
    credit_note_negate: bool = False
    tables: tuple[TableRule, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    anchor_tolerance: int = 1200

    def is_claimed_by(self, text: str) -> bool:
        """Whether all of `claims`, and none of `refuses`, stand in the text of the first page; blanks do not count."""
        squeezed = squeeze(text)
        return all(squeeze(claim) in squeezed for claim in self.claims) and not any(
            squeeze(refusal) in squeezed for refusal in self.refuses
        )


def squeeze(text: str) -> str:
    """`text` for comparing: without blanks, case folded. Two readers of a PDF rarely agree on its blanks."""
    return "".join(text.split()).casefold()
