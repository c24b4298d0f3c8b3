"""A usage mapping as values: docs/formats/call-records.md, traffic-samples.md and meter-readings.md say what each key
means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import D, NotAnAmount
from app.domain.vocabulary import ReadingKind
from app.importers.tabular.cells import header_key
from app.importers.tabular.claims import Claims, read_claims
from app.importers.tabular.definition import TomlTable, open_mappings, read_currency
from app.importers.tabular.fields import FieldSpec, ValueFormat, read_field, read_format
from app.importers.usage.amounts import DURATIONS, RATES, UNITS
from app.importers.usage.moments import MomentFormat, read_moment_format
from app.importers.usage.numbers import NumberRules, read_number_rules
from app.importers.usage.shape import Shape, read_shape
from app.importers.usage.tickets import OUTAGES, WORK, TicketMapping, read_ticket_mapping

KIND = "usage-mapping"
CALLS, SAMPLES, READINGS = "calls", "samples", "readings"
_FIELDS = {
    CALLS: ("carrier", "ban", "tn", "other_party", "start", "seconds", "billed"),
    SAMPLES: ("carrier", "ban", "circuit_id", "end", "in", "out", "uptime"),
    READINGS: ("carrier", "ban", "circuit_id", "at", "value", "volts"),
}
_NEEDED = {
    CALLS: ("tn", "start", "seconds"),
    SAMPLES: ("circuit_id", "end", "in", "out"),
    READINGS: ("circuit_id", "at", "value"),
}
_OF_A_PORT = ("circuit_id", "in", "out", "value")  # what is told of each port or meter that has columns of its own
_IMPORTERS = {CALLS: "call-records", SAMPLES: "traffic-samples", READINGS: "meter-readings"}


@dataclass(frozen=True, slots=True)
class RowRules:
    """Which rows below the header count: conditions of columns, by name as printed, and texts folded for comparing."""

    below_header: int = 0
    only: tuple[tuple[str, frozenset[str]], ...] = ()
    skip: tuple[tuple[str, frozenset[str]], ...] = ()
    pass_unanswered: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are asked."""
        return tuple(dict.fromkeys(name for name, _ in (*self.only, *self.skip)))


@dataclass(frozen=True, slots=True)
class Port:
    """A port or meter with columns of its own: of octets in and out, or of readings."""

    circuit_id: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UsageMapping:
    """How a table of calls, samples or readings is read."""

    name: str
    record: str  # CALLS, SAMPLES or READINGS
    carrier: str
    ban: str
    currency: str
    claims: Claims
    form: ValueFormat
    has_header: bool
    header: tuple[str, ...]
    columns: Mapping[str, FieldSpec]
    rows: RowRules
    shape: Shape | None
    moment: MomentFormat
    numbers: NumberRules
    duration: str
    rate: str
    bin_seconds: int
    stamped_at_start: bool
    counter_bits: int
    port_mbits: int
    ports: tuple[Port, ...]
    reading: ReadingKind
    unit: str
    factor: Decimal
    register: Decimal | None
    most_rejected: Decimal  # per cent of the rows

    @property
    def importer_name(self) -> str:
        return f"{_IMPORTERS[self.record]}:{self.name}"

    @property
    def wanted(self) -> tuple[str, ...]:
        """The columns that must be there."""
        fields = [name for spec in self.columns.values() if not spec.optional for name in spec.columns]
        return tuple(
            dict.fromkeys([*fields, *self.rows.columns, *(name for port in self.ports for name in port.columns)])
        )


def open_usage_mappings(mappings: Sequence[str]) -> tuple[UsageMapping | TicketMapping, ...]:
    """The usage mappings among `mappings`; raises MappingFault with the key that is wrong."""
    found: list[UsageMapping | TicketMapping] = []
    for name, table in open_mappings(mappings, KIND):
        record = table.choice("record", (CALLS, SAMPLES, READINGS, WORK, OUTAGES), CALLS)
        tickets = record in (WORK, OUTAGES)
        found.append(read_ticket_mapping(name, record, table) if tickets else _read_mapping(name, record, table))
    return tuple(found)


