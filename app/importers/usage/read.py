"""Call records and traffic samples by a mapping, row by row into batches of columns.

Rows in = rows accepted + rows rejected: each rejected row is an issue with its reason, and a file with more of them
than its mapping bears is refused whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from app.domain.parsed import ParsedDocument
from app.domain.parsed_usage import ParsedSamples, ParsedUsage
from app.domain.source import Source
from app.importers.registry import DocumentHead
from app.importers.tabular.cells import Cell, header_key, read_text
from app.importers.tabular.delimited import decode_table, find_delimiter, stream_csv
from app.importers.tabular.header import check_columns, find_header
from app.importers.tabular.issues import IssueList
from app.importers.tabular.sheets import MAX_COLUMNS, GridFault, Row
from app.importers.tabular.workbook import read_workbook
from app.importers.usage.amounts import read_charge, read_duration, read_octets
from app.importers.usage.mapping import CALLS, UsageMapping
from app.importers.values import BadValue

BATCH_ROWS = 50_000
_HEADER_ROWS = 50
Owner = tuple[str, str]  # carrier, ban


@dataclass(slots=True)
class _Batches:
    """Rows of one account, in columns; `full` are the batches that are complete."""

    rows: list[tuple[object, ...]] = field(default_factory=list)
    full: list[tuple[tuple[object, ...], ...]] = field(default_factory=list)

    def add(self, row: tuple[object, ...]) -> None:
        self.rows.append(row)
        if len(self.rows) == BATCH_ROWS:
            self.close()

    def close(self) -> None:
        if self.rows:
            self.full.append(tuple(zip(*self.rows, strict=True)))
            self.rows = []


def read_usage(mapping: UsageMapping, content: bytes, head: DocumentHead) -> ParsedDocument:
    """The usage in a file. With an ERROR among the issues there is none."""
    reader = _UsageReader(mapping)
    try:
        reader.read(_open_rows(mapping, content, head.media))
    except GridFault as fault:
        reader.issues.add(fault.issue)
    return reader.finish()


def _open_rows(mapping: UsageMapping, content: bytes, media: str) -> Iterator[Row]:
    """The file's rows one by one; of a workbook those of its first visible sheet."""
    if media == "xlsx":
        sheets = read_workbook(content).sheets
        return iter(sheets[0].rows if sheets else ())
    text = decode_table(content, mapping.form.encoding)
    return stream_csv(text, mapping.form.delimiter or find_delimiter(text))


