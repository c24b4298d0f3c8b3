"""A bank mapping as values: docs/formats/bank-statements.md says what each key means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.importers.tabular.claims import Claims, read_claims
from app.importers.tabular.definition import TomlTable, open_mappings, read_currency
from app.importers.tabular.fields import FieldSpec, ValueFormat, read_field, read_format

KIND = "bank-mapping"
FIELDS = (
    "booked",
    "valued",
    "amount",
    "side",
    "debit",
    "credit",
    "balance",
    "reference",
    "bank_reference",
    "party",
    "party_account",
    "text",
    "code",
    "account",
    "currency",
)


@dataclass(frozen=True, slots=True)
class BankMapping:
    """How a bank's table of movements is read: amounts in one column with a sign, or in two."""

    name: str
    account: str
    currency: str
    bank: str
    intraday: bool
    claims: Claims
    form: ValueFormat
    columns: Mapping[str, FieldSpec]


def open_bank_mappings(mappings: Sequence[str]) -> tuple[BankMapping, ...]:
    """The bank mappings among `mappings`; raises MappingFault with the key that is wrong."""
    return tuple(_read_mapping(name, table) for name, table in open_mappings(mappings, KIND))


def _read_mapping(name: str, table: TomlTable) -> BankMapping:
    columns = _read_columns(table.table("columns"))
    table.raw("columns")
    found = BankMapping(
        name=name,
        account=table.text("account", ""),
        currency=read_currency(table),
        bank=table.text("bank", ""),
        intraday=table.truth("intraday"),
        claims=read_claims(table),
        form=read_format(table),
        columns=columns,
    )
    table.finish()
    for key, written in (("account", found.account), ("currency", found.currency)):
        if bool(written) == (key in columns):
            raise table.fault(key, f"either {key} or columns.{key} must say it, and not both")
    return found


def _read_columns(table: TomlTable) -> dict[str, FieldSpec]:
    specs = {key: spec for key in FIELDS if (spec := read_field(table, key)) is not None}
    table.finish()
    for key, spec in specs.items():
        if not spec.in_rows:
            raise table.fault(key, "a column of the rows is wanted")
    if "booked" not in specs:
        raise table.fault("booked", "a column with the day of booking is wanted")
    two = "debit" in specs and "credit" in specs
    if ("amount" in specs) == two or ("debit" in specs) != ("credit" in specs):
        raise table.fault("amount", "either amount, or both debit and credit are wanted")
    if "side" in specs and "amount" not in specs:
        raise table.fault("side", "only a column of amounts has one beside it that says debit or credit")
    return specs