def _read_mapping(name: str, record: str, table: TomlTable) -> UsageMapping:
    ports = _read_ports(table, record)
    columns = _read_columns(table.table("columns"), record, bool(ports))
    form = read_format(table)
    unit = table.choice("unit", tuple(UNITS), "kwh")
    register = _read_decimal(table, "register", "")
    found = UsageMapping(
        name=name,
        record=record,
        carrier=table.text("carrier", ""),
        ban=table.text("ban", ""),
        currency=read_currency(table),
        claims=read_claims(table),
        has_header=not table.truth("no_header"),
        header=table.texts("header"),
        columns=columns,
        rows=_read_rows(table),
        moment=read_moment_format(table),
        form=form,
        shape=read_shape(table, form.delimiter),
        numbers=read_number_rules(table),
        duration=table.choice("duration", DURATIONS, "seconds"),
        rate=table.choice("rate", RATES, "octets"),
        bin_seconds=table.whole("bin_seconds", 300, 1, 86_400),
        stamped_at_start=table.truth("stamped_at_start"),
        counter_bits=table.whole("counter_bits", 64, 32, 64),
        port_mbits=table.whole("port_mbits", 0, 0, 10_000_000),
        ports=ports,
        reading=UNITS[unit][0],
        unit=unit,
        factor=_read_decimal(table, "factor", "1") or Decimal(1),
        register=register,
        most_rejected=_read_share(table),
    )
    table.finish()
    _check(table, found)
    return found


def _check(table: TomlTable, found: UsageMapping) -> None:
    for key, written in (("carrier", found.carrier), ("ban", found.ban)):
        if bool(written) == (key in found.columns):
            raise table.fault(key, f"either {key} or columns.{key} must say whose usage it is")
    if found.counter_bits not in (32, 64):
        raise table.fault("counter_bits", "32 or 64 is wanted")
    if found.header and found.has_header:
        raise table.fault("header", "column names are told only of a file without a row of them: no_header = true")
    if found.unit == "amps" and "volts" not in found.columns:
        raise table.fault("unit", 'amps need columns.volts: a column, or { value = "230" }')


def _read_columns(table: TomlTable, record: str, has_ports: bool) -> dict[str, FieldSpec]:
    specs = {key: spec for key in _FIELDS[record] if (spec := read_field(table, key)) is not None}
    table.finish()
    for key in _NEEDED[record]:
        if has_ports and key in _OF_A_PORT:
            if key in specs:
                raise table.fault(key, "each port or meter tells its own columns under [[ports]]")
        elif key not in specs:
            raise table.fault(key, "a column is wanted")
    for key, spec in specs.items():
        if not spec.in_rows and not (key == "volts" and spec.value is not None):
            raise table.fault(key, "a column of the rows is wanted")
    return specs


def _read_ports(table: TomlTable, record: str) -> tuple[Port, ...]:
    wanted = {SAMPLES: ("in", "out"), READINGS: ("value",)}.get(record, ())
    ports = []
    for port in table.tables("ports"):
        if not wanted:
            raise table.fault("ports", "calls have no ports")
        ports.append(Port(port.text("circuit_id"), tuple(port.text(key) for key in wanted)))
        port.finish()
    return tuple(ports)


def _read_rows(table: TomlTable) -> RowRules:
    rows = table.table("rows")
    found = RowRules(
        rows.whole("below_header", 0, 0, 40),
        _read_conditions(rows, "only"),
        _read_conditions(rows, "skip"),
        rows.choice("unanswered", ("keep", "skip"), "keep") == "skip",
    )
    rows.finish()
    return found


def _read_conditions(rows: TomlTable, key: str) -> tuple[tuple[str, frozenset[str]], ...]:
    conditions = rows.table(key)
    names = conditions.keys()
    return tuple((name, frozenset(map(header_key, _texts(conditions, name)))) for name in names)


def _texts(table: TomlTable, key: str) -> tuple[str, ...]:
    """A list of texts under `key`; "" among them is an empty cell."""
    value = table.raw(key)
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values or not all(isinstance(one, str) for one in values):
        raise table.fault(key, "a text or a list of texts is wanted")
    return tuple(values)


def _read_decimal(table: TomlTable, key: str, default: str) -> Decimal | None:
    written = table.text(key, default)
    if not written:
        return None
    try:
        found = D(written)
    except NotAnAmount as fault:
        raise table.fault(key, 'a number in quotes such as "0.5" is wanted') from fault
    if found <= 0:
        raise table.fault(key, "a number above 0 is wanted")
    return found


def _read_share(table: TomlTable) -> Decimal:
    written = table.text("most_rejected_percent", "1")
    try:
        share = D(written)
    except NotAnAmount as fault:
        raise table.fault("most_rejected_percent", 'a number in quotes such as "0.5" is wanted') from fault
    if not 0 <= share <= 100:
        raise table.fault("most_rejected_percent", "a number from 0 to 100 is wanted")
    return share
