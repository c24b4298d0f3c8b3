"""Usage by a mapping: each row is taken in, passed over as the mapping says, or left out with its reason.

Rows in = rows taken + passed over + left out. Where a file is large, what is plain in it is read in columns
(`columnar`), the rest by the strict reader of rows, which alone decides what is a fault.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.parsed import ParsedDocument
from app.importers.tabular.cells import header_key, read_text, tidy
from app.importers.tabular.delimited import find_delimiter
from app.importers.tabular.header import check_columns, find_header
from app.importers.tabular.sheets import MAX_COLUMNS, Row
from app.importers.usage.call_sink import CallSink, Owner
from app.importers.usage.feed import Feed
from app.importers.usage.mapping import CALLS, SAMPLES, UsageMapping
from app.importers.usage.outcome import Outcome
from app.importers.usage.row_values import RowValues
from app.importers.usage.series_sink import SeriesSink
from app.importers.usage.source import Readable, Utf8Source
from app.importers.usage.strict import RawRow, read_strictly
from app.importers.values import BadValue

if TYPE_CHECKING:
    from app.importers.usage.columnar import CallColumns, Judged

HEADER_ROWS = 50
LEAST_BYTES = 1 << 18  # below it, reading in columns costs more than it brings
_OPENING = 1 << 18
_THREADS = 2


class UsageReader:
    """Reads one file; what is much of it is written into `folder` where one is given."""

    def __init__(self, mapping: UsageMapping, folder: Path | None) -> None:
        self.mapping = mapping
        self.outcome = Outcome(mapping)
        self._calls = CallSink(mapping.currency, folder)
        self._series = SeriesSink()
        self._folder = folder
        self._values: RowValues | None = None

    def read_text(self, file: Readable, tell: Callable[[], None] = lambda: None) -> None:
        """Take in the rows of a text in columns; raises GridFault where it is none. `tell` is called now and then."""
        feed = Feed(Utf8Source(file, self.mapping.form.encoding))
        delimiter = self.mapping.form.delimiter or find_delimiter(feed.ahead()[:_OPENING].decode("utf-8", "ignore"))
        strict = self._strict(feed, delimiter)
        first = list(islice(strict, HEADER_ROWS))
        following = self._find_columns(first)
        if self._values is None:
            return
        for row in following:
            self._take(row)
        columns = self._plan()
        while not feed.ended:
            tell()
            if columns is None or not (
                self._take_plain(columns, feed, delimiter, tell) or self._take_quoted(columns, feed, delimiter)
            ):
                end = feed.taken + len(feed.ahead())
                for row in self._strict(feed, delimiter):
                    self._take(row)
                    if feed.taken >= end:
                        break

    def read_rows(self, rows: Iterable[Row]) -> None:
        """Take in the rows of a table whose cells are apart already."""
        strict = (RawRow(row.number, row.cells, "\t".join(map(_written, row.cells))) for row in rows)
        first = list(islice(strict, HEADER_ROWS))
        for row in chain(self._find_columns(first), strict if self._values is not None else ()):
            self._take(row)

    def finish(self) -> ParsedDocument:
        """The document of all that was read."""
        return self.outcome.close(self._calls, self._series, self._folder)

    def _strict(self, feed: Feed, delimiter: str) -> Iterator[RawRow]:
        """The filled rows from where the feed stands on."""
        return (row for row in read_strictly(feed.lines(), delimiter, feed.line) if row.filled)

    def _find_columns(self, first: Sequence[RawRow]) -> list[RawRow]:
        """Find the header and with it the places of the columns; which of the first rows follow it."""
        mapping, issues = self.mapping, self.outcome.issues
        if not mapping.has_header:
            positions = {str(number + 1): number for number in range(MAX_COLUMNS)}
            positions |= {header_key(name): number for number, name in enumerate(mapping.header)}
            missing = [name for name in mapping.wanted if header_key(name) not in positions]
            if missing:
                issues.error("column-missing", f"The mapping names no column {', '.join(missing)}.", "Mend its header.")
                return []
            self._values = RowValues(mapping, positions)
            return list(first[mapping.rows.below_header :])
        rows = [Row(row.number, row.cells) for row in first]
        asked = [name for spec in mapping.columns.values() for name in spec.columns]
        header = find_header("", rows, [*asked, *mapping.wanted])
        if header is None:
            if first:
                message = f"No row with the column names was found; wanted are {', '.join(mapping.wanted)}."
                remedy = f"Look whether this is the right file, or change the columns of '{mapping.name}'."
                issues.error("no-header", message, remedy)
            return []
        check_columns(header, mapping.wanted, issues, f"the name in the mapping '{mapping.name}'")
        if issues.refused:
            return []
        self._values = RowValues(mapping, header.positions)
        return [row for row in first if row.number > header.row.number][mapping.rows.below_header :]

    def _take(self, row: RawRow) -> None:
        """Take a row in, or pass it over, or leave it out."""
        values, outcome, mapping = self._values, self.outcome, self.mapping
        if values is None:
            return
        try:
            if not values.counts(row.cells) or values.is_unanswered(row.cells):
                outcome.passed += 1
                return
            owner = values.owner(row.cells)
            if mapping.record == CALLS:
                self._calls.add_row(owner, values.call(row.cells, row.number))
            else:
                read = values.samples if mapping.record == SAMPLES else values.readings
                for name, numbers in read(row.cells, row.number):
                    self._series.add(owner, name, numbers)
        except BadValue as fault:
            outcome.reject(row, fault)
            return
        outcome.accepted += 1

    def _plan(self) -> CallColumns | None:
        """A reader of columns, where the mapping's forms allow one."""
        if self.mapping.record != CALLS or self._values is None:
            return None
        from app.importers.usage.columnar import plan_columns  # numpy, only where there are many rows

        return plan_columns(self.mapping, self._values.places, self._values.judged, self._judge)

    def _judge(self, cells: Sequence[bytes]) -> Owner | bool | None:
        """Whose call a row with these cells is; True where it is passed over, None where the row is to be looked at."""
        values = self._values
        if values is None or any(len(cell) > 1000 for cell in cells):
            return None
        texts = [tidy(cell.decode("utf-8").replace('""', '"')) for cell in cells]
        row = [""] * (max(values.judged, default=-1) + 1)
        for place, text in zip(values.judged, texts, strict=True):
            row[place] = text
        try:
            return values.owner(row) if values.counts(row) else True
        except BadValue:
            return None

    def _take_plain(self, columns: CallColumns, feed: Feed, delimiter: str, tell: Callable[[], None]) -> bool:
        """Take in pieces in columns while each of their lines is a row, several at a time; False: there is none."""
        waiting: deque[tuple[bytes, Future[Judged | None]]] = deque()
        found = False
        with ThreadPoolExecutor(_THREADS) as pool:
            try:
                while True:
                    while len(waiting) <= _THREADS and (piece := feed.take_plain(LEAST_BYTES)):
                        waiting.append((piece, pool.submit(columns.read, piece, delimiter)))
                    if not waiting:
                        return found
                    found = True
                    piece, future = waiting.popleft()
                    read = future.result()
                    if read is None:
                        lines = piece.splitlines(keepends=True)
                        self._take_lines(lines, delimiter, feed.line)
                        feed.line += len(lines)
                    else:
                        self._add(read, delimiter, feed.line)
                        feed.line += read.lines
                    tell()
            finally:
                pool.shutdown(cancel_futures=True)

    def _take_quoted(self, columns: CallColumns, feed: Feed, delimiter: str) -> bool:
        """Take in the whole rows that are ahead, in columns; False where that cannot be done for certain."""
        piece = feed.ahead()
        read = columns.read(piece, delimiter) if len(piece) >= LEAST_BYTES else None
        if read is None:
            return False
        self._add(read, delimiter, feed.line)
        feed.skip(read.end, read.lines)
        return True

    def _add(self, read: Judged, delimiter: str, first_line: int) -> None:
        """Take in what was read in columns of a piece that begins in `first_line`, and what is left of it."""
        for owner, calls in read.calls.items():
            calls[-1] += first_line
            self._calls.add_columns(owner, calls)
            self.outcome.accepted += calls.shape[1]
        self.outcome.passed += read.passed
        for line, text in read.left:
            self._take_lines(text.splitlines(keepends=True), delimiter, first_line + line)

    def _take_lines(self, lines: Sequence[bytes], delimiter: str, first_line: int) -> None:
        """Take in whole rows by the strict reader."""
        for row in read_strictly(lines, delimiter, first_line):
            if row.filled:
                self._take(row)


def _written(cell: object) -> str:
    try:
        return read_text(cell)  # type: ignore[arg-type]
    except BadValue:
        return str(cell)
