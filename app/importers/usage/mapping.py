"""A usage mapping as values: docs/formats/call-records.md and traffic-samples.md say what each key means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import D, NotAnAmount
from app.importers.tabular.claims import Claims, read_claims
from app.importers.tabular.definition import TomlTable, open_mappings, read_currency
from app.importers.tabular.fields import FieldSpec, ValueFormat, read_field, read_format
from app.importers.usage.amounts import DURATIONS, RATES
from app.importers.usage.moments import MomentFormat, read_moment_format
from app.importers.usage.numbers import NumberRules, read_number_rules

KIND = "usage-mapping"
CALLS, SAMPLES = "calls", "samples"
_FIELDS = {
    CALLS: ("carrier", "ban", "tn", "other_party", "start", "seconds", "billed"),
    SAMPLES: ("carrier", "ban", "circuit_id", "end", "in", "out"),
}
_NEEDED = {CALLS: ("tn", "start", "seconds"), SAMPLES: ("circuit_id", "end", "in", "out")}


@dataclass(frozen=True, slots=True)
class UsageMapping:
    """How a table of calls or samples is read."""

    name: str
    record: str  # CALLS or SAMPLES
    carrier: str
    ban: str
    currency: str
    claims: Claims
    form: ValueFormat
    has_header: bool
    columns: Mapping[str, FieldSpec]
    moment: MomentFormat
    numbers: NumberRules
    duration: str
    rate: str
    bin_seconds: int
    stamped_at_start: bool
    most_rejected: Decimal  # per cent of the rows

    @property
    def importer_name(self) -> str:
        return f"{'call-records' if self.record == CALLS else 'traffic-samples'}:{self.name}"


def open_usage_mappings(mappings: Sequence[str]) -> tuple[UsageMapping, ...]:
    """The usage mappings among `mappings`; raises MappingFault with the key that is wrong."""
    return tuple(_read_mapping(name, table) for name, table in open_mappings(mappings, KIND))


def _read_mapping(name: str, table: TomlTable) -> UsageMapping:
    record = table.choice("record", (CALLS, SAMPLES), CALLS)
    columns = _read_columns(table.table("columns"), record)
    table.raw("columns")
    found = UsageMapping(
        name=name,
        record=record,
        carrier=table.text("carrier", ""),
        ban=table.text("ban", ""),
        currency=read_currency(table),
        claims=read_claims(table),
        has_header=not table.truth("no_header"),
        columns=columns,
        moment=read_moment_format(table),
        form=read_format(table),
        numbers=read_number_rules(table),
        duration=table.choice("duration", DURATIONS, "seconds"),
        rate=table.choice("rate", RATES, "octets"),
        bin_seconds=table.whole("bin_seconds", 300, 1, 86_400),
        stamped_at_start=table.truth("stamped_at_start"),
        most_rejected=_read_share(table),
    )
    table.finish()
    for key, written in (("carrier", found.carrier), ("ban", found.ban)):
        if bool(written) == (key in columns):
            raise table.fault(key, f"either {key} or columns.{key} must say whose usage it is")
    return found


def _read_columns(table: TomlTable, record: str) -> dict[str, FieldSpec]:
    specs = {key: spec for key in _FIELDS[record] if (spec := read_field(table, key)) is not None}
    table.finish()
    for key in _NEEDED[record]:
        if key not in specs:
            raise table.fault(key, "a column is wanted")
    for key, spec in specs.items():
        if not spec.in_rows:
            raise table.fault(key, "a column of the rows is wanted")
    return specs


def _read_share(table: TomlTable) -> Decimal:
    written = table.text("most_rejected_percent", "1")
    try:
        share = D(written)
    except NotAnAmount as fault:
        raise table.fault("most_rejected_percent", 'a number in quotes such as "0.5" is wanted') from fault
    if not 0 <= share <= 100:
        raise table.fault("most_rejected_percent", "a number from 0 to 100 is wanted")
    return share
