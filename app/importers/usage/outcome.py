"""What comes of reading usage: counts, rows that were left out, and what is to be told of the whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.domain.moments import write_moment
from app.domain.money import RATE_SCALE, from_scaled
from app.domain.parsed import ParsedDocument
from app.domain.parsed_usage import ParsedReadings, ParsedSamples
from app.domain.source import Rejection, Source
from app.domain.vocabulary import ReadingKind
from app.importers.tabular.issues import IssueList
from app.importers.usage.amounts import COUNTERS
from app.importers.usage.call_sink import CallSink
from app.importers.usage.counters import count_bins, find_gaps
from app.importers.usage.mapping import CALLS, SAMPLES, UsageMapping
from app.importers.usage.series_sink import ROWS_IN_ANSWER, Owner, Series, SeriesSink, write_parts
from app.importers.usage.strict import RawRow
from app.importers.values import BadValue

MOST_REJECTIONS = 10_000
_LONGEST_TEXT = 500
_NAMED = 3  # places that are named of a series' faults


class Outcome:
    """Counts and faults of one file."""

    def __init__(self, mapping: UsageMapping) -> None:
        self.mapping = mapping
        self.issues = IssueList()
        self.accepted = self.passed = self.rejected = 0
        self._rejections: list[Rejection] = []

    def reject(self, row: RawRow, fault: BadValue) -> None:
        """Leave a row out, and say why."""
        self.rejected += 1
        if len(self._rejections) < MOST_REJECTIONS:
            self._rejections.append(Rejection(row.number, "row-rejected", str(fault)[:1000], row.text[:_LONGEST_TEXT]))

    def close(self, calls: CallSink, series: SeriesSink, folder: Path | None) -> ParsedDocument:
        """The document; with an ERROR among its issues it holds nothing."""
        name = self.mapping.importer_name
        self._rejections.sort(key=lambda one: one.row)
        self._judge_rows()
        if self.issues.refused:
            calls.discard()
            return ParsedDocument(name, rejected=tuple(self._rejections), issues=self.issues.close())
        found = ParsedDocument(name, rejected=tuple(self._rejections))
        if self.mapping.record == CALLS:
            usage, parts = calls.finish()
            found = replace(found, usage=usage, parts=parts)
        elif self.mapping.record == SAMPLES:
            found = self._add_samples(found, list(series), folder)
        else:
            found = self._add_readings(found, list(series), folder)
        return replace(found, issues=self.issues.close())

    def _judge_rows(self) -> None:
        total = self.accepted + self.rejected + self.passed
        if self.rejected:
            first = self._rejections[0]
            more = "" if self.rejected == 1 else f" The first of {self.rejected:,} rows left out."
            kept = f" {MOST_REJECTIONS:,} of them are kept." if self.rejected > MOST_REJECTIONS else ""
            self.issues.warn(
                "row-rejected",
                f"The row was left out: {first.message}{more}{kept}",
                "Correct the rows that are listed in the file.",
                Source(row=first.row),
            )
        if self.rejected * 100 > self.mapping.most_rejected * total:
            most = self.mapping.most_rejected
            message = (
                f"{self.rejected:,} of {total:,} rows cannot be read, and at most {most} per cent may be left out."
            )
            remedy = f"Mend the rows that are named, or most_rejected_percent or the formats of '{self.mapping.name}'."
            self.issues.error("too-many-rejected", message, remedy)
        elif total:
            passed = f"{self.passed:,} passed over, " if self.passed else ""
            self.issues.tell(
                "rows-counted", f"{total:,} rows read: {self.accepted:,} taken in, {passed}{self.rejected:,} left out."
            )
        elif not self.issues.refused:
            self.issues.error("no-rows", "The file holds no rows of usage.", "Look whether the file is complete.")

    def _add_samples(self, found: ParsedDocument, series: list[Series], folder: Path | None) -> ParsedDocument:
        made = [one.replace(self._bins(one)) for one in series]
        kept = [one for one in made if len(one)]
        if sum(map(len, kept)) > ROWS_IN_ANSWER and folder:
            return replace(found, parts=write_parts(kept, "samples", folder, lambda one: one.name))
        batches = []
        for owner, rows in _by_owner(kept).items():
            names, ended, octets_in, octets_out, places = zip(*rows, strict=True)
            batches.append(ParsedSamples(*owner, names, ended, octets_in, octets_out, places))
        return replace(found, samples=tuple(batches))

    def _bins(self, series: Series) -> list[tuple[int, ...]]:
        """The bins of a port, after what has to be told of it."""
        mapping, name, rows = self.mapping, series.name, series.rows()
        if mapping.rate == COUNTERS:
            bins, notes = count_bins(rows, mapping.counter_bits, mapping.bin_seconds, mapping.port_mbits)
            gaps = notes.gaps
            if notes.restarts:
                places = ", ".join(f"row {row:,}" for row in notes.restarts[:_NAMED])
                times = f"{len(notes.restarts):,} times (first at {places})"
                message = f"A counter of {name} began anew {times}: these bins are left out."
                self.issues.warn(
                    "counter-reset", message, "Look whether the device was restarted.", Source(row=notes.restarts[0])
                )
            if notes.turns:
                self.issues.tell(
                    "counter-turned", f"A counter of {name} turned over {notes.turns:,} times; this is counted."
                )
        else:
            bins, gaps = rows, find_gaps([row[0] for row in rows], mapping.bin_seconds)
        if gaps:
            first = " to ".join(map(write_moment, gaps[0]))
            message = (
                f"{name} has {len(gaps):,} gaps in its samples, the first from {first}; nothing is put in their place."
            )
            self.issues.warn("samples-missing", message, "Ask for the samples that are missing, if there are any.")
        return bins

    def _add_readings(self, found: ParsedDocument, series: list[Series], folder: Path | None) -> ParsedDocument:
        kind = self.mapping.reading
        if kind is ReadingKind.ENERGY:
            for one in series:
                self._tell_falls(one)
        if sum(map(len, series)) > ROWS_IN_ANSWER and folder:
            return replace(found, parts=write_parts(series, "readings", folder, lambda one: f"{kind.value}:{one.name}"))
        batches = []
        for owner, rows in _by_owner(series).items():
            names, at, values, places = zip(*rows, strict=True)
            decimals = tuple(from_scaled(value, RATE_SCALE) for value in values)
            batches.append(ParsedReadings(*owner, kind, names, at, decimals, places))
        return replace(found, readings=tuple(batches))

    def _tell_falls(self, series: Series) -> None:
        """Say where a register that only rises has fallen: it began again at 0, or the meter was changed."""
        rows, register = series.rows(), self.mapping.register
        for before, after in pairwise(rows):
            if after[1] >= before[1]:
                continue
            values = tuple(from_scaled(value, RATE_SCALE) for value in (before[1], after[1]))
            if register is not None and _is_turn(values, register * self.mapping.factor):
                message = f"The register of {series.name} began again at 0, from {values[0]} to {values[1]}."
                self.issues.tell("meter-turned", message, Source(row=after[2]))
            else:
                ran = f"The meter of {series.name} ran back from {values[0]} to {values[1]}"
                message = f"{ran}: it was changed, or a reading is wrong."
                remedy = (
                    "Split the readings where the meter was changed, or correct them: what runs back is not priced."
                )
                self.issues.warn("meter-ran-back", message, remedy, Source(row=after[2]))


def _is_turn(values: tuple[Decimal, ...], register: Decimal) -> bool:
    """Whether a fall is the end of the register: what was left and what came since are less than half of it."""
    return max(values) <= register and 2 * (register - values[0] + values[1]) < register


def _by_owner(series: list[Series]) -> dict[Owner, list[tuple[Any, ...]]]:
    """Rows of all series with their names, in the order of the file."""
    found: dict[Owner, list[tuple[Any, ...]]] = {}
    for one in series:
        found.setdefault(one.owner, []).extend((one.name, *row) for row in one.rows())
    for rows in found.values():
        rows.sort(key=lambda row: row[-1])
    return found
