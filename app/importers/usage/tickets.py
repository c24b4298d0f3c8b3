"""Tickets by a mapping: jobs of remote hands and outages, each row a record; a faulty row keeps the whole file out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.domain.parsed import ParsedDocument
from app.domain.parsed_records import ParsedOutage, ParsedRecord, ParsedWork
from app.domain.source import Source
from app.importers.registry import DocumentHead
from app.importers.tabular.cells import Cell, header_key, read_rate, read_text
from app.importers.tabular.claims import Claims, read_claims
from app.importers.tabular.definition import TomlTable
from app.importers.tabular.fields import FieldSpec, ValueFormat, read_field, read_format
from app.importers.tabular.grid import read_grid
from app.importers.tabular.header import Header, check_columns, find_header
from app.importers.tabular.issues import IssueList
from app.importers.tabular.sheets import GridFault, Row
from app.importers.usage.amounts import read_duration
from app.importers.usage.moments import MomentFormat, read_moment_format
from app.importers.values import BadValue

WORK, OUTAGES = "work", "outages"
DURATIONS = ("minutes", "hours", "h:m", "h:m:s")
_FIELDS = {
    WORK: (
        "carrier",
        "ban",
        "reference",
        "start",
        "end",
        "minutes",
        "circuit_id",
        "location",
        "after_hours",
        "expedited",
        "description",
    ),
    OUTAGES: ("carrier", "ban", "reference", "start", "end", "circuit_id", "tn", "excluded", "description"),
}
_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"no", "n", "false", "0", ""})
_HOURS = re.compile(r"([0-9]{1,4}):([0-5][0-9])", re.ASCII)
_LONGEST_JOB = 1440 * 366  # minutes


@dataclass(frozen=True, slots=True)
class TicketMapping:
    """How a table of tickets is read."""

    name: str
    record: str  # WORK or OUTAGES
    carrier: str
    claims: Claims
    form: ValueFormat
    moment: MomentFormat
    columns: Mapping[str, FieldSpec]
    duration: str = "minutes"  # what `minutes` is written in


def read_ticket_mapping(name: str, record: str, table: TomlTable) -> TicketMapping:
    """The mapping in a table; raises MappingFault with the key that is wrong."""
    columns = table.table("columns")
    specs = {key: spec for key in _FIELDS[record] if (spec := read_field(columns, key)) is not None}
    columns.finish()
    found = TicketMapping(
        name,
        record,
        table.text("carrier", ""),
        read_claims(table),
        read_format(table),
        read_moment_format(table),
        specs,
        table.choice("duration", DURATIONS, "minutes") if record == WORK else "minutes",
    )
    table.finish()
    for key in ("reference", "start"):
        if key not in specs:
            raise columns.fault(key, "a column is wanted")
    if bool(found.carrier) == ("carrier" in specs):
        raise columns.fault("carrier", "either carrier or columns.carrier must say whose tickets they are")
    if record == WORK and ("end" in specs) == ("minutes" in specs):
        raise columns.fault("minutes", "either minutes or end must say how long a job took")
    if record == OUTAGES and not {"circuit_id", "tn"} & set(specs):
        raise columns.fault("circuit_id", "circuit_id or tn must say what was out")
    return found


@dataclass(frozen=True, slots=True)
class TicketImporter:
    """Reads the tickets of one layout."""

    mapping: TicketMapping

    @property
    def name(self) -> str:
        return f"{'work' if self.mapping.record == WORK else 'outage'}-tickets:{self.mapping.name}"

    def claims(self, head: DocumentHead) -> bool:
        return self.mapping.claims.hold(head)

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        form, issues = self.mapping.form, IssueList()
        try:
            grid = read_grid(content, head.media, encoding=form.encoding, delimiter=form.delimiter)
        except GridFault as fault:
            return ParsedDocument(self.name, issues=(fault.issue,))
        rows = grid.sheets[0].rows if grid.sheets else ()
        records = _read_rows(self.mapping, grid.sheets[0].name if grid.sheets else "", rows, issues)
        if not records and not issues.refused:
            issues.error("no-rows", "The file holds no tickets.", "Look whether the file is complete.")
        return ParsedDocument(self.name, records=() if issues.refused else tuple(records), issues=issues.close())


def _read_rows(mapping: TicketMapping, sheet: str, rows: tuple[Row, ...], issues: IssueList) -> list[ParsedRecord]:
    asked = [name for spec in mapping.columns.values() for name in spec.columns]
    header = find_header(sheet, rows, asked)
    if header is None:
        if rows:
            message = f"No row with the column names was found; wanted are {', '.join(asked)}."
            issues.error("no-header", message, f"Change the columns of '{mapping.name}', or the file.")
        return []
    needed = [name for spec in mapping.columns.values() if not spec.optional for name in spec.columns]
    check_columns(header, needed, issues, f"the name in the mapping '{mapping.name}'")
    if issues.refused:
        return []
    records = []
    for row in rows:
        if row.number <= header.row.number:
            continue
        source = Source(sheet=sheet, row=row.number)
        try:
            records.append(_read_row(mapping, header, row, source))
        except BadValue as fault:
            issues.error("bad-value", f"The ticket cannot be read: {fault}", "Correct the row, or the mapping.", source)
    return records


def _read_row(mapping: TicketMapping, header: Header, row: Row, source: Source) -> ParsedRecord:
    def cell(name: str) -> Cell:
        spec = mapping.columns.get(name)
        if spec is None:
            return ""
        if spec.value is not None:
            return spec.value
        cells = [header.cell(row, column) for column in spec.columns]
        return cells[0] if len(cells) == 1 else " ".join(text for text in map(read_text, cells) if text)

    def text(name: str) -> str:
        said = read_text(cell(name))
        spec = mapping.columns.get(name)
        return said if spec is None else spec.values.get(header_key(said), said)

    carrier, reference = mapping.carrier or text("carrier"), text("reference")
    if not carrier or not reference:
        raise BadValue(text="", why=f"the {'reference' if carrier else 'carrier'} is empty")
    started = mapping.moment.read(cell("start"))
    ended = None if cell("end") == "" else mapping.moment.read(cell("end"))
    if ended is not None and ended < started:
        raise BadValue(text=read_text(cell("end"))[:40], why="it ends before it starts")
    given = tuple(name for name in _FIELDS[mapping.record] if name in mapping.columns)
    if mapping.record == OUTAGES:
        if not (text("circuit_id") or text("tn")):
            raise BadValue(text="", why="neither a circuit nor a number says what was out")
        return ParsedOutage(
            carrier, reference, started, source, ended, text("ban"), text("circuit_id"), text("tn"),
            _excluded(text("excluded")), text("description"), given,
        )  # fmt: skip
    return ParsedWork(
        carrier, reference, started, _minutes(mapping, cell("minutes"), started, ended), source, text("ban"),
        text("circuit_id"), text("location"), _truth(text("after_hours")), _truth(text("expedited")),
        text("description"), given,
    )  # fmt: skip


def _minutes(mapping: TicketMapping, cell: Cell, started: int, ended: int | None) -> int:
    """Whole minutes of a job, a started one as a whole one; raises BadValue."""
    if "minutes" not in mapping.columns:
        if ended is None:
            raise BadValue(text="", why="the job has no end")
        return -(-(ended - started) // 60)
    if mapping.duration == "h:m":
        clock = _HOURS.fullmatch(read_text(cell))
        if clock is None:
            raise BadValue(text=read_text(cell)[:40], why="hours and minutes such as 1:30 are wanted")
        minutes = Decimal(int(clock[1]) * 60 + int(clock[2]))
    elif mapping.duration == "h:m:s" or (mapping.duration == "minutes" and isinstance(cell, str) and ":" in cell):
        return -(-read_duration(cell, "h:m:s", mapping.form.number) // 60)
    else:
        minutes = read_rate(cell, mapping.form.number) * (60 if mapping.duration == "hours" else 1)
    if minutes != int(minutes) or not 0 <= minutes <= _LONGEST_JOB:
        raise BadValue(text=read_text(cell)[:40], why="whole minutes are wanted")
    return int(minutes)


def _excluded(said: str) -> str:
    """Why an outage does not count, "" where it does."""
    return "" if said.casefold() in _NO else said


def _truth(said: str) -> bool:
    if said.casefold() not in _YES | _NO:
        raise BadValue(text=said[:40], why="yes or no is wanted")
    return said.casefold() in _YES
