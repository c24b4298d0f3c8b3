"""A bill mapping as values: docs/formats/bill-mappings.md says what each key means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.vocabulary import ChargeType, DocumentKind
from app.importers.tabular.cells import Cell, header_key, read_text
from app.importers.tabular.claims import BILL_TABLES, Claims, read_claims
from app.importers.tabular.definition import TomlTable, open_mappings, read_currency
from app.importers.tabular.fields import FieldSpec, ValueFormat, read_field, read_format
from app.importers.tabular.fixed import FixedLayout, read_fixed_layout

KIND = "bill-mapping"
TEXT_FIELDS = ("number", "ban", "currency", "corrects", "kind")
DATE_FIELDS = ("bill_date", "due_date", "period_start", "period_end", "period")
ROW_FIELDS = (
    "previous_balance",
    "payments_applied",
    "current_charges",
    "total_due",
    "net_total",
    "tax_total",
    "rounding",
)
INVOICE_FIELDS = TEXT_FIELDS + DATE_FIELDS + ROW_FIELDS
CHARGE_FIELDS = (
    "description",
    "code",
    "amount",
    "quantity",
    "unit",
    "unit_price",
    "circuit_id",
    "tn",
    "location",
    "period_start",
    "period_end",
    "period",
)
SKIP = "skip"


@dataclass(frozen=True, slots=True)
class RowRule:
    """Rows that are no charges: those whose `column` is one of `values`, begins with one of `starts`, or is empty."""

    column: str
    values: frozenset[str]
    starts: tuple[str, ...]
    blank: bool
    use: str  # SKIP or a field of the invoice
    value: str  # the column of the amount; "" for that of the charges
    negate: bool

    def fits(self, cell: Cell) -> bool:
        """Whether a row with this cell in the rule's column is meant."""
        if cell == "":
            return self.blank
        key = header_key(read_text(cell))
        return key in self.values or (bool(self.starts) and key.startswith(self.starts))


@dataclass(frozen=True, slots=True)
class TypeRules:
    """How a row's ChargeType is known."""

    column: str
    values: Mapping[str, ChargeType]  # by header key
    codes: Mapping[str, ChargeType]  # by header key
    negative: ChargeType | None
    default: ChargeType | None

    @property
    def told(self) -> bool:
        """Whether the mapping says anything of types; if not, posting finds them from words."""
        return bool(self.values or self.codes or self.negative or self.default)


@dataclass(frozen=True, slots=True)
class AmountColumn:
    """A further column whose amounts are charges of their own."""

    column: str
    charge_type: ChargeType
    description: str
    code: str
    negate: bool


@dataclass(frozen=True, slots=True)
class ChargeSection:
    """The charges of one sheet."""

    sheet: str
    header_row: int | None
    columns: Mapping[str, FieldSpec]
    types: TypeRules
    amounts: tuple[AmountColumn, ...]
    rules: tuple[RowRule, ...]
    period_of_bill: frozenset[ChargeType]


@dataclass(frozen=True, slots=True)
class BillMapping:
    """How one carrier's table is read as bills."""

    name: str
    carrier: str
    currency: str
    claims: Claims
    form: ValueFormat
    invoice: Mapping[str, FieldSpec]
    sections: tuple[ChargeSection, ...]
    fixed: FixedLayout | None = None

    def wanted_columns(self, section: ChargeSection) -> tuple[str, ...]:
        """Names of the columns that the section's rows must have."""
        return tuple(name for name, needed in self.used_columns(section) if needed)

    def used_columns(self, section: ChargeSection) -> list[tuple[str, bool]]:
        """Names of all columns that the section's rows are read by, and whether they must be there."""
        specs = [spec for spec in (*self.invoice.values(), *section.columns.values()) if spec.in_rows]
        used = [(name, not spec.optional) for spec in specs for name in spec.columns]
        used += [(section.types.column, True)] if section.types.column else []
        used += [(one.column, True) for one in section.amounts]
        used += [(name, True) for rule in section.rules for name in (rule.column, rule.value) if name]
        return used


def open_bill_mappings(mappings: Sequence[str]) -> tuple[BillMapping, ...]:
    """The bill mappings among `mappings`; raises MappingFault with the key that is wrong."""
    return tuple(_read_mapping(name, table) for name, table in open_mappings(mappings, KIND))