class _UsageReader:
    def __init__(self, mapping: UsageMapping) -> None:
        self.mapping = mapping
        self.issues = IssueList()
        self.accepted = self.rejected = 0
        self.places: dict[str, list[int]] = {}
        self.batches: dict[Owner, _Batches] = {}

    def read(self, rows: Iterable[Row]) -> None:
        """Take all rows in or reject them, each for itself."""
        rows = self._find_columns(iter(rows))
        read_row = self._read_call if self.mapping.record == CALLS else self._read_sample
        for row in rows:
            try:
                cells = self._cells(row)
                owner = self._owner(cells)
                values = read_row(cells)
            except BadValue as fault:
                self.rejected += 1
                self.issues.warn(
                    "row-rejected",
                    f"The row was left out: {fault}",
                    "Correct the row in the file.",
                    Source(row=row.number),
                )
                continue
            self.accepted += 1
            self.batches.setdefault(owner, _Batches()).add((*values, row.number))

    def finish(self) -> ParsedDocument:
        """The document of all that was read."""
        name = self.mapping.importer_name
        total = self.accepted + self.rejected
        if self.rejected * 100 > self.mapping.most_rejected * total:
            most = self.mapping.most_rejected
            message = (
                f"{self.rejected:,} of {total:,} rows cannot be read, and at most {most} per cent may be left out."
            )
            remedy = f"Mend the rows that are named, or most_rejected_percent or the formats of '{self.mapping.name}'."
            self.issues.error("too-many-rejected", message, remedy)
        elif total:
            self.issues.tell(
                "rows-counted", f"{total:,} rows read: {self.accepted:,} taken in, {self.rejected:,} left out."
            )
        elif not self.issues.refused:
            self.issues.error("no-rows", "The file holds no rows of usage.", "Look whether the file is complete.")
        if self.issues.refused:
            return ParsedDocument(name, issues=self.issues.close())
        usage, samples = [], []
        for owner, batches in self.batches.items():
            batches.close()
            for columns in batches.full:
                if self.mapping.record == CALLS:
                    usage.append(ParsedUsage(*owner, self.mapping.currency, *columns))  # type: ignore[arg-type]
                else:
                    samples.append(ParsedSamples(*owner, *columns))  # type: ignore[arg-type]
        return ParsedDocument(name, usage=tuple(usage), samples=tuple(samples), issues=self.issues.close())

    def _find_columns(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Find the header and with it the places of the columns; the rows that follow it."""
        mapping = self.mapping
        first = [row for _, row in zip(range(_HEADER_ROWS), rows, strict=False)]
        if mapping.has_header:
            wanted = [name for spec in mapping.columns.values() for name in spec.columns]
            header = find_header("", first, wanted)
            if header is None:
                if first:
                    message = f"No row with the column names was found; wanted are {', '.join(wanted)}."
                    remedy = f"Look whether this is the right file, or change the columns of '{mapping.name}'."
                    self.issues.error("no-header", message, remedy)
                return iter(())
            needed = [name for spec in mapping.columns.values() if not spec.optional for name in spec.columns]
            check_columns(header, needed, self.issues, f"the name in the mapping '{mapping.name}'")
            if self.issues.refused:
                return iter(())
            self.places = _places(mapping, header.positions)
            first = [row for row in first if row.number > header.row.number]
        else:
            self.places = _places(mapping, {str(number + 1): number for number in range(MAX_COLUMNS)})
        return chain(first, rows)

    def _cells(self, row: Row) -> dict[str, Cell]:
        """The row's cell of each field; several columns of one field are joined with a blank."""
        cells, length = row.cells, len(row.cells)
        found: dict[str, Cell] = {}
        for name, places in self.places.items():
            if len(places) == 1:
                found[name] = cells[places[0]] if places[0] < length else ""
            else:
                found[name] = " ".join(read_text(cells[place]) for place in places if place < length)
        return found

    def _owner(self, cells: dict[str, Cell]) -> Owner:
        owner = (
            self.mapping.carrier or read_text(cells.get("carrier", "")),
            self.mapping.ban or read_text(cells.get("ban", "")),
        )
        if not all(owner):
            raise BadValue(text="", why=f"the {'account' if owner[0] else 'carrier'} is empty")
        return owner

    def _read_call(self, cells: dict[str, Cell]) -> tuple[object, ...]:
        mapping = self.mapping
        other = read_text(cells.get("other_party", ""))
        return (
            mapping.numbers.normalise(read_text(cells["tn"])),
            mapping.numbers.normalise_other(other),
            mapping.moment.read(cells["start"]),
            read_duration(cells["seconds"], mapping.duration, mapping.form.number),
            read_charge(cells.get("billed", ""), mapping.form.number),
        )

    def _read_sample(self, cells: dict[str, Cell]) -> tuple[object, ...]:
        mapping = self.mapping
        circuit_id = read_text(cells["circuit_id"])
        if not circuit_id:
            raise BadValue(text="", why="the circuit ID is empty")
        ended = mapping.moment.read(cells["end"]) + (mapping.bin_seconds if mapping.stamped_at_start else 0)
        octets = (
            read_octets(cells[name], mapping.rate, mapping.bin_seconds, mapping.form.number) for name in ("in", "out")
        )
        return (circuit_id, ended, *octets)


def _places(mapping: UsageMapping, positions: Mapping[str, int]) -> dict[str, list[int]]:
    return {
        name: [positions[header_key(column)] for column in spec.columns if header_key(column) in positions]
        for name, spec in mapping.columns.items()
    }