def _read_mapping(name: str, table: TomlTable) -> BillMapping:
    invoice = _read_invoice(table.table("invoice"))
    form = read_format(table)
    table.raw("format")
    found = BillMapping(
        name=name,
        carrier=table.text("carrier"),
        currency=read_currency(table),
        claims=read_claims(table, BILL_TABLES, form.encoding or ""),
        form=form,
        invoice=invoice,
        sections=tuple(_read_section(one) for one in table.tables("charges")),
        fixed=read_fixed_layout(table),
    )
    table.raw("invoice")
    table.finish()
    if not found.sections:
        raise table.fault("charges", "it must say where the charges stand")
    if (found.claims.media == "fixed") != (found.fixed is not None):
        raise table.fault(
            "fixed", "a mapping for files of fixed width, and only such a one, says where its columns are"
        )
    if not found.currency and "currency" not in invoice:
        raise table.fault("currency", "a currency code is wanted here, or invoice.currency")
    return found


def _read_invoice(table: TomlTable) -> dict[str, FieldSpec]:
    specs = {key: spec for key in INVOICE_FIELDS if (spec := read_field(table, key)) is not None}
    table.finish()
    for key in ("number", "bill_date"):
        if key not in specs:
            raise table.fault(key, "every bill has one: say where it stands")
    _check_periods(table, specs)
    kinds = specs["kind"].values.values() if "kind" in specs else ()
    for meant in kinds:
        table.to_word("kind.values", meant, DocumentKind)
    return specs


def _read_section(table: TomlTable) -> ChargeSection:
    columns = table.table("columns")
    specs = {key: spec for key in CHARGE_FIELDS if (spec := read_field(columns, key)) is not None}
    columns.finish()
    _check_periods(columns, specs)
    for key, spec in specs.items():
        if not spec.in_rows and spec.value is None:
            raise columns.fault(key, "a column of the rows, or a value, is wanted")
    amounts = tuple(_read_amount_column(one) for one in table.tables("amounts"))
    if "amount" not in specs and not amounts:
        raise columns.fault("amount", "the column of the amount is wanted, or charges.amounts")
    rules = tuple(_read_rule(one, "amount" in specs) for one in table.tables("rows"))
    header_row = table.whole("header_row", 0, 1, 10_000) or None
    sheet = table.text("sheet", "")
    types = _read_types(table.table("types"))
    period_of_bill = frozenset(
        table.to_word("period_of_bill", one, ChargeType) for one in table.texts("period_of_bill")
    )
    for key in ("columns", "types"):
        table.raw(key)
    table.finish()
    return ChargeSection(sheet, header_row, specs, types, amounts, rules, period_of_bill)


def _check_periods(table: TomlTable, specs: Mapping[str, FieldSpec]) -> None:
    if ("period_start" in specs) != ("period_end" in specs):
        raise table.fault("period_start", "period_start and period_end belong together")
    if "period" in specs:
        if "period_start" in specs:
            raise table.fault("period", "either period, or period_start and period_end")
        if not specs["period"].month and not specs["period"].split:
            raise table.fault("period", "either split or month must say how the period is written")


def _read_types(table: TomlTable) -> TypeRules:
    found = TypeRules(
        column=table.text("column", ""),
        values={header_key(said): meant for said, meant in table.words("values", ChargeType).items()},
        codes={header_key(said): meant for said, meant in table.words("codes", ChargeType).items()},
        negative=table.word("negative", ChargeType),
        default=table.word("default", ChargeType),
    )
    table.finish()
    if bool(found.column) != bool(found.values):
        raise table.fault("column", "column and values belong together")
    return found


def _read_amount_column(table: TomlTable) -> AmountColumn:
    column = table.text("column")
    charge_type = table.word("charge_type", ChargeType)
    if charge_type is None:
        raise table.fault("charge_type", f"one of {', '.join(ChargeType)} is wanted")
    found = AmountColumn(
        column, charge_type, table.text("description", column), table.text("code", ""), table.truth("negate")
    )
    table.finish()
    return found


def _read_rule(table: TomlTable, has_amount: bool) -> RowRule:
    use = table.choice("use", (SKIP, *ROW_FIELDS), "")
    rule = RowRule(
        column=table.text("column"),
        values=frozenset(map(header_key, table.texts("is"))),
        starts=tuple(map(header_key, table.texts("starts"))),
        blank=table.truth("blank"),
        use=use,
        value=table.text("value", ""),
        negate=table.truth("negate"),
    )
    table.finish()
    if not (rule.values or rule.starts or rule.blank):
        raise table.fault("is", "is, starts or blank must say which rows are meant")
    if use != SKIP and not rule.value and not has_amount:
        raise table.fault("value", "the column of the amount is wanted")
    return rule
